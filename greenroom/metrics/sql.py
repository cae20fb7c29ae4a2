"""A question as one SQL text: deterministic, readable, and exactly what runs (it is shown to users).

The subset is the one that DuckDB, PostgreSQL, Spark, ClickHouse and DataFusion share: `row_number`/`lag` windows,
`filter (where ...)`, `date_trunc`, `coalesce`, CTEs, `interval '48' hour`, `timestamp '...'`; `1e0 * a / b` divides as
floating point everywhere. Nothing a user typed gets in but through `literal`.

Relations: `accounts`, `posts`, `account_access`, `post_access`, `account_day_access` (relations.py), `calendar`
(days.py) and the readings of the view.
"""

# ruff: noqa: S608 - the text is made of names in the catalogue and of `literal`, never of what a user typed as it is

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from greenroom.metrics import days, shape, split, steps, sums
from greenroom.metrics.figure import RANK, REASONS
from greenroom.metrics.metric import Absent, Count, Metric
from greenroom.metrics.query import OF_ACCOUNTS, OF_POSTS, Query
from greenroom.metrics.shape import Shape
from greenroom.metrics.side import ALIAS, Side

KEYS = {
    "account": ("account", "account_name"),
    "creator": ("creator", "creator_name"),
    "post": ("post", "post_name"),
    "media_type": ("media_type",),
    "basis": ("basis",),
    "campaign": ("campaign", "campaign_name"),
    "day": ("day",),
}
# When there began to be something to know: a post was published, an account connected, a day over.
STARTS = {"post": "s.posted_at", "account": "s.official_since", "account_day": "l.date + interval '1' day"}
ORDER_BY = {"account": "account_name", "creator": "creator_name", "campaign": "campaign_name"}
Where = Mapping[str, Sequence[int | str]]


def text(query: Query, where: Where, *, entered: bool = False, boosted: bool = False) -> str:
    """The SQL of a checked query. `where` maps account, creator, post and campaign to our ids, the rest to words.

    `entered`: people of the workspace entered figures, and the text tells theirs from TikTok's. `boosted`: some post
    was boosted, and the text keeps organic and paid apart.
    """
    metrics = [metric for _, metric in query.found]
    sides = [side for kind in ALIAS if (side := _side(kind, query, metrics, where, entered, boosted)).shapes]
    parts = [scope("account", query, where)]
    if any(side.kind == "post" for side in sides):
        parts.append(scope("post", query, where, entered=entered))
    for side in sides:
        parts += [*(days.parts(side) if side.of_days else steps.parts(side)), _rows(side), sums.text(side)]
    spine, joined = _spine(query, sides)
    parts += spine
    body = ",\n".join(parts)
    return f"{_heading(query, metrics)}\nwith {body}\n{_select(query, sides, joined)}"


def _side(kind: str, query: Query, metrics: Sequence[Metric], where: Where, entered: bool, boosted: bool) -> Side:
    counters = "g" if query.since is not None or query.grain else "l"
    chosen = dict.fromkeys(metric for metric in metrics if metric.grain == kind)
    keys = tuple(key for name in query.by for key in KEYS[name])
    shapes = tuple(shape.of(metric, counters) for metric in chosen)
    return Side(kind, shapes, keys, query, tuple(where.get("account", ())), boosted, entered)


