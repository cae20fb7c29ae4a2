"""The workspace's own settings: its name, and how times, amounts and words are shown."""

from typing import Any

from django import forms
from django.conf import settings as install
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from greenroom.core import clock, currencies, display, web
from greenroom.core.access import Can, demand, needs
from greenroom.pages.request import StaffRequest
from greenroom.people import workspaces


def zone_choices() -> list[tuple[str, str]]:
    """Every zone as people read it: "Europe/Madrid"."""
    return [(name, name.replace("_", " ")) for name in display.zones()]


class GeneralForm(forms.Form):
    """How the workspace is called and shown."""

    name = forms.CharField(max_length=80, label="Name")
    time_zone = forms.ChoiceField(
        choices=zone_choices,
        label="Time zone",
        help_text="Times are shown in it. Days of TikTok's figures stay days in UTC, as TikTok counts them.",
    )
    currency = forms.ChoiceField(
        choices=currencies.choices,
        label="Currency",
        help_text="New amounts are entered and totals shown in it. Amounts that exist keep the currency they have.",
    )
    language = forms.ChoiceField(
        choices=lambda: install.LANGUAGES, label="Language", help_text="For everybody who has not chosen their own."
    )


@needs(Can.WORKSPACE_READ)
def general(request: StaffRequest) -> HttpResponse:
    workspace = request.workspace
    may_manage = Can.WORKSPACE_MANAGE in request.member.permissions
    form = GeneralForm(request.POST or None, initial={key: getattr(workspace, key) for key in workspaces.SHOWN})
    if request.method == "POST":
        demand(request.member, Can.WORKSPACE_MANAGE)
        if form.is_valid():
            changed = workspaces.change(workspace, by=request.member.by, at=clock.now(), **form.cleaned_data)
            messages.success(request, "Saved." if changed else "Nothing was changed.")
            return redirect("settings", workspace.slug)
    shown: dict[str, Any] = {
        "tab": "settings",
        "form": form,
        "may_manage": may_manage,
        "currency": dict(currencies.choices()).get(workspace.currency, workspace.currency),
        "language": dict(install.LANGUAGES).get(workspace.language, workspace.language),
    }
    return web.render(request, "pages/settings.html", shown)
