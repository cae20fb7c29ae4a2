"""What the list of accounts can be narrowed and ordered by because accounts are read: when, and with what success."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q

from greenroom.core.models import Workspace
from greenroom.creators import facets
from greenroom.creators.facets import Facet
from greenroom.syncs.models import Sync

SPANS = {
    "day": ("In the last 24 hours", timedelta(days=1)),
    "week": ("In the last 7 days", timedelta(days=7)),
    "older": ("Longer ago than 7 days", timedelta(days=7)),
    "never": ("Never", timedelta()),
}


def listen() -> None:
    """Add them to the list, once per process."""
    if offer in facets.FACETS:
        return
    facets.FACETS.append(offer)
    facets.REASONS["fetch_failed"] = ("Last reading failed", _failed)
    facets.REASONS["not_yet_available"] = ("Not read yet", _not_yet)
    facets.SORTS["last_read"] = Max("syncs__last_ok_at")
    facets.SORT_WORDS["last_read"] = "last reading"


def offer(workspace: Workspace) -> Iterable[Facet]:
    return [Facet("read", "Last reading", _read, tuple((key, words) for key, (words, _) in SPANS.items()))]


def _read(told: str, at: datetime) -> Q:
    mine = Sync.objects.filter(account=OuterRef("pk"))
    if told == "never":
        return ~Q(Exists(mine.filter(last_ok_at__isnull=False)))
    since = Exists(mine.filter(last_ok_at__gte=at - SPANS[told][1]))
    if told == "older":
        return Q(Exists(mine.filter(last_ok_at__isnull=False))) & ~Q(since)
    return Q(since)


def _failed(at: datetime) -> Q:
    return Q(Exists(Sync.objects.filter(account=OuterRef("pk"), failures__gt=0)))


def _not_yet(at: datetime) -> Q:
    return facets.SUPPORTED & ~Q(Exists(Sync.objects.filter(account=OuterRef("pk"), last_ok_at__isnull=False)))
