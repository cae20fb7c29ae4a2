"""The one place where a number is defined: METRICS, and `measure()`, which page, export, API and payout all ask.

Nouns: Metric, Query, Answer, Figure. Never stores anything.
"""
