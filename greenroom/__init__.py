"""Greenroom runs, measures and pays TikTok creator programmes.

The package is a column of modules; each imports only what is below it (see `.importlinter` and `docs/tour.md`).
"""

__version__ = "0.1.0"
