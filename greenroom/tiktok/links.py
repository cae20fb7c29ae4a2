"""Handles and links to profiles and posts, as people copy them. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

SHORT_HOSTS = frozenset({"vm.tiktok.com", "vt.tiktok.com"})
"""Hosts of links that say nothing themselves: TikTok has to be asked where they lead."""

_HANDLE = re.compile(r"[A-Za-z0-9_.]{1,60}")
_ITEM = re.compile(r"[A-Za-z0-9_-]{1,40}")
_POST_PATH = re.compile(r"/(?:@([^/]*)/)?(?:video|photo|v|embed|embed/v2|player/v1)/(\d{5,20})(?:\.html)?(?:/.*)?")
_PROFILE_PATH = re.compile(r"/@([^/]+)(?:/.*)?")
_SPREADSHEET = re.compile(r"\d([.,]\d+)?[eE]\+?\d{1,2}")


class PostLink(NamedTuple):
    """A post's id, and the handle its link names, "" if it names none."""

    item_id: str
    handle: str


def post(text: str) -> PostLink:
    """The post that an id or a link names. Raises ValueError with what to do."""
    if _is_link(text):
        return _post_behind(text)
    if _SPREADSHEET.fullmatch(text):
        raise ValueError(
            f"“{text}” is an id that a spreadsheet has rounded; format the column as text, or use the link"
        )
    if (text.isdecimal() and len(text) > 20) or not _ITEM.fullmatch(text):
        raise ValueError(f"“{text[:60]}” is neither a post's id nor its link")
    return PostLink(text, "")


def handle(text: str) -> str:
    """The handle that `@ana`, `ana` or a link to the profile or one of its posts names. Raises ValueError."""
    name = text
    if _is_link(text):
        parts = urlsplit(text if "://" in text else f"https://{text}")
        found = _PROFILE_PATH.fullmatch(parts.path)
        if not _is_tiktok(parts.hostname) or found is None:
            raise ValueError(f"“{text[:60]}” is no link to a TikTok profile; write the handle")
        name = found[1]
    name = name.removeprefix("@").strip()
    if not _HANDLE.fullmatch(name):
        raise ValueError(f"“{text[:60]}” is no TikTok handle; it has letters, digits, _ and . only")
    return name


def made_at(item_id: str) -> datetime | None:
    """When a post was uploaded, which TikTok's own ids tell: their upper 32 bits are seconds since 1970."""
    if len(item_id) not in (18, 19) or not item_id.isdecimal():
        return None
    seconds = int(item_id) >> 32
    return datetime.fromtimestamp(seconds, UTC) if 1_388_534_400 < seconds < 2_524_608_000 else None


def _is_link(text: str) -> bool:
    return "/" in text or "tiktok.com" in text.casefold()


def _post_behind(text: str) -> PostLink:
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = (parts.hostname or "").casefold()
    if host in SHORT_HOSTS or (_is_tiktok(host) and parts.path.startswith("/t/")):
        raise ValueError(
            f"“{text[:60]}” is a short link, and only TikTok knows where it leads; open it, copy the long one"
        )
    if not _is_tiktok(host):
        raise ValueError(f"“{text[:60]}” is no link to TikTok")
    if found := _POST_PATH.fullmatch(parts.path):
        return PostLink(found[2], found[1] or "")
    asked = parse_qs(parts.query)
    item = next((asked[name][0] for name in ("item_id", "share_item_id") if name in asked), "")
    if item.isdecimal():
        return PostLink(item, "")
    raise ValueError(f"“{text[:60]}” is no link to a post; it has /video/ or /photo/ and a number")


def _is_tiktok(host: str | None) -> bool:
    return bool(host) and (host == "tiktok.com" or str(host).endswith(".tiktok.com"))
