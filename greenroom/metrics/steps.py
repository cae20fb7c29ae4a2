"""The parts of the text that turn readings in time into gains and into values per period.

A gain is the difference between a reading and the one before it, so a total over a window is its last reading less the
last one before it: late, repeated or out-of-order readings cannot change it, and corrections downwards stay. The first
reading of a post published in the window counts from zero; that of a post already public is where counting starts, and
gains nothing. Split by period, a post counts from zero only if its account was already read when it was published:
the views of a back-filled post were gained some time before, not in the period in which we first looked. A period
without a reading has no row.
"""

# ruff: noqa: S608 - the text is made of names in the catalogue and of `moment`, never of what a user typed

from datetime import UTC, datetime

from greenroom.metrics import split
from greenroom.metrics.side import Side
from greenroom.observations.schema import FILE


def parts(side: Side) -> list[str]:
    """The CTEs that `source` joins; none where the newest totals are all that is asked."""
    made = split.parts(side)
    if side.counters:
        made += [_seen(side, side.counters, "seen"), _steps(side), _gains(side)]
    if side.query.grain and side.kind == "account" and side.newest:
        made += [_seen(side, side.newest, "read"), _nth(side), _last(side)]
    if side.query.grain:
        made.append(_periods(side))
    return made


def source(side: Side) -> str:
    """Where the rows of a side come from: its subjects, what may be seen of them, and what was read of them."""
    kind, grain = side.kind, side.query.grain
    lines = [f"from scope_{kind}s s"]
    if grain and kind == "post":
        long = "'7' day" if grain == "week" else f"'1' {grain}"
        lines.append(f"join post_periods d on s.posted_at < d.day + interval {long}")
    elif grain:
        lines.append("cross join account_periods d")
    basis = " and e.basis = s.basis" if kind == "post" else ""
    lines.append(f"join {kind}_access e on e.access = s.access{basis}")
    same_day = " and {0}.day = d.day" if grain else ""
    if side.counters:
        lines.append(f"left join {kind}_gains g on g.subject = s.{kind}{same_day.format('g')}")
    if side.newest and grain:
        lines.append(f"left join account_last l on l.subject = s.account{same_day.format('l')}")
    elif side.newest:
        lines.append(f"left join {kind}_latest l on l.subject = s.{kind}")
    lines += split.joins(side)
    if side.lists:
        lines.append("left join post_lists c on c.subject = s.post")
    return "\n  ".join(lines)


def moment(at: datetime) -> str:
    """An instant as SQL text, UTC."""
    return f"timestamp '{at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ')}'"


def _seen(side: Side, fields: tuple[str, ...], name: str) -> str:
    """One row per subject, field and instant that has a value, up to the end of the window; a repetition is no step."""
    query, kind = side.query, side.kind
    bounds = f" and r.observed_at < {moment(query.until)}" if query.until else ""
    bounds += f" and r.observed_at <= {moment(query.as_of)}" if query.as_of else ""
    if side.accounts:  # said again, for the readings are sorted by account: the rest of them is not even looked at
        bounds += f" and r.account in ({', '.join(map(str, side.accounts))})"
    published = ", s.posted_at, s.official_since" if kind == "post" else ""
    entered = f",\n    min(case when r.surface = '{FILE}' then 1 else 0 end) as entered" if side.entered else ""
    rows = "\n  union all\n  ".join(
        f"select r.subject, '{field}' as field, r.observed_at, max({value}) as reading{published}{entered}\n"
        f"  from {relation} r join scope_{kind}s s on s.{kind} = r.subject\n"
        f"  where {value} is not null{bounds}{some}\n"
        f"  group by r.subject, r.observed_at{published}"
        for field in fields
        for value, relation, some in _readings(side, field)
    )
    return f"{kind}_{name} as (\n  {rows}\n)"


def _readings(side: Side, field: str) -> list[tuple[str, str, str]]:
    """(value, relation, condition) of the readings of a field."""
    return split.readings(side, field) if field in side.split else [(f"r.{field}", f"{side.kind}_readings", "")]


