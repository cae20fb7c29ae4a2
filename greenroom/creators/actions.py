"""The verbs of this module, by noun: what pages, syncs and commands call as `creators.<verb>`."""

from greenroom.creators.accounts import (
    add_account,
    can_send_invite,
    clean_handle,
    find,
    next_steps,
    record_legacy,
    rename,
)
from greenroom.creators.authorizations import ON_CONNECTED, begin_authorization, finish_authorization, visit_behind
from greenroom.creators.connections import (
    consent_of,
    lapse,
    live_connection,
    recover,
    refresh,
    scopes_of,
    token,
    withdraw,
)
from greenroom.creators.history import ON_MEMBERSHIP, account_at, note_authentication, note_membership
from greenroom.creators.invitations import (
    Invitation,
    marketplace_invitation,
    public_form,
    request_authentication,
    send_portal_link,
    send_portal_links,
)
from greenroom.creators.marketplace import brand_grant, check_membership, speaking_for
from greenroom.creators.refusals import (
    ConsentRefused,
    NotConfigured,
    NotTrackable,
    PolicyMissing,
    Refusal,
    Step,
    StillFinishing,
)

__all__ = [
    "ON_CONNECTED",
    "ON_MEMBERSHIP",
    "ConsentRefused",
    "Invitation",
    "NotConfigured",
    "NotTrackable",
    "PolicyMissing",
    "Refusal",
    "Step",
    "StillFinishing",
    "account_at",
    "add_account",
    "begin_authorization",
    "brand_grant",
    "can_send_invite",
    "check_membership",
    "clean_handle",
    "consent_of",
    "find",
    "finish_authorization",
    "lapse",
    "live_connection",
    "marketplace_invitation",
    "next_steps",
    "note_authentication",
    "note_membership",
    "public_form",
    "record_legacy",
    "recover",
    "refresh",
    "rename",
    "request_authentication",
    "scopes_of",
    "send_portal_link",
    "send_portal_links",
    "speaking_for",
    "token",
    "visit_behind",
    "withdraw",
]
