"""What every HTML view uses: page or partial, filters as chips, pagination."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render as django_render
from django.utils.functional import SimpleLazyObject

import greenroom
from greenroom.core.models import Member, Workspace


def render(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The whole page, or the partial `name` of it when htmx asks: `render(request, "creators/list.html#rows", …)`.

    `template` names the partial that htmx gets; everybody else gets the file without the `#…`.
    """
    page, _, partial = template.partition("#")
    # A restored history entry or a boosted link wants the whole page even though htmx sends it.
    htmx = getattr(request, "htmx", None)
    whole = not partial or not htmx or htmx.boosted or htmx.history_restore_request
    response = django_render(request, page if whole else template, context, status=status)
    response["Vary"] = "HX-Request"
    return response


THEMES = ("system", "light", "dark")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the layout needs on every page."""
    theme = request.COOKIES.get("theme", "")
    theme = theme if theme in THEMES else THEMES[0]
    return {
        "workspace": getattr(request, "workspace", None),
        "member": getattr(request, "member", None),
        "workspaces": SimpleLazyObject(lambda: _workspaces(request)),
        "theme": theme,
        "next_theme": THEMES[(THEMES.index(theme) + 1) % len(THEMES)],
        "version": greenroom.__version__,
        "debug": settings.DEBUG,
    }


def _workspaces(request: HttpRequest) -> list[Workspace]:
    """Those the person may switch to; asked only by the layout."""
    mine = Member.objects.filter(user=request.user.pk).select_related("workspace").order_by("workspace__name")
    return [member.workspace for member in mine]


@dataclass(frozen=True)
class Filter:
    """One way to narrow a list: a query-string key and its choices."""

    key: str
    label: str
    choices: Sequence[tuple[str, str]]

    def word(self, value: str) -> str:
        return dict(self.choices).get(value, value)


@dataclass(frozen=True)
class Chip:
    """A filter in force, as the page shows it; `without` is the address with it removed."""

    label: str
    value: str
    without: str


def chosen(filters: Sequence[Filter], query: QueryDict) -> dict[str, str]:
    """The valid choices in the query string; unknown keys and values are ignored."""
    picked = {}
    for one in filters:
        value = query.get(one.key, "")
        if value in dict(one.choices):
            picked[one.key] = value
    return picked


def chips(filters: Sequence[Filter], query: QueryDict) -> list[Chip]:
    """One removable chip per filter in force."""
    picked = chosen(filters, query)
    return [Chip(f.label, f.word(picked[f.key]), address(query, **{f.key: None})) for f in filters if f.key in picked]


def address(query: QueryDict, **changes: str | list[str] | None) -> str:
    """The query string with `changes` made (None removes) and back on the first page."""
    left: dict[str, Any] = {key: query.getlist(key) for key in query if key != "page"}
    for key, value in changes.items():
        left.pop(key, None)
        if value is not None:
            left[key] = [value] if isinstance(value, str) else value
    return "?" + urlencode(left, doseq=True)


def turned(query: QueryDict, page: int) -> str:
    """The query string on another page, everything else as it is."""
    return "?" + urlencode({**{key: query.getlist(key) for key in query}, "page": [str(page)]}, doseq=True)


def paginate(request: HttpRequest, rows: Any, size: int = 50) -> "Page[Any]":
    """The page of `rows` that `?page=` asks for; nonsense gives the first or last."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
