"""Outgoing webhooks: who is told of which events.

Nouns: Endpoint (who is told), Delivery (one telling of one event), Attempt (one try). A Delivery is a due row made in
the transaction of its event; it is kept for a month. This module never decides what happened: it reads events.
"""
