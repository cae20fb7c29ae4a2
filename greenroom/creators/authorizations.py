"""A visit to TikTok's consent page: sending somebody there, and what their return becomes.

`begin_authorization` and `finish_authorization` are the only way to a live connection. The first asks, TikTok and the
person answer, the second writes the answer down; nothing in between can be set by hand.
"""

import logging
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.creators import allowlist, arrivals, connections, history, marketplace, pending, refusals, scopes
from greenroom.creators import client as clients
from greenroom.creators.models import Account, Authorization, Connection, Creator
from greenroom.tiktok import auth, errors

log = logging.getLogger(__name__)

OPEN_FOR = timedelta(hours=1)
ANSWERING = timedelta(seconds=60)
ABANDONED = timedelta(days=1)

# Called in the transaction that makes a connection live: `hook(connection, at)`.
ON_CONNECTED: list[Callable[[Connection, datetime], None]] = []


def begin_authorization(
    workspace: Workspace,
    *,
    dialect: str,
    how: str,
    redirect_uri: str,
    at: datetime,
    by: str = "",
    account: Account | None = None,
    creator: Creator | None = None,
    applicant: dict[str, str] | None = None,
    purpose: str = Account.Purpose.CREATOR,
    handle: str = "",
    groups: Iterable[str] | None = None,
    return_to: str = "",
) -> tuple[Authorization, str]:
    """Open a visit; returns it and the address of TikTok's consent page.

    `account` or `handle` says who must be signed in there; `creator` or `applicant` (name, email) whose the account
    will be; `groups` narrows what is asked for (scopes.GROUPS); `how` is kept in the consent.
    Raises PolicyMissing, NotAllowlisted and NotConfigured.
    """
    if not clients.is_sandbox() and not workspace.policy_version:
        raise refusals.PolicyMissing
    # What was connected once was allowed once; it is renewed without asking again.
    if purpose == Account.Purpose.BRAND and account is None:
        _require_allowlisting(workspace, handle, by=by, at=at)
    clients.app(dialect)  # refuses before a visit is kept
    Authorization.objects.within(workspace).filter(finished_at=None, started_at__lt=at - ABANDONED).delete()
    visit: Authorization = Authorization.objects.create(
        workspace=workspace,
        state=secrets.token_urlsafe(32),
        dialect=dialect,
        purpose=account.purpose if account else purpose,
        account=account,
        creator=creator or (account.creator if account else None),
        applicant=applicant or {},
        handle=handle or (account.handle if account else ""),
        how=how,
        by=by,
        redirect_uri=redirect_uri,
        verifier=auth.make_verifier() if dialect == Connection.Dialect.LOGIN_KIT else "",
        return_to=return_to,
        started_at=at,
    )
    return visit, _address(visit, groups)


def finish_authorization(
    state: str, *, code: str = "", error: str = "", error_words: str = "", at: datetime
) -> Connection:
    """What the return from TikTok becomes. Idempotent on `state`: a doubled callback gets the same answer and does not
    burn the code.

    Raises ConsentRefused (with words for the person), PolicyMissing, or StillFinishing while another process answers.
    """
    visit = _take(state, at=at)
    if visit.connection is not None:
        return visit.connection
    if visit.refusal:
        raise refusals.ConsentRefused(**visit.refusal)
    try:
        if error or not code:
            raise refusals.told_by_tiktok(error or "no_code", error_words)
        connection = _connect(visit, code, at=at)
    except refusals.ConsentRefused as refused:
        # An error in the address proves nothing (anyone can type it), so only an answer to our own question is final.
        _put_down(visit, refused if code and not isinstance(refused, refusals.NoAnswer) else None, at=at)
        _note_refusal(visit, refused, at=at)
        raise
    except BaseException:
        _put_down(visit, None, at=at)
        raise
    if connection.account:
        marketplace.check_membership(connection.account, at=at)
    return connection


def _require_allowlisting(workspace: Workspace, handle: str, *, by: str, at: datetime) -> None:
    if not allowlist.counts(sandbox=clients.is_sandbox()) or allowlist.is_allowed(workspace, handle):
        return
    refused = refusals.NotAllowlisted(handle, requested=allowlist.find(workspace, handle) is not None)
    told = {"code": refused.code, "reason": refused.words}
    events.note(workspace, "authorization.refused", by=by or events.SYSTEM, at=at, **told)
    raise refused


def visit_behind(state: str) -> Authorization | None:
    """The visit with this state, for pages that need to know where it began."""
    found: Authorization | None = (
        Authorization.objects.filter(state=state).select_related("workspace", "creator", "account").first()
        if state
        else None
    )
    return found


def _address(visit: Authorization, groups: Iterable[str] | None) -> str:
    asked = scopes.asked(visit.dialect, groups)
    options: dict[str, Any] = {"redirect_uri": visit.redirect_uri, "state": visit.state}
    with clients.client(visit.dialect) as tiktok:
        oauth = clients.oauth(visit.dialect, tiktok)
        if isinstance(oauth, auth.MarketplaceOAuth):
            return oauth.authorize_url(**options)
        # The page is shown even to someone who consented before: they see who is signed in and what they share.
        if isinstance(oauth, auth.LoginKitOAuth):
            return oauth.authorize_url(**options, scopes=asked, verifier=visit.verifier, ask_again=True)
        return oauth.authorize_url(**options, scopes=asked, ask_again=True)


def _take(state: str, *, at: datetime) -> Authorization:
    """The visit, answered already or now ours to answer."""
    visit = visit_behind(state)
    if visit is None:
        raise refusals.unknown_visit()
    if visit.finished_at is not None:
        return visit
    if at - visit.started_at > OPEN_FOR:
        raise refusals.too_late()
    free = models.Q(taken_at=None) | models.Q(taken_at__lte=at - ANSWERING)
    if not Authorization.objects.filter(free, pk=visit.pk, finished_at=None).update(taken_at=at):
        raise refusals.StillFinishing
    visit.taken_at = at
    return visit


