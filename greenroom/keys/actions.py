"""Verbs about keys: make, revoke, recognise."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q

from greenroom.core import events
from greenroom.core.access import ROLES, Can
from greenroom.core.models import Workspace
from greenroom.keys.models import Key

START = "gr_"
USED_EVERY = timedelta(minutes=1)


class NoSuchKey(Exception):
    """The text is no key that works. The words say why and what to do; `code` is unknown, expired or revoked."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


class NotYours(Exception):
    """A key can't be allowed more than whoever makes it."""


@dataclass(frozen=True)
class Made:
    """A new key, and its text: the only time it is known."""

    key: Key
    text: str


def roles_for(permissions: frozenset[Can]) -> list[str]:
    """The roles a holder of `permissions` may give a key: those that may do no more."""
    return [role for role, cans in ROLES.items() if cans <= permissions]


def make_key(
    workspace: Workspace,
    *,
    name: str,
    role: str,
    permissions: frozenset[Can],
    expires_at: datetime | None = None,
    by: str,
    at: datetime,
) -> Made:
    """Make a key for a program. `permissions` are the maker's own; raises NotYours for a role that may do more."""
    if role not in roles_for(permissions):
        raise NotYours(f"A key can't have the role {role}: it may do more than you may.")
    prefix = START + secrets.token_hex(4)
    text = f"{prefix}_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        key: Key = Key.objects.create(
            workspace=workspace,
            state="live",
            name=name,
            role=role,
            prefix=prefix,
            digest=_digest(text),
            made_by=by,
            made_at=at,
            expires_at=expires_at,
        )
        ends = expires_at.isoformat() if expires_at else None
        events.record(key, "made", by=by, at=at, label=name, role=role, prefix=prefix, expires_at=ends)
    return Made(key, text)


def revoke_key(key: Key, *, by: str, at: datetime) -> None:
    """End a key at once and for good. Raises IllegalMove when it is revoked already, LostRace."""
    with transaction.atomic():
        key.move("revoked", by=by, at=at, label=key.name, prefix=key.prefix)
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])


def recognise(text: str, *, at: datetime) -> Key:
    """The key behind this text, with its workspace; keeps that it was used. Raises NoSuchKey."""
    prefix = text[: len(START) + 8]
    found: Key | None = Key.objects.select_related("workspace").filter(prefix=prefix).first() if _fits(text) else None
    # Compared in constant time, and also when nothing was found: how long it takes tells nothing.
    same = hmac.compare_digest(_digest(text), found.digest if found else _digest(""))
    if found is None or not same:
        raise NoSuchKey("unknown", "This key is not known. Make one in Settings, API keys.")
    if found.state == "revoked":
        raise NoSuchKey("revoked", "This key was revoked. Make another one in Settings, API keys.")
    if found.is_expired(at=at):
        raise NoSuchKey("expired", "This key has expired. Make another one in Settings, API keys.")
    stale = Q(last_used_at=None) | Q(last_used_at__lte=at - USED_EVERY)
    if found.last_used_at is None or found.last_used_at <= at - USED_EVERY:
        Key.objects.filter(stale, pk=found.pk).update(last_used_at=at)
    return found


def _fits(text: str) -> bool:
    return text.startswith(START) and text.isascii() and text.isprintable() and len(text) < 200


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
