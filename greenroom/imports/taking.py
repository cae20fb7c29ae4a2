"""Reading a file once: its header is found, its cells are cleaned, each column is watched, the rows are written down.

What is hostile or odd about a file ends here; everything after reads the rows that this leaves.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from greenroom.imports import mapping, text
from greenroom.imports.profile import Watcher
from greenroom.imports.refusals import BadFile, BadValue
from greenroom.imports.source import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, Row, Sheet

_SEARCHED = 20  # rows among which the header is
_WATCHED = 200  # rows
_KEPT = 200  # characters of a cell that is refused
NAME = 100  # characters of a column's name


class Kept(NamedTuple):
    """One row as it was read. A problem names its column before a tab, if it has one."""

    line: int
    problem: str
    cells: list[str]


@dataclass(frozen=True)
class Taken:
    """What there is to know about a file before anything of it is taken in."""

    header: list[str]
    profile: list[dict[str, Any]]
    total: int
    told: dict[str, Any]


def take(sheet: Sheet, kind: str, into: Path, *, watch: Callable[[int, float], None]) -> Taken:
    """Write the rows of `sheet` down at `into`. Raises BadFile: no header, no rows, too many of them.

    `watch` is told every few rows how many there were, and which share of the file.
    """
    rows = iter(sheet.rows)
    first = list(islice(rows, _SEARCHED))
    place = _header_place(kind, first)
    header = _names(first[place].cells)
    watchers = [Watcher() for _ in header]
    total = 0
    with into.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")  # a lone CR in a cell is quoted only with this
        for row in chain(first[place + 1 :], rows):
            kept = _kept(row, header, watchers)
            if kept is None:
                continue
            total += 1
            if total > MOST_ROWS:
                raise BadFile(f"The file has more than {MOST_ROWS:,} rows. Cut it into smaller ones.")
            writer.writerow([kept.line, kept.problem, *kept.cells])
            if total % _WATCHED == 0:
                watch(total, sheet.share())
    if not total:
        raise BadFile("The file has a header and no rows.")
    says = [*sheet.says]
    if any(row.cells and any(row.cells) for row in first[:place]):
        says.append(f"The header is line {first[place].line}; what stands above it is left out")
    return Taken(
        header, [one.seen for one in watchers], total, {**sheet.told, "says": says, "header": first[place].line}
    )


def reread(path: Path, skip: int = 0) -> Iterator[Kept]:
    """The rows that `take` wrote down, after the first `skip`. Raises BadFile when they are gone."""
    csv.field_size_limit(LARGEST_FILE)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for cells in islice(csv.reader(file), skip, None):
                yield Kept(int(cells[0]), cells[1], cells[2:])
    except FileNotFoundError:
        raise BadFile("The file of this import is no longer here. Bring it again.") from None


def _header_place(kind: str, first: list[Row]) -> int:
    """Which of the first rows is the header: the one with most known names, or else the first that is filled."""
    names = [_names(row.cells) if not row.problem else [] for row in first]
    best = max(range(len(first)), key=lambda n: (mapping.known(kind, names[n]), any(names[n]), -n), default=None)
    if best is None or not any(cell.strip() for cell in first[best].cells):
        raise BadFile("The file has no header: its first row must name the columns.")
    return best


def _names(cells: list[str]) -> list[str]:
    """The names of the columns: clean, short, each once, none empty."""
    found: list[str] = []
    cells = cells[:MOST_COLUMNS]
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    for place, cell in enumerate(cells, start=1):
        try:
            name = " ".join(text.clean(cell).split())[:NAME].strip()
        except BadValue:
            name = ""
        name = name or f"Column {place}"
        while name in found:
            name = f"{name[: NAME - 6]} ({place})"
        found.append(name)
    return found


def _kept(row: Row, header: list[str], watchers: list[Watcher]) -> Kept | None:
    """The row as it is kept, seen by each column's watcher; None for an empty one."""
    cells, problem, width = row.cells, row.problem, len(header)
    if len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            extra = len(cells) - width
            problem = problem or (
                f"has {extra} cell{'s' * (extra > 1)} more than the header; quote a text that holds the separator"
            )
        cells = cells[:width]
    found = []
    for place, cell in enumerate(cells):
        try:
            clean = text.clean(cell) if cell else ""
            if clean and not text.is_missing(clean):
                watchers[place].look(text.plain(clean) if len(clean) < 100 else clean)
        except BadValue as error:
            problem = problem or f"{header[place]}\t{error}"
            clean = cell[:_KEPT] + "…" if len(cell) > _KEPT else cell
            clean = "".join(one for one in clean if one.isprintable())
        found.append(clean.replace("\r\n", "\n"))
    if not problem and not any(found):
        return None
    return Kept(row.line, problem, found + [""] * (width - len(found)))
