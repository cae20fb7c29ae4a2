"""Facts as read from TikTok: append-only, with a time, a source and a consent.

Nouns: Batch (the log), the lake (Delta tables), Latest (newest reading of each subject), Roll, Erasure.
Says which access may supply which field. Never computes a metric, never talks to TikTok.
"""
