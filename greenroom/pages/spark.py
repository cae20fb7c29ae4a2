"""Spark Ads: asking for one post or for many, the steps in Ads Manager, boosts that somebody noted."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from greenroom.core import clock, formats, web
from greenroom.core.access import Can, demand, needs
from greenroom.core.web import Filter
from greenroom.creators.models import Post
from greenroom.pages import campaign_rows
from greenroom.pages.request import StaffRequest
from greenroom.pages.spark_forms import BoostForm, DaysForm
from greenroom.spark import asking, boosts, following, guide, listing
from greenroom.spark.models import Boost, SparkAuthorization
from greenroom.spark.refusals import Refusal

SHAPES = {
    listing.NONE: "",
    "requested": "wait",
    "authorized": "live",
    "declined": "bad",
    "expired": "done",
    "revoked": "bad",
}
STATE = Filter("state", "State", ((listing.NONE, "Not requested"), *SparkAuthorization.STATES.items()))


@needs(Can.CAMPAIGNS_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: StaffRequest, campaign: int) -> HttpResponse:
    """The posts of a campaign and their states, those that end next first; a POST requests for the ticked ones."""
    found, at = campaign_rows.campaign_of(request, campaign), clock.now()
    form, outcomes, status = DaysForm(request.POST or None), [], 200
    if request.method == "POST":
        demand(request.member, Can.CAMPAIGNS_WRITE)
        outcomes = _requested(request, found.pk, form, at=at)
        status = 200 if outcomes else 422
    picked = web.chosen([STATE], request.GET)
    page = web.paginate(request, listing.entries(found, **picked))
    told = campaign_rows.frame(
        request,
        found,
        "campaign_spark",
        page=page,
        rows=[(row, SHAPES[row.state]) for row in listing.rows(found, page, at=at)],
        counts=[(STATE.word(key), n, SHAPES[key], key) for key, n in listing.counts(found, at=at).items() if n],
        chips=web.chips([STATE], request.GET),
        form=form,
        outcomes=outcomes,
        done=sum(one.done for one in outcomes),
        may_write=Can.CAMPAIGNS_WRITE in request.member.permissions,
    )
    return web.render(request, "pages/campaign_spark.html", told, status=status)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def ask(request: StaffRequest, post: int) -> HttpResponse:
    """Request Spark Ads for one post, remind the creator, or with `extend` ask for more time."""
    found, at, form = _post(request, post), clock.now(), DaysForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose 7, 30, 60 or 365 days.")
        return _back(request, found)
    days, by = form.cleaned_data["days"], request.member.by
    try:
        if "extend" in request.POST:
            row = asking.extend(_authorization(found), days=days, by=by, at=at)
        else:
            row = asking.request(found, days=days, by=by, at=at)
    except Refusal as refused:
        messages.error(request, refused.words)
        return _back(request, found)
    asking.ask_now([row], at=at)
    _say(request, row, at=at)
    return _back(request, found)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def look(request: StaffRequest, post: int) -> HttpResponse:
    """Ask TikTok now how it stands."""
    found, at = _post(request, post), clock.now()
    row = _authorization(found)
    following.look_now(row, at=at)
    _say(request, row, at=at)
    return _back(request, found)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def step(request: StaffRequest, post: int) -> HttpResponse:
    """Tick a step of the guide, or take the tick back."""
    found, told = _post(request, post), request.POST
    number = int(told["step"]) if told.get("step", "") in {"1", "2", "3", "4", "5"} else 0
    try:
        guide.tick(_authorization(found), number, done=told.get("done") == "1", by=request.member.by, at=clock.now())
    except Refusal as refused:
        messages.error(request, refused.words)
    return _back(request, found, anchor="steps")


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def boost(request: StaffRequest, post: int) -> HttpResponse:
    """Note that the post was advertised; with `end` that a boost is over."""
    found, at, by = _post(request, post), clock.now(), request.member.by
    try:
        if request.POST.get("end", "").isdecimal():
            mine = Boost.objects.within(request.workspace).filter(post=found).select_related("post", "workspace")
            boosts.end_boost(get_object_or_404(mine, pk=request.POST["end"]), ended_at=at, by=by, at=at)
            messages.success(request, "Noted that the boost is over.")
            return _back(request, found)
        form = BoostForm(request.POST)
        if form.is_valid():
            boosts.note_boost(found, **form.asked(found, at=at), by=by, at=at)
            messages.success(request, "Noted the boost. From its start on, figures are organic and paid together.")
        else:
            field, wrong = next(iter(form.errors.items()))
            messages.error(request, f"{form.fields[field].label if field in form.fields else ''}: {wrong[0]}")
    except Refusal as refused:
        messages.error(request, refused.words)
    return _back(request, found)


def _requested(request: StaffRequest, campaign: int, form: DaysForm, *, at: datetime) -> list[asking.Outcome]:
    ids = [int(one) for one in request.POST.getlist("post") if one.isdecimal() and len(one) < 19]
    mine = Post.objects.within(request.workspace).filter(entry__campaign=campaign, pk__in=ids)
    posts = list(mine.select_related("account", "workspace").order_by("-posted_at"))
    if not posts or not form.is_valid():
        messages.error(request, "Tick the posts and choose for how long.")
        return []
    try:
        return asking.request_many(posts, days=form.cleaned_data["days"], by=request.member.by, at=at)
    except Refusal as refused:
        messages.error(request, refused.words)
        return []


def _say(request: StaffRequest, row: SparkAuthorization, *, at: datetime) -> None:
    """What became of it, in a sentence."""
    if row.refusal and not row.works(at):
        messages.error(request, f"TikTok did not take the request: {row.refusal}")
    elif row.last_error:
        messages.warning(request, f"Kept, and tried again by itself. {row.last_error}")
    elif row.more_asked_at:
        messages.success(request, "More time was asked for. The code works on meanwhile.")
    elif row.works(at):
        messages.success(request, f"Authorized until {formats.when(row.until)}.")
    else:
        left = "" if row.requests_left is None else f" {row.requests_left} requests are left."
        messages.success(request, f"{row.state_label}.{left if row.state == 'requested' else ''}")


def _post(request: StaffRequest, pk: int) -> Post:
    rows = Post.objects.within(request.workspace).select_related("account", "workspace")
    found: Post = get_object_or_404(rows, pk=pk)
    return found


def _authorization(post: Post) -> SparkAuthorization:
    rows = SparkAuthorization.objects.select_related("post__account", "workspace")
    found: SparkAuthorization = get_object_or_404(rows, post=post)
    return found


def _back(request: StaffRequest, post: Post, *, anchor: str = "") -> HttpResponse:
    back = request.POST.get("back", "")
    if not (url_has_allowed_host_and_scheme(back, None) and back.startswith(f"/w/{request.workspace.slug}/")):
        back = reverse("post", args=[request.workspace.slug, post.pk]) + "?tab=spark"
    return redirect(f"{back}#{anchor}" if anchor else back)
