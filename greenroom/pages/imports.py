"""Files in: the list, bringing one, saying how its columns are read, watching it come in, correcting and undoing."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenroom.campaigns.models import Campaign
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.models import Workspace
from greenroom.core.state import IllegalMove, LostRace
from greenroom.imports import actions as imports
from greenroom.imports.models import Import
from greenroom.pages import import_columns
from greenroom.pages.request import StaffRequest

KINDS = (
    ("creators", "Creators", "One row per creator, or per creator and date: handle, name, e-mail, country, figures"),
    ("posts", "Posts", "One row per post: its id or link, account, date, caption, figures"),
    ("account_days", "Days of accounts", "One row per day: figures of that day, such as TikTok Studio's Overview"),
)
SHAPES = {
    "reading": "live",
    "refused": "bad",
    "new": "",
    "started": "live",
    "finished": "done",
    "cancelled": "wait",
    "failed": "bad",
    "undone": "",
}
STATES = {
    "reading": "Being read",
    "refused": "Can’t be read",
    "new": "Not started",
    "started": "Coming in",
    "finished": "Finished",
    "cancelled": "Stopped",
    "failed": "Failed",
    "undone": "Undone",
}
ERRORS_SHOWN = 50


class FileForm(forms.Form):
    """A file and what it holds."""

    kind = forms.ChoiceField(
        label="What does it hold?", choices=[(key, label) for key, label, _ in KINDS], widget=forms.RadioSelect
    )
    former = forms.BooleanField(required=False, label="It is what a former source left")
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        required=False,
        empty_label="No campaign",
        label="Campaign its posts were in",
        help_text="For posts of a former source only.",
    )
    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text="CSV or XLSX, up to 100 MB and a million rows, or the zip that TikTok Studio downloads.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.zip"}),
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Campaign.objects.within(workspace).order_by("-pk")
        self.fields["campaign"].queryset = mine  # type: ignore[attr-defined]


@needs(Can.IMPORTS_RUN)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    page = web.paginate(request, Import.objects.within(request.workspace).order_by("-pk"))
    rows = [(one, SHAPES[one.state], _state(one), one.counted()) for one in page.object_list]
    return web.render(request, "pages/imports.html", {"page": page, "rows": rows})


@needs(Can.IMPORTS_RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Bring a file; it is read once, a large one by a worker, and its columns are shown next."""
    picked = request.GET.get("kind", "creators")
    first = {"kind": picked, "former": request.GET.get("former") == "1"}
    form = FileForm(request.POST or None, request.FILES or None, initial=first, workspace=request.workspace)
    if request.method == "POST" and form.is_valid():
        kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
        told = {"kind": kind, "file": file, "name": file.name, "by": request.member.by, "at": clock.now()}
        told |= {name: form.cleaned_data[name] for name in ("former", "campaign")}
        try:
            made = imports.upload(request.workspace, **told)
        except imports.BadFile as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("import", request.workspace.slug, made.pk)
    shown = {"form": form, "kinds": KINDS, "picked": form["kind"].value()}
    return web.render(request, "pages/import_new.html", shown, status=422 if form.errors else 200)


