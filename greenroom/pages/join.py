"""How creators come in: application form, invited link, and the way back from TikTok."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from greenroom.core import clock, web
from greenroom.core.access import anyone
from greenroom.core.models import Workspace
from greenroom.creators import actions as creators
from greenroom.creators import client as clients
from greenroom.creators import links, scopes
from greenroom.creators.models import Authorization, Connection
from greenroom.pages import consent, limits

APPLICATIONS_AN_HOUR = 30


class ApplicationForm(forms.Form):
    """Who applies. What they share is chosen beside it and decided on TikTok's page."""

    name = forms.CharField(max_length=120, label="Your name", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Email",
        help_text="For the link to your own page, where you see what is shared and can stop it.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@anyone("an application form is for people nobody knows yet")
@never_cache
def application(request: HttpRequest, workspace: str) -> HttpResponse:
    found = get_object_or_404(Workspace, slug=workspace)
    form = ApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if limits.spent(request, f"join:{found.pk}", limit=APPLICATIONS_AN_HOUR):
            return _too_many(request, reverse("join", args=[found.slug]))
        return consent.leave_for_tiktok(
            request,
            found,
            back=reverse("join", args=[found.slug]),
            how="application form",
            applicant=form.cleaned_data,
            **choice(request),
        )
    shown = {"form": form, "workspace_name": found.name, **sharing(request)}
    return web.render(request, "pages/join.html", shown)


@anyone("the signed link is the permission; it names who it is for")
@never_cache
def invited(request: HttpRequest, token: str) -> HttpResponse:
    try:
        told = links.read_join_token(token, at=clock.now())
    except links.LinkOver:
        return web.render(request, "pages/join_over.html", status=410)
    workspace = told.creator.workspace
    if request.method == "POST":
        return consent.leave_for_tiktok(
            request,
            workspace,
            back=request.path,
            how="invited link",
            account=told.account,
            creator=told.creator,
            **choice(request),
        )
    shown = {"invited": told, "workspace_name": workspace.name, **sharing(request)}
    return web.render(request, "pages/join_invited.html", shown)


@anyone("TikTok sends everybody back here; the visit's state says who they are")
@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """The return from TikTok: finish, then move on to an address without the code in it."""
    query, at = request.GET, clock.now()
    state = query.get("state", "")
    visit = creators.visit_behind(state)
    back = consent.came_from(request, visit) if visit else None
    if visit is None or back is None:
        return web.render(request, "pages/join_elsewhere.html", status=400)
    first = visit.finished_at is None
    try:
        connection = creators.finish_authorization(
            state,
            code=query.get("code") or query.get("auth_code", ""),
            error=query.get("error", ""),
            error_words=query.get("error_description", ""),
            at=at,
        )
    except creators.StillFinishing:
        return web.render(request, "pages/join_wait.html", status=202)
    except creators.NoAnswer as refused:
        return consent.refusal_page(request, refused, back=request.get_full_path(), again="Try again", status=503)
    except creators.Refusal as refused:
        return consent.refusal_page(request, refused, back=back)
    if visit.return_to:
        messages.success(request, f"Connected {connection.account or 'TikTok Creator Marketplace'}.")
        return redirect(visit.return_to)
    _welcome(request, visit, connection, first=first)
    return redirect("join_connected")


@anyone("shows only what this browser has just connected")
@never_cache
@require_safe
def connected(request: HttpRequest) -> HttpResponse:
    rows = Connection.objects.select_related("account__creator", "workspace")
    connection = rows.filter(pk=request.session.get("connected") or 0, state__in=Connection.LIVE).first()
    if connection is None or connection.account is None:
        return redirect("portal_link")
    shown = {
        "connection": connection,
        "account": connection.account,
        "shared": scopes.in_words(connection.scopes),
        "held_back": scopes.held_back(connection.dialect, connection.scopes),
        "workspace_name": connection.workspace.name,
        "inside": consent.creator_here(request) == connection.account.creator,
    }
    return web.render(request, "pages/join_connected.html", shown)


def sharing(request: HttpRequest, *, granted: Collection[str] = ()) -> dict[str, Any]:
    """What a form needs to let people choose what they share: groups with their switches, scopes in words.

    The switches stand as they were sent, as `granted` says, or all on.
    """
    chosen = request.POST.getlist("share") if request.method == "POST" else scopes.groups_of(granted)
    return {
        "groups": [(group, group.needed or group.key in chosen) for group in scopes.GROUPS],
        "in_words": list(scopes.SCOPES.values()),
        "never": scopes.NEVER,
        "light": clients.is_configured(Connection.Dialect.LOGIN_KIT),
    }


def choice(request: HttpRequest) -> dict[str, Any]:
    """What such a form says: which groups to ask for, and in which dialect."""
    light = request.POST.get("dialect") == Connection.Dialect.LOGIN_KIT
    if light and clients.is_configured(Connection.Dialect.LOGIN_KIT):
        return {"dialect": Connection.Dialect.LOGIN_KIT, "groups": None}
    return {"dialect": Connection.Dialect.ACCOUNTS, "groups": request.POST.getlist("share")}


def _welcome(request: HttpRequest, visit: Authorization, connection: Connection, *, first: bool) -> None:
    """Remember what was connected; let the browser into the portal when it may see all of it; mail the way back."""
    if connection.account is None:
        return
    creator = connection.account.creator
    # Proving one account does not open the page of a creator with others, unless the link was theirs to begin with.
    if visit.creator == creator or not creator.accounts.exclude(pk=connection.account.pk).exists():
        consent.open_portal(request, creator)
    request.session["connected"] = connection.pk
    if first and creator.email:
        creators.send_portal_link(creator, at=clock.now())


def _too_many(request: HttpRequest, back: str) -> HttpResponse:
    refused = creators.Refusal("Many forms came from your network in the last hour. Wait a little, then try again.")
    return consent.refusal_page(request, refused, back=back, status=429)
