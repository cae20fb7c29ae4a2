"""The only place where TikTok's answers become rows.

Nouns: Sync (one stream of one account, a due row), Run (one attempt), QuotaBucket; streams and the raw archive.
Reading is I/O, deciding what an answer means is pure, storing is one transaction.
"""