def _snapshots(side: Side) -> str:
    """An account's growth is from day to day: of each day its last reading."""
    if side.kind == "post":
        return "post_seen"
    nth = "row_number() over (partition by subject, field, date_trunc('day', observed_at) order by observed_at desc)"
    return f"(\n    select *, {nth} as nth\n    from account_seen\n  ) daily\n  where nth = 1"


def _steps(side: Side) -> str:
    before = "lag(reading) over (partition by subject, field order by observed_at)"
    if side.kind == "post" and side.query.since:
        new = f"posted_at >= {moment(side.query.since)}"
        if side.query.grain:  # what was public before we looked was not gained in the period we first looked in
            new += " and posted_at >= official_since"
        before = f"coalesce({before}, case when {new} then 0 end)"
    entered = ""
    if side.entered:  # a step from TikTok's reading to one that was typed is neither all one nor the other
        last = "coalesce(lag(entered) over (partition by subject, field order by observed_at), entered)"
        entered = f",\n    least(entered, {last}) as own, greatest(entered, {last}) as entered"
    return (
        f"{side.kind}_steps as (\n  select subject, field, observed_at,\n    reading - {before} as gain{entered}\n"
        f"  from {_snapshots(side)}\n)"
    )


def _gains(side: Side) -> str:
    query, kind = side.query, side.kind
    day = f"date_trunc('{query.grain}', observed_at)" if query.grain else ""
    columns = ["subject", *([f"{day} as day"] if day else []), "max(observed_at) as observed_at"]
    for field in side.counters:
        columns.append(f"count(*) filter (where field = '{field}') as {field}_seen")
        columns.append(f"sum(gain) filter (where field = '{field}') as {field}")
        columns.append(f"max(observed_at) filter (where field = '{field}' and gain is not null) as {field}_at")
        if side.entered:
            used = f"filter (where field = '{field}' and gain is not null)"
            columns.append(f"min(own) {used} as {field}_own, max(entered) {used} as {field}_entered")
    start = f"\n  where observed_at >= {moment(query.since)}" if query.since else ""
    group = f"subject, {day}" if day else "subject"
    lines = ",\n    ".join(columns)
    return f"{kind}_gains as (\n  select\n    {lines}\n  from {kind}_steps{start}\n  group by {group}\n)"


def _nth(side: Side) -> str:
    day = f"date_trunc('{side.query.grain}', observed_at)"
    start = f"\n  where observed_at >= {moment(side.query.since)}" if side.query.since else ""
    order = "order by observed_at desc"
    entered = " entered," if side.entered else ""
    return (
        f"account_nth as (\n  select subject, field, {day} as day, observed_at, reading,{entered}\n"
        f"    row_number() over (partition by subject, field, {day} {order}) as nth\n"
        f"  from account_read{start}\n)"
    )


def _last(side: Side) -> str:
    columns = ["subject", "day", "max(observed_at) as observed_at"]
    for field in side.newest:
        columns.append(f"max(reading) filter (where field = '{field}') as {field}")
        columns.append(f"max(observed_at) filter (where field = '{field}') as {field}_at")
        if side.entered:
            columns.append(f"max(entered) filter (where field = '{field}') as {field}_entered")
    lines = ",\n    ".join(columns)
    return f"account_last as (\n  select\n    {lines}\n  from account_nth\n  where nth = 1\n  group by subject, day\n)"


def _periods(side: Side) -> str:
    """The periods in which something was read (or, for counts of posts, published)."""
    found = [f"select day from {side.kind}_gains"] if side.counters else []
    if side.kind == "account" and side.newest:
        found.append("select day from account_last")
    if side.kind == "post" and any(not made.times for made in side.shapes):
        start = f" where posted_at >= {moment(side.query.since)}" if side.query.since else ""
        found.append(f"select date_trunc('{side.query.grain}', posted_at) as day from scope_posts{start}")
    # A union drops what is there twice; one source alone has each period once per subject.
    union = "\n  union\n  ".join(found) if len(found) > 1 else found[0].replace("select", "select distinct", 1)
    return f"{side.kind}_periods as (\n  {union}\n)"
