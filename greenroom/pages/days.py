"""A day that somebody named, as moments: where they are."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone


def midnight(day: date | None, *, days: int = 0) -> datetime | None:
    """The beginning of a day where the person is, or of one some days later. None for no day, and past the last."""
    if day is None:
        return None
    begins = datetime.combine(day, datetime.min.time(), tzinfo=timezone.get_current_timezone())
    try:
        return (begins + timedelta(days=days)).astimezone(UTC)
    except OverflowError:  # the first or the last day of all
        return None
