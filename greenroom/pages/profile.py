"""What the creator's page shows, read once: all accounts, and everything about the one that is looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Max, Prefetch

from greenroom.core.models import Workspace
from greenroom.creators import actions as creators
from greenroom.creators import scopes
from greenroom.creators.models import Account, Connection, Consent, Creator, MarketplaceInvite, Post, StateChange
from greenroom.metrics import actions as metrics
from greenroom.metrics import definitions
from greenroom.metrics.query import Query
from greenroom.observations import availability
from greenroom.pages import cells, coverage
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links

HEAD = ("followers", "views", "engagement_rate", "completion_rate", "creator_rate", "derived_followers_growth")
# Of an account that TikTok tells nothing about: what people can enter, those first that most lists hold.
ENTERED = (
    *("followers", "avg_views", "avg_likes", "avg_comments", "posts", "views", "engagement_rate"),
    *("daily_views", "daily_viewers", "daily_new_followers"),
)
ENTERED_SHOWN = 8
OF_POSTS = ("views", "likes", "comments", "shares", "engagement", "engagement_rate")
POSTS_SHOWN = 20
POSTS_DROP = "comments:p3 shares:p3 likes:p2 engagement:p2"
KINDS = {
    "auth_non_ttcm": ("Authenticated", "Non-TTCM"),
    "auth_ttcm": ("Authenticated", "Marketplace"),
    "unauth_ttcm": ("Not authenticated", "Marketplace"),
    "unauth_non_ttcm": ("Not authenticated", "Non-TTCM"),
}
# The rows of the table as a reader looks for them; within a group they keep the table's order.
GROUPS = {
    "Performance": ("avg_views", "engagement_rate", "completion_rate", "creator_rate"),
    "Audience": ("audience_locales", "audience_countries", "audience_genders", "audience_ages"),
    "Profile and counters": (
        "profile_image",
        "user_name",
        "display_name",
        "follower_count",
        "like_count",
        "video_count",
        "creator_id",
    ),
}
AUDIENCE = ("audience_countries", "audience_genders", "audience_ages", "audience_locales")


@dataclass(frozen=True)
class Card:
    """One account, as the head of the page shows it."""

    account: Account
    coverage: coverage.Coverage
    consents: list[tuple[Consent, list[scopes.Scope]]]
    shares: list[scopes.Scope]
    last_read_at: datetime | None
    here: bool
    href: str
    invite_href: str
    ask_href: str
    may_invite: bool
    invite: MarketplaceInvite | None  # the newest

    @property
    def consent(self) -> Consent | None:
        """The one in force."""
        return next((one for one, _ in self.consents if one.revoked_at is None), None)


@dataclass(frozen=True)
class Line:
    """A row of the availability table: its level for each kind of account, and what this account shows now."""

    label: str
    levels: list[tuple[str, bool]]  # level, is it this account's kind
    cell: Cell
    short: str  # in place of the value where that is a list or an address


@dataclass(frozen=True)
class Bars:
    """A distribution, the largest share first; the widths are relative to the largest."""

    cell: Cell
    bars: list[tuple[str, float, float]]  # words, share, width in percent


@dataclass(frozen=True)
class PostRow:
    post: Post
    cells: list[Cell]
    href: str = ""  # its own page


class Profile:
    """A constant number of queries and two questions to `measure()`, however many posts and accounts there are."""

    def __init__(self, workspace: Workspace, creator: Creator, asked: str, *, at: datetime) -> None:
        self.workspace, self.creator, self.at = workspace, creator, at
        self.links = Links.of(workspace)
        mine = Account.objects.within(workspace).filter(creator=creator).select_related("creator")
        consents = Prefetch("consents", Consent.objects.order_by("-at", "-pk"))
        grants = Prefetch("connections", Connection.objects.order_by("pk").prefetch_related(consents))
        invites = Prefetch("invites", MarketplaceInvite.objects.order_by("-made_at", "-pk"))
        read = mine.annotate(last_read_at=Max("syncs__last_ok_at")).order_by("pk").prefetch_related(grants, invites)
        self.accounts: list[Account] = list(read)
        wanted = [one for one in self.accounts if str(one.pk) == asked]
        tracked = [one for one in self.accounts if one.supported]
        self.account: Account | None = next(iter(wanted + tracked + self.accounts), None)
        self.groups = coverage.groups(self.accounts, workspace)

    @cached_property
    def cards(self) -> list[Card]:
        covers = coverage.of(self.groups.values(), at=self.at)
        return [self._card(one, covers[self.groups[one.pk]]) for one in self.accounts]

    @property
    def looked_at(self) -> Card | None:
        return next((card for card in self.cards if card.here), None)

    def _card(self, account: Account, cover: coverage.Coverage) -> Card:
        grants = list(account.connections.all())
        held = {scope for grant in grants if grant.is_live for scope in grant.scopes}
        consents = sorted(
            (one for grant in grants for one in grant.consents.all()), key=lambda one: one.at, reverse=True
        )
        return Card(
            account=account,
            coverage=cover,
            consents=[(one, scopes.in_words(one.scopes)) for one in consents],
            shares=scopes.in_words(held),
            last_read_at=account.last_read_at,  # type: ignore[attr-defined]
            here=account == self.account,
            href=self.links.profile(account),
            invite_href=self.links.invite(account),
            ask_href=self.links.authenticate(account),
            may_invite=creators.can_send_invite(account),
            invite=next(iter(account.invites.all()), None),
        )

    @cached_property
    def _measured(self) -> dict[str, Any] | None:
        if self.account is None:
            return None
        rows = [definitions.of_row("account", row.key).key for row in availability.shipped("account").rows]
        more = () if self.account.supported else ENTERED
        query = Query(
            metrics=tuple(dict.fromkeys((*HEAD, "posts", "creator_rate_currency", *rows, *more))),
            by=("account",),
            where=(("account", self.account.pk),),
        )
        return next(iter(metrics.measure(query, self.workspace, at=self.at).rows), None)

    def _cells(self, keys: Iterable[str]) -> list[Cell]:
        key = self.account.pk if self.account else 0
        return cells.of(self._measured, keys, self.links, by="account", key=key, currency="creator_rate_currency")

    @cached_property
    def _entered(self) -> list[Cell]:
        """What is known of an account that can't be tracked: people of the workspace entered it."""
        if self.account is None or self.account.supported:
            return []
        return [cell for cell in self._cells(ENTERED) if cell.figure.value is not None]

    @property
    def is_told(self) -> bool:
        """Are there figures of an account of which TikTok tells none?"""
        return bool(self._entered)

    @property
    def figures(self) -> list[Cell]:
        return self._entered[:ENTERED_SHOWN] or self._cells(HEAD)

    @cached_property
    def column(self) -> str | None:
        return self.groups[self.account.pk].column("account") if self.account else None

    @property
    def kind(self) -> str:
        """The account's column among the four kinds of account."""
        return self.column or "unauth_non_ttcm"

    @property
    def heads(self) -> list[tuple[str, str, bool]]:
        """The columns of the table: two words, and whether it is this account's."""
        return [(first, second, key == self.kind) for key, (first, second) in KINDS.items()]

    @cached_property
    def table(self) -> list[tuple[str, list[Line]]]:
        """Groups of rows that some kind of account still gives."""
        rows, _ = coverage.split(availability.cells("account", self.at))
        lines = {row.key: self._line(row) for row in rows}
        grouped = [(name, [lines.pop(key) for key in keys if key in lines]) for name, keys in GROUPS.items()]
        return [(name, kept) for name, kept in (*grouped, ("More", list(lines.values()))) if kept]

    @cached_property
    def retired(self) -> list[Line]:
        """Rows no kind of account gives any more (AVA-08)."""
        _, rows = coverage.split(availability.cells("account", self.at))
        return [self._line(row) for row in rows]

    def _line(self, row: availability.Row) -> Line:
        levels: list[tuple[str, bool]] = [(row.cells.get(kind, "none"), kind == self.kind) for kind in KINDS]
        cell = self._cells([definitions.of_row("account", row.key).key])[0]
        return Line(row.label, levels, cell, cells.short(cell.figure))

    @cached_property
    def gains(self) -> list[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]:
        """What the account would gain: (way, newly available, fully instead of partly); no way that adds nothing."""
        ways = {
            "authenticate": "If the creator authenticates",
            "join_marketplace": "If the account joins the Marketplace",
        }
        gained = coverage.gained(self.column, at=self.at)
        return [
            (words, [one for one in gained[way] if one[1] == "none"], [one for one in gained[way] if one[1] != "none"])
            for way, words in ways.items()
            if gained[way]
        ]

    @cached_property
    def audience(self) -> list[Bars]:
        return [Bars(cell, bars(cell.figure.value)) for cell in self._cells(AUDIENCE)]

    @cached_property
    def posts(self) -> list[PostRow]:
        """The newest posts of the account that is looked at."""
        if self.account is None:
            return []
        shown: list[Post] = list(
            Post.objects.filter(account=self.account)
            .select_related("account")
            .order_by("-posted_at", "-pk")[:POSTS_SHOWN]
        )
        return post_rows(shown, self.workspace, at=self.at)

    @cached_property
    def post_count(self) -> int:
        return Post.objects.filter(account=self.account).count() if self.account else 0

    @cached_property
    def changes(self) -> list[StateChange]:
        mine = StateChange.objects.filter(account__in=self.accounts).select_related("account")
        return list(mine.order_by("-at", "-pk")[:50])


