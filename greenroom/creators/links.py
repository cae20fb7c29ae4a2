"""Signed links for people without an account here: join by invitation, and the creator's own portal.

Each kind has its own salt, so that one can't be used as the other, and carries its own end.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse

from greenroom.creators.models import Account, Creator

INVITED_FOR = timedelta(days=14)
WELCOME_FOR = timedelta(days=30)  # the way back that is mailed after joining
ASKED_FOR = timedelta(minutes=30)  # a way in that the creator asked for just now


class LinkOver(Exception):
    """The link is too old, was changed on the way, or what it was for is gone. Ask for a new one."""


@dataclass(frozen=True)
class Invited:
    """What an invited link is for: a creator, and if it names one, the account they are to connect."""

    creator: Creator
    account: Account | None


def join_token(creator: Creator, account: Account | None = None, *, at: datetime) -> str:
    """A token for `/join/i/<token>/`, good for 14 days."""
    return _sign("join", {"c": creator.pk, "a": account.pk if account else 0}, until=at + INVITED_FOR)


def read_join_token(token: str, *, at: datetime) -> Invited:
    """Raises LinkOver."""
    told = _read("join", token, at=at)
    creator = Creator.objects.select_related("workspace").filter(pk=told["c"]).first()
    account = Account.objects.select_related("workspace").filter(pk=told["a"]).first() if told["a"] else None
    if told["a"] and account is not None:
        creator = account.creator  # the account may have joined another creator since
    if creator is None or (told["a"] and account is None):
        raise LinkOver
    return Invited(creator, account)


def portal_token(creator: Creator, *, at: datetime, lasting: timedelta = WELCOME_FOR) -> str:
    """A token for `/me/<token>/`: opens the page once, until `at + lasting`."""
    return _sign("portal", {"c": creator.pk, "k": secrets.token_hex(16)}, until=at + lasting)


def read_portal_token(token: str, *, at: datetime) -> tuple[Creator, str]:
    """Whose page it opens, and the key under which it is used up (see visits.open_page). Raises LinkOver."""
    told = _read("portal", token, at=at)
    creator: Creator | None = Creator.objects.filter(pk=told["c"]).select_related("workspace").first()
    if creator is None or "k" not in told:  # links made before they were used up by a key are over
        raise LinkOver
    return creator, told["k"]


def absolute(name: str, *args: Any) -> str:
    """The full address of a page, for e-mails and for TikTok."""
    return settings.GREENROOM_URL.rstrip("/") + reverse(name, args=args)


def _sign(purpose: str, told: dict[str, Any], *, until: datetime) -> str:
    return signing.Signer(salt=f"greenroom.{purpose}").sign_object({**told, "u": int(until.timestamp())}, compress=True)


def _read(purpose: str, token: str, *, at: datetime) -> dict[str, Any]:
    try:
        told: dict[str, Any] = signing.Signer(salt=f"greenroom.{purpose}").unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise LinkOver from None
    if datetime.fromtimestamp(told["u"], UTC) <= at:
        raise LinkOver
    return told
