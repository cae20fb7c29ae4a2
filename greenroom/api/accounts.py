"""Accounts: TikTok handles of creators and of the brand."""

from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages, versions
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.problems import missing
from greenroom.api.shapes import MOST, Flag, Given, Id, Narrowed, Page, Text, Told, at_utc, one_of
from greenroom.core.access import Can
from greenroom.creators import actions as creators
from greenroom.creators.models import Account, Creator
from greenroom.metrics import access, definitions
from greenroom.metrics.figure import REASONS
from greenroom.metrics.metric import Metric
from greenroom.observations import availability

router = Router(tags=["accounts"])
PURPOSES = {"tiktok_creator": Account.Purpose.CREATOR, "tiktok_business": Account.Purpose.BRAND}


class AccountTold(Told):
    """One TikTok handle."""

    id: Id
    creator: Id
    handle: str
    display_name: str
    account_type: str = Field(
        description="tiktok_creator for creators' accounts, tiktok_business for the brand's own. Version 1 of the API "
        "gives the former value for creators' accounts."
    )
    authenticated: bool = Field(description="The creator's own grant is active.")
    in_marketplace: bool | None = Field(description="As TikTok last said; null until it was asked.")
    label: str = Field(description="Marketplace or Non-TTCM.")
    access: str = Field(description="The column of the availability table: auth_ttcm, auth_non_ttcm, unauth_ttcm …")
    supported: bool = Field(description="Whether it may be read at all.")
    origin: str = Field(description="How it came in: crm, dashboard, application, brand, import, legacy.")
    official_since: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: Account, version: str) -> "AccountTold":
        return cls(
            id=str(row.pk),
            creator=str(row.creator_id),
            handle=row.handle,
            display_name=row.display_name,
            account_type=versions.account_type(row, version),
            authenticated=row.authenticated,
            in_marketplace=row.in_marketplace,
            label=row.label,
            access=row.access,
            supported=row.supported,
            origin=row.origin,
            official_since=at_utc(row.official_since),
            created_at=row.created_at,
        )


class AccountsAsked(Narrowed):
    creator: Id | None = None
    handle: Text | None = Field(None, max_length=60, description="The whole handle, with or without @.")
    account_type: Literal["tiktok_creator", "tiktok_business"] | None = None
    authenticated: Flag | None = None
    in_marketplace: Flag | None = None
    access: one_of("auth_ttcm", "auth_non_ttcm", "unauth_ttcm", "unauth_non_ttcm") | None = None  # type: ignore[valid-type]


class AccountGiven(Given):
    """An account to add: only members of the marketplace can be, all others come in by their creators' consent."""

    handle: Text = Field(min_length=1, max_length=200, description="With or without @, or a link to the profile.")
    creator: Id | None = Field(None, description="Whose it is; left out: a new creator.")


class CellTold(Told):
    """What may be shown of one metric of the account now."""

    metric: str
    level: str = Field(description="full, limited, entered or none.")
    reason: str | None = Field(description="Why not, where the level is none.")


class GainTold(Told):
    """A row of the availability table that would become available, and its level now."""

    key: str
    now: str


class AccountAvailability(Told):
    """What an account gives, and what it would give more (AVA-09)."""

    access: str
    metrics: list[CellTold]
    if_authenticated: list[GainTold]
    if_in_marketplace: list[GainTold]


class RequestTold(Told):
    """What to send to the creator, and whether it was mailed."""

    account: Id
    link: str
    text: str
    mailed_to: str | None


@reads(
    router,
    "/accounts",
    needs=Can.CREATORS_READ,
    gives=Page[AccountTold],
    leads={"get_account": "account", "get_account_availability": "account"},
)
def list_accounts(request: Call, workspace: str, asked: Query[AccountsAsked]) -> Page[AccountTold]:
    """The accounts of the workspace."""
    rows = Account.objects.within(request.workspace)
    if asked.creator is not None:
        rows = rows.filter(creator=min(int(asked.creator), MOST))
    if asked.handle is not None:
        rows = rows.filter(handle__iexact=asked.handle.removeprefix("@"))
    if asked.account_type is not None:
        rows = rows.filter(purpose=PURPOSES[asked.account_type])
    if asked.authenticated is not None:
        rows = rows.filter(authenticated=asked.authenticated)
    if asked.in_marketplace is not None:
        rows = rows.filter(in_marketplace=asked.in_marketplace)
    if asked.access is not None:
        rows = rows.filter(authenticated=asked.access.startswith("auth"))
        member = {"in_marketplace": True}
        rows = rows.exclude(**member) if "non" in asked.access else rows.filter(**member)
    return pages.page(rows, asked, lambda row: AccountTold.of(row, request.version), of=AccountTold)


