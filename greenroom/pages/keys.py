"""API keys of a workspace: who has which, a new one (shown once), the end of one."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from greenroom.core import clock, web
from greenroom.core.access import ROLE_WORDS, Can, needs
from greenroom.core.models import Member
from greenroom.core.state import IllegalMove, LostRace
from greenroom.keys import actions as keys
from greenroom.keys.models import Key
from greenroom.pages.request import StaffRequest

ENDS = {"30": "In 30 days", "90": "In 90 days", "365": "In a year", "never": "Never"}


class KeyForm(forms.Form):
    """A new key: what it is for, what it may do, how long."""

    name = forms.CharField(max_length=80, label="Name", help_text="What will use it, such as nightly report.")
    role = forms.ChoiceField(label="Role")
    ends = forms.ChoiceField(
        label="Expires", choices=list(ENDS.items()), help_text="It stops working then; make another."
    )

    def __init__(self, data: Any, roles: list[str]) -> None:
        super().__init__(data, initial={"role": roles[-1], "ends": "90"})
        self.fields["role"].choices = [(role, ROLE_WORDS.get(role, role)) for role in roles]  # type: ignore[attr-defined]


@needs(Can.KEYS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """The list; POST makes a key and shows it, this once."""
    form = KeyForm(request.POST or None, keys.roles_for(request.member.permissions))
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if request.method == "POST" else 200)
    at, days = clock.now(), form.cleaned_data["ends"]
    made = keys.make_key(
        request.workspace,
        name=form.cleaned_data["name"],
        role=form.cleaned_data["role"],
        permissions=request.member.permissions,
        expires_at=None if days == "never" else at + timedelta(days=int(days)),
        by=request.member.by,
        at=at,
    )
    response = _page(request, KeyForm(None, keys.roles_for(request.member.permissions)), made=made)
    response["Cache-Control"] = "no-store"
    return response


@needs(Can.KEYS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: StaffRequest, key: int) -> HttpResponse:
    """GET asks, POST ends the key."""
    found = get_object_or_404(Key.objects.within(request.workspace), pk=key)
    if request.method != "POST":
        return web.render(request, "pages/key_revoke.html#confirm", {"key": found})
    try:
        keys.revoke_key(found, by=request.member.by, at=clock.now())
    except (IllegalMove, LostRace):
        messages.success(request, f"{found} was revoked already.")
    else:
        messages.success(request, f"{found} is revoked. Programs that use it are turned away from now on.")
    return redirect("settings_keys", request.workspace.slug)


def _page(request: StaffRequest, form: KeyForm, *, made: keys.Made | None = None, status: int = 200) -> HttpResponse:
    at = clock.now()
    rows = web.paginate(request, Key.objects.within(request.workspace).order_by("-pk"))
    people = Member.objects.within(request.workspace).select_related("user")
    names = {member.by: str(member.user) for member in people}
    told = {
        "tab": "settings_keys",
        "form": form,
        "made": made,
        "page": rows,
        "keys": [(key, *_state(key, at), names.get(key.made_by, "Former member")) for key in rows],
    }
    return web.render(request, "pages/keys.html", told, status=status)


def _state(key: Key, at: Any) -> tuple[str, str]:
    if key.state == "revoked":
        return "done", "Revoked"
    return ("bad", "Expired") if key.is_expired(at=at) else ("live", "Works")
