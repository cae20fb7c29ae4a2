"""What was told of a former source's posts: events, and webhook deliveries and answers that repeat them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from greenroom.core.models import Event
from greenroom.creators.models import Post
from greenroom.hooks import deliveries as hooks
from greenroom.hooks.models import Attempt, Delivery
from greenroom.imports.models import Import
from greenroom.keys.models import KeptAnswer
from greenroom.purges.models import Tombstone

PURGED = "[purged]"
# Keys of an event's data that say what happened and to which rows, and nothing that the source stated.
KEPT = frozenset(
    (
        *("order", "campaign", "how", "video", "was", "was_campaign", "was_how", "why", "account", "branded"),
        *("kind", "rows", "counts", "file", "sha256", "kept", "from", "to"),
    )
)


def texts(workspace: int) -> "QuerySet[Post]":
    """Posts that stay, with a text that only a former source's file gave: TikTok has not told of them since."""
    brought = Import.objects.within(workspace).filter(former=True).values("pk")
    some = ~Q(caption="") | ~Q(share_url="") | Q(duration_s__isnull=False)
    rows: QuerySet[Post] = Post.everything.within(workspace).exclude(basis=Post.Basis.LEGACY)
    return rows.filter(some, import_id__in=brought, last_seen_at=F("first_seen_at"))


def about(workspace: int) -> "QuerySet[Event]":
    """The events about former imports and about posts that are, or were, known from the former source only."""
    posts = Post.everything.within(workspace).filter(basis=Post.Basis.LEGACY)
    subjects = [
        f"import:{pk}" for pk in Import.objects.within(workspace).filter(former=True).values_list("pk", flat=True)
    ]
    for pk, entry in posts.values_list("pk", "entry"):
        subjects += [f"post:{pk}", f"campaignpost:{entry}"] if entry else [f"post:{pk}"]
    stones = Tombstone.objects.within(workspace).values_list("item_id", flat=True)
    return Event.objects.within(workspace).filter(Q(subject__in=subjects) | Q(data__video__in=list(stones)))


def count(workspace: int) -> int:
    """Events that carry more than what happened, and bodies and answers of deliveries about them."""
    carrying = [event for event in about(workspace) if event.data != _bare(event.data)]
    ids = [event.pk for event in carrying]
    bodies = Delivery.objects.filter(event__in=ids).exclude(body="").count()
    answers = Attempt.objects.filter(delivery__event__in=ids).exclude(body="", headers={}).count()
    return len(ids) + bodies + answers


def redact(found: Iterable[Event]) -> int:
    """Take out of events what the source said, and drop what was sent of them. Safe to do twice."""
    changed = []
    for event in found:
        if (bare := _bare(event.data)) != event.data:
            event.data = bare
            changed.append(event)
    with transaction.atomic():  # who finds an event bare must find its copies gone
        Event.objects.bulk_update(changed, ["data"], batch_size=500)
        hooks.forget_copies(changed)
    return len(changed)


def _bare(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value if key in KEPT else PURGED for key, value in data.items()}


def forget_answers(workspace: int, *, until: datetime) -> int:
    """Drop the answers kept for requests that are sent again; nobody needs them but who repeats one within a day."""
    return int(KeptAnswer.objects.within(workspace).filter(begun_at__lte=until).delete()[0])
