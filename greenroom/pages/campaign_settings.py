"""Campaign settings: general and requirements, TikTok Creator Marketplace with its orders, brief and agreement."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from greenroom.campaigns import actions, documents, ordering
from greenroom.campaigns.models import Acceptance, Campaign, Document, Order
from greenroom.campaigns.refusals import Refusal
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.pages import campaign_rows
from greenroom.pages.request import StaffRequest
from greenroom.people import naming

ROWS = 30  # of Accounts & Orders, each with all its orders
SPARK = [("", "Not asked for"), *((str(days), f"{days} days") for days in Order.SPARK_DAYS)]


class GeneralForm(forms.Form):
    """What a campaign is, and what it asks of creators."""

    name = forms.CharField(max_length=80, label="Campaign name")
    starts_on = forms.DateField(label="First day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="Last day", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    content = forms.ChoiceField(label="Content type", choices=Campaign.Content.choices)
    required = forms.IntegerField(
        label="Required posts",
        min_value=1,
        max_value=100,
        help_text="Of each creator. Every 10 take an order and a link.",
    )
    deliverables = forms.CharField(
        label="Names of the posts",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, in order. Creators see them in TikTok. Without a name a post is “Video 3”.",
    )
    requirements = forms.CharField(
        label="Requirements",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="What creators read on the page of the campaign.",
    )
    tiktok = forms.BooleanField(
        label="TikTok", required=False, help_text="Creators get orders, invite links and campaign codes."
    )
    mode = forms.ChoiceField(
        label="How orders come about", choices=Campaign.Mode.choices, widget=forms.RadioSelect({"class": "box"})
    )
    spark_days = forms.ChoiceField(
        label="Spark Ads", choices=SPARK, required=False, help_text="What orders ask for unless you say otherwise."
    )
    strict = forms.BooleanField(
        label="Orders only for accounts that can be tracked",
        required=False,
        help_text="Authenticated or in the marketplace. Otherwise anyone may get an order, with a warning.",
    )

    def clean_deliverables(self) -> list[str]:
        return str(self.cleaned_data["deliverables"]).splitlines()


class BrandForm(forms.Form):
    """What creators see in TikTok."""

    brand_name = forms.CharField(max_length=60, label="Brand name", help_text="Creators see this in TikTok.")
    description = forms.CharField(
        max_length=500,
        label="Campaign description",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Creators read this before they join. Up to 500 characters.",
    )


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def general(request: StaffRequest, campaign: int) -> HttpResponse:
    found = campaign_rows.campaign_of(request, campaign)
    first = {field: getattr(found, field) for field in GeneralForm.base_fields}
    first |= {"deliverables": "\n".join(found.deliverables), "spark_days": str(found.spark_days or "")}
    form = GeneralForm(request.POST or None, initial=first)
    if request.method == "POST" and _saved(request, found, form):
        return redirect("campaign_settings", request.workspace.slug, found.pk)
    told = campaign_rows.frame(request, found, "settings", section="campaign_settings", form=form)
    return web.render(request, "pages/campaign_settings.html", told, status=422 if form.errors else 200)


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def marketplace(request: StaffRequest, campaign: int) -> HttpResponse:
    """Brand name and description, then `Accounts & Orders`: one row per participant."""
    found = campaign_rows.campaign_of(request, campaign)
    first = {"brand_name": found.brand_name, "description": found.description}
    form = BrandForm(request.POST or None, initial=first)
    if request.method == "POST" and _saved(request, found, form):
        return redirect("campaign_marketplace", request.workspace.slug, found.pk)
    page = web.paginate(request, campaign_rows.narrowed(campaign_rows.participants(found), request), ROWS)
    filters = [campaign_rows.STATE]
    ways = [(words, web.address(request.GET, order=key)) for key, words in campaign_rows.STATE.choices]
    told = campaign_rows.frame(
        request,
        found,
        "settings",
        section="campaign_marketplace",
        form=form,
        page=page,
        rows=campaign_rows.rows(request, found, page),
        q=request.GET.get("q", ""),
        chips=web.chips(filters, request.GET),
        choices=[] if web.chosen(filters, request.GET) else ways,
        why_not=ordering.why_not(found),
        bulks=list(found.bulks.all()[:5]),
    )
    return web.render(request, "pages/campaign_marketplace.html", told, status=422 if form.errors else 200)


@needs(Can.CAMPAIGNS_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def document(request: StaffRequest, campaign: int, kind: str) -> HttpResponse:
    """The brief or the agreement: its text, its version, who accepted it."""
    if kind not in documents.PARTS:
        raise Http404(f"There is no {kind}")
    found = campaign_rows.campaign_of(request, campaign)
    newest = documents.current(found, kind)
    form = _document_form(kind, newest, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = documents.publish(found, kind, form.cleaned_data, by=request.member.by, at=clock.now())
        except Refusal as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.words)
        else:
            same = newest is not None and made.pk == newest.pk
            words = "Nothing has changed, so there is no new version." if same else f"Version {made.version} is out."
            messages.success(request, words)
            return redirect("campaign_document", request.workspace.slug, found.pk, kind)
    page = web.paginate(request, found.participants.select_related("account__creator").order_by("account__handle"))
    told = campaign_rows.frame(
        request,
        found,
        "settings",
        section=f"campaign_document_{kind}",
        kind=kind,
        label=Document.Kind(kind).label,
        form=form,
        newest=newest,
        publisher=naming.names(request.workspace, [newest.by]).get(newest.by, "") if newest else "",
        page=page,
        accepted=_accepted(found, kind, newest, page),
    )
    return web.render(request, "pages/campaign_document.html", told, status=422 if form.errors else 200)


def _saved(request: StaffRequest, campaign: Campaign, form: forms.Form) -> bool:
    """Take the form over; False, with what is wrong in the form, when it can't be."""
    if not form.is_valid():
        return False
    try:
        actions.change_campaign(campaign, **form.cleaned_data, by=request.member.by, at=clock.now())
    except Refusal as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.words)
        return False
    messages.success(request, "Saved.")
    return True


