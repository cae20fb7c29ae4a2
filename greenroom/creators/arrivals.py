"""Who came back from TikTok, whether they may be connected as what they came for, and whose account it is here."""

import logging
from dataclasses import dataclass
from datetime import datetime

from greenroom.core import events
from greenroom.creators import accounts, merging, refusals
from greenroom.creators.models import Account, Authorization, Connection, Creator
from greenroom.tiktok import accounts as organic
from greenroom.tiktok import auth, display, errors
from greenroom.tiktok.client import Client

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Came:
    """Whoever was signed in at TikTok. `handle` and `is_business` are None when the scopes don't tell."""

    open_id: str
    handle: str | None
    display_name: str
    is_business: bool | None


@dataclass(frozen=True)
class Arrival:
    """Somebody who may be connected, and the account they are known by here, if any."""

    came: Came
    handle: str
    account: Account | None


def who_came(client: Client, dialect: str, grant: auth.Grant) -> Came:
    """Ask TikTok who granted this. Raises ConsentRefused when it does not answer."""
    open_id = grant.open_id or ""
    try:
        if dialect == Connection.Dialect.LOGIN_KIT:
            wanted = organic.fields_for(
                grant.scopes, {one: display.USER_FIELDS[one] for one in ("username", "display_name")}
            )
            user = display.user_info(client, grant.access_token, fields=wanted, account=open_id) if wanted else {}
            return Came(open_id, user.get("username"), user.get("display_name", ""), None)
        wanted = organic.fields_for(
            grant.scopes, {one: organic.TOP_FIELDS[one] for one in ("username", "display_name", "is_business_account")}
        )
        told = organic.profile(client, grant.access_token, business_id=open_id, fields=wanted) if wanted else {}
        return Came(open_id, told.get("username"), told.get("display_name", ""), told.get("is_business_account"))
    except errors.TikTokError as error:
        raise _unsaid("who came", error) from None


def place(visit: Authorization, came: Came) -> Arrival:
    """Find the account this is, and refuse what must not be. Raises ConsentRefused; writes nothing."""
    known = _known(visit, came)
    handle = accounts.clean_handle(came.handle or (known.handle if known else ""))
    refused = objection(visit, came, known, handle)
    if refused is not None:
        raise refused
    return Arrival(came, handle, known)


def objection(visit: Authorization, came: Came, known: Account | None, handle: str) -> refusals.ConsentRefused | None:
    """Why this person may not be connected as what they came for; None when they may (CON-04, ACC-20, C-09)."""
    if not handle:
        return refusals.unnamed()
    if not _is_who_was_expected(visit, known, handle):
        return refusals.wrong_account(wanted=visit.handle, came=handle)
    if visit.purpose == Account.Purpose.CREATOR and came.is_business:
        return refusals.business_as_creator(handle)
    if visit.purpose == Account.Purpose.BRAND and came.is_business is False:
        return refusals.personal_as_brand(handle)
    if known is not None and known.purpose != visit.purpose and known.authenticated:
        return refusals.one_purpose(handle, known.purpose)
    return None


def settle(visit: Authorization, arrival: Arrival, *, at: datetime) -> Account:
    """Make the account and its creator say what is now known. Called inside the transaction that connects."""
    came = arrival.came
    accounts.release_handle(visit.workspace, arrival.handle, keep=arrival.account, at=at)
    if arrival.account is None:
        account = _new_account(visit, arrival, at=at)
    else:
        account = Account.objects.select_related("creator", "workspace").get(pk=arrival.account.pk)
        accounts.rename(account, arrival.handle, at=at)
        _move_to(visit, account, at=at)
    if account.purpose != visit.purpose:
        events.record(account, "repurposed", by=visit.by or events.SYSTEM, at=at, was=account.purpose, to=visit.purpose)
        account.purpose = visit.purpose
    if visit.dialect == Connection.Dialect.ACCOUNTS:
        account.open_id = came.open_id
    account.display_name = came.display_name or account.display_name
    account.is_business = account.is_business if came.is_business is None else came.is_business
    account.save()
    _know_applicant(visit, account.creator)
    return account


