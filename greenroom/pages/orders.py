"""Orders: created for one creator or for many, what became of each, and one order in full."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Case, Count, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenroom.campaigns import ordering, splitting
from greenroom.campaigns.models import Bulk, Campaign, Order, Participant
from greenroom.campaigns.refusals import BadInput, NotReady
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.state import IllegalMove, LostRace
from greenroom.pages import campaign_rows, order_history
from greenroom.pages.request import StaffRequest
from greenroom.people import naming

SPARK = [("", "Not asked for"), *((str(days), f"{days} days") for days in Order.SPARK_DAYS)]
ERRORS_SHOWN = 100
WAITING = "TikTok has not made it yet. It is kept and tried again by itself"
LOST = {
    "rejected": "TikTok's review rejected the last post",
    "removed": "The last post was taken down",
    "untied": "The last post is not tied any more",
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
    begun, without = _begun(found, single)
    names = [" ".join(name.split()) for name in told.getlist("name")] or list(begun)
    while names and not names[-1]:
        names.pop()
    form = OrderForm(request.POST or None, initial=_first(found, single))
    wrong, status = "", 200
    if request.method == "POST":
        try:
            if made := _made(request, found, chosen, form, [] if names == begun else names):
                if single is not None:
                    _at_once(request, made, at=made.made_at)
                return _on(request, back if single else redirect("bulk", request.workspace.slug, made.pk))
            status = 422
        except BadInput as bad:
            wrong, status = bad.words, 422
        except NotReady:
            status = 409
    if request.headers.get("HX-Request"):
        status = 200  # otherwise htmx would not show what is wrong
    context = campaign_rows.frame(
        request,
        found,
        "settings",
        section="campaign_marketplace",
        form=form,
        single=single,
        chosen=chosen,
        everybody="all" in told,
        names=_names(names, without),
        wrong=wrong,
        why_not=ordering.why_not(found),
        warned=[one for one in chosen if ordering.warning(one)],
    )
    return web.render(request, "pages/orders_create.html#dialog", context, status=status)


@needs(Can.CAMPAIGNS_WRITE)
@require_safe
def bulk(request: StaffRequest, bulk: int) -> HttpResponse:
    """How far the orders of one action are, and what became of each."""
    found = _bulk(request, bulk)
    counted: dict[str, int] = dict(found.orders.order_by().values_list("state").annotate(n=Count("pk")))
    total, waiting = sum(counted.values()), counted.get("not_created", 0)
    rows = found.orders.select_related("account__creator").prefetch_related("deliverables")
    refused_first = Case(When(state="refused", then=0), default=1)
    page = web.paginate(request, rows.order_by(refused_first, "pk"))
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
        history=order_history.of(found, videos),
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


def _made(
    request: StaffRequest, campaign: Campaign, chosen: list[Participant], form: OrderForm, names: list[str]
) -> Bulk | None:
    """The orders, not yet at TikTok; None when the form does not hold. Raises NotReady and BadInput."""
    if refused := ordering.why_not(campaign):
        raise refused
    if not form.is_valid():
        return None
    asked = form.asked(names[: form.cleaned_data["videos"]])
    return ordering.create_orders(campaign, chosen, asked, by=request.member.by, at=clock.now())


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


def _begun(campaign: Campaign, single: campaign_rows.Row | None) -> tuple[list[str], list[str]]:
    """The campaign's names for the next ten videos, and what each is called without one.

    Of one order they can be changed; of several they are only shown, for each order has its own part of them.
    """
    first = sum(line.order.videos for line in single.lines) if single else 0
    own = campaign.deliverables[first : first + Order.MOST_VIDEOS] if single else []
    return own, splitting.named(campaign.deliverables, first + 1, Order.MOST_VIDEOS)


def _names(typed: Sequence[str], without: Sequence[str]) -> list[tuple[int, str, str]]:
    """(place, name, what it is without one) of each video the form can name."""
    return [(place, typed[place - 1] if place <= len(typed) else "", words) for place, words in enumerate(without, 1)]


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
