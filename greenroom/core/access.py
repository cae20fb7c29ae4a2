"""Who may do what: one enum of permissions, one table of roles, one decorator.

`needs(Can.X)` guards a page of a workspace, `anyone("why")` marks a page that is open by intent. A test walks the
URLs and fails when one declares neither.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

View = Callable[..., HttpResponse]


class Can(StrEnum):
    """Permissions, as `noun:verb`. `docs/permissions.md` says what each one opens."""

    AUDIT_READ = "audit:read"
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


_READ = {Can.WORKSPACE_READ, Can.CREATORS_READ, Can.METRICS_READ}
_LOOK = _READ | {Can.CONNECTIONS_READ, Can.JOBS_READ, Can.MEMBERS_READ}
_RUN = _LOOK | {Can.CREATORS_WRITE, Can.CONNECTIONS_WRITE, Can.JOBS_RUN, Can.IMPORTS_RUN, Can.AUDIT_READ}
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
    "manager": "Manager: creators, connections, syncs",
    "finance": "Finance: sees everything; approves money",
    "analyst": "Analyst: sees everything, changes nothing",
    "client": "Client: sees creators and figures only",
}


def needs(permission: Can) -> Callable[[View], View]:
    """Guard a view under `/w/<workspace>/`.

    Sets `request.workspace` and `request.member`. Nobody signed in: to the sign-in page. A stranger to the workspace:
    404, so that its existence is not told. A member without `permission`: 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, workspace: str, *args: Any, **kwargs: Any) -> HttpResponse:
            from greenroom.core.models import Member

            if not request.user.is_authenticated:
                return redirect(f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}")
            member = (
                Member.objects.filter(workspace__slug=workspace, user=request.user).select_related("workspace").first()
            )
            if member is None:
                raise Http404
            request.workspace, request.member = member.workspace, member  # type: ignore[attr-defined]
            if permission not in member.permissions:
                raise PermissionDenied(f"{member.role} may not {permission}")
            return view(request, *args, **kwargs)

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def anyone(reason: str) -> Callable[[View], View]:
    """Mark a view that needs no member, and say why that is right."""

    def decorate(view: View) -> View:
        view.needs = reason  # type: ignore[attr-defined]
        return view

    return decorate
