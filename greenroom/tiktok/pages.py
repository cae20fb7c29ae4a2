"""Walking through TikTok's pages: by cursor, however short they come and wherever it is kept, and by number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from greenroom.tiktok import envelopes, errors, ids

T = TypeVar("T")


class Page(list[T]):
    """One page of answers. `cursor` continues after it, `has_more` says whether there is anything to continue to."""

    def __init__(self, items: Iterable[T] = (), *, cursor: int | None, has_more: bool) -> None:
        super().__init__(items)
        self.cursor = cursor
        self.has_more = has_more


def cut(data: envelopes.Data, key: str) -> Page[T]:
    """The page in `data`: items under `key`, cursor and has_more at top level or inside `page_info`."""
    inner = data.get("page_info") or {}
    cursor = data.get("cursor", inner.get("cursor"))
    return Page(
        data.get(key) or (),
        cursor=int(cursor) if cursor else None,
        has_more=bool(data.get("has_more", inner.get("has_more", False))),
    )


def walk(fetch: Callable[[int | None], Page[T]], *, cursor: int | None, endpoint: str) -> Iterator[Page[T]]:
    """Every page from `cursor` on, asked for one at a time while TikTok says has_more.

    A short or an empty page is no end: TikTok drops posts that break its rules after it has cut the page.
    Raises errors.Unavailable when TikTok says there is more but does not move the cursor.
    """
    while True:
        page = fetch(cursor)
        yield page
        if not page.has_more:
            return
        if page.cursor is None or page.cursor == cursor:
            message = "TikTok says there is more but the cursor does not move."
            raise errors.Unavailable(message, code="cursor", endpoint=endpoint)
        cursor = page.cursor


def numbered(data: envelopes.Data, key: str) -> Page[T]:
    """The numbered page in `data`: items under `key` with ids as text, its place among all pages in `page_info`."""
    info = data.get("page_info") or {}
    page, pages = int(info.get("page") or 1), int(info.get("total_page") or 0)
    return Page(ids.with_text_ids(data.get(key) or []), cursor=page + 1, has_more=page < pages)


def walk_numbered(fetch: Callable[[int], Page[T]], *, first: int = 1) -> Iterator[Page[T]]:
    """Every page from number `first` on, asked for one at a time until the last that TikTok names."""
    number = first
    while True:
        page = fetch(number)
        yield page
        if not page.has_more:
            return
        number += 1
