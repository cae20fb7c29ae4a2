"""Backup and restore: everything an install holds, as open files, without loss.

One file of JSON lines per table, the readings as Parquet, the raw answers as they came, and a manifest with a checksum
of each. Works on both databases, and from one to the other. Secrets stay as they are stored: encrypted.
"""
