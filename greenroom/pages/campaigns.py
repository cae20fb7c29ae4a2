"""Campaigns: the list, a new one, how one stands (its orders and what was delivered), its life."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenroom.campaigns import actions, ordering
from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.campaigns.refusals import Refusal
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.state import IllegalMove, LostRace
from greenroom.core.web import Filter
from greenroom.pages import campaign_figures, campaign_rows
from greenroom.pages.request import StaffRequest

STATE = Filter("state", "State", tuple(Campaign.STATES.items()))


class CampaignForm(forms.Form):
    """What a campaign begins with; everything else is in its settings."""

    name = forms.CharField(max_length=80, label="Campaign name", help_text="Your team sees it; creators see the brand.")
    tiktok = forms.BooleanField(
        label="TikTok", required=False, initial=True, help_text="Creators get orders with invite links for their posts."
    )
    required = forms.IntegerField(
        label="Required posts", min_value=1, max_value=100, initial=1, help_text="Of each creator; can differ for one."
    )
    starts_on = forms.DateField(label="First day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}))


@needs(Can.CAMPAIGNS_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    delivered = Count("orders__deliverables", filter=Q(orders__deliverables__state__in=Deliverable.DONE))
    found = Campaign.objects.within(request.workspace)
    picked = web.chosen([STATE], request.GET)
    shown = found.filter(**picked) if picked else found.exclude(state="archived")
    page = web.paginate(request, shown.annotate(delivered=delivered).order_by("-made_at", "-pk"))
    ids = [one.pk for one in page.object_list]
    counted = Campaign.objects.filter(pk__in=ids).order_by()
    creators = dict(counted.annotate(n=Count("participants")).values_list("pk", "n"))
    live = Q(orders__state__in=(*Order.WAITING, *Order.LIVE))
    videos = dict(counted.annotate(n=Sum("orders__videos", filter=live)).values_list("pk", "n"))
    told = {
        "page": page,
        "rows": [
            (one, campaign_rows.CAMPAIGN_TONES[one.state], creators.get(one.pk, 0), videos.get(one.pk) or 0)
            for one in page.object_list
        ],
        "chips": web.chips([STATE], request.GET),
        "choices": [] if picked else [(words, web.address(request.GET, state=key)) for key, words in STATE.choices],
        "may_write": Can.CAMPAIGNS_WRITE in request.member.permissions,
    }
    return web.render(request, "pages/campaigns.html", told)


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    form = CampaignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.create_campaign(request.workspace, **form.cleaned_data, by=request.member.by, at=clock.now())
        except Refusal as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.words)
        else:
            messages.success(request, f"{made.name} is there, as a draft.")
            return redirect("campaign_settings", request.workspace.slug, made.pk)
    return web.render(request, "pages/campaign_add.html", {"form": form}, status=422 if form.errors else 200)


@needs(Can.CAMPAIGNS_READ)
@require_safe
def show(request: StaffRequest, campaign: int) -> HttpResponse:
    """How the orders of a campaign stand and who waits for what."""
    found = campaign_rows.campaign_of(request, campaign)
    page = web.paginate(request, campaign_rows.narrowed(campaign_rows.participants(found), request))
    filters = [campaign_rows.STATE]
    ways = [(words, web.address(request.GET, order=key)) for key, words in campaign_rows.STATE.choices]
    rows = campaign_rows.rows(request, found, page)
    told = campaign_rows.frame(
        request,
        found,
        "campaign",
        page=page,
        rows=list(zip(rows, campaign_figures.of_accounts(rows, request.workspace, at=clock.now()), strict=True)),
        chips=web.chips(filters, request.GET),
        choices=[] if web.chosen(filters, request.GET) else ways,
        q=request.GET.get("q", ""),
        totals=campaign_figures.of_posts(found, at=clock.now()),
        orders=_orders(found),
        deliverables=_deliverables(found),
        why_not=ordering.why_not(found),
    )
    return web.render(request, "pages/campaign.html", told)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def move(request: StaffRequest, campaign: int) -> HttpResponse:
    """Activate, pause, close or archive."""
    found = campaign_rows.campaign_of(request, campaign)
    try:
        actions.move_campaign(found, request.POST.get("to", ""), by=request.member.by, at=clock.now())
    except (IllegalMove, LostRace):
        messages.error(request, "That is not possible any more; this is how the campaign stands now.")
    else:
        messages.success(request, f"{found.name} is {found.state_label.lower()}.")
    return redirect("campaign", request.workspace.slug, found.pk)


def _orders(campaign: Campaign) -> list[tuple[str, str, int, str]]:
    """(key, words, how many, shape) of each state that orders of the campaign are in."""
    counted = dict(campaign.orders.order_by().values_list("state").annotate(n=Count("pk")))
    return [
        (state, words, counted[state], campaign_rows.SHAPES[state])
        for state, words in Order.STATES.items()
        if state in counted
    ]


def _deliverables(campaign: Campaign) -> dict[str, Any]:
    """Posts asked of creators and where they stand; those of orders that were given up only where delivered."""
    asked = ~Q(order__state__in=Order.GIVEN_UP) | ~Q(state="open")
    rows = Deliverable.objects.filter(asked, order__campaign=campaign).order_by()
    counted = dict(rows.values_list("state").annotate(n=Count("pk")))
    return {
        "ordered": sum(counted.values()),
        "open": counted.get("open", 0),
        "uploaded": counted.get("uploaded", 0),
        "done": sum(counted.get(state, 0) for state in Deliverable.DONE),
        "pending": counted.get("published_pending_id", 0),
    }
