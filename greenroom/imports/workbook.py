"""XLSX: cells as text. Formulas are never calculated; their last result counts, or the row says that there is none."""

import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from greenroom.imports.refusals import BadFile
from greenroom.imports.source import MOST_COLUMNS, Row, Sheet

EXACT = 2**53
MOST_SHEETS = 20
_SNIFFED = 20  # rows
_DAMAGED = "This workbook can't be read. Open it, save it again as XLSX or CSV, and send that."

Knows = Callable[[list[str]], int]


def open_workbook(path: Path, *, knows: Knows) -> Sheet:
    """The rows of one sheet: of the one whose first rows hold most names that `knows`. Raises BadFile."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _best(path, knows)


def _best(path: Path, knows: Knows) -> Sheet:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path.open("rb"), read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # whatever is wrong in there
        raise BadFile(_DAMAGED) from error
    sheets = [one for one in book.worksheets[:MOST_SHEETS] if one.sheet_state == "visible"]
    if not sheets:
        raise BadFile("This workbook has no visible sheet.")
    first = [max((knows(row.cells) for row in islice(_rows(book, one), _SNIFFED)), default=0) for one in sheets]
    sheet = sheets[first.index(max(first))]
    says = [f"The workbook has {len(book.worksheets)} sheets; “{sheet.title[:60]}” is read"] if len(sheets) > 1 else []
    size, read = max(1, book._archive.getinfo(sheet._worksheet_path).file_size), [0]
    told = {"format": "XLSX", "sheet": sheet.title[:60]}
    return Sheet(_rows(book, sheet, read), told, says, lambda: read[0] / size)


def _rows(book: Any, sheet: Any, read: list[int] | None = None) -> Iterator[Row]:
    """One Row per row that has any cell; `read` holds how many bytes of the sheet were read."""
    from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

    class Cells(WorkSheetParser):  # type: ignore[misc]
        """Tells a formula without a result from an empty cell."""

        def parse_cell(self, element: Any) -> dict[str, Any]:
            cell: dict[str, Any] = super().parse_cell(element)
            if cell["value"] is None and element.find(FORMULA_TAG) is not None:
                cell["data_type"] = "f"
            return cell

    percents = _percent_styles(book)
    try:
        with sheet._get_source() as xml, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parser = Cells(
                xml,
                sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            for line, cells in parser.parse():
                if read:
                    read[0] = xml.tell()
                if cells:
                    yield _row(line, cells, percents)
    except BadFile:
        raise
    except Exception as error:
        raise BadFile(_DAMAGED) from error


def _row(line: int, cells: list[dict[str, Any]], percents: set[int]) -> Row:
    width = max(cell["column"] for cell in cells)
    if width > MOST_COLUMNS:
        filled = [cell for cell in cells if cell["value"] is not None]
        width = max((cell["column"] for cell in filled), default=0)
        if width > MOST_COLUMNS:
            return Row(line, [], f"has cells up to column {width:,}; {MOST_COLUMNS} columns at most")
        cells = filled
    texts, problem = [""] * width, ""
    for cell in cells:
        place = cell["column"] - 1
        if cell["data_type"] == "f":
            problem = f"column {place + 1} holds a formula without a result; copy the column and paste its values"
        elif cell["value"] is not None:
            texts[place] = _text(cell["value"], cell["style_id"] in percents)
    return Row(line, texts, problem)


def _text(value: Any, percent: bool) -> str:
    """A cell as somebody would have typed it. One that lost digits keeps its exponent: no id."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        if percent:
            return f"{value * 100:.12g}%"
        whole = isinstance(value, float) and value.is_integer() and abs(value) < EXACT
        return str(int(value)) if whole else repr(value)
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.12g}"
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _percent_styles(book: Any) -> set[int]:
    """The styles that show a number as a percentage."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    def shown(style: Any) -> str:
        own = style.numFmtId - 164
        if own >= 0:
            return book._number_formats[own] if own < len(book._number_formats) else ""
        return str(BUILTIN_FORMATS.get(style.numFmtId, ""))

    return {place for place, style in enumerate(book._cell_styles) if "%" in shown(style)}
