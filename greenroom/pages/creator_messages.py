"""What one creator was written, in all campaigns; and whether they want to be written to."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.campaigns.refusals import BadInput
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators.models import Creator
from greenroom.messages import optouts
from greenroom.messages.models import Message
from greenroom.pages import campaign_messages
from greenroom.pages.record import Record
from greenroom.pages.request import StaffRequest


@needs(Can.CAMPAIGNS_READ)
@require_safe
def index(request: StaffRequest, creator: int) -> HttpResponse:
    found = _person(request, creator)
    rows = Message.objects.within(request.workspace).filter(account__creator=found)
    told = campaign_messages.shown(request, rows) | {
        "creator": found,
        "record": Record.of(found),
        "tab": "creator_messages",
        "of_creator": True,
        "out": optouts.of(found),
    }
    return web.render(request, "pages/creator_messages.html", told)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def opt_out(request: StaffRequest, creator: int) -> HttpResponse:
    """Note what was heard: `to` is out or in."""
    found = _person(request, creator)
    by, at = request.member.by, clock.now()
    try:
        if request.POST.get("to") == "in":
            optouts.end(found, own=False, by=by, at=at)
            messages.success(request, f"{found.name} gets messages again.")
        else:
            optouts.give(found, own=False, by=by, at=at)
            messages.success(request, f"{found.name} gets no more messages.")
    except BadInput as refused:
        messages.error(request, refused.words)
    return redirect("creator_messages", request.workspace.slug, creator)


def _person(request: StaffRequest, pk: int) -> Creator:
    found: Creator = get_object_or_404(Creator.objects.within(request.workspace).select_related("workspace"), pk=pk)
    return found
