"""A post leaves its campaign, or goes to another one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from greenroom.campaigns import adding
from greenroom.campaigns.models import CampaignPost
from greenroom.campaigns.refusals import Refusal
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
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
    """To another campaign, what was added by hand."""
    entry = _entry(request, post)
    refused = ""
    if request.method == "POST":
        campaign = post_add.chosen_campaign(request, request.POST.get("campaign", ""))
        if campaign is None:
            refused = "Choose where it goes."
        else:
            try:
                adding.move_post(entry, campaign, by=request.member.by, at=clock.now())
            except Refusal as error:
                refused = error.words
            else:
                messages.success(request, f"The post of {entry.post.account} is in {campaign.name} now.")
                return redirect("campaign_posts", request.workspace.slug, campaign.pk)
    others = [one for one in post_add.campaigns(request) if one.pk != entry.campaign_id]
    told = {"entry": entry, "post": entry.post, "others": others, "refused": refused}
    return web.render(request, "pages/post_move.html", told, status=422 if refused else 200)


def _entry(request: StaffRequest, post: int) -> CampaignPost:
    """The row of the post in its campaign. Raises Http404."""
    rows = CampaignPost.objects.within(request.workspace).filter(post__hidden_at=None)
    found: CampaignPost | None = rows.select_related("post__account", "campaign", "workspace").filter(post=post).first()
    if found is None:
        raise Http404("The post is in no campaign")
    return found
