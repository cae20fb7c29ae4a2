"""Backup and restore: everything a home holds.

As open files, without loss.
"""
