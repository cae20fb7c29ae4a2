"""What became of a post, in words: tied, added, moved, removed, advertised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from greenroom.campaigns.models import Campaign, Deliverable
from greenroom.core import events
from greenroom.core.models import Event
from greenroom.creators.models import Post
from greenroom.people import naming

SHOWN = 100
HOWS = {"link": "by invite link", "code": "by campaign code", "order": "to the order", "hand": "by hand"}
WHYS = {"removed": "it was taken down", "rejected": "TikTok's review rejected it", "untied": "the order let it go"}
# How an event reads after the name of who did it; `{…}` are keys of its data, `campaign` and `was` names of campaigns.
SENTENCES = {
    "campaignpost.tied": "saw TikTok tie the post to {campaign}, {how}",
    "campaignpost.added": "added the post to {campaign} by hand",
    "campaignpost.moved": "moved the post from {was} to {campaign}",
    "campaignpost.removed": "took the post out of {campaign}",
    "campaignpost.untied": "saw that the post is not tied any more: {why}. {reason}",
    "deliverable.uploaded": "saw the post uploaded",
    "deliverable.published": "saw the post pass TikTok's review",
    "deliverable.published_pending_id": "saw the post published, its id follows",
    "deliverable.open": "saw its place in the order open again: {why}. {reason}",
}


@dataclass(frozen=True)
class Line:
    """One thing that happened: when, who, what."""

    at: datetime
    who: str
    words: str


class History:
    """The audited life of a post, the newest first."""

    def __init__(self, post: Post, *, at: datetime) -> None:
        self.post, self.at = post, at

    @cached_property
    def lines(self) -> list[Line]:
        rows = list(self._events())
        who = naming.names(self.post.workspace, [row.by for row in rows])
        campaigns = self._campaigns(rows)
        return [Line(row.at, who.get(row.by, row.by), _words(row, campaigns)) for row in rows]

    def _events(self) -> Iterable[Event]:
        """Of the post, of its rows in campaigns, also those it was taken out of, of the asked-for post it is."""
        post, rows = self.post, Event.objects.within(self.post.workspace_id)
        left = rows.filter(name="campaignpost.removed", data__video=post.item_id).values_list("subject", flat=True)
        related = [getattr(post, name, None) for name in ("entry", "spark")]
        about = {events.about(row) for row in (post, *related, *Deliverable.objects.filter(post=post)) if row}
        found = rows.filter(subject__in=about | set(left)).order_by("-at", "-pk")[:SHOWN]
        return [row for row in found if row.data.get("video") in (None, "", post.item_id)]

    def _campaigns(self, rows: Iterable[Event]) -> Mapping[int, str]:
        ids = {row.data.get(key) for row in rows for key in ("campaign", "was_campaign")}
        named = Campaign.objects.within(self.post.workspace_id).filter(pk__in={one for one in ids if _is_id(one)})
        return dict(named.values_list("pk", "name"))


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _words(event: Event, campaigns: Mapping[int, str]) -> str:
    sentence = SENTENCES.get(event.name)
    if sentence is None:
        return naming.words(event.name).partition(": ")[2]
    data = event.data
    told = {
        "campaign": campaigns.get(data.get("campaign", 0), "a campaign"),
        "was": campaigns.get(data.get("was_campaign", 0), "a campaign"),
        "how": HOWS.get(data.get("how", ""), "to the order"),
        "why": WHYS.get(data.get("why", ""), data.get("why", "")),
        "reason": data.get("reason", ""),
    }
    return sentence.format_map(told).rstrip(": .")
