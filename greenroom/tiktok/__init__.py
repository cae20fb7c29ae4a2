"""The outside: a typed client for TikTok's APIs, pure Python, no web framework and no database.

Nouns: Client, Hosts, App, Grant, Exchange, Quota, Delivery and one tree of errors that says what to do.
It owns URLs, envelopes, retries, ceilings, OAuth dialects and webhook signatures, and renames nothing TikTok says.
It never stores anything, never refreshes a token by itself and never decides what a number means.
"""
