"""Leaving an old source: its data is hidden at once, purged from every store, and a certificate says so.

Nouns: Purge, Tombstone.
What is purged stays purged: a backup from before it is purged again before it serves.
"""