def _connect(visit: Authorization, code: str, *, at: datetime) -> Connection:
    """Exchange, look who came, decide, write. The grant goes back to TikTok when it is not kept."""
    if not clients.is_sandbox() and not visit.workspace.policy_version:
        raise refusals.PolicyMissing
    with clients.client(visit.dialect, now=lambda: at, max_attempts=4) as tiktok:
        oauth = clients.oauth(visit.dialect, tiktok)
        grant = pending.unpack(visit.grant) if visit.grant else _exchange(oauth, visit, code)
        try:
            if isinstance(oauth, auth.MarketplaceOAuth):
                ids = arrivals.marketplace_ids(oauth, grant)
                return _keep_brand(visit, grant, ids, at=at)
            came = arrivals.who_came(tiktok, visit.dialect, grant)
            arrival = arrivals.place(visit, came)
            return _keep(visit, grant, arrival, at=at)
        except refusals.NoAnswer:
            Authorization.objects.filter(pk=visit.pk).update(grant=pending.pack(grant))
            raise
        except BaseException:
            _return_grant(visit, grant, at=at)
            raise


def _exchange(oauth: clients.OAuth, visit: Authorization, code: str) -> auth.Grant:
    try:
        if isinstance(oauth, auth.LoginKitOAuth):
            return oauth.exchange(code, redirect_uri=visit.redirect_uri, verifier=visit.verifier)
        return oauth.exchange(code, redirect_uri=visit.redirect_uri)
    except errors.Unauthorized:
        raise refusals.code_over() from None
    except (errors.Unavailable, errors.Throttled):
        raise refusals.NoAnswer from None
    except errors.Rejected as rejected:
        raise refusals.told_by_exchange(str(rejected)) from None


def _keep(visit: Authorization, grant: auth.Grant, arrival: arrivals.Arrival, *, at: datetime) -> Connection:
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=visit.workspace_id)  # one arrival at a time, no double account
        account = arrivals.settle(visit, arrival, at=at)
        connection = Connection.objects.filter(account=account, dialect=visit.dialect).first() or Connection(
            workspace=visit.workspace, account=account, dialect=visit.dialect, state="pending"
        )
        by = visit.by or f"creator:{account.creator_id}"
        _activate(visit, connection, grant, by=by, who=f"{account.creator.name} (@{account.handle})", at=at)
        history.note_authentication(account, by=by, at=at, cause=visit.how)
        for hook in ON_CONNECTED:
            hook(connection, at)
    return connection


def _keep_brand(visit: Authorization, grant: auth.Grant, ids: dict[str, list[str]], *, at: datetime) -> Connection:
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=visit.workspace_id)
        connection = Connection.objects.within(visit.workspace).filter(account=None).first() or Connection(
            workspace=visit.workspace, account=None, dialect=visit.dialect, state="pending"
        )
        connection.marketplace_ids = ids
        _activate(visit, connection, grant, by=visit.by or events.SYSTEM, who=str(visit.workspace), at=at)
        for hook in ON_CONNECTED:
            hook(connection, at)
    return connection


def _activate(
    visit: Authorization, connection: Connection, grant: auth.Grant, *, by: str, who: str, at: datetime
) -> None:
    """Put the grant into the connection, whatever state it was in, and finish the visit."""
    connections.store(connection, grant, at=at)
    connection.scopes = list(grant.scopes)
    connection.open_id = grant.open_id or ""
    connection.connected_at = at
    connection.save()
    told = {"scopes": connection.scopes, "how": visit.how}
    if connection.state == "active":
        events.record(connection, "renewed", by=by, at=at, **told)
    else:
        connection.move("active", by=by, at=at, **told)
    connection.consents.filter(revoked_at=None).update(until=at)  # the newer one replaces it
    connection.consents.create(
        workspace=visit.workspace,
        who=who[:120],
        scopes=connection.scopes,
        how=visit.how,
        at=at,
        until=connection.refresh_expires_at,
    )
    visit.connection, visit.finished_at, visit.verifier, visit.grant = connection, at, "", ""
    visit.save()


def _put_down(visit: Authorization, refused: refusals.ConsentRefused | None, *, at: datetime) -> None:
    """Finish the visit with a refusal, or without one leave it open for another try."""
    seen: dict[str, Any] = {"taken_at": None}
    if refused is not None:
        seen |= {"finished_at": at, "refusal": refused.as_dict(), "applicant": {}, "verifier": "", "grant": ""}
    Authorization.objects.filter(pk=visit.pk).update(**seen)  # not save(): what was rolled back is still on `visit`


def _note_refusal(visit: Authorization, refused: refusals.ConsentRefused, *, at: datetime) -> None:
    events.note(
        visit.workspace,
        "authorization.refused",
        by=visit.by or (f"creator:{visit.creator_id}" if visit.creator_id else events.SYSTEM),
        at=at,
        subject=events.about(visit.account) if visit.account else "",
        code=refused.code,
        reason=refused.words,
    )


def _return_grant(visit: Authorization, grant: auth.Grant, *, at: datetime) -> None:
    """What is not kept is given back, unless a connection of ours stands on the same grant."""
    unused = Connection(
        workspace=visit.workspace, dialect=visit.dialect, access_token=grant.access_token, open_id=grant.open_id or ""
    )
    if not connections.give_back(unused, at=at):
        log.warning("a grant that was refused here could not be given back to TikTok; it ends by itself within a day")
