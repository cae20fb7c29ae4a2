"""The people of a workspace: who is in, who is asked; asking, changing roles, taking out."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, web
from greenroom.core.access import ROLE_WORDS, Can, needs
from greenroom.core.models import Member
from greenroom.core.state import IllegalMove, LostRace
from greenroom.pages.request import StaffRequest
from greenroom.people import invitations, members, naming
from greenroom.people.models import Invitation
from greenroom.people.refusals import Refusal


class InviteForm(forms.Form):
    """Whom to ask, and as what; only roles that the asker may give."""

    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label="Role")

    def __init__(self, *given: Any, may: frozenset[Can]) -> None:
        super().__init__(*given)
        self.fields["role"].choices = role_choices(may)  # type: ignore[attr-defined]
        self.fields["role"].initial = "analyst"


def role_choices(may: frozenset[Can]) -> list[tuple[str, str]]:
    """The roles somebody may give, in words."""
    return [(role, ROLE_WORDS[role]) for role in members.grantable(may)]


@needs(Can.MEMBERS_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    at, may = clock.now(), request.member.permissions
    asked = invitations.open_ones(request.workspace)
    called = naming.names(request.workspace, {one.by for one in asked})
    told = {
        "tab": "settings_members",
        "people": members.everybody(request.workspace),
        "asked": [(one, called.get(one.by, one.by), one.is_over(at)) for one in asked],
        "may_manage": Can.MEMBERS_MANAGE in may,
        "roles": [role for role, _ in role_choices(may)],
        "form": InviteForm(may=may),
    }
    return web.render(request, "pages/members.html", told)


@needs(Can.MEMBERS_MANAGE)
def invite(request: StaffRequest) -> HttpResponse:
    may = request.member.permissions
    form, link = InviteForm(request.POST or None, may=may), ""
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "by": request.member.by, "may": may, "at": clock.now()}
        try:
            made, link = invitations.invite(request.workspace, **told)
        except Refusal as refused:
            form.add_error("email", refused.words)
        else:
            return _sent(request, made, link)
    return web.render(request, "pages/member_invite.html#form", {"tab": "settings_members", "form": form})


@needs(Can.MEMBERS_MANAGE)
@require_POST
def send_again(request: StaffRequest, invitation: int) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.within(request.workspace).select_related("workspace"), pk=invitation)
    try:
        link = invitations.send_again(found, by=request.member.by, may=request.member.permissions, at=clock.now())
    except (Refusal, IllegalMove) as refused:
        messages.error(request, f"{refused}")
        return redirect("settings_members", request.workspace.slug)
    return _sent(request, found, link)


@needs(Can.MEMBERS_MANAGE)
@require_POST
def withdraw(request: StaffRequest, invitation: int) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.within(request.workspace).select_related("workspace"), pk=invitation)
    try:
        invitations.withdraw(found, by=request.member.by, at=clock.now())
    except (IllegalMove, LostRace) as refused:
        messages.error(request, f"{refused}")
    else:
        messages.success(request, f"The invitation of {found.email} is withdrawn. Its link works no more.")
    return redirect("settings_members", request.workspace.slug)


@needs(Can.MEMBERS_MANAGE)
@require_POST
def change_role(request: StaffRequest, member: int) -> HttpResponse:
    found = _member(request, member)
    role = request.POST.get("role", "")
    if role not in ROLE_WORDS:
        messages.error(request, "Choose a role from the list.")
        return redirect("settings_members", request.workspace.slug)
    try:
        members.change_role(found, role=role, by=request.member.by, may=request.member.permissions, at=clock.now())
    except Refusal as refused:
        messages.error(request, f"{refused.title}. {refused.words}")
    else:
        messages.success(request, f"{found.user} is {role} now.")
    return redirect("settings_members", request.workspace.slug)


@needs(Can.MEMBERS_MANAGE)
def remove(request: StaffRequest, member: int) -> HttpResponse:
    found = _member(request, member)
    if request.method == "POST":
        try:
            members.remove(found, by=request.member.by, may=request.member.permissions, at=clock.now())
        except Refusal as refused:
            messages.error(request, f"{refused.title}. {refused.words}")
        else:
            messages.success(request, f"{found.user} is out. The workspace is closed to them from now on.")
        return redirect("settings_members" if found.user != request.user else "front", *_home(request, found))
    return web.render(request, "pages/member_remove.html#ask", {"tab": "settings_members", "person": found})


def _home(request: StaffRequest, gone: Member) -> list[str]:
    return [request.workspace.slug] if gone.user != request.user else []


def _member(request: StaffRequest, pk: int) -> Member:
    found: Member = get_object_or_404(
        Member.objects.within(request.workspace).select_related("user", "workspace"), pk=pk
    )
    return found


def _sent(request: StaffRequest, made: Invitation, link: str) -> HttpResponse:
    """The link is shown once, for where mail does not arrive."""
    shown = {"tab": "settings_members", "invitation": made, "link": link}
    return web.render(request, "pages/member_invited.html#sent", shown)
