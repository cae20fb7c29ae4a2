"""The audit log: who did what when, what was and what is; narrowed, searched, taken away as a file."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from greenroom.core import clock, formats, web
from greenroom.core.access import Can, needs
from greenroom.hooks import catalogue
from greenroom.pages.days import midnight
from greenroom.pages.request import StaffRequest
from greenroom.people import audit, exports, members, naming
from greenroom.people.refusals import Refusal
from greenroom.syncs.streams import STREAMS

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+(Z|[+-]\d\d:\d\d)")
KEPT = ("actor", "event", "subject", "since", "until", "q")
TOLD = {kind.name: kind.when for group in catalogue.GROUPS for kind in group.kinds}


class AuditForm(forms.Form):
    """Which events; the choices of `actor` and `event` are those of the workspace."""

    q = forms.CharField(required=False, max_length=80, label="Search", widget=forms.TextInput(attrs={"type": "search"}))
    actor = forms.ChoiceField(required=False, label="Who")
    event = forms.ChoiceField(required=False, label="What")
    since = forms.DateField(required=False, label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To", widget=forms.DateInput(attrs={"type": "date"}))
    subject = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, request: StaffRequest, given: Any) -> None:
        super().__init__(given)
        people = [(one.member.by, str(one.member.user)) for one in members.everybody(request.workspace)]
        names = audit.names_used(request.workspace)
        self.names = {"actor": _with([*audit.ACTORS.items(), *people], given.get("actor"), request)}
        nouns = sorted({name.partition(".")[0] for name in names})
        self.fields["actor"].choices = [("", "Anybody"), *self.names["actor"]]  # type: ignore[attr-defined]
        self.fields["event"].choices = [  # type: ignore[attr-defined]
            ("", "Anything"),
            *((noun, naming.words(noun).rstrip(": ")) for noun in nouns),
            *((name, naming.words(name)) for name in names),
        ]

    @property
    def wanted(self) -> audit.Wanted:
        """What was asked for; what is no answer to a field is as if it was left empty."""
        self.is_valid()
        told = self.cleaned_data
        return audit.Wanted(
            actor=told.get("actor", ""),
            name=told.get("event", ""),
            subject=told.get("subject", ""),
            since=midnight(told.get("since")),
            until=midnight(told.get("until"), days=1),
            text=told.get("q", "").strip(),
        )


@dataclass(frozen=True)
class Row:
    """A line as the page shows it: what changed and what else it tells, in words; `told` explains the event."""

    line: audit.Line
    told: str
    before: str
    after: str
    details: str

    @classmethod
    def of(cls, line: audit.Line) -> "Row":
        changed = line.before is not None or line.after is not None
        before, after = (words(line.before), words(line.after)) if changed else ("", "")
        return cls(line, TOLD.get(line.event.name, ""), before, after, words(line.details) if line.details else "")


def words(value: Any) -> str:
    """Anything an event may hold, for reading: {"role": "client"} is "role: client"; nothing is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')}: {_named(key, one)}" for key, one in value.items()) or "–"
    if isinstance(value, list):
        return ", ".join(words(one) for one in value) or "–"
    return formats.when(datetime.fromisoformat(value)) if _is_time(value) else str(value)


def _named(key: str, value: Any) -> str:
    """What stands under `key`, in words; streams by what they read."""
    stream = STREAMS.get(value) if key == "stream" and isinstance(value, str) else None
    return stream.label if stream else words(value)


def _is_time(value: Any) -> bool:
    """Is it a moment, as events keep them?"""
    return isinstance(value, str) and MOMENT.fullmatch(value) is not None


@needs(Can.AUDIT_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    form = AuditForm(request, request.GET)
    found = audit.page(request.workspace, form.wanted, after=request.GET.get("after", ""))
    chosen = {key: request.GET[key] for key in KEPT if request.GET.get(key)}
    subject = form.wanted.subject
    shown = {
        "tab": "settings_audit",
        "form": form,
        "rows": [Row.of(line) for line in found.lines],
        "older": f"?{urlencode({**chosen, 'after': found.older})}" if found.older else "",
        "newest": f"?{urlencode(chosen)}" if request.GET.get("after") else "",
        "chosen": chosen,
        "subject": naming.names(request.workspace, [subject])[subject] if subject else "",
        "without_subject": f"?{urlencode({key: value for key, value in chosen.items() if key != 'subject'})}",
        "formats": exports.FORMATS,
    }
    return web.render(request, "pages/audit.html#list", shown)


@needs(Can.AUDIT_READ)
@require_POST
def export(request: StaffRequest) -> HttpResponseBase:
    """The same events as the page showed, as a file."""
    form = request.POST.get("format", "csv")
    wanted = AuditForm(request, request.POST).wanted
    if form not in exports.FORMATS:
        form = "csv"
    try:
        return exports.export(request.workspace, wanted, form=form, by=request.member.by, at=clock.now())
    except Refusal as refused:
        messages.error(request, f"{refused.title}. {refused.words}")
        return redirect("settings_audit", request.workspace.slug)


def _with(choices: list[tuple[str, str]], wanted: str | None, request: StaffRequest) -> list[tuple[str, str]]:
    """Also somebody who is no member (any more), when the address asks for them."""
    if not wanted or wanted in dict(choices) or ":" not in wanted or len(wanted) > 60:
        return choices
    return [*choices, (wanted, naming.names(request.workspace, [wanted])[wanted])]
