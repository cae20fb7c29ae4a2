"""Spark Ads: the creator's leave to advertise a post, its code, and what a boost does to the post's figures.

Nouns: SparkAuthorization, Boost.
TikTok says whether there is a code and until when; only the steps somebody has taken in Ads Manager are said by hand.
"""
