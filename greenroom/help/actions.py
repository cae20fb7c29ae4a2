"""Readers say whether an article helped."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.help.models import Vote


@dataclass(frozen=True)
class Tally:
    """`helpful` of `votes` readers found it helpful; `mine` is this reader's own answer, None before they gave one."""

    helpful: int
    votes: int
    mine: bool | None


def tally(workspace: Workspace, slug: str, *, reader: str) -> Tally:
    """How the readers of a workspace found an article."""
    votes = Vote.objects.within(workspace).filter(article=slug)
    count = votes.aggregate(votes=Count("pk"), helpful=Count("pk", filter=Q(helpful=True)))
    mine = votes.filter(reader=reader).values_list("helpful", flat=True).first()
    return Tally(count["helpful"], count["votes"], mine)


def vote(workspace: Workspace, slug: str, *, helpful: bool, reader: str, by: str, at: datetime) -> Tally:
    """Keep a reader's answer in place of any earlier one."""
    with transaction.atomic():
        kept, new = Vote.objects.select_for_update().get_or_create(
            workspace=workspace, article=slug, reader=reader, defaults={"helpful": helpful, "at": at}
        )
        was = None if new else kept.helpful
        if was is not helpful:
            kept.helpful, kept.at = helpful, at
            kept.save(update_fields=["helpful", "at"])
            events.record(kept, "cast", by=by, at=at, article=slug, was=was, helpful=helpful)
    return tally(workspace, slug, reader=reader)
