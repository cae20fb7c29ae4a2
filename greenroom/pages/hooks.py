"""Webhook endpoints of a workspace: who is told of which events; one endpoint with its log; one delivery."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.state import IllegalMove, LostRace
from greenroom.core.web import Filter
from greenroom.hooks import actions as hooks
from greenroom.hooks import catalogue
from greenroom.hooks.models import Delivery, Endpoint
from greenroom.pages.request import StaffRequest

WORDS = {"enabled": ("live", "On"), "paused": ("", "Off"), "disabled": ("bad", "Switched off")}
SHAPES = {"waiting": "", "failed": "wait", "delivered": "live", "parked": "bad"}
TAB = {"tab": "settings_hooks"}


class EndpointForm(forms.Form):
    """An address and the events it is told of."""

    url = forms.CharField(
        max_length=500,
        label="Address",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        help_text="Where your program listens. It must be https and on the public internet.",
    )
    description = forms.CharField(max_length=200, required=False, help_text="What it is for, such as CRM or alerts.")
    names = forms.MultipleChoiceField(
        choices=[
            (catalogue.EVERYTHING, "Everything"),
            *((group.all_of, group.title) for group in catalogue.GROUPS),
            *((name, name) for name in sorted(catalogue.NAMES)),
        ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event.", "invalid_choice": "There is no event %(value)s."},
    )

    @property
    def chosen(self) -> set[str]:
        """What is ticked."""
        return set(self["names"].value() or [])


@needs(Can.HOOKS_MANAGE)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    untold = Count("deliveries", filter=Q(deliveries__state=Delivery.State.PARKED))
    waiting = Count("deliveries", filter=Q(deliveries__state__in=Delivery.OPEN))
    rows = Endpoint.of(request.workspace).annotate(parked=untold, waiting=waiting).order_by("-pk")
    told = {"endpoints": [(one, *WORDS[one.state]) for one in rows], **TAB}
    return web.render(request, "pages/hooks.html", told)


@needs(Can.HOOKS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest) -> HttpResponse:
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = hooks.add_endpoint(request.workspace, **form.cleaned_data, by=request.member.by, at=clock.now())
        except hooks.NotPossible as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, "The endpoint is on. Give its secret to the receiver, then send a test.")
            return redirect("hook", request.workspace.slug, made.pk)
    return _form(request, form)


@needs(Can.HOOKS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, hook: int) -> HttpResponse:
    endpoint = _endpoint(request, hook)
    first = {"url": endpoint.url, "description": endpoint.description, "names": endpoint.names}
    form = EndpointForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            hooks.change_endpoint(endpoint, **form.cleaned_data, by=request.member.by, at=clock.now())
        except hooks.NotPossible as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, "Saved. What happens from now on goes out as chosen.")
            return redirect("hook", request.workspace.slug, hook)
    return _form(request, form, endpoint)


@needs(Can.HOOKS_MANAGE)
@require_safe
def show(request: StaffRequest, hook: int) -> HttpResponse:
    """One endpoint and its deliveries, the newest first."""
    endpoint = _endpoint(request, hook)
    rows = Delivery.objects.filter(endpoint=endpoint)
    filters = _filters(rows)
    picked = web.chosen(filters, request.GET)
    found = rows.filter(**picked).annotate(tries=Count("attempts")).order_by("-pk")
    page = web.paginate(request, found)
    counts = dict(rows.values_list("state").annotate(Count("pk")))
    told = {
        "endpoint": endpoint,
        "status": WORDS[endpoint.state],
        "both_until": endpoint.old_until if endpoint.old_until and endpoint.old_until > clock.now() else None,
        "page": page,
        "deliveries": [(one, SHAPES[one.state]) for one in page],
        "chips": web.chips(filters, request.GET),
        "choices": [(one, _ways(request, one)) for one in filters if one.key not in picked],
        "counts": [(state.label, counts.get(state.value, 0)) for state in Delivery.State],
        "untold": sum(counts.get(state, 0) for state in Delivery.UNTOLD),
    }
    return web.render(request, "pages/hook.html#list", told | TAB)


@needs(Can.HOOKS_MANAGE)
@require_POST
def move(request: StaffRequest, hook: int) -> HttpResponse:
    """Switch on or off: `to` is enabled or paused."""
    endpoint, to = _endpoint(request, hook), request.POST.get("to", "")
    try:
        hooks.move_endpoint(endpoint, to, by=request.member.by, at=clock.now())
    except (IllegalMove, LostRace):
        messages.error(request, "It was switched meanwhile; look again.")
    else:
        messages.success(request, f"{endpoint.host} is switched {'on' if endpoint.is_enabled else 'off'}.")
    return redirect("hook", request.workspace.slug, hook)


@needs(Can.HOOKS_MANAGE)
@require_POST
def test(request: StaffRequest, hook: int) -> HttpResponse:
    made = hooks.send_test(_endpoint(request, hook), by=request.member.by, at=clock.now())
    return redirect("hook_delivery", request.workspace.slug, hook, made.pk)


@needs(Can.HOOKS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def secret(request: StaffRequest, hook: int) -> HttpResponse:
    """GET asks, POST makes a new secret."""
    endpoint = _endpoint(request, hook)
    if request.method != "POST":
        return web.render(request, "pages/hook_secret.html#confirm", {"endpoint": endpoint})
    hooks.rotate_secret(endpoint, by=request.member.by, at=clock.now())
    messages.success(request, "There is a new secret. For 24 hours the one before signs too.")
    return redirect("hook", request.workspace.slug, hook)


@needs(Can.HOOKS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: StaffRequest, hook: int) -> HttpResponse:
    """GET asks, POST deletes the endpoint and its log."""
    endpoint = _endpoint(request, hook)
    if request.method != "POST":
        return web.render(request, "pages/hook_remove.html#confirm", {"endpoint": endpoint})
    try:
        hooks.remove_endpoint(endpoint, by=request.member.by, at=clock.now())
    except LostRace:
        messages.error(request, "It was switched meanwhile; look again.")
        return redirect("hook", request.workspace.slug, hook)
    messages.success(request, f"{endpoint.host} is told nothing any more.")
    return redirect("settings_hooks", request.workspace.slug)


@needs(Can.HOOKS_MANAGE)
@require_POST
def replay_untold(request: StaffRequest, hook: int) -> HttpResponse:
    count = hooks.replay_untold(_endpoint(request, hook), by=request.member.by, at=clock.now())
    messages.success(request, f"{count} on their way again." if count else "Nothing is left to send again.")
    return redirect("hook", request.workspace.slug, hook)


@needs(Can.HOOKS_MANAGE)
@require_safe
def delivery(request: StaffRequest, hook: int, delivery: int) -> HttpResponse:
    """One delivery: what was sent, and how each attempt went."""
    found = _delivery(request, hook, delivery)
    attempts = list(found.attempts.order_by("-pk"))
    told = {
        "endpoint": found.endpoint,
        "delivery": found,
        "status": (SHAPES[found.state], found.get_state_display()),
        "attempts": [(one, len(attempts) - n, "live" if one.worked else "bad") for n, one in enumerate(attempts)],
    }
    return web.render(request, "pages/hook_delivery.html#delivery", told | TAB)


@needs(Can.HOOKS_MANAGE)
@require_POST
def replay(request: StaffRequest, hook: int, delivery: int) -> HttpResponse:
    found = _delivery(request, hook, delivery)
    try:
        hooks.replay(found, by=request.member.by, at=clock.now())
    except hooks.BeingSent as busy:
        messages.error(request, f"{busy}.")
    else:
        messages.success(request, "On its way again, with the same webhook-id.")
    return redirect("hook_delivery", request.workspace.slug, hook, delivery)


def _endpoint(request: StaffRequest, pk: int) -> Endpoint:
    found: Endpoint = get_object_or_404(Endpoint.of(request.workspace), pk=pk)
    return found


def _delivery(request: StaffRequest, hook: int, pk: int) -> Delivery:
    found: Delivery | None = (
        Delivery.objects.within(request.workspace)
        .filter(endpoint=hook, pk=pk)
        .select_related("endpoint", "event")
        .first()
    )
    if found is None:
        raise Http404("There is no such delivery")
    return found


def _form(request: StaffRequest, form: EndpointForm, endpoint: Endpoint | None = None) -> HttpResponse:
    told: dict[str, Any] = {
        "form": form,
        "endpoint": endpoint,
        "groups": [(one, any(kind.name in form.chosen for kind in one.kinds)) for one in catalogue.GROUPS],
        "test": catalogue.TEST,
        **TAB,
    }
    return web.render(request, "pages/hook_form.html", told, status=422 if form.errors else 200)


def _filters(rows: Any) -> tuple[Filter, Filter]:
    names = rows.order_by("name").values_list("name", flat=True).distinct()
    return (
        Filter("state", "State", Delivery.State.choices),
        Filter("name", "Event", tuple((name, name) for name in names)),
    )


def _ways(request: StaffRequest, one: Filter) -> list[tuple[str, str]]:
    return [(words, web.address(request.GET, **{one.key: value})) for value, words in one.choices]
