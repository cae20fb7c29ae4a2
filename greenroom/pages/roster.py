"""The list of accounts: which ones, in what order, one page of them with their figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import QueryDict

from greenroom.core import web
from greenroom.core.models import Workspace
from greenroom.core.web import Filter
from greenroom.creators.models import Account
from greenroom.metrics import actions as metrics
from greenroom.metrics import definitions
from greenroom.metrics.figure import Figure
from greenroom.metrics.query import Query
from greenroom.pages import cells, coverage
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links

FIGURES = ("followers", "posts", "views", "engagement_rate", "completion_rate")
DROPPED = "posts:p2 completion_rate:p3"  # which columns give way when there is little room
SORTS = {"handle", *FIGURES}
# Followers and views alone no longer say enough; they never order the list unless somebody asks (LAY-10).
DEFAULT_SORT = "-engagement_rate"
SIZE = 50
BY_HANDLE = {False: ("handle", "pk"), True: ("-handle", "-pk")}

FILTERS = (
    Filter("authentication", "Authentication", (("yes", "Authenticated"), ("no", "Not authenticated"))),
    Filter("membership", "Marketplace", (("marketplace", "Marketplace"), ("non_ttcm", "Non-TTCM"))),
    Filter("support", "Tracking", (("can", "Can be tracked"), ("cannot", "Can't be tracked"))),
    Filter("purpose", "Purpose", (("creator", "Creator"), ("brand", "Brand-owned"))),
)

SUPPORTED = Q(authenticated=True) | Q(in_marketplace=True)
_MEANS = {
    ("authentication", "yes"): Q(authenticated=True),
    ("authentication", "no"): Q(authenticated=False),
    ("membership", "marketplace"): Q(in_marketplace=True),
    ("membership", "non_ttcm"): ~Q(in_marketplace=True),
    ("support", "can"): SUPPORTED,
    ("support", "cannot"): ~SUPPORTED,
    ("purpose", "creator"): Q(purpose=Account.Purpose.CREATOR),
    ("purpose", "brand"): Q(purpose=Account.Purpose.BRAND),
}


@dataclass(frozen=True)
class Row:
    """One account as the list shows it."""

    account: Account
    cells: list[Cell]
    coverage: coverage.Coverage
    last_read_at: datetime | None
    href: str
    invite_href: str
    ask_href: str


@dataclass(frozen=True)
class Tab:
    """A view of the list that is one click away."""

    label: str
    count: int
    href: str
    here: bool


class Roster:
    """The list a query string asks for. `page` reads one page of it: a constant number of queries, one `measure()`."""

    def __init__(self, workspace: Workspace, asked: QueryDict, *, at: datetime) -> None:
        self.workspace, self.asked, self.at = workspace, asked, at
        sort = asked.get("sort", "")
        self.sort = sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT
        self.search = asked.get("q", "").strip().removeprefix("@")

    @property
    def chips(self) -> list[web.Chip]:
        return web.chips(FILTERS, self.asked)

    @property
    def choices(self) -> list[tuple[Filter, list[tuple[str, str]]]]:
        """The filters not in force, each with (words, address) of its choices."""
        taken = web.chosen(FILTERS, self.asked)
        return [
            (one, [(words, web.address(self.asked, **{one.key: value})) for value, words in one.choices])
            for one in FILTERS
            if one.key not in taken
        ]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Over the whole workspace, whatever is filtered: accounts, creators, can, cannot."""
        found: dict[str, int] = Account.objects.within(self.workspace).aggregate(
            accounts=Count("pk"), creators=Count("creator", distinct=True), can=Count("pk", filter=SUPPORTED)
        )
        return found | {"cannot": found["accounts"] - found["can"]}

    @property
    def tabs(self) -> list[Tab]:
        """All, and by whether TikTok lets us read the account."""
        chosen = self.asked.get("support", "")
        told = (("All", None, "accounts"), ("Can be tracked", "can", "can"), ("Can't be tracked", "cannot", "cannot"))
        return [
            Tab(label, self.counts[count], web.address(self.asked, support=value), chosen == (value or ""))
            for label, value, count in told
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a new search keeps of the query string."""
        held = web.chosen(FILTERS, self.asked) | ({"sort": self.sort} if self.sort != DEFAULT_SORT else {})
        return list(held.items())

    @property
    def sorted_by(self) -> str:
        """The order in words, for the table's caption."""
        key = self.sort.removeprefix("-")
        name = "handle" if key == "handle" else definitions.find(key).label.lower()
        order = "highest first" if self.sort.startswith("-") else "lowest first"
        return name if key == "handle" else f"{name}, {order}"

    @property
    def accounts(self) -> "QuerySet[Account]":
        """The accounts that fit the filters and the search."""
        found: QuerySet[Account] = Account.objects.within(self.workspace)
        for picked in web.chosen(FILTERS, self.asked).items():
            found = found.filter(_MEANS[picked])
        if self.search:
            text = self.search
            found = found.filter(
                Q(handle__icontains=text) | Q(creator__name__icontains=text) | Q(display_name__icontains=text)
            )
        return found

    @cached_property
    def page(self) -> "Page[Any]":
        """One page; its `object_list` are Rows."""
        ids = list(self.accounts.order_by(*BY_HANDLE[self.sort == "-handle"]).values_list("pk", flat=True))
        page: Page[Any] = Paginator(ids, SIZE).get_page(self.asked.get("page"))
        if self.sort.removeprefix("-") == "handle":
            shown = list(page.object_list)
            figures = self._figures(shown)
        else:
            everyone = len(ids) == self.counts["accounts"]
            figures = self._figures(None if everyone else ids, order=self.sort, limit=page.number * SIZE)
            shown = list(figures)[(page.number - 1) * SIZE :]
        page.object_list = self._rows(shown, figures)
        return page

    def _figures(
        self, ids: list[int] | None, *, order: str | None = None, limit: int | None = None
    ) -> dict[int, dict[str, Figure]]:
        """The figures of these accounts (None: of all), from one question, in its order: what has none comes last."""
        if ids == []:
            return {}
        where = () if ids is None else (("account", tuple(ids)),)
        query = Query(FIGURES, by=("account",), where=where, order=order, limit=limit)
        answer = metrics.measure(query, self.workspace, at=self.at)
        return {row["account"]: row for row in answer.rows}

    def _rows(self, ids: list[int], figures: Mapping[int, Mapping[str, Figure]]) -> list[Row]:
        mine = Account.objects.within(self.workspace).select_related("creator")
        accounts = mine.annotate(last_read_at=Max("syncs__last_ok_at")).in_bulk(ids)
        found = [accounts[pk] for pk in ids if pk in accounts]
        groups = coverage.groups(found, self.workspace)
        covers = coverage.of(groups.values(), at=self.at)
        links = Links.of(self.workspace)
        return [
            Row(
                account=one,
                cells=cells.of(figures.get(one.pk), FIGURES, links, by="account", key=one.pk, dropped=DROPPED),
                coverage=covers[groups[one.pk]],
                last_read_at=one.last_read_at,
                href=links.profile(one),
                invite_href=links.invite(one),
                ask_href=links.authenticate(one),
            )
            for one in found
        ]
