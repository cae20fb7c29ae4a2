"""The Campaign Details Page: what a campaign asks of one creator, their links, what they say to it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.campaigns import documents, ordering
from greenroom.campaigns.models import Document, Order, Participant
from greenroom.campaigns.refusals import Refusal
from greenroom.core import clock, qr, web
from greenroom.core.state import IllegalMove, LostRace
from greenroom.pages import portal_spark, taking_part
from greenroom.pages.portal import PortalRequest, as_creator

SAID = {
    "joined": "Noted that you joined. Your videos show up here by themselves once TikTok tells of them.",
    "declined": "Noted that you can't take part. If you join in TikTok all the same, it counts.",
}
THANKS = {
    Document.Kind.BRIEF.value: "Noted that you read the brief.",
    Document.Kind.AGREEMENT.value: "Noted that you accept the agreement.",
}


@as_creator
@require_safe
def campaign(request: PortalRequest, participant: int) -> HttpResponse:
    mine = _mine(request, participant)
    [found] = taking_part.parts(taking_part.mine(request.creator).filter(pk=mine.pk))
    part = taking_part.measured(found, at=clock.now())
    shown = {"part": part, "campaign": part.campaign, "account": mine.account, "brand": part.brand}
    shown["sparks"] = portal_spark.lines(mine, brand=part.brand, at=clock.now())
    return web.render(request, "pages/portal_campaign.html", shown)


@as_creator
@require_POST
def accept(request: PortalRequest, participant: int, document: int) -> HttpResponse:
    """The creator read this version of the brief, with every line ticked, or accepts this version of the agreement."""
    mine = _mine(request, participant)
    found = get_object_or_404(Document, pk=document, campaign=mine.campaign_id)
    lines = {str(number) for number, _ in enumerate(found.content.get("checklist") or (), 1)}
    if not lines <= set(request.POST.getlist("line")):
        messages.error(request, "Tick every line of the checklist first.")
        return redirect("portal_campaign", mine.pk)
    try:
        documents.accept(found, mine, who=request.creator.name, by=_by(request), at=clock.now())
        messages.success(request, THANKS[found.kind])
    except Refusal as refused:
        messages.error(request, refused.words)
    return redirect("portal_campaign", mine.pk)


@as_creator
@require_POST
def move(request: PortalRequest, participant: int, order: int) -> HttpResponse:
    """What TikTok tells no brand: that the creator joined or can't take part."""
    mine = _mine(request, participant)
    found = get_object_or_404(Order.objects.select_related("account", "campaign"), pk=order, participant=mine)
    to = request.POST.get("to", "")
    if to not in SAID:
        raise Http404("Creators say nothing else of an order")
    try:
        ordering.move_order(found, to, by=_by(request), at=clock.now())
        messages.success(request, SAID[to])
    except (IllegalMove, LostRace):
        messages.error(request, "This has changed meanwhile. The page shows how it stands now.")
    return redirect("portal_campaign", mine.pk)


@as_creator
@require_safe
def picture(request: PortalRequest, participant: int, order: int) -> HttpResponse:
    """The invite link as a QR code, for whoever reads this on a computer."""
    found = get_object_or_404(Order.objects.exclude(invite_link=""), pk=order, participant=_mine(request, participant))
    return HttpResponse(qr.svg(found.invite_link), content_type="image/svg+xml")


def _mine(request: PortalRequest, participant: int) -> Participant:
    found: Participant = get_object_or_404(taking_part.mine(request.creator), pk=participant)
    return found


def _by(request: PortalRequest) -> str:
    return f"creator:{request.creator.pk}"
