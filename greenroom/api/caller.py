"""Who asks: a program with a key, or a member with the session of their browser."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from ninja.utils import check_csrf

from greenroom.api.problems import Problem
from greenroom.core import access
from greenroom.core.access import Can
from greenroom.core.models import Member, User, Workspace
from greenroom.keys import actions as keys
from greenroom.keys.models import Key

SAFE = {"GET", "HEAD", "OPTIONS"}
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Greenroom"'}
HOW = "Send a key of this workspace: Authorization: Bearer gr_…. Owners make keys in Settings, API keys."


@dataclass(frozen=True)
class Caller:
    """`name` is how the allowance counts it; `by` how events name it, once it is inside a workspace."""

    name: str
    key: Key | None = None
    user: User | None = None
    by: str = ""
    role: str = ""
    permissions: frozenset[Can] = frozenset()


class Call(HttpRequest):
    """The request as an operation gets it, once the gate let it through."""

    caller: Caller
    workspace: Workspace
    at: datetime
    version: str
    selected: tuple[str, ...]
    given: Any  # the JSON of the body
    file: IO[bytes]  # the body where it is a file
    digest: bytes  # of the body


def identify(request: HttpRequest, *, at: datetime) -> Caller:
    """Who sent this. An Authorization header counts alone; otherwise the session does. Raises Problem (401, 403)."""
    told = request.headers.get("Authorization")
    if told is not None:
        return _with_key(told, at=at)
    if not request.user.is_authenticated:
        raise Problem("unauthenticated", HOW, headers=CHALLENGE)
    if request.method not in SAFE and check_csrf(request):
        raise Problem(
            "forbidden", "A browser's session needs the header X-CSRFToken with every change; a key does not."
        )
    return Caller(f"user:{request.user.pk}", user=request.user)


def enter(caller: Caller, slug: str) -> tuple[Caller, Workspace]:
    """The caller inside a workspace. Raises Problem (404), the same for a stranger as for a workspace there is not."""
    if caller.key is not None:
        key = caller.key
        if key.workspace.slug == slug:
            return replace(caller, by=key.by, role=key.role, permissions=key.permissions), key.workspace
    elif member := access.member_of(caller.user, slug):
        if member.workspace.mfa_required and not is_mfa_enabled(caller.user):
            raise Problem("forbidden", "This workspace asks for a second factor. Set one up under Your account.")
        found = replace(caller, by=member.by, role=member.role, permissions=member.permissions)
        return found, member.workspace
    raise Problem("not_found", "There is no such workspace, or it is not yours. GET /api/v1/workspaces lists yours.")


def workspaces(caller: Caller) -> list[tuple[Workspace, str]]:
    """The workspaces a caller may enter, and its role in each."""
    if caller.key is not None:
        return [(caller.key.workspace, caller.key.role)]
    return [(member.workspace, member.role) for member in _members(caller).order_by("workspace")]


def may(caller: Caller, permission: Can) -> None:
    """Raises Problem (403) unless the caller has the permission."""
    if permission not in caller.permissions:
        wanted = "a key with a role" if caller.key else "a role"
        raise Problem("forbidden", f"It needs the permission {permission}. Ask an owner for {wanted} that has it.")


def _members(caller: Caller):  # type: ignore[no-untyped-def]
    return Member.objects.filter(user=caller.user).select_related("workspace")


def _with_key(told: str, *, at: datetime) -> Caller:
    scheme, _, text = told.partition(" ")
    if scheme.lower() != "bearer":
        raise Problem("unauthenticated", HOW, headers=CHALLENGE)
    try:
        key = keys.recognise(text.strip(), at=at)
    except keys.NoSuchKey as refused:
        error = {"WWW-Authenticate": f'{CHALLENGE["WWW-Authenticate"]}, error="invalid_token"'}
        raise Problem("unauthenticated", str(refused), headers=error, reason=refused.code) from None
    return Caller(key.by, key=key)
