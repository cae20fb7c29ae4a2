"""Outgoing webhooks: who is told of which events.

Every telling is a due row that is kept.
"""
