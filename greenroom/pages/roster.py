"""The list of accounts: which ones, in what order, one page of them with their figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, QuerySet
from django.http import QueryDict

from greenroom.core import web
from greenroom.core.models import Member, Workspace
from greenroom.creators import facets, listing, saved
from greenroom.creators.facets import SUPPORTED, Facet
from greenroom.creators.models import Account, View
from greenroom.metrics import actions as metrics
from greenroom.metrics import definitions
from greenroom.metrics.figure import Figure
from greenroom.metrics.query import Answer, Query
from greenroom.pages import cells, coverage
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links

PAGE = "creators"  # the name saved views know this list by
FIGURES = ("followers", "posts", "views", "engagement_rate", "completion_rate")
DROPPED = "posts:p2 completion_rate:p3"  # which columns give way when there is little room
# Followers and views alone no longer say enough; they never order the list unless somebody asks (LAY-10).
DEFAULT_SORT = "-engagement_rate"
SIZE = 50


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

    @property
    def about(self) -> str:
        """What stands under the handle: name, country, whose it is; no name that only repeats the handle."""
        one, person = self.account, self.account.creator
        name = "" if person.name.removeprefix("@") == one.handle else person.name
        return ", ".join(filter(None, [name, person.country, "brand-owned" if one.purpose == "brand" else ""]))

    @property
    def is_told(self) -> bool:
        """Is any figure known? Of an account that can't be tracked, what people entered themselves."""
        return any(cell.figure.value is not None for cell in self.cells)


@dataclass(frozen=True)
class Tab:
    """A view of the list that is one click away; `count` where it is known without asking."""

    label: str
    href: str
    here: bool
    count: int | None = None


@dataclass(frozen=True)
class Way:
    """A way to narrow the list further: choices with their addresses, or what may be typed."""

    facet: Facet
    choices: list[tuple[str, str]]
    kept: list[tuple[str, str]]


