"""Which column is which field: guessed from the header, or as somebody said. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from greenroom.imports import columns, profile
from greenroom.imports.profile import Convention

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_OTHER = re.compile(r"[^\w%]+|_+")
_WRAPPED = re.compile(r"\((?:%|percent|utc|s|sec|seconds|usd)\)$", re.IGNORECASE)


@dataclass(frozen=True)
class Plan:
    """Everything needed to read a row of a file. `latest` is the time of reading: nothing may lie after it."""

    kind: str
    places: Mapping[str, int]  # field -> place of its column
    conventions: Mapping[str, Convention]
    header: Sequence[str]
    account: str  # whose rows these are, where no column says
    observed_at: datetime  # when the figures were read, where no column says
    dated: bool  # did somebody say so, or is it only the time of the import?
    latest: datetime

    @cached_property
    def order(self) -> list[str]:
        """The fields as they are read: the time of reading first, then whose it is, for the others lean on them."""
        first = {"observed_at": 0, "post": 1, "account": 2, "handle": 2}
        return sorted(self.places, key=lambda key: first.get(key, 3))


def plain(name: str) -> str:
    """A header in plain words: `createTime`, `create_time` and `Create time (UTC)` are "create time"."""
    words = _OTHER.sub(" ", _CAMEL.sub(" ", _WRAPPED.sub("", name.strip())))
    return " ".join(words.split()).casefold().strip("% ")


def guess(kind: str, header: Sequence[str]) -> dict[str, str]:
    """{field: column}: the best known name wins, each column once. What nobody knows is left out."""
    named = {plain(name): name for name in reversed(header)}
    ranked = sorted(
        (rank, place, one.key, named[known])
        for place, one in enumerate(columns.fields(kind).values())
        for rank, known in enumerate((*one.names, one.key.replace("_", " ")))
        if known in named and known not in columns.LEFT_OUT
    )
    found: dict[str, str] = {}
    for _, _, key, name in ranked:
        if key not in found and name not in found.values():
            found[key] = name
    return _settle(kind, found, named)


def _settle(kind: str, found: dict[str, str], named: Mapping[str, str]) -> dict[str, str]:
    """What must be there gets its column before what may be; a link names the post as well as an id does."""
    for one in columns.fields(kind).values():
        name = next((named[known] for known in one.names if known in named), None)
        if one.required and one.key not in found and name:
            found = {key: held for key, held in found.items() if held != name} | {one.key: name}
    if kind == "posts" and "post" not in found and "share_url" in found:
        found["post"] = found.pop("share_url")
    return {key: found[key] for key in columns.fields(kind) if key in found}


def known(kind: str, header: Sequence[str]) -> int:
    """How many names of a header are known: the row with most of them is the header."""
    return len(guess(kind, header))


def check(kind: str, header: Sequence[str], mapping: Mapping[str, str]) -> list[str]:
    """What is wrong with a mapping, in words; empty when it can be used."""
    fields, wrong = columns.fields(kind), []
    for key, name in mapping.items():
        if key not in fields:
            wrong.append(f"There is no field “{key}”. There is: {', '.join(fields)}.")
        elif name not in header:
            wrong.append(f"The file has no column “{name}”. It has: {', '.join(header)}.")
    for name in {name for name in mapping.values() if list(mapping.values()).count(name) > 1}:
        keys = [key for key, column in mapping.items() if column == name]
        if set(keys) != {"post", "share_url"}:
            wrong.append(f"Column “{name}” stands for {' and '.join(keys)}; it can be one of them.")
    return wrong


def missing(kind: str, mapping: Mapping[str, str]) -> list[str]:
    """What must be mapped still, in words."""
    fields = columns.fields(kind)
    return [
        f"Which column is the {one.label.lower()}?"
        for one in fields.values()
        if one.required and one.key not in mapping
    ]


def conventions(
    kind: str,
    header: Sequence[str],
    seen: Sequence[Mapping[str, Any]],
    mapping: Mapping[str, str],
    orders: Mapping[str, str],
) -> dict[str, Convention]:
    """How each mapped column is read."""
    fields, decimal = columns.fields(kind), profile.decimal_of(seen)
    return {
        key: profile.convention(
            fields[key], name, seen[header.index(name)], order=orders.get(name, ""), decimal=decimal
        )
        for key, name in mapping.items()
    }
