"""A campaign as a creator sees it who takes part: what is asked, their own links, where each video stands, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from greenroom.campaigns import documents
from greenroom.campaigns.models import Acceptance, Campaign, Deliverable, Document, Order, Participant
from greenroom.creators.models import Creator
from greenroom.metrics import actions as metrics
from greenroom.metrics import definitions
from greenroom.metrics.query import Query
from greenroom.pages import cells
from greenroom.pages.post_performance import SIX

SEEN = ("active", "paused", "closed", "archived")  # a draft is nobody's business yet
OVER = ("closed", "archived")
# State of an order -> shape of its status, words.
ORDERS = {
    "not_created": ("", "Your link is on its way"),
    "refused": ("wait", "Your link is not ready"),
    "created": ("wait", "Your turn: join"),
    "joined": ("live", "Joined"),
    "partially_fulfilled": ("live", "Partly done"),
    "fulfilled": ("done", "All videos are in"),
    "declined": ("", "You said no"),
    "cancelled": ("", "Taken back"),
    "expired": ("", "Nobody joined in time"),
}
# State of a deliverable -> shape, words.
VIDEOS = {
    "open": ("", "To do"),
    "uploaded": ("wait", "Uploaded"),
    "published_pending_id": ("live", "Posted"),
    "published": ("live", "Live"),
}
LOST = {"rejected": "Did not pass TikTok's review", "removed": "Taken down", "untied": "Not tied any more"}


@dataclass(frozen=True)
class Video:
    """One asked-for post; its `figures` (key, label, unit, figure) are those of `SIX`, none while there is no post."""

    row: Deliverable
    due_on: date | None
    figures: tuple[tuple[str, str, str, Any], ...] = ()

    @property
    def views(self) -> Any:
        return next((figure for key, _, _, figure in self.figures if key == "views"), None)

    @property
    def status(self) -> tuple[str, str]:
        """Shape and words."""
        if self.row.state == "open" and self.row.lost:
            return "bad", LOST.get(self.row.lost, LOST["removed"])
        if self.row.state == "uploaded" and self.row.post_id is not None:
            return "wait", "Posted, in TikTok's review"
        return VIDEOS[self.row.state]


@dataclass(frozen=True)
class Ask:
    """One order: a link, its code, its videos."""

    order: Order
    videos: tuple[Video, ...]

    @property
    def status(self) -> tuple[str, str]:
        return ORDERS[self.order.state]

    @property
    def title(self) -> str:
        """Which of the creator's videos the link is for: "Videos 11 to 12"."""
        first, last = self.videos[0].row.number, self.videos[-1].row.number
        return f"Videos {first} to {last}" if first != last else f"Video {first}"

    @property
    def done(self) -> int:
        return sum(one.row.state in Deliverable.DONE for one in self.videos)

    @property
    def handed_in(self) -> int:
        return sum(one.row.state != "open" for one in self.videos)

    @property
    def following(self) -> Video | None:
        """The video that is to be uploaded next."""
        return next((one for one in self.videos if one.row.state == "open"), None)

    @property
    def takes_uploads(self) -> bool:
        """Is the link for something now?"""
        return self.order.state in Order.LIVE and bool(self.order.invite_link) and self.following is not None

    @property
    def counts(self) -> bool:
        """Is it still asked of the creator?"""
        return self.order.state not in Order.GIVEN_UP

    @property
    def may_join(self) -> bool:
        return self.order.state == "created"

    @property
    def may_decline(self) -> bool:
        """TikTok counts what was handed in, so there is no no after that."""
        return "declined" in Order.MOVES[self.order.state] and not self.handed_in


