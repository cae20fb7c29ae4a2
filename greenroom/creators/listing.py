"""The list of accounts a query string asks for: filters, search, order. Page, export and API ask here.

What a query string means is pure; `accounts` turns it into one query.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OrderBy, OuterRef, Q, QuerySet, Subquery

from greenroom.core.models import Workspace
from greenroom.creators import facets
from greenroom.creators.facets import Facet
from greenroom.creators.models import Account, Listed
from greenroom.creators.naming import Unfit


@dataclass(frozen=True)
class Asked:
    """What is asked of the list.

    picked: the filters in force with their values. sort: a key of facets.SORTS, descending with "-" before it; empty
    when none of them was asked for. unknown: (key, value) that means nothing here and was left out.
    """

    search: str = ""
    picked: tuple[tuple[Facet, tuple[str, ...]], ...] = ()
    sort: str = ""
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def values(self) -> dict[str, list[str]]:
        """The filters as they stand in a query string."""
        return {facet.key: list(values) for facet, values in self.picked}

    @property
    def only_list(self) -> int | None:
        """The one list it is narrowed to, if it is."""
        chosen = self.values.get("list", [])
        return int(chosen[0]) if len(chosen) == 1 and chosen[0].isdecimal() else None


def offered(workspace: Workspace) -> list[Facet]:
    """Every way to narrow the list of this workspace."""
    return [facet for offer in facets.FACETS for facet in offer(workspace)]


def parse(given: Mapping[str, Sequence[str]], known: Iterable[Facet], *, at: datetime) -> Asked:
    """A query string, as lists of values by key, in the terms of the facets `known`. Never raises."""
    picked, unknown = [], []
    for facet in known:
        told = [value.strip() for value in given.get(facet.key, ()) if value.strip()]
        good = [value for value in dict.fromkeys(told) if _fits(facet, value, at=at)]
        unknown += [(facet.key, value) for value in told if value not in good]
        if good:
            picked.append((facet, tuple(good if facet.many else good[-1:])))
    search = " ".join(given.get("q", [""])[-1:]).strip().removeprefix("@")[:100]
    sort = " ".join(given.get("sort", [""])[-1:])
    return Asked(search, tuple(picked), sort if sort.removeprefix("-") in facets.SORTS else "", tuple(unknown))


def accounts(workspace: Workspace, asked: Asked, *, at: datetime) -> "QuerySet[Account]":
    """The accounts that fit, in no order yet."""
    found: QuerySet[Account] = Account.objects.within(workspace)
    for facet, values in asked.picked:
        any_of = Q(pk__in=[])
        for value in values:
            any_of |= facet.narrow(value, at)
        found = found.filter(any_of)
    if asked.search:
        text = asked.search
        said = Q(handle__icontains=text) | Q(creator__name__icontains=text) | Q(display_name__icontains=text)
        found = found.filter(said | Q(creator__about__icontains=text) | Q(creator__email__iexact=text))
    return found


def ordered(found: "QuerySet[Account]", asked: Asked, *, sort: str = "") -> "QuerySet[Account]":
    """In the order asked for (or `sort`, or by handle); what has no value comes last in either direction."""
    sort = asked.sort or sort or "handle"
    key, falling = sort.removeprefix("-"), sort.startswith("-")
    by = facets.SORTS[key]
    if key == "place":
        places = Listed.objects.filter(list=asked.only_list or 0)
        found = found.annotate(
            order=Subquery(places.filter(creator=OuterRef("creator")).order_by().values("place")[:1])
        )
    else:
        found = found.annotate(order=by)
    last = "-pk" if falling else "pk"
    return found.order_by(OrderBy(F("order"), descending=falling, nulls_last=True), last)


def _fits(facet: Facet, value: str, *, at: datetime) -> bool:
    if facet.choices:
        return value in dict(facet.choices)
    try:
        facet.narrow(value, at)
    except Unfit:
        return False
    return True