def marketplace_ids(oauth: auth.MarketplaceOAuth, grant: auth.Grant) -> dict[str, list[str]]:
    """The marketplace accounts of both generations this grant speaks for. Raises ConsentRefused when it has none."""
    found: dict[str, list[str]] = {}
    for generation, ask in (("tto", oauth.tto_account_ids), ("tcm", oauth.tcm_account_ids)):
        try:
            found[generation] = list(ask(grant.access_token))
        except (errors.Unauthorized, errors.Rejected):
            found[generation] = []  # apps were approved for one generation or the other
        except errors.TikTokError as error:
            raise _unsaid("which marketplace accounts came", error) from None
    if not any(found.values()):
        raise refusals.no_marketplace()
    return found


def _unsaid(what: str, error: errors.TikTokError) -> refusals.ConsentRefused:
    log.warning("TikTok did not say %s: %s", what, error)
    return refusals.NoAnswer() if isinstance(error, errors.Unavailable | errors.Throttled) else refusals.code_lost()


def _known(visit: Authorization, came: Came) -> Account | None:
    """By TikTok's id first: handles move from person to person. By handle only where no other id speaks against it."""
    rows = Account.objects.within(visit.workspace)
    by_id: Account | None = rows.filter(connections__dialect=visit.dialect, connections__open_id=came.open_id).first()
    if by_id is not None or not came.handle:
        return by_id
    by_handle: Account | None = rows.filter(handle__iexact=came.handle).first()
    if by_handle is None or by_handle.connections.filter(dialect=visit.dialect).exclude(open_id="").exists():
        return None
    return by_handle


def _is_who_was_expected(visit: Authorization, known: Account | None, handle: str) -> bool:
    if not visit.handle or visit.handle.lower() == handle.lower():
        return True
    return known is not None and known.pk == visit.account_id  # they renamed themselves since


def _new_account(visit: Authorization, arrival: Arrival, *, at: datetime) -> Account:
    name = visit.applicant.get("name") or arrival.came.display_name or arrival.handle
    creator = visit.creator or Creator.objects.create(workspace=visit.workspace, name=name, created_at=at)
    return accounts.create(
        visit.workspace,
        handle=arrival.handle,
        creator=creator,
        origin=_origin(visit),
        purpose=visit.purpose,
        display_name=arrival.came.display_name,
        by=visit.by or f"creator:{creator.pk}",
        at=at,
    )


def _origin(visit: Authorization) -> str:
    if visit.purpose == Account.Purpose.BRAND:
        return Account.Origin.BRAND
    return Account.Origin.APPLICATION if visit.applicant else Account.Origin.DASHBOARD


def _move_to(visit: Authorization, account: Account, *, at: datetime) -> None:
    """An account added in the CRM under a name of its own joins the creator who has now proved it is theirs.

    What staff kept under that name comes along.
    """
    wanted, had = visit.creator, account.creator
    if wanted is None or wanted == had:
        return
    if had.email or had.accounts.exclude(pk=account.pk).exists():
        events.record(account, "claimed", by=f"creator:{wanted.pk}", at=at, kept_with=had.pk)
        return
    merging.merge(wanted, had, by=f"creator:{wanted.pk}", at=at)
    account.creator = wanted
    events.record(account, "joined_creator", by=f"creator:{wanted.pk}", at=at, creator=wanted.pk)


def _know_applicant(visit: Authorization, creator: Creator) -> None:
    """What the applicant wrote fills blanks; it never overwrites what is kept."""
    name, email = visit.applicant.get("name", ""), visit.applicant.get("email", "")
    if email and not creator.email:
        creator.email, creator.name = email, name or creator.name
        creator.save(update_fields=["email", "name"])