@reads(router, "/accounts/{account}", needs=Can.CREATORS_READ, gives=AccountTold)
def get_account(request: Call, workspace: str, account: Id) -> AccountTold:
    """One account."""
    return AccountTold.of(_find(request, account), request.version)


@writes(
    router,
    "/accounts",
    needs=Can.CREATORS_WRITE,
    gives=AccountTold,
    status=201,
    known=200,
    leads={"get_account": "account"},
)
def add_account(request: Call, workspace: str, body: AccountGiven) -> tuple[int, AccountTold]:
    """Add an account by its handle.

    201 when it is new, 200 when it was known. An account that is not in TikTok's marketplace is refused (409) with the
    ways out: only its creator can add it.
    """
    owner = pages.find(Creator.objects.within(request.workspace), body.creator, "creator") if body.creator else None
    known = creators.find(request.workspace, body.handle)
    account = creators.add_account(
        request.workspace, handle=body.handle, creator=owner, by=request.caller.by, at=request.at
    )
    return (200 if known else 201), AccountTold.of(account, request.version)


@reads(router, "/accounts/{account}/availability", needs=Can.METRICS_READ, gives=AccountAvailability)
def get_account_availability(request: Call, workspace: str, account: Id) -> AccountAvailability:
    """What may be shown of an account now, metric by metric, and what it would gain."""
    found = _find(request, account)
    group = access.groups_of([found], request.workspace, as_of=None)[found.pk]
    asked = [metric for metric in definitions.METRICS.values() if metric.grain != "post"]
    by_kind = {kind: [one for one in asked if one.grain == kind] for kind in ("account", "account_day")}
    judged: dict[str, tuple[str, int | None]] = {}
    for kind, metrics in by_kind.items():
        judged |= access.judge(metrics, group, kind=kind, at=request.at)
    gains = availability.would_gain(group.column("account"), request.at)
    return AccountAvailability(
        access=found.access,
        metrics=[_cell(metric, *judged[metric.key]) for metric in asked],
        if_authenticated=_gained(gains["authenticate"]),
        if_in_marketplace=_gained(gains["join_marketplace"]),
    )


@writes(router, "/accounts/{account}/authentication-requests", needs=Can.CREATORS_WRITE, gives=RequestTold, status=201)
def request_authentication(request: Call, workspace: str, account: Id) -> RequestTold:
    """Ask the creator to authenticate this account.

    Mailed where an address is known; the link and the text are given for sending by hand.
    """
    found = _find(request, account)
    made = creators.request_authentication(found, by=request.caller.by, at=request.at)
    return RequestTold(account=str(found.pk), link=made.link, text=made.text, mailed_to=made.sent_to or None)


@reads(router, "/accounts/{account}/marketplace-invitation", needs=Can.CREATORS_WRITE, gives=RequestTold)
def get_marketplace_invitation(request: Call, workspace: str, account: Id) -> RequestTold:
    """The text that asks a creator to join TikTok's marketplace.

    Nothing is sent. 404 for accounts that are in it already.
    """
    found = _find(request, account)
    if not creators.can_send_invite(found):
        raise missing("account outside the marketplace")
    made = creators.marketplace_invitation(found)
    return RequestTold(account=str(found.pk), link=made.link, text=made.text, mailed_to=None)


def _find(request: Call, account: str) -> Account:
    rows = Account.objects.within(request.workspace).select_related("creator", "workspace")
    found: Account = pages.find(rows, account, "account")
    return found


def _cell(metric: Metric, level: str, why: int | None) -> CellTold:
    return CellTold(metric=metric.key, level=level, reason=REASONS[why - 1] if why and level == "none" else None)


def _gained(cells: list[dict[str, Any]]) -> list[GainTold]:
    return [GainTold(key=cell["key"], now=cell["from"]) for cell in cells]
