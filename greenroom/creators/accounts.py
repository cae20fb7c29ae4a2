"""Adding accounts in the CRM, keeping former ones, and what can be done about an account that can't be tracked."""

from datetime import datetime

from django.db import transaction

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.creators import history, marketplace
from greenroom.creators.models import Account, Creator
from greenroom.creators.refusals import NotTrackable, Step
from greenroom.tiktok import errors

SEND_INVITE = Step(
    "send_invite",
    "Send Invite",
    "Ask the creator to join TikTok's Creator Marketplace. Once TikTok says they are in, tracking starts by itself.",
)
REQUEST_AUTHENTICATION = Step(
    "request_authentication",
    "Ask creator to authenticate",
    "Send the creator a link. They add the account themselves, and tracking starts at once.",
)
WAYS_OUT = (SEND_INVITE, REQUEST_AUTHENTICATION)


def add_account(workspace: Workspace, *, handle: str, creator: Creator | None = None, by: str, at: datetime) -> Account:
    """Add an account in the CRM, which only takes members of the marketplace (ACC-04). Adding a known one returns it.

    Raises NotTrackable with what to do: the account is not a member, does not exist, is known and can't be tracked, or
    TikTok could not be asked. Each refusal is kept as an event.
    """
    handle = clean_handle(handle)
    known = find(workspace, handle)
    if known is not None and known.supported:
        return known
    try:
        _require_membership(workspace, handle, at=at)
    except NotTrackable as refused:
        events.note(workspace, "account.refused", by=by, at=at, handle=handle, code=refused.code, reason=refused.words)
        raise
    with transaction.atomic():
        account = known or create(workspace, handle=handle, creator=creator, origin=Account.Origin.CRM, by=by, at=at)
        history.note_membership(account, True, by=by, at=at, cause="TikTok's answer when it was added")
    return account


def record_legacy(workspace: Workspace, *, handle: str, by: str, at: datetime) -> Account:
    """Keep an account of the former source: neither authenticated nor a member, so nothing is read of it."""
    with transaction.atomic():
        account = create(
            workspace, handle=clean_handle(handle), creator=None, origin=Account.Origin.LEGACY, by=by, at=at
        )
        history.note_membership(account, False, by=by, at=at, cause="Kept from the former source")
    return account


def next_steps(account: Account) -> tuple[Step, ...]:
    """The two ways out for an account that can't be tracked, and nothing for one that can (ACC-10)."""
    return () if account.supported else WAYS_OUT


def can_send_invite(account: Account) -> bool:
    """Is `Send Invite` offered? Only on Non-TTCM accounts (ACC-14), and not on the brand's own."""
    return not account.in_marketplace and account.purpose == Account.Purpose.CREATOR


def find(workspace: Workspace, handle: str) -> Account | None:
    """The account with this handle, however it is capitalised."""
    found: Account | None = Account.objects.within(workspace).filter(handle__iexact=clean_handle(handle)).first()
    return found


def clean_handle(text: str) -> str:
    """`https://www.tiktok.com/@Ana?x=1`, ` @ana ` and `ana` all name @ana."""
    text = text.strip()
    if "tiktok.com/" in text:
        text = text.split("tiktok.com/", 1)[1].split("/")[0].split("?")[0]
    return text.removeprefix("@").strip()


def rename(account: Account, handle: str, *, at: datetime, by: str = events.SYSTEM) -> None:
    """TikTok says the account has another handle now. Whoever is kept under it here does not have it any more."""
    handle = clean_handle(handle)
    if not handle or handle == account.handle:
        return
    with transaction.atomic():
        release_handle(account.workspace, handle, keep=account, at=at)
        was, account.handle = account.handle, handle
        account.save(update_fields=["handle"])
        events.record(account, "renamed", by=by, at=at, was=was, handle=handle)


def release_handle(workspace: Workspace, handle: str, *, keep: Account | None, at: datetime) -> None:
    """Free a handle that another row still carries: TikTok gave it to somebody else."""
    stale = find(workspace, handle)
    if stale is None or stale == keep:
        return
    stale.handle = f"{stale.handle}-former-{stale.pk}"
    stale.save(update_fields=["handle"])
    events.record(stale, "renamed", by=events.SYSTEM, at=at, was=handle, handle=stale.handle)


def create(
    workspace: Workspace,
    *,
    handle: str,
    creator: Creator | None,
    origin: str,
    by: str,
    at: datetime,
    purpose: str = Account.Purpose.CREATOR,
    display_name: str = "",
) -> Account:
    creator = creator or Creator.objects.create(workspace=workspace, name=display_name or handle, created_at=at)
    account: Account = Account.objects.create(
        workspace=workspace,
        creator=creator,
        handle=handle,
        display_name=display_name,
        origin=origin,
        purpose=purpose,
        created_at=at,
    )
    events.record(account, "added", by=by, at=at, handle=handle, origin=str(origin))
    return account


def _require_membership(workspace: Workspace, handle: str, *, at: datetime) -> None:
    brand = marketplace.brand_grant(workspace)
    if brand is None:
        raise NotTrackable(
            "Connect the TikTok Creator Marketplace first, on the Connections page: it looks accounts up. The creator "
            "can also add the account themselves with an invited link.",
            code="marketplace_not_connected",
        )
    if not handle or len(handle) > 60:
        raise NotTrackable("Type a TikTok handle, such as @ana.", code="unknown_handle")
    try:
        status = marketplace.status_of(brand, handle, at=at)
    except errors.TikTokError as error:
        raise NotTrackable(
            f"TikTok could not tell whether @{handle} is in the marketplace: {error.message}. {error.what_to_do}",
            code="tiktok_silent",
        ) from error
    if status == "INVALID":
        raise NotTrackable(f"TikTok knows nobody called @{handle}. Check the spelling.", code="unknown_handle")
    if status != "IN":
        raise NotTrackable(
            f"@{handle} is not in TikTok's Creator Marketplace"
            + (" yet; TikTok says an invitation is open" if status == "INVITED" else "")
            + ". Non-authenticated, non-TTCM accounts can't be tracked.",
            steps=WAYS_OUT,
        )
