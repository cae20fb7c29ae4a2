"""API keys: how a program acts in a workspace, with a role and an end; how often it may ask; answers kept for retries.

Nouns: Key, Allowance, KeptAnswer. Only a digest of a key is kept. Nothing here knows HTTP.
"""
