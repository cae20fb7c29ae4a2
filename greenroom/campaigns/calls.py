"""Through which of a workspace's grants orders are made and followed, and one call with it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from greenroom.campaigns.interfaces import INTERFACES, Interface
from greenroom.campaigns.refusals import NotReady
from greenroom.core.models import Workspace
from greenroom.creators import client as clients
from greenroom.creators import connections, marketplace
from greenroom.creators.models import Connection
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import errors

T = TypeVar("T")


def ordering_grant(workspace: Workspace) -> Connection:
    """The workspace's marketplace grant. Raises NotReady."""
    grant = marketplace.brand_grant(workspace)
    if grant is None:
        words = "Connect the TikTok Creator Marketplace on the Connections page first: orders are made through it."
        raise NotReady(words, code="marketplace_not_connected")
    return grant


def speaking(grant: Connection, generation: str = "") -> Interface:
    """The interface that this grant opens, or the one of `generation`. Raises NotReady."""
    for name, interface in INTERFACES.items():
        if grant.marketplace_ids.get(name) and generation in ("", name):
            return interface
    raise NotReady("The marketplace connection has no account that can hold orders.", code="ordering_not_offered")


def asking(grant: Connection, generation: str, ask: Callable[[tiktok.Client, str, str], T], *, at: datetime) -> T:
    """One question or order with the brand's token, which is renewed once on the way if TikTok says it is over."""
    account_id = grant.marketplace_ids[generation][0]
    client = clients.pooled(grant.dialect)
    token = connections.token(grant, at=at)
    try:
        return ask(client, token, account_id)
    except errors.Unauthorized as error:
        if not connections.recover(grant, error, used=token, at=at):
            raise
        return ask(client, grant.access_token, account_id)
