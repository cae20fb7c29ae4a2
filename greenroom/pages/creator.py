"""One creator: accounts, figures, what TikTok shares, and the two ways out for an account that can't be tracked."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import actions as creators
from greenroom.creators import merging
from greenroom.creators.models import Account, Creator
from greenroom.pages.profile import Profile
from greenroom.pages.record import Record
from greenroom.pages.request import StaffRequest
from greenroom.pages.trend import Trend


@needs(Can.CREATORS_READ)
@require_safe
def show(request: StaffRequest, creator: int) -> HttpResponse:
    rows = Creator.objects.within(request.workspace).select_related("workspace")
    person = rows.filter(pk=creator).first()
    if person is None:  # somebody merged into another record is found there
        kept = merging.kept_of(request.workspace.pk, creator)
        if kept is None:
            raise Http404("Nobody is kept under this number")
        return redirect("creator", request.workspace.slug, kept.pk)
    profile = Profile(request.workspace, person, request.GET.get("account", ""), at=clock.now())
    trend = Trend.of(request.workspace, profile.account, request.GET.get("trend", ""), at=profile.at)
    told = {"creator": person, "profile": profile, "trend": trend, "record": Record.of(person)}
    told["merged"] = list(Creator.everyone.filter(merged_into=person).order_by("-gone_at"))
    return web.render(request, "pages/creator.html", told)


@needs(Can.METRICS_READ)
@require_safe
def trend(request: StaffRequest, creator: int) -> HttpResponse:
    account = get_object_or_404(
        Account.objects.within(request.workspace), creator=creator, pk=_id(request.GET.get("account", ""))
    )
    drawn = Trend.of(request.workspace, account, request.GET.get("trend", ""), at=clock.now())
    return web.render(request, "pages/trend.html#trend", {"trend": drawn, "creator": account.creator})


@needs(Can.CREATORS_WRITE)
@require_POST
def authenticate(request: StaffRequest, account: int) -> HttpResponse:
    """Ask the creator to authenticate: mailed where an address is known, and shown for sending by hand."""
    found = get_object_or_404(Account.objects.within(request.workspace).select_related("creator"), pk=account)
    invitation = creators.request_authentication(found, by=request.member.by, at=clock.now())
    return web.render(request, "pages/authenticate.html", {"account": found, "invitation": invitation})


def _id(text: str) -> int:
    if not text.isdecimal():
        raise Http404
    return int(text)
