"""Saved views: a list's query string under a name, private or shared. Any list may have them, by its page's name."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q, QuerySet

from greenroom.core import events
from greenroom.core.models import Member
from greenroom.creators.models import View
from greenroom.creators.naming import Unfit

MOST = 50
NOT_KEPT = ("page", "view")


class NotYours(PermissionError):
    """Only who saved a view may rename, change or delete it."""


def seen_by(member: Member, page: str) -> QuerySet[View]:
    """The member's own views of a list and those shared with them."""
    mine: QuerySet[View] = View.objects.within(member.workspace_id).filter(Q(owner=member) | Q(shared=True), page=page)
    return mine


def default_of(member: Member, page: str) -> View | None:
    """The view the list greets this member with."""
    return seen_by(member, page).filter(default_for=member).first()


def save(member: Member, *, page: str, name: str, query: str, shared: bool, at: datetime) -> View:
    """Keep the query string of a list under a name. Raises Unfit."""
    _require_member(member)
    name = _name(member, page, name)
    if View.objects.within(member.workspace_id).filter(owner=member, page=page).count() >= MOST:
        raise Unfit(f"You have {MOST} views here; delete one first.")
    told = {"page": page, "name": name, "query": bare(query), "shared": shared}
    with transaction.atomic():
        view: View = View.objects.create(workspace_id=member.workspace_id, owner=member, created_at=at, **told)
        events.record(view, "saved", by=member.by, at=at, **told)
    return view


def change(view: View, *, name: str, query: str, shared: bool, member: Member, at: datetime) -> None:
    """Rename, share or renew a view. Raises NotYours or Unfit."""
    _require_own(view, member)
    before = {"name": view.name, "query": view.query, "shared": view.shared}
    after = {"name": _name(member, view.page, name, keep=view), "query": bare(query), "shared": shared}
    if after == before:
        return
    view.name, view.query, view.shared = str(after["name"]), str(after["query"]), shared
    with transaction.atomic():
        view.save(update_fields=["name", "query", "shared"])
        events.record(view, "changed", by=member.by, at=at, before=before, after=after)


def remove(view: View, *, member: Member, at: datetime) -> None:
    """Raises NotYours."""
    _require_own(view, member)
    with transaction.atomic():
        before = {"name": view.name, "query": view.query, "shared": view.shared}
        events.record(view, "removed", by=member.by, at=at, before=before)
        view.delete()


def greet(member: Member, *, page: str, view: View | None, at: datetime) -> None:
    """Make this the view the list opens with for the member; None: the list as it is. Raises Unfit."""
    _require_member(member)
    was = default_of(member, page)
    if was == view:
        return
    with transaction.atomic():
        for one in View.objects.filter(page=page, default_for=member):
            one.default_for.remove(member)
        if view is not None:
            view.default_for.add(member)
        before, after = {"view": was.pk if was else None}, {"view": view.pk if view else None}
        events.note(member.workspace, "view.default_set", by=member.by, at=at, page=page, before=before, after=after)


def bare(query: str) -> str:
    """A query string without what is no part of a view: which page of it, and which view it was. Pure."""
    kept = [(key, value) for key, value in parse_qsl(query.removeprefix("?")) if key not in NOT_KEPT]
    text = urlencode(sorted(kept))
    if len(text) > 1000:
        raise Unfit("This is too long to keep: use fewer filters.")
    return text


def _require_own(view: View, member: Member) -> None:
    if view.owner_id != member.pk:
        raise NotYours(f"This view is {view.owner.user}'s; only they may change it.")


def _require_member(member: Member) -> None:
    if member.operator:
        raise Unfit("Views belong to members. An operator who looks in keeps none.")


def _name(member: Member, page: str, name: str, *, keep: View | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 60:
        raise Unfit("A view has a name of 1 to 60 characters.")
    if seen_by(member, page).filter(name__iexact=name).exclude(pk=keep.pk if keep else 0).exists():
        raise Unfit(f"There is a view {name} already.")
    return name
