"""Who may see what: the two availability tables as dated data, and `entitlement`, the one function that applies them.

Observations keep what was read; entitlement is applied when figures are asked for, so that a change of access or of the
table takes effect at once, both ways.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.db.models import Max

from greenroom.observations import models, schema

Level = Literal["full", "limited", "none"]
Reason = Literal[
    "not_in_entitlement",
    "scope_missing",
    "provider_omitted",
    "not_yet_available",
    "fetch_failed",
    "purged",
    "unsupported_account",
    "zero_denominator",
]
Cells = dict[str, dict[str, Level]]

COLUMNS: dict[str, tuple[str, ...]] = {
    "account": ("legacy", "auth_non_ttcm", "auth_ttcm", "unauth_ttcm"),
    "post": ("legacy", "order", "manual_auth", "manual_unauth_ttcm"),
}
WITHOUT_GRANT = frozenset({"unauth_ttcm", "manual_unauth_ttcm"})
"""Columns of accounts whose owner granted nothing: only what is public can be there (GOV-05)."""

_LEVELS: dict[str, Level] = {"✓": "full", "~": "limited", "X": "none"}
_LOOK_ALIKES = str.maketrans({"Χ": "X", "Х": "X", "х": "X", "χ": "X", "x": "X", "✔": "✓", "∼": "~", "～": "~"})


class BadTable(ValueError):
    """An availability table that cannot be read: a wrong heading, an unknown glyph, a row twice or missing."""


@dataclass(frozen=True)
class Row:
    """One row of a table as printed: `A12`, its key, its label, a level per column."""

    id: str
    key: str
    label: str
    cells: Mapping[str, Level]


@dataclass(frozen=True)
class Table:
    """A table and how its source was read where the source is not clear."""

    name: str
    rows: tuple[Row, ...]
    assumptions: tuple[str, ...]

    @property
    def cells(self) -> Cells:
        return {row.key: dict(row.cells) for row in self.rows}


@dataclass(frozen=True)
class Entitlement:
    """What may be shown of a field: a level, and when that is "none" the reason."""

    level: Level
    reason: Reason | None = None


@dataclass(frozen=True)
class Gap:
    """Why an entitled value is missing, and until when it may still come (None: nothing is expected)."""

    reason: Reason
    fills_by: datetime | None = None


def parse(text: str, *, name: str) -> Table:
    """Read a table: lines of tabs (row, key, label, four glyphs) below a heading, `# assumption:` lines above it.

    Glyphs that only look like X, ✓ or ~ count as these (AVA-06). Raises BadTable.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    assumptions = tuple(line.split(":", 1)[1].strip() for line in lines if line.startswith("# assumption:"))
    heading, *body = [line.split("\t") for line in lines if not line.startswith("#")] or [[]]
    if heading[3:] != list(COLUMNS[name]):
        raise BadTable(f"the {name} table needs the columns {', '.join(COLUMNS[name])}")
    rows = tuple(_row(cells, name) for cells in body)
    if len({row.key for row in rows}) != len(rows):
        raise BadTable(f"the {name} table has a key twice")
    return Table(name, rows, assumptions)


def level_of(glyph: str) -> Level:
    """✓ is full, ~ is limited, X (or what looks like it) is none. Raises BadTable for anything else."""
    try:
        return _LEVELS[glyph.strip().translate(_LOOK_ALIKES)]
    except KeyError:
        raise BadTable(f"{glyph!r} is neither ✓ nor ~ nor X") from None


def _row(cells: list[str], name: str) -> Row:
    if len(cells) != 7:
        raise BadTable(f"a row of the {name} table has {len(cells)} cells instead of 7: {cells}")
    levels = dict(zip(COLUMNS[name], map(level_of, cells[3:]), strict=True))
    return Row(cells[0], cells[1], cells[2], levels)


@cache
def shipped(name: str) -> Table:
    """Version 1 of a table, as it comes with Greenroom: `account` or `post`."""
    return parse((Path(__file__).parent / "seeds" / f"{name}.tsv").read_text(encoding="utf-8"), name=name)


def load(
    name: str, cells: Mapping[str, Mapping[str, Level]], effective_at: datetime, *, note: str = ""
) -> models.Matrix:
    """Keep a new version of a table that holds from `effective_at` on; what was answered before stays answerable.

    `cells` may name only the rows and columns that change: the rest is as it was before `effective_at`. Raises BadTable
    for an unknown table, row, column or level.
    """
    if name not in COLUMNS or not isinstance(cells, Mapping):
        raise BadTable(f"{name!r} is no availability table: {', '.join(COLUMNS)}")
    whole = as_json(effective_at)[name]
    for key, row in cells.items():
        if key not in whole or not isinstance(row, Mapping):
            raise BadTable(f"the {name} table has no row {key!r}")
        for column, level in row.items():
            if column not in COLUMNS[name] or level not in _LEVELS.values():
                raise BadTable(f"the {name} table has no cell {key}, {column} that could be {level!r}")
            whole[key][column] = level
    with transaction.atomic():
        newest = models.Matrix.objects.filter(name=name).aggregate(newest=Max("version"))["newest"] or 1
        return models.Matrix.objects.create(
            name=name, version=newest + 1, effective_at=effective_at, cells=whole, note=note
        )


