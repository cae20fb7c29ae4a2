"""What happened to a creator and their accounts, in words, the newest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from greenroom.core import events, web
from greenroom.core.access import Can, needs
from greenroom.core.models import Event
from greenroom.creators.models import Account, Attestation, Connection, Creator, MarketplaceInvite
from greenroom.pages.record import Record
from greenroom.pages.request import StaffRequest
from greenroom.people import naming

# How an event reads after the name of who did it; `{…}` are keys of its data.
SENTENCES: Mapping[str, str] = {
    "creator.labelled": "put the label {label_name} on",
    "creator.unlabelled": "took the label {label_name} off",
    "creator.listed": "put them on the list {list_name}",
    "creator.unlisted": "took them off the list {list_name}",
    "creator.merged": "merged another record into this one",
    "creator.unmerged": "took a merged record apart again",
    "creator.portal_link_sent": "sent the creator a link to their own page",
    "portal.opened": "opened their own page",
    "portal.closed": "closed the creator's own page",
    "note.added": "wrote a note",
    "note.changed": "changed a note",
    "note.removed": "removed a note",
    "account.added": "added the account @{handle}",
    "account.renamed": "noted a new handle at TikTok: @{was} is @{handle} now",
    "account.authentication_requested": "asked the creator to authenticate",
    "account.authenticated": "authenticated the account",
    "account.unauthenticated": "saw that the account is no longer authenticated",
    "account.joined_marketplace": "saw the account enter the Marketplace",
    "account.left_marketplace": "saw the account leave the Marketplace",
    "account.found_outside_marketplace": "learned from TikTok that the account is not in the Marketplace",
    "account.joined_creator": "put the account with this creator",
    "account.data_erased": "erased readings: {reason}",
    "marketplaceinvite.drafted": "decided to invite the account to the Marketplace",
    "marketplaceinvite.sent": "sent the invite to the Marketplace",
    "marketplaceinvite.delivered": "saw the invite in the creator's TikTok inbox",
    "marketplaceinvite.viewed": "noted that the creator looked at the invite",
    "marketplaceinvite.accepted": "saw the invite accepted",
    "marketplaceinvite.declined": "noted that the invite was declined",
    "marketplaceinvite.rejected_ineligible": "could not send the invite: rules fail",
    "marketplaceinvite.expired": "saw the invite expire without an answer",
    "marketplaceinvite.cancelled": "gave the invite up",
    "attestation.given": "vouched for the account",
    "connection.active": "connected: the grant is active",
    "connection.expiring": "saw that the grant ends soon",
    "connection.lapsed": "saw the grant lapse: {reason}",
    "connection.revoked": "withdrew the grant",
}


@dataclass(frozen=True)
class Line:
    """One event: when, who, what, about what, and what changed from what to what."""

    at: datetime
    who: str
    words: str
    about: str
    changes: list[tuple[str, str, str]]


@needs(Can.CREATORS_READ)
@require_safe
def index(request: StaffRequest, creator: int) -> HttpResponse:
    person = get_object_or_404(Creator.objects.within(request.workspace).select_related("workspace"), pk=creator)
    page = web.paginate(request, of(person))
    page.object_list = lines(list(page.object_list), person)
    told = {"creator": person, "record": Record.of(person), "page": page, "tab": "creator_activity"}
    return web.render(request, "pages/creator_activity.html", told)


def of(creator: Creator) -> "QuerySet[Event]":
    """Events about the creator, the records merged into theirs, their accounts and grants, and notes about them."""
    people = [creator, *Creator.everyone.filter(merged_into=creator)]
    accounts = list(Account.objects.filter(creator=creator))
    grants = Connection.objects.filter(account__in=accounts).only("pk")
    invites = MarketplaceInvite.objects.filter(account__in=accounts).only("pk")
    vouched = Attestation.objects.filter(account__in=accounts).only("pk")
    about = [events.about(one) for one in (*people, *accounts, *grants, *invites, *vouched)]
    of_notes = Q(name__startswith="note.", data__creator__in=[one.pk for one in people])
    return Event.objects.within(creator.workspace_id).filter(Q(subject__in=about) | of_notes).order_by("-pk")


def lines(rows: list[Event], creator: Creator) -> list[Line]:
    """These events in words; names are asked for once."""
    names = naming.names(creator.workspace, [ref for row in rows for ref in (row.by, row.subject) if ref])
    return [
        Line(
            row.at,
            names.get(row.by, row.by),
            _words(row),
            "" if row.subject == events.about(creator) or row.name.startswith("note.") else names.get(row.subject, ""),
            list(_changes(row.data)),
        )
        for row in rows
    ]


def _words(event: Event) -> str:
    sentence = SENTENCES.get(event.name)
    if sentence is None:
        return naming.words(event.name).partition(": ")[2]
    return sentence.format_map(_Told(event.data))


def _changes(data: Mapping[str, Any]) -> "list[tuple[str, str, str]]":
    """(what, before, after) of a plain change; of a merge the event has more than a line can hold."""
    before, after = data.get("before"), data.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict) or set(before) != set(after):
        return []
    told: Callable[[Any], str] = lambda value: str(value) if value not in ("", None) else "nothing"  # noqa: E731
    return [(key, told(before[key]), told(after[key])) for key in after if not isinstance(after[key], dict)]


class _Told(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"