@needs(Can.IMPORTS_RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One import: how its columns are read before it begins (POST changes that), what became of it after."""
    found = _find(request, pk)
    if found.state != "new":
        if _asked_from(request, "tried"):  # the page of its columns, which it has left meanwhile
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return web.render(request, "pages/import.html#state", _shown(found))
    if _asked_from(request, "state"):  # it was being read, and now it is
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    wrong = ""
    if request.method == "POST":
        try:
            imports.map_columns(found, **import_columns.told(found, request.POST), at=clock.now())
        except imports.NotMapped as refused:
            wrong = str(refused)
    return _mapping(request, found, wrong=wrong)


@needs(Can.IMPORTS_RUN)
@require_POST
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the step that `to` names: started, cancelled, undone, discarded; or `tried`, which writes nothing, and
    `untried`, which stops that."""
    found, to, at = _find(request, pk), request.POST.get("to", ""), clock.now()
    told: dict[str, Any] = {"by": request.member.by, "at": at}
    try:
        if to == "tried":
            imports.ask_dry_run(found, at=at)
            if not found.is_trying:
                return _mapping(request, found)
        if to == "untried":
            imports.stop_dry_run(found)
        if to == "discarded":
            imports.discard(found, **told)
            messages.success(request, f"{found.file_name} is forgotten. Nothing of it was taken in.")
            return redirect("imports", request.workspace.slug)
        steps = {"started": imports.start, "cancelled": imports.cancel, "undone": imports.undo}
        if to in steps:
            steps[to](found, **told)
    except (imports.NotMapped, imports.BadFile, IllegalMove, LostRace) as refused:
        messages.error(request, str(refused))
    return redirect("import", request.workspace.slug, pk)


@needs(Can.IMPORTS_RUN)
@require_safe
def errors(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows that were not taken in, as a file to correct and send again."""
    found = _find(request, pk)
    if not imports.has_rows(found):
        messages.error(request, "The file of this import is no longer here. Bring it again.")
        return redirect("import", request.workspace.slug, pk)
    answer = StreamingHttpResponse(imports.errors_file(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="errors-of-import-{found.pk}.csv"'
    return answer  # type: ignore[return-value]


def _find(request: StaffRequest, pk: int) -> Import:
    found: Import = get_object_or_404(Import.objects.within(request.workspace), pk=pk)
    return found


def _state(found: Import) -> str:
    return "Being undone" if found.is_undoing else STATES[found.state]


def _asked_from(request: StaffRequest, part: str) -> bool:
    """Does a part of a page ask for itself again?"""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and htmx.target == part


def _mapping(request: StaffRequest, found: Import, *, wrong: str = "") -> HttpResponse:
    """The columns, the preview, the dry run, and what must be said still."""
    at, tried = clock.now(), found.dry_run
    keys = list(found.mapping)
    rows = [(row, [row.values.get(key, "") for key in keys]) for row in imports.preview(found, at=at)]
    shown = {
        "import": found,
        "lines": import_columns.lines(found),
        "whole": import_columns.whole(found),
        "labels": import_columns.labels(found, keys),
        "rows": rows,
        "notes": imports.notes(found),
        "questions": imports.questions(found),
        "same": imports.same_file(found),
        "observed_at": found.observed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if found.observed_at else "",
        "wrong": wrong,
        "tried_at": datetime.fromisoformat(tried["at"]) if "at" in tried else None,
        "tried_counts": _counts(tried["counts"]) if "counts" in tried else [],
        "percent": int(tried.get("done", 0) * 100 / found.total),
        "asleep": found.waits_for_a_worker(at=at),
    }
    return web.render(request, "pages/import_map.html#tried", shown, status=422 if wrong else 200)


def _shown(found: Import) -> dict[str, Any]:
    """What the page of a begun import says."""
    at = clock.now()
    wrong = found.row_errors.order_by("row")[:ERRORS_SHOWN]
    done = imports.progress(found, at=at)
    return {
        "import": found,
        "progress": done,
        "percent": int(100 * (found.told.get("share", 0) if found.state == "reading" else done.share)),
        "shape": SHAPES[found.state],
        "state": _state(found),
        "counts": _counts(found.counts),
        "errors": wrong,
        "more": max(0, found.errors - ERRORS_SHOWN),
        "asleep": found.waits_for_a_worker(at=at),
        "unread": found.state in ("reading", "refused"),
        "pairs": list(zip(found.mapping.values(), import_columns.labels(found, found.mapping), strict=False)),
        "kept": [(rows, noun) for noun, rows in found.kept.items()],
        "can_resume": found.state in ("cancelled", "failed") and not found.is_undoing,
        "can_undo": found.state in ("finished", "cancelled", "failed") and not found.is_undoing,
    }


COUNTED = (
    ("new", "New", "made by this file"),
    ("updated", "Updated", "known, with new values"),
    ("known", "Already there", "with the same values"),
    ("repeated", "Repeated", "stand in the file twice"),
    ("errors", "Not taken in", "to be corrected"),
)


def _counts(counts: dict[str, int]) -> list[tuple[str, int, str]]:
    return [(label, counts.get(key, 0), words) for key, label, words in COUNTED]
