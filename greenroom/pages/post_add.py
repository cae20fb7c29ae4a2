"""A post is added to a campaign by hand: chosen or pasted, then said what will be missing, then asked (PVA-05)."""

import re

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from greenroom.campaigns import adding, compliance
from greenroom.campaigns.models import Campaign, CampaignPost, Order, Participant
from greenroom.campaigns.refusals import Refusal
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators.models import Post
from greenroom.pages import all_posts, campaign_rows, keyset, tiles
from greenroom.pages.links import Links
from greenroom.pages.request import StaffRequest

ITEM = re.compile(r"(?:/(?:video|photo)/|^)([0-9]{5,25})(?![0-9])")


class AddForm(forms.Form):
    """Whether it advertises for the brand: nobody but a person can say."""

    branded = forms.ChoiceField(
        label="Is it branded content?",
        choices=[("yes", "Yes, it is advertising for the brand"), ("no", "No")],
        error_messages={"required": "Say whether it is branded content."},
    )


@needs(Can.CAMPAIGNS_WRITE)
@require_safe
def choose(request: StaffRequest, campaign: int) -> HttpResponse:
    """All Posts that are in no campaign, those of participants first asked for; or a pasted address of a post."""
    found = campaign_rows.campaign_of(request, campaign)
    pasted = request.GET.get("url", "").replace("\0", "").strip()[:300]
    if pasted and (post := pasted_post(request, pasted)):
        return redirect(_confirm(request, post, found))
    everybody = request.GET.get("who") == "everybody"
    posts = all_posts.wanted(request, {"in": "no"})
    if not everybody:
        posts = posts.filter(account__in=found.participants.values("account_id"))
    page = keyset.page(posts, request.GET)
    query = keyset.first(request.GET)
    told = campaign_rows.frame(
        request,
        found,
        "campaign_posts",
        page=page,
        rows=[(tile, f"{href}?campaign={found.pk}") for tile, href in all_posts.rows(request, page.rows)],
        q=query.get("q", ""),
        everybody=everybody,
        ways=[
            ("Of creators who take part", web.address(query, who=None), not everybody),
            ("Of everybody", web.address(query, who="everybody"), everybody),
        ],
        pasted=pasted,
        missing=f"{Links.of(request.workspace).post_missing()}?{urlencode({'url': pasted})}",
    )
    return web.render(request, "pages/campaign_post_add.html", told, status=404 if pasted else 200)


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, post: int) -> HttpResponse:
    """Choose the campaign, read what will be missing, say whether it is branded content, confirm."""
    found = post_of(request, post)
    entry = CampaignPost.objects.filter(post=found).select_related("campaign").first()
    told = request.POST if request.method == "POST" else request.GET
    campaign = chosen_campaign(request, told.get("campaign", ""))
    form = AddForm(request.POST or None)
    refused = ""
    if request.method == "POST" and campaign is not None and form.is_valid():
        branded = form.cleaned_data["branded"] == "yes"
        try:
            adding.add_post(campaign, found, branded=branded, by=request.member.by, at=clock.now())
        except Refusal as error:
            refused = error.words
        else:
            messages.success(request, f"The post of {found.account} is in {campaign.name}.")
            return redirect("campaign_posts", request.workspace.slug, campaign.pk)
    context = {
        "post": found,
        "entry": entry,
        "campaign": campaign,
        "campaigns": campaigns(request),
        "form": form,
        "refused": refused,
        "lacking": tiles.lacking(Post.Basis.MANUAL, found.account, at=clock.now()),
        "orders": _orders(campaign, found) if campaign else [],
        "participant": _participant(campaign, found) if campaign else None,
        "outside": campaign is not None and not compliance.within(campaign, found.posted_at),
    }
    status = 409 if refused else 422 if request.method == "POST" else 200
    return web.render(request, "pages/post_add.html", context, status=status)


def post_of(request: StaffRequest, pk: int) -> Post:
    """A post of the workspace that is not hidden. Raises Http404."""
    rows = Post.objects.within(request.workspace).select_related("account__creator")
    found: Post = get_object_or_404(rows, pk=pk)
    return found


def campaigns(request: StaffRequest) -> list[Campaign]:
    """Campaigns a post may come into: those that are not archived."""
    return list(Campaign.objects.within(request.workspace).exclude(state="archived").order_by("name", "pk"))


def chosen_campaign(request: StaffRequest, pk: str) -> Campaign | None:
    """The campaign of this id; None for what is none of the workspace."""
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return None
    rows = Campaign.objects.within(request.workspace).exclude(state="archived").select_related("workspace")
    found: Campaign | None = rows.filter(pk=int(pk)).first()
    return found


def pasted_post(request: StaffRequest, text: str) -> Post | None:
    """The post a pasted TikTok address or number names, if it is known here."""
    told = ITEM.search(text.split("?")[0])
    rows = Post.objects.within(request.workspace)
    found: Post | None = rows.filter(item_id=told[1]).order_by("pk").first() if told else None
    return found


def _confirm(request: StaffRequest, post: Post, campaign: Campaign) -> str:
    return f"{reverse('post_add', args=[request.workspace.slug, post.pk])}?campaign={campaign.pk}"


def _participant(campaign: Campaign, post: Post) -> Participant | None:
    found: Participant | None = campaign.participants.filter(account=post.account_id).first()
    return found


def _orders(campaign: Campaign, post: Post) -> list[Order]:
    """The author's orders whose code would make the post compliant."""
    rows = Order.objects.filter(campaign=campaign, account=post.account_id, state__in=Order.LIVE).exclude(code="")
    return list(rows.order_by("number"))
