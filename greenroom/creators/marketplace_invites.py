"""Inviting an account to TikTok's marketplace: decided here, sent through TikTok, followed until it is answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from greenroom.core import events
from greenroom.core.state import IllegalMove, LostRace
from greenroom.core.work import Later, Stop
from greenroom.creators import accounts, deletion, eligibility, history
from greenroom.creators import inviting_calls as calls
from greenroom.creators.eligibility import Rules, Verdict
from greenroom.creators.models import Account, Attestation, MarketplaceInvite
from greenroom.creators.refusals import Ineligible, NotInvitable
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import errors, invitations
from greenroom.tiktok import marketplace as reads

BY_HAND = ("viewed", "declined", "cancelled")  # what somebody may note; TikTok says the rest
FIRST_LOOK = timedelta(minutes=2)
AGAIN = timedelta(minutes=5)
# Why TikTok could not be asked: it refuses or is away, nobody may ask, the brand's token is being swapped or is locked.
NO_ANSWER = (errors.TikTokError, NotInvitable, Later, Stop)
GONE = "TikTok shows no open invitation any more"


def send_invite(
    account: Account, *, rules: Rules, verdicts: Sequence[Verdict], override: bool = False, by: str, at: datetime
) -> MarketplaceInvite:
    """Invite an account. While an invite is open that one is returned, and sent if it had not been (TCM-19).

    The row is there before TikTok is asked; when no answer comes it stays a draft that is sent again by itself.
    Raises NotInvitable, and Ineligible: a rule is known to fail and nobody overrode it, or TikTok refuses.
    """
    invite = open_invite(account)
    if invite is None:
        _require_invitable(account)
        invite = _draft(account, rules=rules, verdicts=verdicts, override=override, by=by, at=at)
    if invite.state == "draft":
        _try_to_deliver(invite, at=at)
    if invite.state == "rejected_ineligible":
        raise _ineligible(invite)
    return invite


def open_invite(account: Account) -> MarketplaceInvite | None:
    """The account's invite that waits for an answer."""
    rows = MarketplaceInvite.objects.filter(account=account, state__in=MarketplaceInvite.OPEN)
    found: MarketplaceInvite | None = rows.select_related("account", "workspace").first()
    return found


def move_invite(invite: MarketplaceInvite, to: str, *, by: str, at: datetime) -> None:
    """Note what was heard (viewed, declined), or give up (cancelled). Raises IllegalMove or LostRace.

    TikTok has no call that takes an invitation back: a creator who was sent one can still join.
    """
    if to not in BY_HAND:
        raise IllegalMove(f"Nobody notes {to} by hand; TikTok tells it")
    with transaction.atomic():
        invite.move(to, by=by, at=at, handle=invite.account.handle)
        if not invite.is_open:
            _keep(invite, ended_at=at, due_at=None)


def look(invite: MarketplaceInvite, *, at: datetime) -> None:
    """Ask TikTok how an invite stands, and keep the answer. Raises one of NO_ANSWER."""
    grant = calls.inviting_grant(invite.workspace)
    handle = invite.account.handle

    def ask(client: tiktok.Client, token: str, account_id: str) -> list[Any]:
        return list(reads.creator_status(client, token, account_id=account_id, handles=[handle], generation="tcm"))

    told = calls.asking(grant, ask, at=at)
    status = next((one.get("status") for one in told if str(one.get("handle_name")).lower() == handle.lower()), None)
    note_status(invite, str(status), at=at)


def note_status(invite: MarketplaceInvite, status: str, *, at: datetime) -> None:
    """What TikTok's status means for an invite. Safe to be told twice, late or out of order."""
    invite.refresh_from_db(fields=["state"])
    if status == "IN":
        history.note_membership(invite.account, True, at=at)
        _end(invite, "accepted", at=at)
    elif status == "INVITED":
        _step(invite, "sent", at=at)
        _step(invite, "delivered", at=at)
    elif status == "NOT_IN" and invite.state in ("delivered", "viewed") and at < invite.expires_at:
        _end(invite, "declined", at=at, why=f"{GONE}, before its time was over")
    if invite.state in ("sent", "delivered", "viewed") and status != "INVITED" and at >= invite.expires_at:
        _end(invite, "expired", at=at)
    _wait(invite, until=next_look(invite, at=at))


def next_look(invite: MarketplaceInvite, *, at: datetime) -> datetime | None:
    """When TikTok is asked again: hourly for two days, then every six hours, and when its time is over."""
    if not invite.is_open:
        return None
    if invite.state == "sent" and at < invite.made_at + FIRST_LOOK:
        return at + FIRST_LOOK
    soon = at + timedelta(hours=1 if at < invite.made_at + timedelta(days=2) else 6)
    return min(soon, invite.expires_at) if at < invite.expires_at else soon


def tend(invite: MarketplaceInvite, *, at: datetime) -> datetime | None:
    """What a due invite wants: to be sent, looked after, or ended. Returns when again. Raises as `look` does."""
    if not invite.is_open:
        return None
    if at >= invite.expires_at and not calls.may_ask(invite.workspace):
        _end(invite, "cancelled" if invite.state == "draft" else "expired", at=at, why="Its time is over")
    elif invite.state == "draft":
        _deliver(invite, at=at)
    else:
        look(invite, at=at)
    return invite.due_at


def note_joined(account: Account, at: datetime) -> None:
    """An account entered the marketplace: its open invite is accepted. Called with every change of membership."""
    if account.in_marketplace and (invite := open_invite(account)):
        _end(invite, "accepted", at=at)


