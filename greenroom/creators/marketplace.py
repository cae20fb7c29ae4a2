"""Asking TikTok whether accounts are in the Creator Marketplace, and through which of its two generations."""

import logging
from datetime import datetime
from typing import Literal

from greenroom.core.models import Workspace
from greenroom.creators import client as clients
from greenroom.creators import history
from greenroom.creators.models import Account, Connection
from greenroom.tiktok import errors, marketplace

log = logging.getLogger(__name__)

Generation = Literal["tto", "tcm"]
Status = Literal["IN", "NOT_IN", "INVALID", "INVITED"]


def brand_grant(workspace: Workspace) -> Connection | None:
    """The workspace's own live marketplace connection."""
    found: Connection | None = (
        Connection.objects.within(workspace)
        .filter(account=None, dialect=Connection.Dialect.MARKETPLACE, state__in=Connection.LIVE)
        .first()
    )
    return found


def speaking_for(connection: Connection) -> tuple[Generation, str]:
    """The generation to use and the marketplace account id to speak for: today's where there is one."""
    ids: dict[str, list[str]] = connection.marketplace_ids
    return ("tto", ids["tto"][0]) if ids.get("tto") else ("tcm", ids["tcm"][0])


def status_of(connection: Connection, handle: str, *, at: datetime) -> Status:
    """What TikTok says about one handle. Raises tiktok.errors.TikTokError."""
    generation, account_id = speaking_for(connection)
    with clients.client(connection.dialect, now=lambda: at, max_attempts=4) as tiktok:
        told = marketplace.creator_status(
            tiktok, connection.access_token, account_id=account_id, handles=[handle], generation=generation
        )
    return next((one["status"] for one in told if one["handle_name"].lower() == handle.lower()), "INVALID")


def check_membership(account: Account, *, at: datetime) -> bool | None:
    """Ask TikTok whether the account is a member and keep the answer; None when nobody may ask or TikTok is silent.

    The brand's marketplace grant is asked first, otherwise the creator's own grant where its scopes allow.
    """
    try:
        value = _ask(account, at=at)
    except errors.TikTokError as error:
        log.warning("membership of %s stays unknown: %s", account, error)
        return None
    history.note_membership(account, value, at=at)
    return value


def _ask(account: Account, *, at: datetime) -> bool | None:
    brand = brand_grant(account.workspace)
    if brand is not None:
        status = status_of(brand, account.handle, at=at)
        return None if status == "INVALID" else status == "IN"
    own = account.connections.filter(dialect=Connection.Dialect.ACCOUNTS, state__in=Connection.LIVE).first()
    if own is None or "biz.creator.info" not in own.scopes:
        return None
    with clients.client(own.dialect, now=lambda: at, max_attempts=4) as tiktok:
        try:
            marketplace.creator_authorized(
                tiktok, own.access_token, creator_id=own.open_id, fields=["display_name"], generation="tto"
            )
        except errors.NotACreator:
            return False
    return True
