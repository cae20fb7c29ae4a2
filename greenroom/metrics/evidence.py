"""The readings a figure was worked out from: the same scope and the same entitlement as the figure itself."""

# ruff: noqa: S608 - the text is made of names in the catalogue and of `sql.literal`, never of what a user typed as it is

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from greenroom.core.models import Workspace
from greenroom.metrics import definitions, relations, shape, sql
from greenroom.metrics.metric import Metric
from greenroom.metrics.query import Query
from greenroom.metrics.where import resolve
from greenroom.observations import schema, view

SHOWN = 20


@dataclass(frozen=True)
class Reading:
    """One reading: of which post or account, which field, when TikTok's answer held, when it was fetched, what."""

    subject: int
    name: str
    field: str
    observed_at: datetime
    read_at: datetime | None
    value: Any
    surface: str
    source_class: str
    consent: int | None
    basis: str | None


def readings(query: Query, workspace: Workspace, *, at: datetime) -> tuple[list[Reading], int]:
    """At most SHOWN readings behind a query of one metric, newest first, and how many there are in all.

    For the newest totals that is one reading per post or account and field; for a window every reading in it.
    """
    asked = query.checked()
    ((_, metric),) = asked.found
    where = resolve(asked.where, workspace)
    posts = (*sql.post_columns(asked), "post_name")
    tables = relations.tables([metric], workspace, where=where, post_columns=posts, as_of=asked.as_of, at=at)
    seen = view.open_view(workspace).as_of(asked.known_until)
    found: list[Reading] = []
    total = 0
    for field in definitions.fields(metric):
        rows = seen.rows(text(asked, where, metric, field), tables=tables)
        found += [Reading(field=field, **{name: row[name] for name in _COLUMNS}) for row in rows]
        total += rows[0]["total"] if rows else 0
    found.sort(key=lambda reading: reading.observed_at, reverse=True)
    return found[:SHOWN], total


_COLUMNS = (
    "subject", "name", "observed_at", "read_at", "value", "surface", "source_class", "consent", "basis",
)  # fmt: skip


def text(query: Query, where: sql.Where, metric: Metric, field: str) -> str:
    """The SQL that lists the readings of one field."""
    kind = metric.grain
    scopes = [sql.scope(each, query, where) for each in dict.fromkeys(("account", kind))]
    of_posts = kind == "post"
    name = "p.post_name" if of_posts else "s.account_name"
    joins = f"join scope_{kind}s s on s.{kind} = r.subject join {kind}_access e on e.access = s.access"
    if of_posts:
        joins += " and e.basis = s.basis join posts p on p.post = s.post"
    kept = [f"r.{schema.KINDS[kind].fields[field].key} is not null", f"e.{metric.key} <> 'none'"]
    gains = shape.of(metric, "g" if query.since else "l").source == "g"
    if gains and query.since:
        kept.append(f"r.observed_at >= {sql.literal(query.since)}")
    newest = "" if gains else "where nth = 1 "
    return (
        f"with {','.join(scopes)}\n"
        f"select *, count(*) over () as total from (\n"
        f"  select r.subject, {name} as name, r.observed_at, r.read_at, r.{field} as value, r.surface,"
        f" r.source_class, r.consent, {'s.basis' if of_posts else 'null'} as basis,\n"
        f"    row_number() over (partition by r.subject order by r.observed_at desc, r.surface desc) as nth\n"
        f"  from {kind}_readings r {joins}\n"
        f"  where {' and '.join(kept)}\n"
        f") t\n{newest}order by observed_at desc, subject\nlimit {SHOWN}"
    )
