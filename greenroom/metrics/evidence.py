"""The readings a figure was worked out from: the same scope and the same entitlement as the figure itself."""

# ruff: noqa: S608 - the text is made of names in the catalogue and of `sql.literal`, never of what a user typed as it is

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from greenroom.core.models import Workspace
from greenroom.metrics import days, definitions, relations, shape, sql
from greenroom.metrics.metric import Metric, Part
from greenroom.metrics.query import Query
from greenroom.metrics.where import resolve
from greenroom.observations import schema, view

SHOWN = 20


@dataclass(frozen=True)
class Reading:
    """One reading: of which post, account or day, which field, when TikTok's answer held, when it was fetched, what.

    `name` is TikTok's id of a post, the handle of an account, or handle and date of a day.
    """

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
    import_id: int | None


def readings(query: Query, workspace: Workspace, *, at: datetime) -> tuple[list[Reading], int]:
    """At most SHOWN readings behind a query of one metric, newest first, and how many there are in all.

    For the newest totals that is one reading per post or account and field, for figures of days the newest of each
    day; for a window of gains every reading in it.
    """
    asked = query.checked()
    ((_, metric),) = asked.found
    where = resolve(asked.where, workspace)
    posts, entered = (*sql.post_columns(asked), "post_name"), relations.entered(workspace)
    boosts = relations.boosts([metric], workspace, until=asked.known_until)
    tables = relations.tables(
        [metric], workspace, where=where, post_columns=posts, as_of=asked.as_of, at=at, entered=entered
    )
    seen = view.open_view(workspace).as_of(asked.as_of, until=asked.known_until)
    found: list[Reading] = []
    total = 0
    for field in definitions.fields(metric):
        said = text(asked, where, metric, field, entered=entered, boosted=bool(boosts))
        rows = seen.rows(said, tables=tables | boosts)
        found += [Reading(field=field, **{name: row[name] for name in _COLUMNS}) for row in rows]
        total += rows[0]["total"] if rows else 0
    found.sort(key=lambda reading: reading.observed_at, reverse=True)
    return found[:SHOWN], total


_COLUMNS = (
    "subject", "name", "observed_at", "read_at", "value", "surface", "source_class", "consent", "basis", "import_id",
)  # fmt: skip


def text(
    query: Query, where: sql.Where, metric: Metric, field: str, *, entered: bool = False, boosted: bool = False
) -> str:
    """The SQL that lists the readings of one field; of an organic part those from before a boost."""
    kind = metric.grain
    of_posts, of_days = kind == "post", kind == "account_day"
    subject = "post" if of_posts else "account"
    scopes = [sql.scope(each, query, where) for each in dict.fromkeys(("account", subject))]
    name = "p.post_name" if of_posts else "s.account_name"
    joins = f"join scope_{subject}s s on s.{subject} = r.subject join {kind}_access e on e.access = s.access"
    if of_posts:
        joins += " and e.basis = s.basis join posts p on p.post = s.post"
    kept = [f"r.{schema.KINDS[kind].fields[field].key} is not null", f"e.{metric.key} <> 'none'"]
    if accounts := where.get("account"):  # readings are sorted by account: the rest of them is not even looked at
        kept.append(f"r.account in ({', '.join(map(sql.literal, accounts))})")
    if entered:
        kept.append(f"(e.{metric.key} <> 'entered' or r.surface = '{schema.FILE}')")
    if boosted and isinstance(metric.formula, Part) and metric.formula.of == "organic":
        joins += " left join boosts b on b.post = s.post"
        kept.append("(b.post is null or r.observed_at < b.started_at)")
    made = shape.of(metric, "g" if query.since else "l")
    gains, each, newest_of = made.source == "g", "r.subject", "r.observed_at desc, r.surface desc"
    if gains and query.since:
        kept.append(f"r.observed_at >= {sql.literal(query.since)}")
    if of_days:
        kept += days.within(query, "r.date")
        name = f"{name} || ', ' || cast(r.date as varchar)"
        each, newest_of = (each, f"r.date desc, {newest_of}") if made.one else (f"{each}, r.date", newest_of)
    newest = "" if gains else "where nth = 1 "
    return (
        f"with {','.join(scopes)}\n"
        f"select *, count(*) over () as total from (\n"
        f"  select r.subject, {name} as name, r.observed_at, r.read_at, r.{field} as value, r.surface,"
        f" r.source_class, r.consent, r.import_id, {'s.basis' if of_posts else 'null'} as basis,\n"
        f"    row_number() over (partition by {each} order by {newest_of}) as nth\n"
        f"  from {kind}_readings r {joins}\n"
        f"  where {' and '.join(kept)}\n"
        f") t\n{newest}order by observed_at desc, subject, name desc\nlimit {SHOWN}"
    )
