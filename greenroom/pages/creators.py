"""The list of creators: looked at, taken away, changed many at once; and adding one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import actions as creators
from greenroom.creators import deletion, saved
from greenroom.creators.models import Account, Creator, Label, List
from greenroom.creators.naming import Unfit
from greenroom.pages import bulk, export
from greenroom.pages.forms import HandleForm
from greenroom.pages.request import StaffRequest
from greenroom.pages.roster import PAGE, Roster


@needs(Can.CREATORS_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    if not request.GET and (view := saved.default_of(request.member, PAGE)):
        return redirect(f"{request.path}?{view.query}&view={view.pk}".replace("?&", "?"))
    roster = _roster(request)
    may_write = Can.CREATORS_WRITE in request.member.permissions
    told: dict[str, Any] = {"roster": roster, "page": roster.page, "sort": roster.sort, "may_write": may_write}
    if may_write:
        told["labels"] = list(Label.objects.within(request.workspace))
        told["lists"] = list(List.objects.within(request.workspace))
    return web.render(request, "pages/creators.html#list", told)


@needs(Can.CREATORS_WRITE)
@require_POST
def act(request: StaffRequest) -> HttpResponseBase:
    """Do `do` to the ticked rows, or with `all` to every account that fits the query string."""
    roster, do = _roster(request), request.POST.get("do", "")
    accounts = bulk.chosen(roster, request.POST.getlist("row"), everything="all" in request.POST)
    if not accounts:
        return _back(request, "Tick at least one creator first.")
    if do in export.FORMATS:
        ids = roster.ids if "all" in request.POST else [one.pk for one in accounts]
        return export.file(roster, ids, form=do, by=request.member.by, at=clock.now())
    if do == "merge":
        return _to_merge(request, accounts)
    if do == "delete":
        return _delete_many(request, accounts)
    try:
        do, name = bulk.named(do, label=request.POST.get("name", ""), group=request.POST.get("list_name", ""))
        result = bulk.run(request.workspace, do, accounts, name=name, by=request.member.by, at=clock.now())
    except (KeyError, Unfit) as error:
        return _back(request, str(error) if isinstance(error, Unfit) else "There is no such action.")
    if not result.needs_reading:
        return _back(request, result.words, good=True)
    return web.render(request, "pages/bulk.html", {"result": result, "back": _address(request)})


@needs(Can.CREATORS_WRITE)
def add(request: StaffRequest) -> HttpResponse:
    """ACC-04: only an account in the marketplace may be added without its creator's consent."""
    known = request.GET.get("creator", "")
    creator = get_object_or_404(Creator.objects.within(request.workspace), pk=known) if known.isdecimal() else None
    form, refused = HandleForm(request.POST or None, initial={"handle": request.GET.get("handle", "")[:60]}), None
    if request.method == "POST" and form.is_valid():
        told = {"handle": form.cleaned_data["handle"], "creator": creator, "by": request.member.by, "at": clock.now()}
        try:
            account = creators.add_account(request.workspace, **told)
        except creators.NotTrackable as error:
            refused = error
        else:
            messages.success(request, f"{account} is in the list. Its first reading comes within minutes.")
            return redirect("creator", request.workspace.slug, account.creator_id)
    shown = {"form": form, "creator": creator, "refused": refused, "join_link": creators.public_form(request.workspace)}
    return web.render(request, "pages/creator_add.html", shown, status=422 if refused else 200)


def _roster(request: StaffRequest) -> Roster:
    return Roster(request.workspace, request.GET, member=request.member, at=clock.now())


def _to_merge(request: StaffRequest, accounts: list[Account]) -> HttpResponse:
    people = sorted({one.creator_id for one in accounts})
    if len(people) != 2:
        return _back(request, "Tick accounts of exactly two creators to merge them.")
    merge = reverse("creator_merge", args=[request.workspace.slug, people[0]])
    return redirect(f"{merge}?with={people[1]}")


def _delete_many(request: StaffRequest, accounts: list[Account]) -> HttpResponse:
    """Ask first; what was asked comes back with the number of creators typed in."""
    people = list({one.creator_id: one.creator for one in accounts}.values())
    phrase = f"delete {len(people)}"
    if request.POST.get("confirmed", "").strip().lower() == phrase:
        for one in people:
            deletion.delete(one, by=request.member.by, at=clock.now())
        return _back(request, f"{len(people)} creator{'' if len(people) == 1 else 's'} deleted.", good=True)
    told = {"people": people, "accounts": accounts, "phrase": phrase, "back": _address(request)}
    told["wrong"] = "confirmed" in request.POST
    told["plans"] = [(one, deletion.Plan.of(one)) for one in people[:20]]
    return web.render(request, "pages/creators_delete.html", told, status=422 if told["wrong"] else 200)


def _address(request: StaffRequest) -> str:
    query = request.GET.urlencode()
    return reverse("creators", args=[request.workspace.slug]) + (f"?{query}" if query else "?view=all")


def _back(request: StaffRequest, words: str, *, good: bool = False) -> HttpResponse:
    (messages.success if good else messages.error)(request, words)
    return redirect(_address(request))
