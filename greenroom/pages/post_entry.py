"""A post leaves its campaign, or goes to another one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from greenroom.campaigns import adding, moving
from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable
from greenroom.campaigns.refusals import BadInput, Refusal
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.state import LostRace
from greenroom.pages import post_add
from greenroom.pages.request import StaffRequest


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: StaffRequest, post: int) -> HttpResponse:
    """GET says what goes and what stays; POST takes the post out."""
    entry = _entry(request, post)
    if request.method == "POST":
        try:
            adding.remove_post(entry, by=request.member.by, at=clock.now())
        except Refusal as refused:
            messages.error(request, refused.words)
        else:
            messages.success(request, f"The post of {entry.post.account} is not in {entry.campaign.name} any more.")
        return redirect("campaign_posts", request.workspace.slug, entry.campaign_id)
    return web.render(request, "pages/post_remove.html", {"entry": entry, "post": entry.post})


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, post: int) -> HttpResponse:
    """What was added by hand goes to another campaign, what an order has to an open place of another order."""
    entry = _entry(request, post)
    places = moving.places(entry) if entry.deliverable_id else []
    refused = ""
    if request.method == "POST":
        try:
            where = _moved(request, entry)
        except (Refusal, LostRace) as error:
            refused = error.words if isinstance(error, Refusal) else "Somebody changed it just now. Try again."
        else:
            messages.success(request, f"The post of {entry.post.account} is in {where.name} now.")
            return redirect("campaign_posts", request.workspace.slug, where.pk)
    others = [one for one in post_add.campaigns(request) if one.pk != entry.campaign_id]
    told = {"entry": entry, "post": entry.post, "others": others, "places": places, "refused": refused}
    return web.render(request, "pages/post_move.html", told, status=422 if refused else 200)


def _moved(request: StaffRequest, entry: CampaignPost) -> Campaign:
    """Move it to where the form says and tell the campaign it is in now. Raises Refusal and LostRace."""
    at, by = clock.now(), request.member.by
    place = request.POST.get("deliverable", "")
    if place.isascii() and place.isdecimal() and len(place) < 19:
        rows = Deliverable.objects.within(request.workspace).select_related("order__campaign", "order__account")
        target: Deliverable | None = rows.filter(pk=int(place)).first()
        if target is not None:
            moving.move_to_order(entry, target, by=by, at=at)
            there: Campaign = target.order.campaign
            return there
    campaign = post_add.chosen_campaign(request, request.POST.get("campaign", ""))
    if campaign is None:
        raise BadInput("Choose where it goes.")
    adding.move_post(entry, campaign, by=by, at=at)
    return campaign


def _entry(request: StaffRequest, post: int) -> CampaignPost:
    """The row of the post in its campaign. Raises Http404."""
    rows = CampaignPost.objects.within(request.workspace).filter(post=post, post__hidden_at=None)
    found: CampaignPost | None = rows.select_related("post__account", "campaign", "workspace", "deliverable").first()
    if found is None:
        raise Http404("The post is in no campaign")
    return found
