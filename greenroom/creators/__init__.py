"""The people and their TikTok accounts: who they are, what we may read of them and why.

Nouns: Creator, Account, StateChange, Connection, Consent, Post.
Never talks to TikTok about figures; that is `syncs`.
"""
