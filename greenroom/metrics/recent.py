"""Answers given a moment ago. The same text over the same picture and equal relations has the same rows, so this is
exact: what an account may show, and what there is of it, is compared anew each time, not timed.
"""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from greenroom.observations.picture import Picture

if TYPE_CHECKING:
    import pyarrow as pa

KEPT = 32

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Given:
    """Rows, and all they depend on besides the text. The picture is not kept alive for them."""

    picture: "weakref.ref[Picture]"
    tables: "Mapping[str, pa.Table]"
    rows: Rows


_given: OrderedDict[Hashable, Given] = OrderedDict()
_lock = threading.Lock()


def recall(key: Hashable, picture: Picture, tables: "Mapping[str, pa.Table]") -> Rows | None:
    """The rows given for `key`, or None when anything they depend on is another now."""
    with _lock:
        known = _given.get(key)
    if known is None or known.picture() is not picture or known.tables.keys() != tables.keys():
        return None
    if not all(known.tables[name].equals(table) for name, table in tables.items()):
        return None
    return [dict(row) for row in known.rows]


def remember(key: Hashable, picture: Picture, tables: "Mapping[str, pa.Table]", rows: Rows) -> None:
    """Keep rows for as long as nothing they depend on changes; of all keys the newest KEPT."""
    with _lock:
        _given[key] = Given(weakref.ref(picture), tables, [dict(row) for row in rows])
        _given.move_to_end(key)
        while len(_given) > KEPT:
            _given.popitem(last=False)


def held(workspace: int, *, showing: str) -> int:
    """How many answers this process keeps over pictures of the workspace that show a source class."""
    with _lock:
        pictures = [given.picture() for given in _given.values()]
    return sum(1 for one in pictures if one and one.workspace == workspace and showing not in one.withheld)


def forget() -> None:
    """Drop them all."""
    with _lock:
        _given.clear()
