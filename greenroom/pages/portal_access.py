"""A creator's own page, seen from the other side: where it is open; sending the way in, closing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import actions as creators
from greenroom.creators import links, visits
from greenroom.creators.models import Creator
from greenroom.pages.request import StaffRequest


@needs(Can.CREATORS_WRITE)
@require_safe
def index(request: StaffRequest, creator: int) -> HttpResponse:
    found = _creator(request, creator)
    return web.render(
        request, "pages/portal_access.html", {"creator": found, "visits": visits.open_ones(found, at=clock.now())}
    )


@needs(Can.CREATORS_WRITE)
@require_POST
def send(request: StaffRequest, creator: int) -> HttpResponse:
    """Mail the creator a link to their page."""
    found = _creator(request, creator)
    if not found.email:
        messages.error(request, f"No e-mail address is known for {found.name}. Add one first.")
    elif creators.send_portal_link(found, at=clock.now(), by=request.member.by):
        messages.success(
            request, f"A link is on its way to {found.email}. It works once, for {links.WELCOME_FOR.days} days."
        )
    else:
        messages.error(request, "The mail could not be sent. Look at the mail settings of this install.")
    return redirect("portal_access", request.workspace.slug, found.pk)


@needs(Can.CREATORS_WRITE)
@require_POST
def end(request: StaffRequest, creator: int) -> HttpResponse:
    """Close the page in one browser (`visit`), or in all."""
    found = _creator(request, creator)
    which = request.POST.get("visit", "")
    ended = visits.end(found, visit=int(which) if which.isdecimal() else None, by=request.member.by, at=clock.now())
    messages.success(request, f"Closed in {ended} browser{'' if ended == 1 else 's'}. A new link opens it again.")
    return redirect("portal_access", request.workspace.slug, found.pk)


def _creator(request: StaffRequest, pk: int) -> Creator:
    found: Creator = get_object_or_404(Creator.objects.within(request.workspace).select_related("workspace"), pk=pk)
    return found
