"""The creator's own page: what is shared, with whom, since when, and the way to stop it. No account, a link by mail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, display, web
from greenroom.core.access import View, anyone
from greenroom.creators import actions as creators
from greenroom.creators import links
from greenroom.creators.models import Account, Connection, Creator, Post
from greenroom.metrics import passport as passports
from greenroom.pages import consent, limits, taking_part
from greenroom.pages.join import choice, sharing
from greenroom.pages.post_performance import SIX
from greenroom.pages.shared import FIGURES, SharedAccount

MAILS_AN_HOUR = 10


class PortalRequest(HttpRequest):
    """A creator, known by their own link."""

    creator: Creator


def as_creator(view: Callable[..., HttpResponse]) -> View:
    """Guard a page of the portal: it sees `request.creator` and nobody else's rows. Without one: ask for a link."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = consent.creator_here(request)
        if found is None:
            return redirect("portal_link")
        request.creator = found  # type: ignore[attr-defined]
        consent.note_visit(request)
        display.show_for(None, found.workspace)
        with display.untranslated():  # creators' pages are English so far, all of them
            return view(request, *args, **kwargs)

    guarded.needs = "creator"  # type: ignore[attr-defined]
    return never_cache(guarded)


class EmailForm(forms.Form):
    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "email"}))


@anyone("the signed link is the permission")
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the e-mail. It works once, so only the button uses it up, not a program that looks at mails."""
    try:
        creator, key = links.read_portal_token(token, at=clock.now())
        if request.method != "POST":
            if consent.creator_here(request) == creator:
                return redirect("portal")
            return web.render(request, "pages/portal_enter.html", {"creator": creator})
        consent.open_portal(request, creator, how="link", key=key)
    except links.LinkOver:
        return web.render(request, "pages/portal_link.html", {"form": EmailForm(), "over": True}, status=410)
    return redirect("portal")


@anyone("whoever lost their link asks here; the answer is the same for everybody")
@never_cache
def link(request: HttpRequest) -> HttpResponse:
    form = EmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not limits.spent(request, "portal link", limit=MAILS_AN_HOUR):
            creators.send_portal_links(form.cleaned_data["email"], at=clock.now())
        return web.render(request, "pages/portal_link.html", {"sent": True})
    return web.render(request, "pages/portal_link.html", {"form": form})


@as_creator
@require_safe
def portal(request: PortalRequest) -> HttpResponse:
    creator = request.creator
    accounts = SharedAccount.all_of(creator, at=clock.now())
    shown = {
        "creator": creator,
        "workspace_name": creator.workspace.name,
        "accounts": accounts,
        "parts": taking_part.parts(taking_part.mine(creator)),
        "sharing_now": sum(account.is_live for account in accounts),
    }
    return web.render(request, "pages/portal.html", shown)


@as_creator
def connect(request: PortalRequest) -> HttpResponse:
    """Add an account, or connect a known one (`account`) again or with another choice."""
    known = (request.POST or request.GET).get("account", "")
    account = get_object_or_404(Account, creator=request.creator, pk=known) if known.isdecimal() else None
    if request.method != "POST":
        shown = {"account": account, "workspace_name": request.creator.workspace.name}
        granted = creators.scopes_of(account) if account else frozenset()
        return web.render(request, "pages/portal_connect.html", {**shown, **sharing(request, granted=granted)})
    return consent.leave_for_tiktok(
        request,
        request.creator.workspace,
        back=reverse("portal_connect") + (f"?account={account.pk}" if account else ""),
        return_to=reverse("portal"),
        how="creator portal",
        creator=request.creator,
        account=account,
        **choice(request),
    )


@as_creator
def withdraw(request: PortalRequest, connection: int) -> HttpResponse:
    mine = Connection.objects.filter(account__creator=request.creator).exclude(state="revoked")
    found = get_object_or_404(mine.select_related("account"), pk=connection)
    if request.method == "POST":
        creators.withdraw(found, by=f"creator:{request.creator.pk}", at=clock.now())
        messages.success(request, f"{found.account} is disconnected. Nothing more is read.")
        return redirect("portal")
    shown = {"connection": found, "account": found.account, "workspace_name": request.creator.workspace.name}
    return web.render(request, "pages/portal_withdraw.html", shown)


@as_creator
@require_safe
def provenance(request: PortalRequest, metric: str, account: int) -> HttpResponse:
    """Where one of the creator's own figures comes from."""
    mine = get_object_or_404(Account.objects.filter(creator=request.creator), pk=account)
    if metric not in FIGURES:
        raise Http404
    told = passports.passport(request.creator.workspace, metric=metric, by="account", key=mine.pk, at=clock.now())
    shown = {"passport": told, "account": mine, "workspace_name": request.creator.workspace.name}
    return web.render(request, "pages/portal_provenance.html#passport", shown)


@as_creator
@require_safe
def post_figure(request: PortalRequest, post: int, metric: str) -> HttpResponse:
    """Where a figure of one of the creator's own posts comes from."""
    if metric not in SIX:
        raise Http404
    rows = Post.objects.filter(account__creator=request.creator).select_related("account")
    mine = get_object_or_404(rows, pk=post)
    told = passports.passport(request.creator.workspace, metric=metric, by="post", key=mine.pk, at=clock.now())
    shown = {"passport": told, "account": mine.account, "workspace_name": request.creator.workspace.name}
    return web.render(request, "pages/portal_provenance.html#passport", shown)


@as_creator
@require_POST
def leave(request: PortalRequest) -> HttpResponse:
    """Close the page in this browser; what is shared stays as it is."""
    consent.close_portal(request, request.creator)
    return redirect("portal_link")
