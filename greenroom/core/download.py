"""Files that a browser saves: CSV and JSON lines sent as they are read, XLSX made whole. No cell of them ever runs."""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from greenroom.core import cells

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX_ROWS = 1_048_575  # what a sheet holds under its heading


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """Stream `rows` as `<name>.csv`, UTF-8 with a mark so that Excel reads it as that."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff"
        yield writer.writerow([cells.safe(name) for name in head])
        for row in rows:
            yield writer.writerow([cells.safe(text(value)) for value in row])

    return _attached(StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8"), f"{name}.csv")


def json_file(name: str, rows: Iterable[dict[str, Any]]) -> HttpResponseBase:
    """Stream `rows` as `<name>.jsonl`, one object a line."""
    lines = (json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)
    return _attached(StreamingHttpResponse(lines, content_type="application/x-ndjson; charset=utf-8"), f"{name}.jsonl")


def xlsx_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """Make a workbook of `rows` on disk and send it as `<name>.xlsx`; rows past what a sheet holds begin another."""
    from openpyxl import Workbook  # slow to load, and seldom asked for

    book = Workbook(write_only=True)
    sheet, left = book.create_sheet(), XLSX_ROWS
    sheet.append([_cell(name) for name in head])
    for row in rows:
        if not left:
            sheet, left = book.create_sheet(), XLSX_ROWS
            sheet.append([_cell(name) for name in head])
        sheet.append([_cell(value) for value in row])
        left -= 1
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def text(value: Any) -> Any:
    """A value for one cell: numbers and text as they are, what is nested as JSON, nothing as nothing."""
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True) if value else ""
    return "" if value is None else value


def _cell(value: Any) -> Any:
    made = cells.safe(text(value))
    return made[: cells.XLSX_LONGEST] if isinstance(made, str) else made


def _attached(answer: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
