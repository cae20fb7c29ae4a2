"""What the workspace asks of a sign-in, where people are signed in, and when operators looked in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from greenroom.core import clock, web
from greenroom.core.access import Can, demand, needs
from greenroom.core.models import Member, OperatorSession
from greenroom.pages.request import StaffRequest
from greenroom.people import members, operators, sessions, workspaces
from greenroom.people.refusals import Refusal

VISITS_SHOWN = 20


class SecurityForm(forms.Form):
    """What is asked of members, and whether operators may look in."""

    mfa_required = forms.BooleanField(
        required=False,
        label="Everybody signs in with a second factor",
        help_text="Who has none is led to set it up before any page of this workspace opens.",
    )
    operators_allowed = forms.BooleanField(
        required=False,
        label="Operators of this install may look in",
        help_text="Only with a reason, for four hours at most; each visit is listed here and in the audit log.",
    )


@needs(Can.WORKSPACE_READ)
def security(request: StaffRequest) -> HttpResponse:
    workspace = request.workspace
    now_set = {key: getattr(workspace, key) for key in SecurityForm.base_fields}
    form = SecurityForm(request.POST if request.method == "POST" else None, initial=now_set)
    if request.method == "POST":
        demand(request.member, Can.WORKSPACE_MANAGE)
        if form.is_valid() and _save(request, form):
            return redirect("settings_security", workspace.slug)
    return web.render(request, "pages/security.html", _shown(request, form))


def _save(request: StaffRequest, form: SecurityForm) -> bool:
    by, at, wanted = request.member.by, clock.now(), form.cleaned_data
    try:
        workspaces.require_second_factor(
            request.workspace, wanted["mfa_required"], user=request.member.user, by=by, at=at
        )
    except Refusal as refused:
        form.add_error("mfa_required", f"{refused.title}. {refused.words}")
        return False
    operators.allow(request.workspace, wanted["operators_allowed"], by=by, at=at)
    messages.success(request, "Saved.")
    return True


def _shown(request: StaffRequest, form: SecurityForm) -> dict[str, Any]:
    at, may = clock.now(), request.member.permissions
    people = members.everybody(request.workspace)
    here = request.session.session_key
    mine = sessions.of([request.member.user], here=here, at=at)
    others = [one.member.user for one in people if one.member.user_id != request.member.user_id]
    return {
        "tab": "settings_security",
        "form": form,
        "may_manage": Can.WORKSPACE_MANAGE in may,
        "may_end": Can.MEMBERS_MANAGE in may,
        "without": sum(not one.has_second_factor for one in people),
        "count": len(people),
        "mine": mine,
        "theirs": _theirs(request, others) if Can.MEMBERS_MANAGE in may else [],
        "visits": _visits(request) if Can.MEMBERS_READ in may else [],
        "at": at,
    }


def _theirs(request: StaffRequest, others: list[Any]) -> list[tuple[Member, list[sessions.SignIn]]]:
    """Members who are signed in somewhere, each with where."""
    found: dict[int, list[sessions.SignIn]] = {}
    for one in sessions.of(others, here=None, at=clock.now()):
        found.setdefault(one.user.pk, []).append(one)
    rows = Member.objects.within(request.workspace).filter(user__in=found).select_related("user")
    return [(member, found[member.user_id]) for member in sorted(rows, key=lambda row: str(row.user).lower())]


def _visits(request: StaffRequest) -> list[OperatorSession]:
    rows = OperatorSession.objects.within(request.workspace).select_related("user").order_by("-started_at", "-pk")
    return list(rows[:VISITS_SHOWN])


@needs(Can.MEMBERS_MANAGE)
@require_POST
def sign_out(request: StaffRequest, member: int) -> HttpResponse:
    """End every session of a member."""
    rows = Member.objects.within(request.workspace).select_related("user", "workspace")
    found = get_object_or_404(rows, pk=member)
    ended = sessions.end_of(found, by=request.member.by, at=clock.now())
    messages.success(request, f"{found.user} is signed out on {ended} device{'' if ended == 1 else 's'}.")
    return redirect("settings_security", request.workspace.slug)


@needs(Can.MEMBERS_MANAGE)
@require_POST
def end_visit(request: StaffRequest, visit: int) -> HttpResponse:
    """End an operator's access before its time."""
    rows = OperatorSession.objects.within(request.workspace).select_related("user", "workspace")
    found = get_object_or_404(rows, pk=visit)
    operators.leave(found, at=clock.now(), how="an owner ended it", by=request.member.by)
    messages.success(request, f"Operator access of {found.user} is over.")
    return redirect("settings_security", request.workspace.slug)
