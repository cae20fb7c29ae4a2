"""Deleting a creator: what is personal goes for good, what money and consent must be able to name stays.

The rows of creator, accounts, grants and consents stay under their numbers, without a name, a handle or TikTok's id.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from greenroom.core import events
from greenroom.core.models import Event, Workspace
from greenroom.creators import connections, history
from greenroom.creators.models import Account, Authorization, Connection, Consent, Creator, Label, Post
from greenroom.creators.naming import Unfit
from greenroom.hooks import deliveries as hooks
from greenroom.observations import erasure

# Called in the same transaction for each account that goes: `hook(account, at)`.
ON_GONE: list[Callable[[Account, datetime], None]] = []

ERASED = "[erased]"
# Keys of events' data under which something personal may stand.
PERSONAL = {"name", "email", "country", "about", "handle", "display_name", "text", "who", "applicant"}
ENDABLE = ("active", "expiring", "lapsed")


@dataclass(frozen=True)
class Plan:
    """What deleting a creator would remove and keep: for whoever must confirm it."""

    handles: tuple[str, ...]
    grants: int  # to be given back to TikTok
    readings: int
    posts: int
    notes: int
    labels: int
    lists: int
    values: int
    consents: int  # stay, without a name
    events: int  # stay, without what is personal

    @classmethod
    def of(cls, creator: Creator) -> "Plan":
        people = _people(creator)
        accounts = list(Account.everyone.filter(creator__in=people).order_by("pk"))
        grants = Connection.objects.filter(account__in=accounts)
        counts = [erasure.count(creator.workspace_id, one.pk) for one in accounts]
        return cls(
            handles=tuple(one.handle for one in accounts),
            grants=grants.filter(state__in=Connection.LIVE).count(),
            readings=sum(sum(count.values()) for count in counts),
            posts=Post.everything.filter(account__in=accounts).count(),
            notes=sum(one.notes.count() for one in people),
            labels=creator.labels.count(),
            lists=creator.listed.count(),
            values=creator.values.count(),
            consents=Consent.objects.filter(connection__in=grants).count(),
            events=_events(creator.workspace, people, accounts).count(),
        )


def pseudonym(creator: Creator) -> str:
    """What a deleted creator is called."""
    return f"Deleted creator {creator.pk}"


def delete(creator: Creator, *, by: str, at: datetime) -> Event:
    """Withdraw the grants, promise the erasure of all readings, forget who it was. It can't be undone.

    Grants are given back to TikTok first, outside the transaction; when TikTok is away they end here all the same.
    Killed in between, it can be asked for again. Raises Unfit for a creator who is gone.
    """
    if creator.gone_at:
        raise Unfit("This creator is gone already.")
    people = _people(creator)
    for grant in Connection.objects.filter(account__creator__in=people, state__in=ENDABLE).select_related("account"):
        connections.withdraw(grant, by=by, at=at)
    with transaction.atomic():
        accounts = list(Account.everyone.filter(creator__in=people).order_by("pk"))
        removed = _forget_people(people, at=at)
        removed["events"] = _redact(creator.workspace, people, accounts)
        for account in accounts:
            removed["posts"] = removed.get("posts", 0) + _forget_account(account, pseudonym(creator), by=by, at=at)
        ids = [one.pk for one in accounts]
        return events.record(creator, "deleted", by=by, at=at, accounts=ids, removed=removed, kept=_kept(ids))


def _people(creator: Creator) -> list[Creator]:
    """The creator and every record that was merged into theirs."""
    found, new = [creator], [creator]
    while new:
        new = list(Creator.everyone.filter(merged_into__in=new).exclude(pk__in=[one.pk for one in found]))
        found += new
    return found


def _forget_people(people: list[Creator], *, at: datetime) -> dict[str, int]:
    removed = {"notes": 0, "labels": 0, "lists": 0, "values": 0}
    for one in people:
        removed["notes"] += one.notes.all().delete()[0]
        removed["lists"] += one.listed.all().delete()[0]
        removed["values"] += one.values.all().delete()[0]
        one.visits.all().delete()
        removed["labels"] += Label.creators.through.objects.filter(creator=one).delete()[0]
        one.name, one.email, one.country, one.about = pseudonym(one), "", "", ""
        one.gone_at = one.gone_at or at
        one.save(update_fields=["name", "email", "country", "about", "gone_at"])
    Authorization.objects.filter(Q(creator__in=people) | Q(account__creator__in=people)).delete()
    return removed


def _forget_account(account: Account, name: str, *, by: str, at: datetime) -> int:
    """Leave the row and its number; returns how many posts went. Posts that orders refer to keep TikTok's id."""
    history.note_authentication(account, by=by, at=at, cause="The creator was deleted")
    for hook in ON_GONE:
        hook(account, at)
    ordered = Post.objects.filter(account=account, basis=Post.Basis.ORDER)
    ordered.update(caption="", share_url="")
    gone = Post.everything.filter(account=account).exclude(basis=Post.Basis.ORDER).delete()[1].get("creators.Post", 0)
    # No handle of TikTok's has a hyphen, so that the name is free and this one is nobody's.
    Account.everyone.filter(pk=account.pk).update(
        handle=f"deleted-{account.pk}",
        display_name="",
        open_id="",
        is_business=None,
        in_marketplace=None,
        gone_at=account.gone_at or at,
    )
    Consent.objects.filter(connection__account=account).update(who=name)
    for grant in Connection.objects.filter(account=account).select_related("account"):
        if not grant.access_token:  # else it is still to be given back, and forgotten then
            connections.forget(grant)
    erasure.ask(account.workspace, account.pk, reason="The creator was deleted", by=by, at=at)
    return gone


def _kept(accounts: list[int]) -> dict[str, int]:
    return {
        "accounts": len(accounts),
        "consents": Consent.objects.filter(connection__account__in=accounts).count(),
        "posts": Post.everything.filter(account__in=accounts).count(),
    }


def _events(workspace: Workspace, people: list[Creator], accounts: list[Account]) -> Any:
    """The events that may say something personal about them."""
    grants = Connection.objects.filter(account__in=accounts)
    about = [events.about(one) for one in (*people, *accounts, *grants)]
    handles = Q(pk__in=[])
    for one in accounts:
        handles |= Q(data__handle__iexact=one.handle)
    merges = Q(name="creator.merged", data__other__in=[one.pk for one in people])  # taken apart again, perhaps
    return Event.objects.within(workspace).filter(Q(subject__in=about) | merges | handles)


def _redact(workspace: Workspace, people: list[Creator], accounts: list[Account]) -> int:
    """Take out of the events what is personal. What happened, when and by whom stays (GOV-13)."""
    changed = []
    for event in _events(workspace, people, accounts):
        personal = PERSONAL | ({"was"} if event.name == "account.renamed" else set())
        data = dict(_redacted(event.data, personal))
        if data != event.data:
            event.data = data
            changed.append(event)
    Event.objects.bulk_update(changed, ["data"], batch_size=500)
    hooks.forget_copies(changed)
    return len(changed)


def _redacted(data: dict[str, Any], personal: set[str], *, inside: bool = False) -> Iterator[tuple[str, Any]]:
    """The same data with every text erased under a personal key, and anywhere in `before` and `after`. Pure."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield key, dict(_redacted(value, personal, inside=inside or key in ("before", "after")))
        elif isinstance(value, str) and value and (inside or key in personal):
            yield key, ERASED
        else:
            yield key, value
