"""What every way to read a file yields: rows of text with the line they begin in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

LARGEST_FILE = 100 * 2**20  # bytes
MOST_ROWS = 1_000_000
MOST_COLUMNS = 200


class Row(NamedTuple):
    """The cells of one row as text, and what is wrong with the row as a whole, if anything."""

    line: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table of a file. `told` says how it was read, `says` what somebody should know about that."""

    rows: Iterator[Row]
    told: dict[str, str] = field(default_factory=dict)
    says: list[str] = field(default_factory=list)
    share: Callable[[], float] = lambda: 0.0  # of the file that was read so far, 0 to 1
