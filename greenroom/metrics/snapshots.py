"""The history of one post: what was read of it, reading by reading, and where nothing was (PUB-07).

A reading is planned by the post's age (`syncs.schedule`). Where twice that time went by without one, the history has a
gap: a row without values that says why. A line drawn through it would say that nothing happened.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from greenroom.core.models import Workspace
from greenroom.creators.models import Post
from greenroom.metrics import actions, definitions, relations, shape, split, sql
from greenroom.metrics.figure import Figure, state_of
from greenroom.metrics.metric import Absent, Cost, Count, LastOfPost, Metric, Ratio, Weighted
from greenroom.metrics.query import BadQuery, Query
from greenroom.metrics.side import Side
from greenroom.observations import schema, view
from greenroom.syncs import asking, schedule

NOT_READ = "not_read"
OFTEN = timedelta(hours=1)  # however young a post is, an account is looked at this often at least
PATIENCE = 2
_ALONE = (Weighted, LastOfPost)  # of one post it is its own field


@dataclass(frozen=True)
class Snapshot:
    """What was read at an instant, by metric; a metric that was not read then has no figure here.

    A gap has `until`, when there was a reading again (None: not yet), and figures without values that say why.
    """

    at: datetime
    figures: Mapping[str, Figure] = field(default_factory=dict)
    until: datetime | None = None
    gap: bool = False


class _Read(NamedTuple):
    at: datetime
    surface: str
    figure: Figure


def snapshots(post: Post, keys: Sequence[str], workspace: Workspace, *, at: datetime) -> list[Snapshot]:
    """The readings of a post over time, oldest first, with the gaps between them.

    `keys` are metrics of posts that one reading can give: counters, their sums and ratios, and their organic and paid
    parts; each is shown as `measure` would at `at`. A metric that may not be shown has one row, with the reason.
    Raises BadQuery, UnknownMetric.
    """
    metrics = {key: definitions.find(key) for key in dict.fromkeys(keys)}
    for metric in metrics.values():
        if complaint := why_not(metric):
            raise BadQuery(complaint)
    if not metrics:
        raise BadQuery("Ask for at least one metric.")
    now = actions.measure(Query(tuple(metrics), where=(("post", post.pk),)), workspace, at=at).only
    closed = {key: figure for key, figure in now.items() if figure.value is None and not figure.n}
    found = [Snapshot(at, closed)] if closed else []
    steps = asking.steps(workspace.pk)
    for key, metric in metrics.items():
        if key not in closed:
            read = list(_read(post, metric, workspace, state=now[key], at=at))
            found += [Snapshot(one.at, {key: one.figure}) for one in read]
            found += _gaps(post, key, read, steps, at=at)
    return sorted(_together(found), key=lambda one: (one.at, one.gap))


def why_not(metric: Metric) -> str:
    """Why there is no history of a metric, in words; empty: there is."""
    if metric.grain != "post" or isinstance(metric.formula, Absent | Count | Cost) or not shape.of(metric).times:
        return f"{metric.label} has no history: ask for a counter of posts, not {metric.key}."
    if metric.unit in ("shares", "curve", "text") or shape.of(metric).last == "c":
        return f"{metric.label} is a list, of which only the newest is kept."
    return ""


def _read(post: Post, metric: Metric, workspace: Workspace, *, state: Figure, at: datetime) -> Iterator["_Read"]:
    """Each reading with all that the metric is worked out from."""
    query, where = Query((metric.key,)), {"post": (post.pk,), "account": (post.account_id,)}
    boosts = relations.boosts([metric], workspace, until=None)
    entered = relations.entered(workspace)
    tables = relations.tables(
        [metric], workspace, where=where, post_columns=sql.post_columns(query), as_of=None, at=at, entered=entered
    )
    text = _text(query, where, metric, boosted=bool(boosts), entered=entered)
    for row in view.open_view(workspace).rows(text, tables=tables | boosts):
        yield _Read(row["at"], row["surface"], _figure(metric, row, state))


def _figure(metric: Metric, row: Mapping[str, Any], now: Figure) -> Figure:
    """One reading as a figure; how far it may be trusted is as of the newest one."""
    at, value = row["at"], row["value"]
    top, bottom = (row["top"], row["bottom"]) if isinstance(metric.formula, Ratio) else (None, None)
    if value is None:  # both parts are there, and there is nothing to divide by
        return Figure(None, "none", "zero_denominator", at, 0, 1, at, top, bottom, metric.definition)
    value = round(value) if metric.unit == "count" else float(value)
    entered, limited = row["surface"] == schema.FILE, now.state == "limited"
    state = state_of(
        value=value, derived=metric.derived, limited=limited, entered=entered, frozen=row["frozen"], n=1, of=1
    )
    why = "baseline_frozen" if row["frozen"] else None
    return Figure(value, state, why, at, 1, 1, at, top, bottom, metric.definition)


def _text(query: Query, where: sql.Where, metric: Metric, *, boosted: bool, entered: bool) -> str:
    """One row per instant: numerator, denominator and value, and whether its organic part is frozen."""
    made = shape.of(metric, "r")
    side = Side("post", (made,), (), query, tuple(where["account"]), boosted, entered)
    top, bottom = (f"r.{formula.field}", "1") if isinstance(formula := metric.formula, _ALONE) else (made.top, "1")
    divided = top
    if made.bottom:
        bottom = made.bottom
        divided = f"case when {bottom} <> 0 then 1e0 * ({top}) / {bottom} end"
    elif isinstance(formula, Ratio):  # the mean of posts' own ratios: of one post its ratio
        bottom = shape.of(definitions.find(formula.bottom), "r").top
    parts = [sql.scope(kind, query, where) for kind in ("account", "post")] + split.history(side)
    frozen, joined = "0", ""
    if made.split and boosted:
        joined = "\n  left join post_boosts b on b.post = s.post"
        frozen = f"case when r.observed_at >= b.started_at then {split.frozen(side)} else 0 end"
    return (
        f"with {','.join(parts)}\n"
        f"select r.observed_at as at, max({top}) as top, max({bottom}) as bottom, max({divided}) as value,\n"
        f"  max({frozen}) as frozen, min(r.surface) as surface\n"
        f"from {'post_history' if made.split else 'post_readings'} r join scope_posts s on s.post = r.subject\n"
        f"  join post_access e on e.access = s.access and e.basis = s.basis{joined}\n"
        f"where e.{metric.key} <> 'none' and (e.{metric.key} <> 'entered' or r.surface = '{schema.FILE}')\n"
        f"  and r.subject = {sql.literal(where['post'][0])} and ({top}) is not null and ({bottom}) is not null\n"
        "group by r.observed_at\norder by r.observed_at"
    )


def _gaps(post: Post, key: str, read: Sequence["_Read"], steps: schedule.Steps, *, at: datetime) -> Iterator[Snapshot]:
    """Stretches longer than twice the planned pace, from when the reading was due that did not come.

    What people enter is planned by nobody: there is no gap after it.
    """
    for one, following in zip(read, [*read[1:], None], strict=True):
        until = following.at if following else None
        pace = planned(one.at - post.posted_at, steps)
        if pace is None or one.surface == schema.FILE or (until or at) - one.at <= PATIENCE * pace:
            continue
        yield Snapshot(one.at + pace, {key: Figure(None, "none", NOT_READ, None, 0, 1)}, until=until, gap=True)


def planned(age: timedelta, steps: schedule.Steps) -> timedelta | None:
    """How soon after a reading at this age the next one is planned; None when none is."""
    every = next((step.every for step in steps if age < step.until), None)
    return None if every is None else max(every, OFTEN)


def _together(found: Iterable[Snapshot]) -> Iterator[Snapshot]:
    """One snapshot per instant, with the figures of all metrics; gaps alike are one gap."""
    rows: dict[tuple[datetime, datetime | None, bool], dict[str, Figure]] = {}
    for one in found:
        rows.setdefault((one.at, one.until, one.gap), {}).update(one.figures)
    for (moment, until, gap), figures in rows.items():
        yield Snapshot(moment, figures, until, gap)
