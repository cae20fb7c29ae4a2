"""Two records of one creator side by side: choose what wins, make them one; and take them apart again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import fields, merging
from greenroom.creators.models import Creator, Field
from greenroom.creators.naming import Unfit
from greenroom.pages.request import StaffRequest

SHOWN = 20
OWN_WORDS = {"name": "Name", "email": "Email", "country": "Country", "about": "About"}


@dataclass(frozen=True)
class Choice:
    """One thing both may have: which of the two is kept."""

    key: str
    label: str
    mine: str
    theirs: str

    @property
    def is_open(self) -> bool:
        """Do the two differ, so that somebody must choose?"""
        return bool(self.theirs) and self.mine != self.theirs

    @property
    def takes(self) -> bool:
        """What is proposed: theirs where the kept record has nothing."""
        return not self.mine and bool(self.theirs)


@needs(Can.CREATORS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest, creator: int) -> HttpResponse:
    """GET finds the other record, then shows both; POST makes them one."""
    keep, other = _person(request, creator), None
    if wanted := request.GET.get("with", ""):
        other = _person(request, int(wanted) if wanted.isdecimal() else 0)
    if other is None or other == keep:
        return web.render(request, "pages/merge_find.html", _finding(request, keep))
    choices = choices_of(keep, other)
    if request.method != "POST":
        return web.render(request, "pages/merge.html", {"keep": keep, "other": other, "choices": choices})
    take = [one.key for one in choices if request.POST.get(one.key) == "theirs"]
    try:
        merging.merge(keep, other, take=take, by=request.member.by, at=clock.now())
    except Unfit as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{other.name} is part of {keep.name} now. This can be undone here.")
    return redirect("creator", request.workspace.slug, keep.pk)


@needs(Can.CREATORS_WRITE)
@require_POST
def unmerge(request: StaffRequest, creator: int, other: int) -> HttpResponse:
    keep = _person(request, creator)
    gone = get_object_or_404(Creator.everyone.within(request.workspace), pk=other, merged_into=keep)
    event = merging.last_merge(keep, gone)
    if event is None:
        raise Http404("They were never merged")
    try:
        back = merging.undo(event, by=request.member.by, at=clock.now())
    except Unfit as error:
        messages.error(request, str(error))
        return redirect("creator", request.workspace.slug, creator)
    messages.success(request, f"{back} has a record of their own again.")
    return redirect("creator", request.workspace.slug, back.pk)


def choices_of(keep: Creator, other: Creator) -> list[Choice]:
    """Everything of which a creator has one, with what each of the two has."""
    own = [Choice(key, words, getattr(keep, key), getattr(other, key)) for key, words in OWN_WORDS.items()]
    mine, theirs = fields.values_of(keep), fields.values_of(other)
    return own + [
        Choice(f"field_{one.pk}", one.name, fields.words(mine.get(one.pk)), fields.words(theirs.get(one.pk)))
        for one in Field.objects.within(keep.workspace_id)
        if one.pk in mine or one.pk in theirs
    ]


def _finding(request: StaffRequest, keep: Creator) -> dict[str, Any]:
    text = request.GET.get("q", "").strip().removeprefix("@")
    rows = Creator.objects.within(request.workspace).exclude(pk=keep.pk).prefetch_related("accounts")
    if text:
        said = Q(name__icontains=text) | Q(email__icontains=text) | Q(accounts__handle__icontains=text)
        rows = rows.filter(said).distinct()
    else:
        first = keep.name.split()[0] if keep.name else ""
        same = Q(name__istartswith=first)
        rows = rows.filter(same | Q(email__iexact=keep.email) if keep.email else same)
    found = list(rows.order_by("name", "pk")[: SHOWN + 1])
    return {"keep": keep, "found": found[:SHOWN], "more": len(found) > SHOWN, "q": text}


def _person(request: StaffRequest, creator: int) -> Creator:
    mine = Creator.objects.within(request.workspace).select_related("workspace")
    rows = mine.prefetch_related("accounts", "labels", "lists", "notes")
    found: Creator = get_object_or_404(rows, pk=creator)
    return found
