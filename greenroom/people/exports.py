"""The audit log as a file. Taking it away is itself in the log."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase

from greenroom.core import download
from greenroom.core import events as core_events
from greenroom.core.models import Event, Workspace
from greenroom.people import audit
from greenroom.people.refusals import Refusal

FORMATS = {"csv": "CSV", "xlsx": "Excel", "json": "JSON lines"}
XLSX_MOST = 100_000
HEAD = ("id", "at", "actor", "by", "event", "what", "subject", "subject_ref", "before", "after", "details")


class TooLong(Refusal):
    """A workbook of that many rows takes longer than anybody waits."""

    code, status, title = "too_long", 422, "Too many events for one workbook"

    def __init__(self) -> None:
        super().__init__(f"An Excel file holds {XLSX_MOST:,} events here. Narrow the log down, or take CSV.")


def export(workspace: Workspace, wanted: audit.Wanted, *, form: str, by: str, at: datetime) -> HttpResponseBase:
    """The events that fit, newest first, as an answer that saves a file; `form` is one of FORMATS.

    Writes `audit.exported` first, and does not tell of it in the file. Raises TooLong for XLSX, KeyError.
    """
    FORMATS[form]
    if (
        form == "xlsx"
        and len(audit.events(workspace, wanted).order_by()[: XLSX_MOST + 1].values_list("pk")) > XLSX_MOST
    ):
        raise TooLong
    told = {"format": form, "filters": wanted.told}
    mark = core_events.note(workspace, "audit.exported", by=by, at=at, subject=core_events.about(workspace), **told)
    name = f"audit-{workspace.slug}-{at:%Y-%m-%d}"
    if form == "json":
        return download.json_file(name, (line.record for line in audit.every(workspace, wanted, up_to=mark)))
    make = download.xlsx_file if form == "xlsx" else download.csv_file
    return make(name, HEAD, _rows(workspace, wanted, mark))


def _rows(workspace: Workspace, wanted: audit.Wanted, mark: Event) -> Iterator[tuple[Any, ...]]:
    for line in audit.every(workspace, wanted, up_to=mark):
        record = line.record
        yield tuple(record[key] for key in HEAD)