def forget(account: Account, at: datetime) -> None:
    """A creator is deleted: nothing is sent any more, and what was known of them goes from the invites."""
    if invite := open_invite(account):
        _end(invite, "cancelled", at=at, why="The creator was deleted", handle="")  # what names them is just going
    MarketplaceInvite.objects.filter(account=account).update(verdicts=[], failing=[], refusal="")
    Attestation.objects.filter(account=account).delete()


def listen() -> None:
    """Hook in, once per process."""
    if note_joined not in history.ON_MEMBERSHIP:
        history.ON_MEMBERSHIP.append(note_joined)
        deletion.ON_GONE.append(forget)


def _require_invitable(account: Account) -> None:
    if not accounts.can_send_invite(account):
        kind = "is in the marketplace already" if account.in_marketplace else "is the brand's own"
        raise NotInvitable(f"@{account.handle} {kind}.")
    calls.inviting_grant(account.workspace)


def _draft(
    account: Account, *, rules: Rules, verdicts: Sequence[Verdict], override: bool, by: str, at: datetime
) -> MarketplaceInvite:
    """The row of a decision, ended at once where a rule is known to fail; of two at once both get the same."""
    failing = eligibility.failing(verdicts)
    try:
        with transaction.atomic():
            made: MarketplaceInvite = MarketplaceInvite.objects.create(
                workspace=account.workspace,
                account=account,
                state="draft",
                rules_version=rules.version,
                programme=rules.programme,
                verdicts=[one.as_dict() for one in verdicts],
                overridden=override and bool(failing),
                failing=failing,
                by=by,
                made_at=at,
                expires_at=at + MarketplaceInvite.LIFE,
                due_at=at + FIRST_LOOK,
            )
            told = {"handle": account.handle, "rules_version": rules.version, "overridden": made.overridden}
            unknown = eligibility.unknown(verdicts)
            events.record(made, "drafted", by=by, at=at, failing=failing, unknown=unknown, **told)
            if failing and not override:
                _end(made, "rejected_ineligible", by=by, at=at, failing=failing)
    except IntegrityError:
        if (other := open_invite(account)) is None:
            raise
        return other
    return made


def _try_to_deliver(invite: MarketplaceInvite, *, at: datetime) -> None:
    """Send; without an answer the draft says why, and is sent again when it is due."""
    try:
        _deliver(invite, at=at)
    except errors.Throttled as error:
        _wait(invite, until=at + timedelta(seconds=error.retry_after), because=str(error))
    except errors.Unavailable as error:
        _wait(invite, until=at + AGAIN, because=str(error))
    except (Later, Stop) as waiting:
        _wait(invite, until=at + AGAIN, because=str(waiting))
    except errors.TikTokError as error:
        _wait(invite, until=None, because=f"{error}. {error.what_to_do}")


def _deliver(invite: MarketplaceInvite, *, at: datetime) -> None:
    """Ask TikTok to invite. Asking twice is safe there: who has an open invitation stays invited."""
    handle = invite.account.handle

    def ask(client: tiktok.Client, token: str, account_id: str) -> Any:
        return invitations.invite(client, token, account_id=account_id, handles=[handle])

    told = calls.asking(calls.inviting_grant(invite.workspace), ask, at=at)
    mine = handle.lower()
    reasons = {name.lower(): words for name, words in told["reject_reasons"].items()}
    if mine in map(str.lower, told["in_tcm"]):
        note_status(invite, "IN", at=at)
    elif mine in map(str.lower, told["invited"]):
        _step(invite, "sent", at=at)
        _wait(invite, until=next_look(invite, at=at))
    elif mine in reasons:
        words = reasons[mine]
        named = eligibility.named_in(words)
        if _end(invite, "rejected_ineligible", at=at, failing=named, text=words):
            _keep(invite, failing=named, refusal=words, last_error="")
    else:
        _wait(invite, until=at + AGAIN, because="TikTok's answer did not name the account")


def _end(invite: MarketplaceInvite, to: str, *, by: str = events.SYSTEM, at: datetime, **data: Any) -> bool:
    with transaction.atomic():
        if not _step(invite, to, by=by, at=at, **data):
            return False
        _keep(invite, ended_at=at, due_at=None)
    return True


def _step(invite: MarketplaceInvite, to: str, *, by: str = events.SYSTEM, at: datetime, **data: Any) -> bool:
    """Take a step if it is one of its steps now; whoever moved it first may have made it impossible."""
    while to in invite.MOVES.get(invite.state, {}):
        try:
            invite.move(to, by=by, at=at, **{"handle": invite.account.handle, **data})
        except LostRace:
            invite.refresh_from_db(fields=["state"])
        else:
            return True
    return False


def _wait(invite: MarketplaceInvite, *, until: datetime | None, because: str = "") -> None:
    """When it is due again, unless somebody ended it meanwhile."""
    told = {"due_at": until, "last_error": because}
    if MarketplaceInvite.objects.filter(pk=invite.pk, state__in=MarketplaceInvite.OPEN).update(**told):
        invite.due_at, invite.last_error = until, because
    else:
        invite.due_at = None


def _keep(invite: MarketplaceInvite, **values: Any) -> None:
    """Write columns that nobody races for, here and in the row."""
    for name, value in values.items():
        setattr(invite, name, value)
    MarketplaceInvite.objects.filter(pk=invite.pk).update(**values)


def _ineligible(invite: MarketplaceInvite) -> Ineligible:
    named = ", ".join(label.lower() for label in invite.failing_labels)
    if invite.refusal:
        words = f"TikTok refused @{invite.account.handle}: {invite.refusal}"
    else:
        words = f"@{invite.account.handle} does not meet these rules: {named}. Nothing was sent."
    return Ineligible(words, rules=tuple(invite.failing), by_tiktok=bool(invite.refusal))