def import_table(name: str, text: str, effective_at: datetime) -> models.Matrix:
    """Keep a whole table, written as the shipped ones are, as the version that holds from `effective_at` on.

    Its assumptions become the version's note. Raises BadTable.
    """
    table = parse(text, name=name)
    return load(name, table.cells, effective_at, note="\n".join(table.assumptions))


def version(name: str, at: datetime) -> int:
    """Which version of a table holds at `at`."""
    held = _held(name, at)
    return held.version if held else 1


def cells(name: str, at: datetime) -> Cells:
    """The table as it holds at `at`: {key: {column: level}}."""
    held = _held(name, at)
    return {key: dict(row) for key, row in held.cells.items()} if held else shipped(name).cells


def as_json(at: datetime) -> dict[str, Cells]:
    """Both tables as they hold at `at`, as `greenroom availability --json` prints them."""
    return {name: cells(name, at) for name in COLUMNS}


def _held(name: str, at: datetime) -> models.Matrix | None:
    return models.Matrix.objects.filter(name=name, effective_at__lte=at).order_by("-effective_at", "-version").first()


def account_column(authenticated: bool, in_marketplace: bool | None) -> str | None:
    """The column of an account; None where nothing is supported: neither authenticated nor a member (AVA-03)."""
    if authenticated:
        return "auth_ttcm" if in_marketplace else "auth_non_ttcm"
    return "unauth_ttcm" if in_marketplace else None


def post_column(basis: str, authenticated: bool, in_marketplace: bool | None) -> str | None:
    """The column of a post; an order opens the full set whatever the author's access (PVA-03)."""
    if basis in {"order", "legacy"}:
        return basis
    if authenticated:
        return "manual_auth"
    return "manual_unauth_ttcm" if in_marketplace else None


def level(name: str, key: str, column: str | None, at: datetime) -> Level:
    """One cell, for figures that are derived and have no field of their own. "none" when there is no column."""
    return cells(name, at)[key][column] if column else "none"


def entitlement(
    kind: str,
    *,
    column: str | None,
    scopes: Collection[str],
    surfaces: Collection[str],
    at: datetime,
    table: Cells | None = None,
) -> dict[str, Entitlement]:
    """What may be shown of each field of `kind`: the table ∩ the scopes held ∩ what the surfaces can give (PVA-10).

    `column` is from account_column or post_column; `surfaces` are the ways in which the account can be read now.
    `table` saves looking up `cells(…, at)` for each of many accounts.
    """
    described = schema.KINDS[kind]
    if table is None:
        table = cells(described.table, at) if described.table else {}
    return {
        key: _entitlement(field, table, column=column, scopes=scopes, surfaces=surfaces)
        for key, field in described.fields.items()
    }


def _entitlement(
    field: schema.Field,
    table: Cells,
    *,
    column: str | None,
    scopes: Collection[str],
    surfaces: Collection[str],
) -> Entitlement:
    if column is None:
        return Entitlement("none", "unsupported_account")
    level: Level = table[field.entitlement][column] if field.entitlement else "full"
    if level == "none" or (column in WITHOUT_GRANT and field.consent_required):
        return Entitlement("none", "not_in_entitlement")
    able = [source for surface, source in field.sources.items() if surface in surfaces]
    if not able:
        return Entitlement("none", "provider_omitted")
    if all(source.scope and source.scope not in scopes for source in able):
        return Entitlement("none", "scope_missing")
    return Entitlement(level)


def reason_for_missing(
    kind: str,
    field: str,
    *,
    surfaces: Collection[str],
    scopes: Collection[str],
    since: datetime | None,
    at: datetime,
    read: bool = True,
) -> Gap:
    """Why an entitled field is null.

    `since` is when there began to be something to know: a post's publication, a day's end, the time of the grant; None
    when that is not known. `read` is False when the subject was never read. Before the slowest surface's delay has
    passed the value is not_yet_available; after it the provider left it out.
    """
    sources = schema.KINDS[kind].fields[field].sources
    able = [
        source
        for surface, source in sources.items()
        if surface in surfaces and (source.scope is None or source.scope in scopes)
    ]
    if not able:
        return Gap("scope_missing" if set(sources) & set(surfaces) else "provider_omitted")
    due = since + max((source.fills_within for source in able), default=timedelta(0)) if since else None
    if due and at < due:
        return Gap("not_yet_available", due)
    return Gap("provider_omitted") if read else Gap("not_yet_available")


def would_gain(column: str | None, at: datetime) -> dict[str, list[dict[str, str]]]:
    """Which cells become ✓ if the account authenticates, and if it joins the marketplace (AVA-09).

    Each is {"key", "from"}, in the order of the table; "from" is its level now ("none" or "limited"). An attribute the
    account has already gains nothing.
    """
    now = {"auth_ttcm": (True, True), "auth_non_ttcm": (True, False), "unauth_ttcm": (False, True)}
    authenticated, member = now.get(column or "", (False, False))
    table = cells("account", at)
    return {
        "authenticate": _gained(table, column, account_column(True, member)),
        "join_marketplace": _gained(table, column, account_column(authenticated, True)),
    }


def _gained(table: Cells, before: str | None, after: str | None) -> list[dict[str, str]]:
    had = {key: row[before] if before else "none" for key, row in table.items()}
    return [
        {"key": key, "from": had[key]}
        for key, row in table.items()
        if after and row[after] == "full" and had[key] != "full"
    ]
