"""Inviting creators to the marketplace; only the older generation can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from greenroom.tiktok import campaign_types as types
from greenroom.tiktok.client import Client

HANDLES_AT_ONCE = 20


def invite(client: Client, token: str, *, account_id: str, handles: Sequence[str]) -> types.Invited:
    """Invite creators, 20 at a time: who is in already, who is invited now, and why the others are not eligible.

    Asking twice is safe: who has an open invitation stays invited. If a later twenty fails the error is raised, and the
    earlier ones are invited nonetheless; `marketplace.creator_status` (generation tcm) then says `INVITED`.
    """
    named = [handle.strip().removeprefix("@") for handle in handles]
    told: types.Invited = {"in_tcm": [], "invited": [], "reject_reasons": {}}
    for first in range(0, len(named), HANDLES_AT_ONCE):
        body = {"tcm_account_id": account_id, "handle_names": named[first : first + HANDLES_AT_ONCE]}
        data = client.post("tcm/creator/invite/", body, token=token, account=account_id, repeatable=True)
        told["in_tcm"] += _texts(data.get("in_tcm"))
        told["invited"] += _texts(data.get("invited"))
        told["reject_reasons"] |= _reasons(data)
    return told


def _reasons(data: Mapping[str, Any]) -> dict[str, str]:
    """Reasons by handle from whichever shape TikTok uses, which it does not document; none is an empty text."""
    given = data.get("reject_reasons") or {}
    if isinstance(given, list):
        given = {str(one.get("handle_name")): one.get("reject_reason") for one in given if isinstance(one, dict)}
    return dict.fromkeys(_texts(data.get("rejected")), "") | {
        str(handle): str(reason or "") for handle, reason in given.items()
    }


def _texts(value: object) -> list[str]:
    """Only handles: a client exists that types these lists as booleans."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
