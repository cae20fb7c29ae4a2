"""Who may do what: one enum of permissions, one table of roles, one decorator.

`needs(Can.X)` guards a page of a workspace, `anyone("why")` marks a page that is open by intent. A test walks the
URLs and fails when one declares neither.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from greenroom.core import clock, display

if TYPE_CHECKING:
    from greenroom.core.models import Member

View = Callable[..., HttpResponseBase]


class Can(StrEnum):
    """Permissions, as `noun:verb`. `docs/permissions.md` says what each one opens."""

    AUDIT_READ = "audit:read"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    CONNECTIONS_READ = "connections:read"
    CONNECTIONS_WRITE = "connections:write"
    CREATORS_READ = "creators:read"
    CREATORS_WRITE = "creators:write"
    HOOKS_MANAGE = "hooks:manage"
    IMPORTS_RUN = "imports:run"
    JOBS_READ = "jobs:read"
    JOBS_RUN = "jobs:run"
    KEYS_MANAGE = "keys:manage"
    MEMBERS_MANAGE = "members:manage"
    MEMBERS_READ = "members:read"
    METRICS_READ = "metrics:read"
    WORKSPACE_MANAGE = "workspace:manage"
    WORKSPACE_READ = "workspace:read"
    # Held by no role: moves that only a reading of TikTok or the creator's own act may make.
    SYSTEM = "system"


# What each permission lets somebody do; docs/permissions.md and the roles page say the same words.
CAN_WORDS = {
    Can.WORKSPACE_READ: "Open Home, see the state of the sources",
    Can.CREATORS_READ: "See creators, their profiles and posts",
    Can.CAMPAIGNS_READ: "See campaigns, their orders and what was delivered",
    Can.METRICS_READ: "See every figure and where it comes from",
    Can.CONNECTIONS_READ: "See grants, what they share and how they are",
    Can.JOBS_READ: "See the queue, runs, failures and TikTok's ceilings",
    Can.MEMBERS_READ: "See who is in the workspace and what each role may do",
    Can.AUDIT_READ: "Read the audit log and take it away as a file",
    Can.CREATORS_WRITE: "Add and change creators, ask them to connect",
    Can.CAMPAIGNS_WRITE: "Run campaigns: settings, orders, briefs and messages to creators",
    Can.CONNECTIONS_WRITE: "Connect the marketplace or a brand account, withdraw a grant",
    Can.IMPORTS_RUN: "Import files and undo an import",
    Can.JOBS_RUN: "Retry a job",
    Can.WORKSPACE_MANAGE: "Change the workspace's settings and security, record TikTok's policies",
    Can.MEMBERS_MANAGE: "Invite and remove people, change roles, end sessions of others",
    Can.KEYS_MANAGE: "Make and revoke API keys",
    Can.HOOKS_MANAGE: "Set up webhook endpoints, see their secrets and deliveries",
}

_READ = {Can.WORKSPACE_READ, Can.CREATORS_READ, Can.CAMPAIGNS_READ, Can.METRICS_READ}
_LOOK = _READ | {Can.CONNECTIONS_READ, Can.JOBS_READ, Can.MEMBERS_READ}
_RUN = _LOOK | {
    *(Can.CREATORS_WRITE, Can.CAMPAIGNS_WRITE, Can.CONNECTIONS_WRITE),
    *(Can.JOBS_RUN, Can.IMPORTS_RUN, Can.AUDIT_READ),
}
_OWN = {Can.WORKSPACE_MANAGE, Can.MEMBERS_MANAGE, Can.KEYS_MANAGE, Can.HOOKS_MANAGE}

ROLES: dict[str, frozenset[Can]] = {
    "owner": frozenset(_RUN | _OWN),
    "manager": frozenset(_RUN),
    "finance": frozenset(_LOOK | {Can.AUDIT_READ}),
    "analyst": frozenset(_LOOK),
    "client": frozenset(_READ),
}
ROLE_WORDS = {
    "owner": "Owner: everything, members and policies included",
    "manager": "Manager: creators, campaigns, connections, syncs",
    "finance": "Finance: sees everything; approves money",
    "analyst": "Analyst: sees everything, changes nothing",
    "client": "Client: sees creators, campaigns and figures only",
}


def needs(permission: Can) -> Callable[[View], View]:
    """Guard a view under `/w/<workspace>/`.

    Sets `request.workspace` and `request.member`. Nobody signed in: to the sign-in page. A stranger to the workspace:
    404, so that its existence is not told. A member without the second factor that the workspace asks for: to where
    it is set up. A member without `permission`: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, workspace: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
            member = member_of(request.user, workspace)
            if member is None:
                raise Http404
            request.workspace, request.member = member.workspace, member  # type: ignore[attr-defined]
            display.show_for(request.user, member.workspace)
            if member.workspace.mfa_required and not is_mfa_enabled(request.user):
                return _to_second_factor(request, member.workspace.name)
            demand(member, permission)
            return view(request, *args, **kwargs)

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def member_of(user: Any, slug: str) -> "Member | None":
    """The person in the workspace; also an operator of the install, while a session of theirs is open there."""
    from greenroom.core.models import Member, OperatorSession

    found: Member | None = Member.objects.filter(workspace__slug=slug, user=user).select_related("workspace").first()
    if found is not None or not user.is_superuser:
        return found
    visits = OperatorSession.objects.filter(workspace__slug=slug, workspace__operators_allowed=True, user=user)
    visit = visits.filter(ended_at__isnull=True, until__gt=clock.now()).select_related("workspace", "user").first()
    return visit.member if visit else None


def demand(member: "Member", permission: Can) -> None:
    """Raise PermissionDenied unless the member may; for pages on which only some may change what all may see."""
    if permission not in member.permissions:
        raise PermissionDenied(f"{member.role} may not {permission}")


def _to_second_factor(request: HttpRequest, workspace: str) -> HttpResponse:
    where = reverse("mfa_index")
    if request.headers.get("HX-Request"):  # a part of a page: the whole page has to go
        return HttpResponse(status=204, headers={"HX-Redirect": where})
    messages.warning(request, f"{workspace} asks for a second factor. Turn on the authenticator app to go on.")
    return redirect(where)


def anyone(reason: str) -> Callable[[View], View]:
    """Mark a view that needs no member, and say why that is right."""

    def decorate(view: View) -> View:
        view.needs = reason  # type: ignore[attr-defined]
        return view

    return decorate
