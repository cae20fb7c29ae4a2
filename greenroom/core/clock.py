"""The one clock. Edges read it and hand `at` down; nothing below an edge asks for the time."""

from datetime import UTC, datetime, timedelta

_offset = timedelta()


def now() -> datetime:
    """The present, aware, UTC."""
    return datetime.now(UTC) + _offset


def shift(by: timedelta) -> None:
    """Move this process's clock, so that it keeps step with a sandbox whose clock was moved."""
    global _offset
    _offset += by


def unshift() -> None:
    """Back to the real time."""
    global _offset
    _offset = timedelta()
