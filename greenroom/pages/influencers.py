"""The Influencers tab of a campaign: who takes part, what is asked of each, who comes in and who goes."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenroom.campaigns import participants
from greenroom.campaigns.models import Campaign, Participant
from greenroom.campaigns.refusals import Refusal
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators.models import Account, Label, List
from greenroom.pages import campaign_rows
from greenroom.pages.request import StaffRequest

MOST = 2_000  # accounts that come in by one action


@needs(Can.CAMPAIGNS_READ)
@require_safe
def index(request: StaffRequest, campaign: int) -> HttpResponse:
    found = campaign_rows.campaign_of(request, campaign)
    page = web.paginate(request, campaign_rows.narrowed(campaign_rows.participants(found), request))
    told = campaign_rows.frame(
        request,
        found,
        "campaign_influencers",
        page=page,
        rows=campaign_rows.rows(request, found, page),
        q=request.GET.get("q", ""),
        chips=web.chips([campaign_rows.STATE], request.GET),
        write_url=campaign_rows.page_of(request, found, "message_write"),
        may_write=Can.CAMPAIGNS_WRITE in request.member.permissions,
    )
    return web.render(request, "pages/campaign_influencers.html", told)


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, campaign: int) -> HttpResponse:
    """Pick accounts, by words, label or list, and take them in."""
    found = campaign_rows.campaign_of(request, campaign)
    candidates = _candidates(request, found)
    if request.method == "POST":
        ticked = [int(one) for one in request.POST.getlist("account") if one.isdecimal()]
        picked = candidates if "all" in request.POST else candidates.filter(pk__in=ticked)
        try:
            made = participants.add(found, picked[:MOST], by=request.member.by, at=clock.now())
        except Refusal as refused:
            messages.error(request, refused.words)
        else:
            if made:
                messages.success(request, f"{len(made)} creator{'' if len(made) == 1 else 's'} added.")
                return redirect("campaign_influencers", request.workspace.slug, found.pk)
            messages.error(request, "Nobody was added. Tick who is to take part.")
    page = web.paginate(request, candidates)
    told = campaign_rows.frame(
        request,
        found,
        "campaign_influencers",
        page=page,
        q=request.GET.get("q", ""),
        labels=Label.objects.within(request.workspace),
        lists=List.objects.within(request.workspace),
        label=request.GET.get("label", ""),
        list=request.GET.get("list", ""),
    )
    return web.render(request, "pages/participants_add.html", told)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def remove(request: StaffRequest, campaign: int, participant: int) -> HttpResponse:
    one = _participant(request, campaign, participant)
    try:
        participants.remove(one, by=request.member.by, at=clock.now())
    except Refusal as refused:
        messages.error(request, refused.words)
    else:
        if Participant.objects.filter(pk=participant).exists():
            words = "TikTok can't take an order back, so the row stays for what may still come."
            messages.success(request, f"Nothing more is asked of {one.account}. {words}")
        else:
            messages.success(request, f"{one.account} is out of the campaign.")
    return redirect("campaign_influencers", request.workspace.slug, campaign)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def require(request: StaffRequest, campaign: int, participant: int) -> HttpResponse:
    """How many posts are asked of this creator; an empty field means as many as of the others."""
    one = _participant(request, campaign, participant)
    told = request.POST.get("required", "").strip()
    try:
        # What is no number is refused by the action, in words.
        posts = int(told) if told.isdecimal() and len(told) < 5 else 0
        participants.require(one, posts if told else None, by=request.member.by, at=clock.now())
    except Refusal as refused:
        messages.error(request, refused.words)
    else:
        messages.success(request, f"{one.wanted} post{'' if one.wanted == 1 else 's'} asked of {one.account}.")
    return redirect("campaign_influencers", request.workspace.slug, campaign)


def _participant(request: StaffRequest, campaign: int, participant: int) -> Participant:
    rows = Participant.objects.within(request.workspace).filter(campaign=campaign)
    found: Participant = get_object_or_404(rows.select_related("account", "campaign__workspace"), pk=participant)
    return found


def _candidates(request: StaffRequest, campaign: Campaign) -> "QuerySet[Account]":
    """Creators' accounts that are not in the campaign and fit the query string."""
    rows = Account.objects.within(request.workspace).filter(gone_at=None).exclude(purpose=Account.Purpose.BRAND)
    rows = rows.exclude(pk__in=campaign.participants.values("account_id")).select_related("creator")
    if words := request.GET.get("q", "").strip().lstrip("@"):
        rows = rows.filter(Q(handle__icontains=words) | Q(creator__name__icontains=words))
    for key, group in (("label", "creator__labels"), ("list", "creator__lists")):
        if (picked := request.GET.get(key, "")).isdecimal():
            rows = rows.filter(**{group: int(picked)})
    found: QuerySet[Account] = rows.order_by("handle", "pk").distinct()
    return found