def _document_form(kind: str, newest: Document | None, told: Mapping[str, Any] | None) -> forms.Form:
    first: dict[str, Any] = dict(newest.content) if newest else {}
    hints = {"checklist": "One a line.", "fee": "For example 600 EUR for each post, paid 30 days after the last one."}
    rows = {"text": 6, "terms": 8}
    fields = {
        part: forms.CharField(
            label=documents.LABELS[part],
            required=needed,
            max_length=documents.LONGEST,
            help_text=hints.get(part, ""),
            widget=forms.Textarea(attrs={"rows": rows.get(part, 3)}),
        )
        for part, needed in documents.PARTS[kind].items()
    }
    if "checklist" in first:
        first["checklist"] = "\n".join(first["checklist"])
    made: type[forms.Form] = type("DocumentForm", (forms.Form,), fields)
    return made(told, initial=first)


def _accepted(campaign: Campaign, kind: str, newest: Document | None, page: Any) -> list[tuple[Any, str, Any, str]]:
    """(participant, shape, acceptance, words) for each participant of the page."""
    taken = Acceptance.objects.filter(
        document__campaign=campaign, document__kind=kind, participant__in=[one.pk for one in page.object_list]
    )
    latest: dict[int, Acceptance] = {}
    for one in taken.select_related("document").order_by("document__version"):
        latest[one.participant_id] = one
    told: list[tuple[Any, str, Any, str]] = []
    for one in page.object_list:
        acceptance = latest.get(one.pk)
        if acceptance is None:
            told.append((one, "wait" if newest else "", None, "Not yet"))
        elif newest is not None and acceptance.document_id == newest.pk:
            told.append((one, "done", acceptance, f"Version {newest.version}"))
        else:
            told.append((one, "wait", acceptance, f"Version {acceptance.document.version}, asked again"))
    return told
