"""Keys: which programs may come in. They are made on their page, by people: a key can't make another."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.shapes import Given, Id, Narrowed, Page, Told, at_utc
from greenroom.core.access import Can
from greenroom.keys import actions as keys
from greenroom.keys.models import Key

router = Router(tags=["keys"])


class KeyTold(Told):
    """A key, without the key."""

    id: Id
    name: str
    role: str
    prefix: str = Field(description="How the key begins.")
    state: str = Field(description="live or revoked; one that has expired is still live, and turned away.")
    moves: list[str]
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, row: Key, request: Call) -> "KeyTold":
        return cls(
            id=str(row.pk),
            name=row.name,
            role=row.role,
            prefix=row.prefix,
            state=row.state,
            moves=row.moves(request.caller.permissions),
            made_by=row.made_by,
            made_at=row.made_at,
            expires_at=at_utc(row.expires_at),
            last_used_at=at_utc(row.last_used_at),
            revoked_at=at_utc(row.revoked_at),
        )


class KeysAsked(Narrowed):
    state: Literal["live", "revoked"] | None = None


class KeyMove(Given):
    to: Literal["revoked"]


@reads(router, "/keys", needs=Can.KEYS_MANAGE, gives=Page[KeyTold], leads={"get_key": "key", "move_key": "key"})
def list_keys(request: Call, workspace: str, asked: Query[KeysAsked]) -> Page[KeyTold]:
    """The keys of the workspace, the newest first."""
    rows = Key.objects.within(request.workspace)
    rows = rows.filter(state=asked.state) if asked.state else rows
    return pages.page(rows, asked, lambda row: KeyTold.of(row, request), of=KeyTold, newest_first=True)


@reads(router, "/keys/{key}", needs=Can.KEYS_MANAGE, gives=KeyTold)
def get_key(request: Call, workspace: str, key: Id) -> KeyTold:
    """One key."""
    return KeyTold.of(_find(request, key), request)


@writes(router, "/keys/{key}/moves", needs=Can.KEYS_MANAGE, gives=KeyTold)
def move_key(request: Call, workspace: str, key: Id, body: KeyMove) -> KeyTold:
    """Revoke a key.

    Programs that use it are turned away at once; a key may revoke itself.
    """
    found = _find(request, key)
    keys.revoke_key(found, by=request.caller.by, at=request.at)
    return KeyTold.of(found, request)


def _find(request: Call, key: str) -> Key:
    found: Key = pages.find(Key.objects.within(request.workspace), key, "key")
    return found
