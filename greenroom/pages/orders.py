"""Orders: created for one creator or for many, what became of each, and one order in full."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenroom.campaigns import ordering, splitting
from greenroom.campaigns.models import Bulk, Campaign, Order, Participant
from greenroom.campaigns.refusals import BadInput, NotReady
from greenroom.core import clock, events, web
from greenroom.core.access import Can, needs
from greenroom.core.models import Event
from greenroom.core.state import IllegalMove, LostRace
from greenroom.pages import campaign_rows
from greenroom.pages.request import StaffRequest
from greenroom.people import naming

SPARK = [("", "Not asked for"), *((str(days), f"{days} days") for days in Order.SPARK_DAYS)]
ERRORS_SHOWN = 100
WAITING = "TikTok has not made it yet. It is kept and tried again by itself"
LOST = {"rejected": "TikTok's review rejected the last post", "removed": "The last post is not tied any more"}
# How an event of an order reads after the name of who did it.
SENTENCES = {
    "order.asked": "asked for the order",
    "order.created": "saw TikTok create the order",
    "order.refused": "was refused by TikTok: {words}",
    "order.not_created": "had it tried again",
    "order.joined": "noted that the creator joined",
    "order.partially_fulfilled": "saw the first posts published",
    "order.fulfilled": "saw every post published",
    "order.declined": "noted that the creator declined",
    "order.cancelled": "cancelled the order",
    "order.expired": "saw the order expire: nobody joined in time",
    "order.made_too_late": "saw TikTok make it after it was given up",
    "order.order_full": "saw one post more than the order asks for: {video}",
    "order.post_taken": "saw a post that another order has: {video}",
    "deliverable.uploaded": "saw a post uploaded",
    "deliverable.published": "saw a post published: {video}",
    "deliverable.published_pending_id": "saw a post published, its id follows",
    "deliverable.open": "saw a post go: {why}. {reason}",
}


class OrderForm(forms.Form):
    """What an order asks for. Without a number of videos: all that are missing."""

    videos = forms.IntegerField(label="Add deliverables", required=False, min_value=1, max_value=Order.MOST_VIDEOS)
    spark_days = forms.ChoiceField(label="Apply for Spark Ads", choices=SPARK, required=False)
    due_on = forms.DateField(label="Upload by", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def asked(self, names: Sequence[str]) -> ordering.Asked:
        told = self.cleaned_data
        days = int(told["spark_days"]) if told["spark_days"] else None
        return ordering.Asked(told["videos"], tuple(names), days, told["due_on"])


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: StaffRequest, campaign: int) -> HttpResponse:
    """`Create Order` for the participants of `participant`, or for everybody with `all`."""
    found = campaign_rows.campaign_of(request, campaign)
    told = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(found, told.getlist("participant"), everybody="all" in told)
    back = redirect("campaign_marketplace", request.workspace.slug, found.pk)
    if not chosen:
        messages.error(request, "Tick who is to get an order.")
        return back
    single = campaign_rows.rows(request, found, chosen)[0] if len(chosen) == 1 and "all" not in told else None
    form = OrderForm(request.POST or None, initial=_first(found, single) | _typed(request))
    names = [" ".join(name.split()) for name in told.getlist("name")]
    refused: NotReady | None = ordering.why_not(found)
    wrong = ""
    if request.method == "POST" and form.is_valid() and not refused:
        at = clock.now()
        wanted = names[: form.cleaned_data["videos"]] if form.cleaned_data["videos"] else names
        try:
            made = ordering.create_orders(found, chosen, form.asked(wanted), by=request.member.by, at=at)
        except BadInput as bad:
            wrong = bad.words
        except NotReady as not_ready:
            refused = not_ready
        else:
            if single is not None:
                _at_once(request, made, at=at)
            return _on(request, back if single else redirect("bulk", request.workspace.slug, made.pk))
    shown = {
        "form": form,
        "single": single,
        "chosen": chosen,
        "everybody": "all" in told,
        "names": _names(found, form, names, single),
        "wrong": wrong,
        "why_not": refused,
        "warned": [one for one in chosen if ordering.warning(one)],
    }
    status = 409 if refused and request.method == "POST" else 422 if wrong or form.errors else 200
    context = campaign_rows.frame(request, found, "settings", section="campaign_marketplace", **shown)
    if request.headers.get("HX-Request"):
        status = 200  # otherwise htmx would not show what is wrong
    part = "names" if request.headers.get("HX-Target") == "names" else "dialog"
    return web.render(request, f"pages/orders_create.html#{part}", context, status=status)


@needs(Can.CAMPAIGNS_WRITE)
@require_safe
def bulk(request: StaffRequest, bulk: int) -> HttpResponse:
    """How far the orders of one action are, and what became of each."""
    found = _bulk(request, bulk)
    counted: dict[str, int] = dict(found.orders.order_by().values_list("state").annotate(n=Count("pk")))
    total, waiting = sum(counted.values()), counted.get("not_created", 0)
    rows = found.orders.select_related("account__creator").prefetch_related("deliverables").order_by("pk")
    page = web.paginate(request, rows)
    failed = counted.get("refused", 0) + len(found.errors)
    told = campaign_rows.frame(
        request,
        found.campaign,
        "settings",
        section="campaign_marketplace",
        bulk=found,
        total=total,
        waiting=waiting,
        made=total - waiting - counted.get("refused", 0) - counted.get("cancelled", 0),
        cancelled=counted.get("cancelled", 0),
        failed=failed,
        percent=round(100 * (total - waiting) / total) if total else 100,
        # An order without a time waits for its campaign, not for a worker.
        busy=found.orders.filter(state="not_created").exclude(due_at=None).exists(),
        errors=found.errors[:ERRORS_SHOWN],
        more=max(len(found.errors) - ERRORS_SHOWN, 0),
        page=page,
        lines=[campaign_rows.line(request, one) for one in page.object_list],
        who=naming.names(request.workspace, [found.by]).get(found.by, ""),
    )
    return web.render(request, "pages/orders_bulk.html#state", told)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def bulk_retry(request: StaffRequest, bulk: int) -> HttpResponse:
    """Try again what had no success, and only that."""
    found = _bulk(request, bulk)
    if refused := ordering.why_not(found.campaign):
        messages.error(request, refused.words)
    else:
        count = ordering.retry_bulk(found, by=request.member.by, at=clock.now())
        messages.success(request, f"{count} tried again. What was created stays as it is.")
    return redirect("bulk", request.workspace.slug, found.pk)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def bulk_cancel(request: StaffRequest, bulk: int) -> HttpResponse:
    """Give up what TikTok has not made yet."""
    found = _bulk(request, bulk)
    try:
        count = ordering.cancel_bulk(found, by=request.member.by, at=clock.now())
        messages.success(request, f"{count} cancelled. What TikTok has made stays.")
    except (IllegalMove, LostRace):
        messages.error(request, "TikTok was just making one of them. Cancel the rest again.")
    return redirect("bulk", request.workspace.slug, found.pk)


@needs(Can.CAMPAIGNS_READ)
@require_safe
def show(request: StaffRequest, order: int) -> HttpResponse:
    """One order: what it asks for, where each post stands, its link and code, what happened."""
    found = _order(request, order)
    videos = list(found.deliverables.select_related("post").order_by("place"))
    told = campaign_rows.frame(
        request,
        found.campaign,
        "campaign",
        line=campaign_rows.line(request, found),
        order=found,
        deliverables=[(one, campaign_rows.DELIVERABLE_SHAPES[one.state], LOST.get(one.lost, "")) for one in videos],
        history=_history(request, found, [events.about(one) for one in (found, *videos)]),
        warning=ordering.warning(found.participant),
    )
    return web.render(request, "pages/order.html", told)


@needs(Can.CAMPAIGNS_WRITE)
@require_POST
def move(request: StaffRequest, order: int) -> HttpResponse:
    """Note what was heard, give the order up, or try it again at once."""
    found, to, at = _order(request, order), request.POST.get("to", ""), clock.now()
    try:
        ordering.move_order(found, to, by=request.member.by, at=at)
    except (IllegalMove, LostRace):
        messages.error(request, "That is not possible any more; this is how the order stands now.")
    else:
        found.refresh_from_db()
        if to == "not_created" and found.state == "not_created":
            ordering.create_now([found], at=at)
        say = messages.error if found.state == "refused" else messages.success
        say(request, f"{found.account}: {found.refusal or found.state_label}.")
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, None) and back.startswith(f"/w/{request.workspace.slug}/"):
        return redirect(back)
    return redirect("order", request.workspace.slug, found.pk)


def _chosen(campaign: Campaign, ids: list[str], *, everybody: bool) -> list[Participant]:
    rows: QuerySet[Participant] = campaign_rows.participants(campaign)
    if not everybody:
        rows = rows.filter(pk__in=[int(one) for one in ids if one.isdecimal()])
    found = list(rows)
    for one in found:
        one.campaign = campaign
    return found


def _first(campaign: Campaign, single: campaign_rows.Row | None) -> dict[str, Any]:
    """What the form begins with: as much as fits one order, or all that is missing where it takes several."""
    missing = (single.missing or 1) if single else None
    return {
        "videos": missing if missing and missing <= Order.MOST_VIDEOS else None,
        "spark_days": str(campaign.spark_days or ""),
        "due_on": campaign.ends_on,
    }


def _on(request: StaffRequest, to: HttpResponse) -> HttpResponse:
    """Lead on from a form; one in the dialog leads the whole page."""
    if not request.headers.get("HX-Request"):
        return to
    return HttpResponse(status=204, headers={"HX-Redirect": to["Location"]})


def _typed(request: StaffRequest) -> dict[str, str]:
    """What was typed already when only the number of names is to follow the number of videos."""
    return {key: request.GET[key] for key in ("videos", "spark_days", "due_on") if key in request.GET}


def _names(
    campaign: Campaign, form: OrderForm, typed: list[str], single: campaign_rows.Row | None
) -> list[tuple[int, str, str]]:
    """(place, name, what it is without one) of each video the form names."""
    told = str(form["videos"].value() or "") if form.is_bound else str(form.initial.get("videos") or "")
    fits = told.isdecimal() and 1 <= int(told[:3]) <= Order.MOST_VIDEOS
    count = int(told) if fits else min(max(campaign.required, 1), Order.MOST_VIDEOS)
    first = sum(line.order.videos for line in single.lines) if single else 0
    own = splitting.named(campaign.deliverables, first + 1, count)
    # Of one order the campaign's names can be changed; of several they are shown, for each order has its own part.
    begun = campaign.deliverables[first : first + count] if single else []
    names = [*typed, *begun[len(typed) :], *[""] * count]
    return [(place, names[place - 1], own[place - 1]) for place in range(1, count + 1)]


def _at_once(request: StaffRequest, made: Bulk, *, at: datetime) -> None:
    """Try the orders of one creator now, and say what became of them."""
    for error in made.errors:
        messages.error(request, error["words"])
    orders = list(made.orders.select_related("account"))
    ordering.create_now(orders, at=at)
    for order in orders:
        if order.state == "created":
            messages.success(request, f"Order Created for {order.account}. Its invite link can be copied now.")
        elif order.state == "refused":
            messages.error(request, f"TikTok refused the order for {order.account}: {order.refusal}")
        else:
            why = f": {order.last_error}" if order.last_error else "."
            messages.success(request, f"{order.account}: {WAITING}{why}")


def _bulk(request: StaffRequest, bulk: int) -> Bulk:
    rows = Bulk.objects.within(request.workspace).select_related("campaign__workspace")
    found: Bulk = get_object_or_404(rows, pk=bulk)
    return found


def _order(request: StaffRequest, order: int) -> Order:
    rows = Order.objects.within(request.workspace).select_related(
        "campaign__workspace", "participant__account", "account__creator", "workspace"
    )
    found: Order = get_object_or_404(rows, pk=order)
    return found


def _history(request: StaffRequest, order: Order, about: list[str]) -> list[tuple[datetime, str, str]]:
    """(when, who, what), the newest first."""
    rows = list(Event.objects.within(request.workspace).filter(subject__in=about).order_by("-pk")[:100])
    who = naming.names(request.workspace, [row.by for row in rows])
    return [(row.at, who.get(row.by, row.by), _words(row)) for row in rows]


def _words(event: Event) -> str:
    sentence = SENTENCES.get(event.name)
    if sentence is None:
        return naming.words(event.name).partition(": ")[2]
    told = {"words": "", "video": "", "why": "", "reason": "", **event.data}
    return sentence.format_map(told).rstrip(": .")