def post_rows(posts: list[Post], workspace: Workspace, *, at: datetime) -> list[PostRow]:
    """These posts with their figures, from one question."""
    if not posts:
        return []
    links = Links.of(workspace)
    query = Query(OF_POSTS, by=("post",), where=(("post", tuple(post.pk for post in posts)),))
    rows = {row["post"]: row for row in metrics.measure(query, workspace, at=at).rows}
    return [
        PostRow(
            post,
            cells.of(rows.get(post.pk), OF_POSTS, links, by="post", key=post.pk, dropped=POSTS_DROP),
            links.post(post.pk),
        )
        for post in posts
    ]


def bars(shares: Any, shown: int = 6) -> list[tuple[str, float, float]]:
    """(words, share, width) of the largest shares; what is left over is summed as others."""
    ranked = sorted(((one["key"], one["share"]) for one in shares or ()), key=lambda one: -one[1])
    top, rest = ranked[:shown], ranked[shown:]
    if len(rest) == 1:
        top, rest = ranked, []
    largest = max((share for _, share in ranked), default=0.0)
    drawn = [(key, share, 100 * share / largest if largest else 0.0) for key, share in top]
    left = sum(share for _, share in rest)
    return drawn + ([(f"{len(rest)} others", left, 100 * left / largest)] if rest and largest else [])
