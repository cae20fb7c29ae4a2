"""What TikTok sends: first prove that TikTok sent it, then read it.

Two schemes that share nothing: `TikTok-Signature` (Login Kit and Accounts events, signed with a time) and
`X-Open-Signature` (subscriptions; the time is in the body, `check_time` looks whether it fits). Deliveries come at
least once and in any order; `delivery_key` names a repeat.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from greenroom.tiktok import ids

TOLERANCE = timedelta(minutes=5)
OLDEST = timedelta(hours=73)
"""TikTok tries for up to 72 hours; an hour more for what it takes to try first."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
MISSPELLED = {"post.publish.no_longer_publicaly_available": "post.publish.no_longer_publicly_available"}


class BadSignature(Exception):
    """This delivery cannot be shown to come from TikTok; answer 401 and do not read it."""


class BadTime(Exception):
    """TikTok signed it, but for another time than now: too long ago, or for the future."""


class Unreadable(Exception):
    """Signed by TikTok but in no shape we know."""


@dataclass(frozen=True)
class Delivery:
    """One delivery, as sent but for ids, which are text.

    An account event has `client_key`, `user_openid` and `content`; a subscription has `request_id`, `object` (the
    number of its kind) and `entries`. `event` is the event's name, in a subscription that of its first entry.
    """

    event: str
    created_at: datetime
    client_key: str = ""
    user_openid: str = ""
    content: Mapping[str, Any] | None = None
    request_id: str = ""
    object: int | None = None
    entries: tuple[Mapping[str, Any], ...] = ()


def verify_tiktok_signature(
    secret: str, header: str, raw: bytes, *, at: datetime, tolerance: timedelta = TOLERANCE
) -> None:
    """Check the header `TikTok-Signature: t=<epoch s>,s=<hex>` over "t.raw"; `at` is now, and an older or later `t`
    than `tolerance` is refused. Raises BadSignature."""
    parts = dict(part.strip().split("=", 1) for part in header.split(",") if "=" in part)
    sent, told = parts.get("t", ""), parts.get("s", "")
    expected = hmac.new(secret.encode(), sent.encode() + b"." + raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), told.encode()):
        raise BadSignature("The signature does not fit the body.")
    if not sent.isdecimal() or abs(at.timestamp() - int(sent)) > tolerance.total_seconds():
        raise BadSignature("The signature is too old.")


def verify_open_signature(secret: str, header: str, raw: bytes) -> None:
    r"""Check the header `X-Open-Signature` over the body with every non-ASCII character as a `\uXXXX` escape.

    Raises BadSignature.
    """
    try:
        signed = raw if raw.isascii() else _escaped(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadSignature("The body is not UTF-8.") from None
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), header.strip().encode()):
        raise BadSignature("The signature does not fit the body.")


def check_time(delivery: Delivery, *, at: datetime, oldest: timedelta = OLDEST) -> None:
    """Is this delivery of about now? `at` is now. Raises BadTime."""
    if delivery.created_at < at - oldest:
        raise BadTime("It was signed too long ago.")
    if delivery.created_at > at + TOLERANCE:
        raise BadTime("It was signed for the future.")


def _escaped(text: str) -> bytes:
    """With the characters that are not ASCII as JSON writes them, which is how TikTok signs them."""
    return _BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text).encode()


def parse(raw: bytes) -> Delivery:
    """Read a verified delivery; `content` is JSON inside JSON and ids keep every digit. Raises Unreadable."""
    try:
        told = ids.loads_exactly(raw)
        return _subscription(told) if "entry" in told else _account_event(told)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError) as error:
        raise Unreadable(f"not a delivery: {type(error).__name__}") from error


def _account_event(told: Mapping[str, Any]) -> Delivery:
    content = told.get("content") or {}
    content = ids.loads_exactly(content) if isinstance(content, str) else content
    if not isinstance(content, dict):
        raise TypeError("content is no object")
    return Delivery(
        event=MISSPELLED.get(told["event"], told["event"]),
        created_at=datetime.fromtimestamp(told["create_time"], UTC),
        client_key=told.get("client_key", ""),
        user_openid=told.get("user_openid", ""),
        content=content,
    )


def _subscription(told: Mapping[str, Any]) -> Delivery:
    entries = tuple(told["entry"])
    first = entries[0] if entries else {}
    return Delivery(
        event=str(first.get("tto_campaign_event_type") or first.get("event_type") or ""),
        created_at=datetime.fromtimestamp(told["time"], UTC),
        request_id=told.get("request_id", ""),
        object=told.get("object"),
        entries=entries,
    )


def delivery_key(delivery: Delivery) -> str:
    """The same text for every repeat of one delivery, another for any other delivery."""
    told = {
        "event": delivery.event,
        "created_at": delivery.created_at.isoformat(),
        "client_key": delivery.client_key,
        "user_openid": delivery.user_openid,
        "content": delivery.content,
        "request_id": delivery.request_id,
        "entries": delivery.entries,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
