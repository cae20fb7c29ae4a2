"""The list of creators, and adding one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import actions as creators
from greenroom.creators.models import Creator
from greenroom.pages.forms import HandleForm
from greenroom.pages.request import StaffRequest
from greenroom.pages.roster import Roster


@needs(Can.CREATORS_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    roster = Roster(request.workspace, request.GET, at=clock.now())
    told = {
        "roster": roster,
        "page": roster.page,
        "sort": roster.sort,
        "may_write": Can.CREATORS_WRITE in request.member.permissions,
    }
    return web.render(request, "pages/creators.html#list", told)


@needs(Can.CREATORS_WRITE)
def add(request: StaffRequest) -> HttpResponse:
    """ACC-04: only an account in the marketplace may be added without its creator's consent."""
    known = request.GET.get("creator", "")
    creator = get_object_or_404(Creator.objects.within(request.workspace), pk=known) if known.isdecimal() else None
    form, refused = HandleForm(request.POST or None), None
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
