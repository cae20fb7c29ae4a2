"""Files that users bring: creators, posts and days of accounts.

With preview, progress, errors to correct, and undo.
"""
