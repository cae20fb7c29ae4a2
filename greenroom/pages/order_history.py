"""What happened to an order, in words."""

from collections.abc import Iterable
from datetime import datetime

from greenroom.campaigns.models import Deliverable, Order
from greenroom.core import events
from greenroom.core.models import Event
from greenroom.people import naming

SHOWN = 100
# How an event of an order reads after the name of who did it.
SENTENCES = {
    "order.asked": "asked for the order",
    "order.created": "saw TikTok create the order",
    "order.refused": "was refused by TikTok: {words}",
    "order.not_created": "had it tried again",
    "order.joined": "noted that the creator joined",
    "order.partially_fulfilled": "saw the first posts published",
    "order.fulfilled": "saw every post published",
    "order.declined": "noted that the creator declined",
    "order.cancelled": "cancelled the order",
    "order.expired": "saw the order expire: nobody joined in time",
    "order.made_too_late": "saw TikTok make it after it was given up",
    "order.order_full": "saw one post more than the order asks for: {video}",
    "order.post_taken": "saw a post that another order has: {video}",
    "deliverable.uploaded": "saw a post uploaded",
    "deliverable.published": "saw a post published: {video}",
    "deliverable.published_pending_id": "saw a post published, its id follows",
    "deliverable.open": "saw a post go: {why}. {reason}",
}


def of(order: Order, videos: Iterable[Deliverable]) -> list[tuple[datetime, str, str]]:
    """(when, who, what) of an order and its posts, the newest first."""
    about = [events.about(one) for one in (order, *videos)]
    rows = list(Event.objects.within(order.workspace_id).filter(subject__in=about).order_by("-pk")[:SHOWN])
    who = naming.names(order.workspace, [row.by for row in rows])
    return [(row.at, who.get(row.by, row.by), _words(row)) for row in rows]


def _words(event: Event) -> str:
    sentence = SENTENCES.get(event.name)
    if sentence is None:
        return naming.words(event.name).partition(": ")[2]
    told = {"words": "", "video": "", "why": "", "reason": "", **event.data}
    return sentence.format_map(told).rstrip(": .")
