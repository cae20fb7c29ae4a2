"""Where figures come from: connecting, token health, withdrawing, the join link, TikTok's policies."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from greenroom.campaigns import listening
from greenroom.core import actions, clock, web
from greenroom.core.access import Can, needs
from greenroom.creators import actions as creators
from greenroom.creators import allowlist, links
from greenroom.creators import client as clients
from greenroom.creators.models import Account, Allowlisting, Connection
from greenroom.pages import grants, onboarding
from greenroom.pages.forms import HandleForm, PolicyForm
from greenroom.pages.request import StaffRequest

HOW = "connections page"


@needs(Can.CONNECTIONS_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    return _page(request)


@needs(Can.CONNECTIONS_WRITE)
@require_POST
def marketplace(request: StaffRequest) -> HttpResponse:
    """To TikTok's consent page, as the brand's marketplace account."""
    return _to_tiktok(request, dialect=Connection.Dialect.MARKETPLACE)


@needs(Can.CONNECTIONS_WRITE)
@require_POST
def brand(request: StaffRequest) -> HttpResponse:
    """To TikTok's consent page, where the brand's own account must be signed in (CON-04)."""
    form = HandleForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    handle = creators.clean_handle(form.cleaned_data["handle"])
    if "ask" in request.POST:
        creators.request_allowlisting(request.workspace, handle, member=request.member, at=clock.now())
        messages.success(request, f"Requested for @{handle}. Send the handle to your contact at TikTok.")
        return redirect(reverse("connections", args=[request.workspace.slug]) + "#brand")
    return _to_tiktok(request, dialect=Connection.Dialect.ACCOUNTS, handle=handle, purpose=Account.Purpose.BRAND)


@needs(Can.CONNECTIONS_WRITE)
@require_POST
def allowlisted(request: StaffRequest, asked: int) -> HttpResponse:
    """TikTok has confirmed: whoever asked is told, and the account may be connected (CON-02)."""
    found = get_object_or_404(Allowlisting.objects.within(request.workspace), pk=asked)
    if creators.allow(found, by=request.member.by, at=clock.now()):
        messages.success(request, f"{found} is marked as allow-listed. Whoever asked for it gets an e-mail.")
    return redirect(reverse("connections", args=[request.workspace.slug]) + "#brand")


@needs(Can.CONNECTIONS_WRITE)
@require_POST
def reconnect(request: StaffRequest, connection: int) -> HttpResponse:
    """Again to TikTok's consent page; for a creator's grant the creator is asked instead."""
    grant = _grant(request, connection)
    if grant.account and grant.account.purpose == Account.Purpose.CREATOR:
        invitation = creators.request_authentication(grant.account, by=request.member.by, at=clock.now())
        return web.render(request, "pages/authenticate.html", {"account": grant.account, "invitation": invitation})
    return _to_tiktok(request, dialect=grant.dialect, account=grant.account)


@needs(Can.CONNECTIONS_WRITE)
def withdraw(request: StaffRequest, connection: int) -> HttpResponse:
    """GET asks, POST ends the grant at TikTok and here."""
    grant = _grant(request, connection)
    if request.method != "POST":
        return web.render(request, "pages/withdraw.html#confirm", {"grant": grant})
    creators.withdraw(grant, by=request.member.by, at=clock.now())
    messages.success(request, f"{grant} is withdrawn. Nothing more is read through it.")
    return redirect("connections", request.workspace.slug)


@needs(Can.WORKSPACE_MANAGE)
@require_POST
def policy(request: StaffRequest) -> HttpResponse:
    """GOV-08: which version of TikTok's policies the operator accepted, and when."""
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _page(request, policy=form, status=422)
    version = form.cleaned_data["version"]
    actions.accept_policy(request.workspace, version=version, by=request.member.by, at=clock.now())
    messages.success(request, f"Recorded: {version}.")
    return redirect("connections", request.workspace.slug)


@needs(Can.CONNECTIONS_READ)
@require_safe
def guide(request: StaffRequest) -> HttpResponse:
    return web.render(request, "pages/connections_help.html", {"redirect_uri": links.absolute("join_callback")})


def _grant(request: StaffRequest, connection: int) -> Connection:
    found = Connection.objects.within(request.workspace).select_related("account__creator", "workspace")
    return get_object_or_404(found, pk=connection)


def _to_tiktok(request: StaffRequest, **told: Any) -> HttpResponse:
    page = reverse("connections", args=[request.workspace.slug])
    try:
        _, url = creators.begin_authorization(
            request.workspace,
            how=HOW,
            redirect_uri=links.absolute("join_callback"),
            return_to=page,
            by=request.member.by,
            at=clock.now(),
            **told,
        )
    except creators.Refusal as refused:
        messages.error(request, f"{refused.title}. {refused}")
        return redirect(page)
    return redirect(url)


def _page(
    request: StaffRequest, *, form: HandleForm | None = None, policy: PolicyForm | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    found = list(grants.connections(request.workspace).exclude(account__purpose=Account.Purpose.CREATOR))
    of_creators = web.paginate(
        request, grants.connections(request.workspace).filter(account__purpose=Account.Purpose.CREATOR)
    )
    member = request.member.permissions
    told = {
        "may_write": Can.CONNECTIONS_WRITE in member,
        "may_manage": Can.WORKSPACE_MANAGE in member,
        "counts": grants.counts(request.workspace),
        "sources": [grants.of(one, at=at) for one in found],
        "market": any(one.account is None and one.state != "revoked" for one in found),
        "telling": listening.words(request.workspace),
        "creators": [grants.of(one, at=at) for one in of_creators],
        "page": of_creators,
        "steps": onboarding.of(request.workspace),
        "allowlist": allowlist.counts(sandbox=clients.is_sandbox()),
        "asked": Allowlisting.objects.within(request.workspace)
        .select_related("requested_by__user")
        .order_by("allowed_at", "handle"),
        "join_link": creators.public_form(request.workspace),
        "form": form or HandleForm(),
        "policy": policy or PolicyForm(),
    }
    return web.render(request, "pages/connections.html", told, status=status)