def literal(value: int | str | datetime) -> str:
    """A value as SQL text: numbers as they are, text in doubled quotes, moments in UTC."""
    if isinstance(value, datetime):
        return steps.moment(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{value!r} has no place in a question")
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _heading(query: Query, metrics: Sequence[Metric]) -> str:
    split = f" by {', '.join(query.by)}" if query.by else ""
    known = f", as known at {query.as_of.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if query.as_of else ""
    reasons = ", ".join(f"{place} {code}" for place, code in enumerate(REASONS, start=1))
    until = query.known_until
    latest = f"\n-- *_latest: the newest readings up to {literal(until)}" if until else ""
    return f"-- {', '.join(metric.name for metric in metrics)}{split}{known}{latest}\n-- *_why: {reasons}"


def scope(kind: str, query: Query, where: Where, *, entered: bool = False) -> str:
    """The subjects the question is about."""
    kept = [
        f"{'p' if name in OF_POSTS else 'a'}.{name} in ({', '.join(literal(value) for value in values)})"
        for name, values in where.items()
        if kind == "post" or name in OF_ACCOUNTS
    ]
    start = "created_at" if kind == "account" else "first_seen_at"
    alias = "a" if kind == "account" else "p"
    if query.as_of:
        kept.append(f"{alias}.{start} <= {literal(query.as_of)}")
    if kind == "post" and of_campaigns(query):
        kept += ["p.campaign is not null"] if "campaign" in query.by else []
        kept += [f"p.campaign_since <= {literal(query.as_of)}"] if query.as_of else []
    if kind == "post" and query.until:
        kept.append(f"p.posted_at < {literal(query.until)}")
    of_account = "a.account, a.account_name, a.creator, a.creator_name, a.access, a.unread, a.official_since"
    if kind == "account":
        source, columns = "accounts a", of_account
    else:
        source = "posts p join accounts a on a.account = p.account"
        of_post = [f"p.{name}" for name in post_columns(query, entered=entered) if name != "account"]
        columns = f"{', '.join(of_post)}, {of_account}"
    condition = f"\n  where {' and '.join(kept)}" if kept else ""
    return f"scope_{kind}s as (\n  select {columns}\n  from {source}{condition}\n)"


def post_columns(query: Query, *, entered: bool = False) -> tuple[str, ...]:
    """The columns of `posts` that the text of this query names; ten thousand posts are read for every question."""
    wanted = ["post", "account", "basis", "posted_at"]
    if "post" in query.by:
        wanted.append("post_name")
    if "media_type" in (*query.by, *(name for name, _ in query.where)):
        wanted.append("media_type")
    if of_campaigns(query):
        wanted += ["campaign", "campaign_since", *(["campaign_name"] if "campaign" in query.by else [])]
    if query.as_of or any(isinstance(metric.formula, Count | Absent) for _, metric in query.found):
        wanted.append("first_seen_at")
    if entered and any(isinstance(metric.formula, Count) for _, metric in query.found):
        wanted.append("import_id")
    return tuple(wanted)


def of_campaigns(query: Query) -> bool:
    """Does the question split or narrow by campaign?"""
    return "campaign" in (*query.by, *(name for name, _ in query.where))


def _rows(side: Side) -> str:
    """One row per subject (and period): what it may contribute to each metric, when that was read, why not."""
    period = f"{days.period(side)} as day" if side.of_days else "d.day"
    columns = [f"s.{key}" if key != "day" else period for key in side.keys]
    for made in side.shapes:
        columns += _contribution(made, side)
    lines = ",\n    ".join(columns)
    source = days.source(side) if side.of_days else steps.source(side)
    return f"{side.kind}_rows as (\n  select\n    {lines}\n  {source}\n)"


def _contribution(made: Shape, side: Side) -> list[str]:
    key, may = made.key, _may(made, side)
    top = made.top
    if isinstance(made.metric.formula, Count) and side.query.since:
        start = f"s.posted_at >= {literal(side.query.since)}"
        within = f" and date_trunc('{side.query.grain}', s.posted_at) = d.day" if side.query.grain else ""
        top = f"case when {start}{within} then 1 end"
    if made.bottom:
        values = [
            f"case when {may} and {made.bottom} is not null then {top} end as {key}_top",
            f"case when {may} and {top} is not null then {made.bottom} end as {key}_bottom",
        ]
    else:
        values = [f"case when {may} then {top} end as {key}"]
    if made.one:
        values.append(f"{days.nth(side, f'case when {may} then {top} end' if side.entered else top)} as {key}_nth")
    if made.split and side.boosted:
        values.append(f"{split.frozen(side)} as {key}_frozen")
    if made.costs:
        values.append(f"{split.currency(side)} as {key}_currency")
    if side.entered:
        some = " or ".join(side.entered_fields(made, all_of_it=False)) or "false"
        values.append(f"case when {some} then 1 else 0 end as {key}_entered")
    read = made.times or (("s.first_seen_at",) if side.kind == "post" else ("s.official_since",))
    time = read[0] if len(read) == 1 else f"least({', '.join(read)})"
    return [*values, f"{time} as {key}_at", f"e.{key} as {key}_level", f"{_why(made, side)} as {key}_why"]


def _may(made: Shape, side: Side) -> str:
    """What TikTok lets us see, and of the rest what is made of nothing but what people entered."""
    if not side.entered:
        return f"e.{made.key} <> 'none'"
    own = " and ".join([f"e.{made.key} = 'entered'", *side.entered_fields(made, all_of_it=True)])
    return f"(e.{made.key} in ('full', 'limited') or {own})"


def _why(made: Shape, side: Side) -> str:
    """Why a value that may be seen is missing."""
    source = made.source if made.counters else made.last
    read = "t" if side.of_days else source
    zero = f"when {made.zero} then {RANK['zero_denominator']} " if made.zero else ""
    start = STARTS[side.kind]
    late, left_out = RANK["not_yet_available"], RANK["provider_omitted"]
    if not made.times:
        return f"coalesce(e.{made.key}_why, s.unread)"
    young = ""
    if made.costs:
        zero += f"when {split.not_boosted(side)} then {RANK['not_boosted']} "
    if source == "g":  # read, but with nothing before it to compare with
        seen = [f"g.{field}_seen" for field in made.counters]
        both = seen[0] if len(seen) == 1 else f"least({', '.join(seen)})"
        young = f"when {both} > 0 then {late} "
    elif made.fills_within:
        young = f"when {source}.observed_at < {start} + interval '{made.fills_within}' hour then {late} "
    subject = "observed_at" if source == "x" else "subject"
    unread = f"when {read}.{subject} is null or s.unread = {RANK['fetch_failed']} then s.unread "
    return f"coalesce(e.{made.key}_why, case {zero}{unread}{young}else {left_out} end)"


def _spine(query: Query, sides: Sequence[Side]) -> tuple[list[str], str]:
    """What the rows of the answer are: every account or creator in scope, or what there is of the rest."""
    keys = tuple(key for name in query.by for key in KEYS[name])
    both = [f"by_{side.kind} {side.alias}" for side in sides]
    if not keys:
        return [], " cross join ".join(both)
    names = ", ".join(keys)
    if set(query.by) <= set(OF_ACCOUNTS):
        spine = f"select {names}, min(unread) as unread\n  from scope_accounts\n  group by {names}"
    else:
        spine = "\n  union\n  ".join(f"select {names} from by_{side.kind}{_some(side)}" for side in sides)
    ids = [KEYS[name][0] for name in query.by]
    joins = [
        f"left join by_{side.kind} {side.alias} on {' and '.join(f'{side.alias}.{key} = k.{key}' for key in ids)}"
        for side in sides
    ]
    return [f"keys as (\n  {spine}\n)"], "\n".join(["keys k", *joins])


def _some(side: Side) -> str:
    """A period in which nothing was known has no row: a gap is a gap."""
    if not side.query.grain:
        return ""
    return f" where {' + '.join(f'{made.key}_n' for made in side.shapes)} > 0"


def _select(query: Query, sides: Sequence[Side], joined: str) -> str:
    columns = [f"k.{key}" for name in query.by for key in KEYS[name]]
    if query.by and set(query.by) <= set(OF_ACCOUNTS):
        columns.append("k.unread")
    if not query.by:  # where nothing is known of anybody, what may still come is more telling than what may not
        columns.append("(select max(unread) from scope_accounts) as unread")
    for side in sides:
        for made in side.shapes:
            more = ("top", "bottom") if made.bottom else ()
            more = (*more, "entered") if side.entered else more
            more = (*more, "frozen") if made.split and side.boosted else more
            ends = ("", "_n", "_of", "_at", "_newest", "_limited", "_why", *(f"_{end}" for end in more))
            columns.append(", ".join(f"{side.alias}.{made.key}{end}" for end in ends))
    lines = ",\n  ".join(columns)
    end = _order(query, sides)
    limit = f"\nlimit {literal(query.limit)}" if query.limit else ""
    return f"select\n  {lines}\nfrom {joined}{end}{limit}"


def _order(query: Query, sides: Sequence[Side]) -> str:
    if not query.by:
        return ""
    order = [f"k.{ORDER_BY.get(name, name)}" for name in query.by] + [f"k.{name}" for name in query.by]
    if query.order:
        name, down = query.order.lstrip("-"), " desc" if query.order.startswith("-") else ""
        if name in query.by:
            first = f"k.{ORDER_BY.get(name, name)}{down}"
        else:
            key = dict(query.found)[name].key
            alias = next(side.alias for side in sides if any(made.key == key for made in side.shapes))
            first = f"{alias}.{key}{down} nulls last"
        order = [first, *order]
    return f"\norder by {', '.join(dict.fromkeys(order))}"
