"""How far an import is, and the rows it could not take in, as a file that can be corrected and sent again."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO

from greenroom.core import cells
from greenroom.imports import places, running, taking
from greenroom.imports.models import Import

WRONG = "What is wrong"
_BOM = "\ufeff"  # without it spreadsheets read UTF-8 as something else


@dataclass(frozen=True)
class Progress:
    """Where an import stands. `rest` is the time it still takes at the pace so far, if that can be said."""

    state: str
    done: int
    total: int
    counts: dict[str, int]
    warnings: dict[str, list[int]]
    rest: timedelta | None
    trouble: str

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.done / self.total if self.total else 0.0


def progress(of: Import, *, at: datetime) -> Progress:
    """How far an import has come."""
    rest = running.rest(of, at=at)
    return Progress(of.state, of.cursor, of.total, of.counted(), of.warnings, rest, of.trouble)


def has_rows(of: Import) -> bool:
    """Is the file still here, so that its rows can be read again?"""
    return places.rows(of).exists()


def errors_file(of: Import) -> Iterator[str]:
    """The rows that were not taken in, as lines of a CSV file: all their columns, and what is wrong in one more.

    Formulas in it are disarmed. Raises BadFile when the file is gone.
    """
    yield _BOM + _line([*of.header, WRONG] if WRONG not in of.header else of.header)
    wrong = of.row_errors.order_by("row").values_list("row", "line", "column", "words").iterator(2000)
    rows, place = taking.reread(places.rows(of)), -1
    at_wrong = of.header.index(WRONG) if WRONG in of.header else None
    for row, line, column, words in wrong:
        while place < row:
            kept = next(rows)
            place += 1
        said = f"line {line}{', ' + column if column else ''}: {words}"
        found = list(kept.cells)
        if at_wrong is None:
            found.append(said)
        else:
            found[at_wrong] = said
        yield _line(found)


def _line(values: list[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow([cells.safe(value) for value in values])
    return out.getvalue()
