"""API keys: how a program acts in a workspace, with a role and an end.

Only a digest of a key is kept.
"""
