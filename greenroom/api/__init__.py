"""The Business API: REST over the same functions as the pages.

One router per noun; rules live below.
"""
