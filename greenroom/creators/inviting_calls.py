"""Through which of a workspace's grants TikTok is asked about invites, and one call with it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from greenroom.core.models import Workspace
from greenroom.creators import client as clients
from greenroom.creators import connections, marketplace
from greenroom.creators.models import Connection
from greenroom.creators.refusals import NotInvitable
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import errors

T = TypeVar("T")


def inviting_grant(workspace: Workspace) -> Connection:
    """The workspace's marketplace grant, if it can invite: only TikTok's older generation has the call.

    Raises NotInvitable.
    """
    grant = marketplace.brand_grant(workspace)
    if grant is None:
        words = "Connect the TikTok Creator Marketplace on the Connections page first: invites are sent through it."
        raise NotInvitable(words, code="marketplace_not_connected")
    if not grant.marketplace_ids.get("tcm"):
        raise NotInvitable(
            "TikTok lets only apps with the older marketplace API send invites, and this connection has no account in "
            "it. Write to the creator instead.",
            code="inviting_not_offered",
        )
    return grant


def may_ask(workspace: Workspace) -> bool:
    """Is there a grant that can?"""
    grant = marketplace.brand_grant(workspace)
    return grant is not None and bool(grant.marketplace_ids.get("tcm"))


def asking(grant: Connection, ask: Callable[[tiktok.Client, str, str], T], *, at: datetime) -> T:
    """One call with the brand's token, which is renewed once on the way if TikTok says it is over."""
    account_id = grant.marketplace_ids["tcm"][0]
    token = connections.token(grant, at=at)
    with clients.client(grant.dialect, now=lambda: at, max_attempts=2) as client:
        try:
            return ask(client, token, account_id)
        except errors.Unauthorized as error:
            if not connections.recover(grant, error, used=token, at=at):
                raise
            return ask(client, grant.access_token, account_id)
