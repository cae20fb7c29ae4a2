"""Who works in a workspace beyond the member rows of core.

Invitations, sessions, time-limited operators, the audit log.
"""