@dataclass(frozen=True)
class Paper:
    """A brief or an agreement: its newest version, whether the creator said yes to it, or to an earlier one."""

    document: Document
    acceptance: Acceptance | None
    earlier: Acceptance | None

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Label and text of each part that says something; the checklist is apart."""
        texts = [(part, self.document.content.get(part)) for part in documents.PARTS[self.document.kind]]
        return [(documents.LABELS[part], text) for part, text in texts if text and part != "checklist"]

    @property
    def checklist(self) -> list[str]:
        return list(self.document.content.get("checklist") or ())


@dataclass(frozen=True)
class Part:
    """A creator's account in a campaign."""

    row: Participant
    asks: tuple[Ask, ...]
    papers: tuple[Paper, ...]

    @property
    def campaign(self) -> Campaign:
        return self.row.campaign

    @property
    def brand(self) -> str:
        return self.campaign.brand_name or self.campaign.workspace.name

    @property
    def is_over(self) -> bool:
        return self.campaign.state in OVER

    @property
    def asked(self) -> int:
        """How many videos are asked for under a link that still counts."""
        return sum(len(ask.videos) for ask in self.asks if ask.counts)

    @property
    def done(self) -> int:
        return sum(ask.done for ask in self.asks if ask.counts)

    @property
    def due_on(self) -> date | None:
        """The next deadline of something that is open; the campaign's end while nothing is asked yet."""
        if not any(ask.counts for ask in self.asks):
            return self.campaign.ends_on
        days = [ask.order.due_on for ask in self.asks if ask.counts and ask.following and ask.order.due_on]
        return min(days, default=None)

    @property
    def unanswered(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.acceptance is None]

    @property
    def status(self) -> tuple[str, str]:
        """The one thing to know on the way to the page: shape and words."""
        states = {ask.order.state for ask in self.asks}
        if self.is_over:
            return "done", "Over"
        if self.unanswered:
            return "wait", " and ".join(
                f"{paper.document.get_kind_display()}" for paper in self.unanswered
            ) + " to read"
        if not self.asks:
            return "", "Nothing is asked yet"
        if "created" in states:
            return ORDERS["created"]
        if self.asked:
            return ("done" if self.done == self.asked else "live"), f"{self.done} of {self.asked} videos are in"
        return ORDERS[self.asks[-1].order.state]


def mine(creator: Creator) -> QuerySet[Participant]:
    """What the creator takes part in, newest first; other people's rows are not in it."""
    rows = Participant.objects.within(creator.workspace_id).filter(account__creator=creator, campaign__state__in=SEEN)
    return rows.select_related("account", "campaign__workspace").order_by("-pk")


def parts(rows: QuerySet[Participant]) -> list[Part]:
    """Each with its orders and papers, in a constant number of queries."""
    orders = Order.objects.order_by("number").prefetch_related(
        Prefetch("deliverables", Deliverable.objects.order_by("place").select_related("post"))
    )
    papers = Document.objects.order_by("kind", "-version")
    found = rows.prefetch_related(
        Prefetch("orders", orders),
        Prefetch("campaign__documents", papers),
        Prefetch("acceptances", Acceptance.objects.select_related("consent", "document").order_by("pk")),
    )
    return [Part(row, _asks(row.orders.all()), _papers(row)) for row in found]


def measured(part: Part, *, at: datetime) -> Part:
    """The same with the figures of each post that was delivered, exactly as the brand sees them (FUL-09)."""
    posts = tuple(one.row.post_id for ask in part.asks for one in ask.videos if one.row.post_id is not None)
    if not posts:
        return part
    asked = Query(metrics=tuple(SIX), by=("post",), where=(("post", posts),))
    told = {row["post"]: row for row in metrics.measure(asked, part.campaign.workspace, at=at).rows}
    return replace(part, asks=tuple(_with(ask, told) for ask in part.asks))


def _with(ask: Ask, told: Mapping[Any, Mapping[str, Any]]) -> Ask:
    return replace(ask, videos=tuple(replace(one, figures=_figures(told.get(one.row.post_id))) for one in ask.videos))


def _figures(row: Mapping[str, Any] | None) -> tuple[tuple[str, str, str, Any], ...]:
    if row is None:
        return ()
    return tuple((key, words, cells.UNITS.get(definitions.find(key).unit, ""), row[key]) for key, words in SIX.items())


def _asks(orders: Iterable[Order]) -> tuple[Ask, ...]:
    return tuple(Ask(one, tuple(Video(row, one.due_on) for row in one.deliverables.all())) for one in orders)


def _papers(row: Participant) -> tuple[Paper, ...]:
    newest: dict[str, Document] = {}
    for document in row.campaign.documents.all():
        newest.setdefault(document.kind, document)
    said = list(row.acceptances.all())
    return tuple(_paper(newest[kind], said) for kind in Document.Kind.values if kind in newest)


def _paper(document: Document, said: Sequence[Acceptance]) -> Paper:
    now = next((one for one in said if one.document_id == document.pk), None)
    before = [one for one in said if one.document.kind == document.kind and one.document_id != document.pk]
    return Paper(document, now, before[-1] if before else None)