class Roster:
    """The list a query string asks for. `page` reads one page of it: a constant number of queries, one `measure()`."""

    def __init__(self, workspace: Workspace, query: QueryDict, *, member: Member, at: datetime) -> None:
        self.workspace, self.query, self.member, self.at = workspace, query, member, at
        self.facets = listing.offered(workspace)
        self.asked = listing.parse(dict(query.lists()), self.facets, at=at)
        sort = query.get("sort", "")
        self.sort = sort if sort.removeprefix("-") in FIGURES else self.asked.sort or DEFAULT_SORT

    @property
    def search(self) -> str:
        return self.asked.search

    @property
    def chips(self) -> list[web.Chip]:
        """The filters in force; several values of one are alternatives."""
        return [
            web.Chip(one.label, " or ".join(map(one.word, values)), web.address(self.query, **{one.key: None}))
            for one, values in self.asked.picked
        ]

    @property
    def choices(self) -> list[Way]:
        """The filters that could be added, each with (words, address) of its choices."""
        taken = self.asked.values
        return [
            Way(one, self._addresses(one, taken.get(one.key, [])), self.without(one.key))
            for one in self.facets
            if one.many or one.key not in taken
        ]

    def _addresses(self, facet: Facet, taken: list[str]) -> list[tuple[str, str]]:
        return [
            (words, web.address(self.query, **{facet.key: [*taken, value]}))
            for value, words in facet.choices
            if value not in taken
        ]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Over the whole workspace, whatever is filtered: accounts, creators, can, cannot."""
        found: dict[str, int] = Account.objects.within(self.workspace).aggregate(
            accounts=Count("pk"), creators=Count("creator", distinct=True), can=Count("pk", filter=SUPPORTED)
        )
        return found | {"cannot": found["accounts"] - found["can"]}

    @cached_property
    def views(self) -> list[View]:
        """The saved views this member sees."""
        return list(saved.seen_by(self.member, PAGE).select_related("owner__user"))

    @cached_property
    def view(self) -> View | None:
        """The saved view that is looked at, though it may have been narrowed further since."""
        asked = self.query.get("view", "")
        return next((one for one in self.views if str(one.pk) == asked), None)

    @property
    def is_changed(self) -> bool:
        """Does the list differ from the saved view that is looked at?"""
        return self.view is not None and saved.bare(self.query.urlencode()) != self.view.query

    @property
    def tabs(self) -> list[Tab]:
        """All, by whether TikTok lets us read the account, and the saved views."""
        chosen = "" if self.view else self.query.get("support", "")
        told = (("All", "", "accounts"), ("Can be tracked", "can", "can"), ("Can't be tracked", "cannot", "cannot"))
        return [
            Tab(label, self._tab(support), not self.view and chosen == support, self.counts[count])
            for label, support, count in told
        ] + [Tab(one.name, f"?{one.query}&view={one.pk}".replace("?&", "?"), one == self.view) for one in self.views]

    def _tab(self, support: str) -> str:
        """The list with this tracking; out of a saved view, what it filtered by is left behind."""
        if self.view:
            return f"?support={support}" if support else "?view=all"
        return web.address(self.query, support=support or None, **({} if support else {"view": "all"}))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a new search keeps of the query string."""
        return self.without("q")

    def without(self, *keys: str) -> list[tuple[str, str]]:
        """The query string but for these keys and the page."""
        held = [(key, value) for key, values in self.asked.values.items() for value in values]
        held += [("view", view)] if (view := self.query.get("view", "")) else []
        held += [("q", self.search)] if self.search else []
        held += [("sort", self.sort)] if self.sort != DEFAULT_SORT else []
        return [(key, value) for key, value in held if key not in keys]

    @property
    def sorted_by(self) -> str:
        """The order in words, for the table's caption."""
        key = self.sort.removeprefix("-")
        if key in facets.SORT_WORDS:
            return facets.SORT_WORDS[key]
        order = "highest first" if self.sort.startswith("-") else "lowest first"
        return f"{definitions.find(key).label.lower()}, {order}"

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """What the list can be ordered by beside its figures: (words, address, is it so now?)."""
        key = self.sort.removeprefix("-")
        return [
            (words, web.address(self.query, sort=name if name != self.sort else f"-{name}"), name == key)
            for name, words in facets.SORT_WORDS.items()
            if name != "place" or self.asked.only_list
        ]

    @property
    def accounts(self) -> "QuerySet[Account]":
        """The accounts that fit the filters and the search."""
        return listing.accounts(self.workspace, self.asked, at=self.at)

    @cached_property
    def ids(self) -> list[int]:
        """The accounts that fit, in the order asked for where that is no figure's."""
        return list(listing.ordered(self.accounts, self.asked).values_list("pk", flat=True))

    @cached_property
    def page(self) -> "Page[Any]":
        """One page; its `object_list` are Rows."""
        ids = self.ids
        page: Page[Any] = Paginator(ids, SIZE).get_page(self.query.get("page"))
        if self.sort.removeprefix("-") in facets.SORTS:
            shown = list(page.object_list)
            figures = self.figures(shown)
        else:
            everyone = len(ids) == self.counts["accounts"]
            figures = self.figures(None if everyone else ids, order=self.sort, limit=page.number * SIZE)
            shown = list(figures)[(page.number - 1) * SIZE :]
        page.object_list = self._rows(shown, figures)
        return page

    def figures(
        self, ids: list[int] | None, *, order: str | None = None, limit: int | None = None
    ) -> dict[int, dict[str, Figure]]:
        """The figures of these accounts (None: of all), from one question, in its order: what has none comes last."""
        if ids == []:
            return {}
        return {row["account"]: row for row in self.answer(ids, order=order, limit=limit).rows}

    def answer(self, ids: list[int] | None, *, order: str | None = None, limit: int | None = None) -> Answer:
        """The same as measure() gives it."""
        where = () if ids is None else (("account", tuple(ids)),)
        query = Query(FIGURES, by=("account",), where=where, order=order, limit=limit)
        return metrics.measure(query, self.workspace, at=self.at)

    def last_read(self, ids: list[int]) -> dict[int, datetime | None]:
        """When each of these accounts was last read."""
        mine = Account.objects.within(self.workspace).filter(pk__in=ids).annotate(last=Max("syncs__last_ok_at"))
        return dict(mine.values_list("pk", "last"))

    def _rows(self, ids: list[int], figures: Mapping[int, Mapping[str, Figure]]) -> list[Row]:
        mine = Account.objects.within(self.workspace).select_related("creator").prefetch_related("creator__labels")
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
