"""Connections: grants to read TikTok."""

from datetime import datetime
from typing import Literal

from django.urls import reverse
from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.shapes import MOST, Given, Id, Narrowed, Page, Text, Told, at_utc, one_of
from greenroom.core.access import Can
from greenroom.core.state import IllegalMove
from greenroom.creators import actions as creators
from greenroom.creators import links
from greenroom.creators.models import Account, Connection

router = Router(tags=["connections"])
HOW = "connections page"


class ConnectionTold(Told):
    """A grant: what may be read, through which of TikTok's interfaces, until when. Tokens are never given out."""

    id: Id
    account: Id | None = Field(description="null for the workspace's own marketplace grant.")
    dialect: str = Field(description="accounts, login_kit or marketplace.")
    state: str = Field(description="pending, active, expiring, lapsed or revoked.")
    moves: list[str] = Field(description="Where the caller may move it.")
    scopes: list[str] = Field(description="What was granted, not what was asked.")
    connected_at: datetime | None
    expires_at: datetime | None = Field(description="When the present token ends; it is renewed before.")
    ends_at: datetime | None = Field(description="When the grant ends for good; null: when it is withdrawn.")
    last_ok_at: datetime | None
    last_error: str

    @classmethod
    def of(cls, row: Connection, request: Call) -> "ConnectionTold":
        return cls(
            id=str(row.pk),
            account=str(row.account_id) if row.account_id else None,
            dialect=row.dialect,
            state=row.state,
            moves=row.moves(request.caller.permissions),
            scopes=row.scopes,
            connected_at=at_utc(row.connected_at),
            expires_at=at_utc(row.expires_at),
            ends_at=at_utc(row.refresh_expires_at or row.expires_at),
            last_ok_at=at_utc(row.last_ok_at),
            last_error=row.last_error,
        )


class ConnectionsAsked(Narrowed):
    account: Id | None = None
    state: one_of(*Connection.MOVES) | None = None  # type: ignore[valid-type]
    dialect: one_of(*Connection.Dialect.values) | None = None  # type: ignore[valid-type]


class ConnectionMove(Given):
    to: Literal["revoked"] = Field(description="The only move a person or program may make; TikTok makes the others.")


class AuthorizationGiven(Given):
    """What to connect: the marketplace, or a business account of the brand."""

    dialect: Literal["marketplace", "accounts"]
    handle: Text = Field("", max_length=60, description="Of a brand's account: who must be signed in at TikTok.")


class AuthorizationTold(Told):
    """Where a person goes on: TikTok's consent page. Only TikTok's answer makes a connection."""

    url: str


@reads(
    router,
    "/connections",
    needs=Can.CONNECTIONS_READ,
    gives=Page[ConnectionTold],
    leads={"get_connection": "connection", "move_connection": "connection"},
)
def list_connections(request: Call, workspace: str, asked: Query[ConnectionsAsked]) -> Page[ConnectionTold]:
    """The grants of the workspace."""
    rows = Connection.objects.within(request.workspace)
    if asked.account is not None:
        rows = rows.filter(account=min(int(asked.account), MOST))
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.dialect is not None:
        rows = rows.filter(dialect=asked.dialect)
    return pages.page(rows, asked, lambda row: ConnectionTold.of(row, request), of=ConnectionTold)


@reads(router, "/connections/{connection}", needs=Can.CONNECTIONS_READ, gives=ConnectionTold)
def get_connection(request: Call, workspace: str, connection: Id) -> ConnectionTold:
    """One grant."""
    return ConnectionTold.of(_find(request, connection), request)


@writes(router, "/connections/{connection}/moves", needs=Can.CONNECTIONS_WRITE, gives=ConnectionTold)
def move_connection(request: Call, workspace: str, connection: Id, body: ConnectionMove) -> ConnectionTold:
    """Withdraw a grant.

    It is given back to TikTok and its tokens are forgotten; nothing more is read through it. What was read stays.
    """
    found = _find(request, connection)
    if body.to not in found.MOVES[found.state]:
        raise IllegalMove(f"connection {found.pk} is {found.state}; it can't become {body.to}")
    creators.withdraw(found, by=request.caller.by, at=request.at)
    return ConnectionTold.of(found, request)


@writes(router, "/authorizations", needs=Can.CONNECTIONS_WRITE, gives=AuthorizationTold, status=201)
def begin_authorization(request: Call, workspace: str, body: AuthorizationGiven) -> AuthorizationTold:
    """Begin to connect the marketplace or a brand's account.

    A person opens the address and consents at TikTok; only then is there a connection.
    """
    brand = {"purpose": Account.Purpose.BRAND, "handle": creators.clean_handle(body.handle)}
    return _begin(request, dialect=body.dialect, **({} if body.dialect == "marketplace" else brand))


@writes(
    router, "/connections/{connection}/authorizations", needs=Can.CONNECTIONS_WRITE, gives=AuthorizationTold, status=201
)
def begin_reconnection(request: Call, workspace: str, connection: Id) -> AuthorizationTold:
    """Begin to connect again what has lapsed.

    For a creator's account it is the address of the link to send to the creator, who consents themselves.
    """
    found = _find(request, connection)
    if found.account and found.account.purpose == Account.Purpose.CREATOR:
        made = creators.request_authentication(found.account, by=request.caller.by, at=request.at)
        return AuthorizationTold(url=made.link)
    return _begin(request, dialect=found.dialect, account=found.account)


def _find(request: Call, connection: str) -> Connection:
    rows = Connection.objects.within(request.workspace).select_related("account__creator", "workspace")
    found: Connection = pages.find(rows, connection, "connection")
    return found


def _begin(request: Call, **told: object) -> AuthorizationTold:
    _, url = creators.begin_authorization(
        request.workspace,
        how=HOW,
        redirect_uri=links.absolute("join_callback"),
        return_to=reverse("connections", args=[request.workspace.slug]),
        by=request.caller.by,
        at=request.at,
        **told,  # type: ignore[arg-type]
    )
    return AuthorizationTold(url=url)
