"""Help articles that come with the product.

They are Markdown files beside the code, work offline, and readers say whether they helped.
"""
