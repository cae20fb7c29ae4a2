"""The parts of the text that keep organic, paid and total apart (SPK-06, SPK-07, C-24).

TikTok counts on a post whatever a boost brings, so a total alone does not say how much was paid for. Of a post:

- nobody boosted it: all of it is organic, and 0 is paid for;
- TikTok tells the split, in the report on the post's order: organic and paid are what TikTok says;
- otherwise organic is frozen as it was last read before the boost began, and paid is what came on top since. Readings
  from then on do not count as organic, so the organic series stands still instead of jumping. Figures with such a post
  among them say so.

Readings of parts look like readings of any counter, so gains of a window and newest totals are made of them alike.
"""

# ruff: noqa: S608 - the text is made of names in the schema, never of what a user typed

from greenroom.metrics.metric import base, side_of
from greenroom.metrics.shape import COST
from greenroom.metrics.side import Side


def parts(side: Side) -> list[str]:
    """The CTEs that give `post_boosts`, `post_split` (readings) and `post_parts` (newest values)."""
    if not side.split:
        return []
    made = [_boosts(), _before(side), _frozen(side), _readings(side)] if side.boosted else []
    return [*made, *([] if side.gains else [_newest(side)])]


def readings(side: Side, field: str) -> list[tuple[str, str, str]]:
    """Where readings of a part come from, for whoever lists them: (value, relation, condition)."""
    unboosted = [(_whole(field), "post_readings", "")]
    if not side.boosted:
        return unboosted
    return [
        (_whole(field), "post_readings", " and not exists (select 1 from post_boosts b where b.post = r.subject)"),
        (f"r.{field}", "post_split", ""),
    ]


def history(side: Side) -> list[str]:
    """The CTEs that give `post_history`: every reading of the parts, of boosted posts and of others."""
    if not side.split:
        return []
    made = [_boosts(), _before(side), _frozen(side), _readings(side)] if side.boosted else []
    columns = ", ".join(f"{_whole(field)} as {field}" for field in side.split)
    rows = f"  select r.subject, r.observed_at, r.surface, {columns}\n  from post_readings r"
    if side.boosted:
        names = ", ".join(side.split)
        rows += "\n  where not exists (select 1 from post_boosts b where b.post = r.subject)"
        rows += f"\n  union all\n  select subject, observed_at, surface, {names}\n  from post_split"
    return [*made, f"post_history as (\n{rows}\n)"]


def joins(side: Side) -> list[str]:
    """What the rows of a side join besides."""
    found = [] if side.gains or not side.split else ["left join post_parts x on x.subject = s.post"]
    return [*found, "left join post_boosts b on b.post = s.post"] if side.split and side.boosted else found


def frozen(side: Side) -> str:
    """1 where the baseline of a post was frozen, for TikTok tells no split of it."""
    return "case when b.post is not null and b.told_from is null then 1 else 0 end" if side.boosted else "0"


def currency(side: Side) -> str:
    """In what a boost was paid; what TikTok reports is in the advertiser's own, which it does not name."""
    return f"x.{COST}_currency" if side.boosted and not side.gains else "''"


def not_boosted(side: Side) -> str:
    """The condition that a post was never boosted."""
    return "b.post is null" if side.boosted else "1 = 1"


def _whole(field: str) -> str:
    """A part of a post that was never boosted."""
    if field == COST:
        return "cast(null as double precision)"
    of = f"r.{base(field)}"
    return of if side_of(field) == "organic" else f"case when {of} is not null then 0 end"


def _boosts() -> str:
    """Each boosted post, and since when TikTok tells the split of its boost; only of posts of orders may it be seen."""
    since = "r.views_organic is not null and r.observed_at >= b.started_at"
    told = f"min(case when s.basis = 'order' and {since} then r.observed_at end) as told_from"
    return (
        "post_boosts as (\n  select b.post, s.basis, b.started_at, b.spend, b.currency,\n"
        f"    {told}\n"
        "  from boosts b join scope_posts s on s.post = b.post left join post_readings r on r.subject = b.post\n"
        "  group by b.post, s.basis, b.started_at, b.spend, b.currency\n)"
    )


def _bases(side: Side) -> list[str]:
    """The counters that are split; one at least, so that there is always something to select."""
    return list(dict.fromkeys(base(field) for field in side.split if field != COST)) or ["views"]


def _before(side: Side) -> str:
    """The last readings from before each boost, of each counter the newest."""
    rows = "\n  union all\n  ".join(
        f"select r.subject, '{field}' as field, r.{field} as reading,\n"
        "    row_number() over (partition by r.subject order by r.observed_at desc, r.surface desc) as nth\n"
        "  from post_readings r join post_boosts b on b.post = r.subject\n"
        f"  where r.{field} is not null and r.observed_at < b.started_at"
        for field in _bases(side)
    )
    return f"post_before as (\n  {rows}\n)"


def _frozen(side: Side) -> str:
    columns = ", ".join(f"max(reading) filter (where field = '{field}') as {field}" for field in _bases(side))
    return f"post_frozen as (\n  select subject, {columns}\n  from post_before\n  where nth = 1\n  group by subject\n)"


def _readings(side: Side) -> str:
    columns = ",\n    ".join(f"{_part(field)} as {field}" for field in side.split)
    return (
        f"post_split as (\n  select r.subject, r.account, r.observed_at, r.surface,\n    {columns}\n"
        "  from post_readings r join post_boosts b on b.post = r.subject\n"
        "    left join post_frozen f on f.subject = r.subject\n)"
    )


def _part(field: str) -> str:
    """A part in one reading of a boosted post; null where this reading does not say."""
    if field == COST:
        return "case when b.basis = 'order' then r.ad_cost end"
    name, side = base(field), side_of(field)
    whole = _whole(field)
    rest = f"f.{name}" if side == "organic" else f"case when r.{name} < f.{name} then 0 else r.{name} - f.{name} end"
    untold = f"case when r.observed_at < b.started_at then {whole} end"
    return (
        f"case when b.told_from is not null then coalesce(r.{name}_{side}, {untold})\n"
        f"      when r.observed_at < b.started_at then {whole}\n"
        f"      when r.{name} is not null then {rest} end"
    )


def _newest(side: Side) -> str:
    """One row per post with the newest value of each part, when it was read, and by what."""
    whole = ", ".join(
        f"{_whole(field).replace('r.', 'l.')} as {field}, "
        f"{_of_latest(field, 'at')} as {field}_at, {_of_latest(field, 'surface')} as {field}_surface"
        + (f", cast(null as varchar) as {field}_currency" if field == COST else "")
        for field in side.split
    )
    unboosted = f"select l.subject, l.observed_at, {whole}\n  from post_latest l"
    if not side.boosted:
        return f"post_parts as (\n  {unboosted}\n)"
    return (
        f"post_parts as (\n  {unboosted}\n  where not exists (select 1 from post_boosts b where b.post = l.subject)\n"
        f"  union all\n{_newest_of_boosted(side)}\n)"
    )


def _newest_of_boosted(side: Side) -> str:
    """A post that was boosted but never read is there too: what the boost cost may be known all the same."""
    columns = ",\n    ".join(
        f"{_told(field)} as {field}, "
        f"max(t.observed_at) filter (where {field}_nth = 1 and t.{field} is not null) as {field}_at, "
        f"max(t.surface) filter (where {field}_nth = 1 and t.{field} is not null) as {field}_surface"
        + (f", {_currency(field)} as {field}_currency" if field == COST else "")
        for field in side.split
    )
    nth = ",\n      ".join(
        f"row_number() over (partition by subject order by case when {field} is null then 1 else 0 end, "
        f"observed_at desc, surface desc) as {field}_nth"
        for field in side.split
    )
    return (
        f"  select b.post as subject, max(t.observed_at) as observed_at,\n    {columns}\n"
        "  from post_boosts b left join post_latest l on l.subject = b.post left join (\n"
        f"    select *,\n      {nth}\n    from post_split\n  ) t on t.subject = b.post\n"
        "  group by b.post, b.spend, b.currency"
    )


def _told(field: str) -> str:
    """The newest value. The total may have been read at another time: its parts are never more than it."""
    newest = f"max(t.{field}) filter (where {field}_nth = 1)"
    if field == COST:
        return f"coalesce({newest}, b.spend)"
    most = f"max(l.{base(field)})"
    if side_of(field) == "paid":
        most += f" - coalesce({_told(f'organic_{base(field)}')}, 0)"
    return f"case when {newest} > {most} then {most} else {newest} end"


def _currency(field: str) -> str:
    """The advertiser's own where TikTok tells the cost, which says no more; else as it was noted."""
    return f"case when count(t.{field}) > 0 then '' else b.currency end"


def _of_latest(field: str, what: str) -> str:
    if field == COST:
        return "cast(null as timestamp with time zone)" if what == "at" else "cast(null as varchar)"
    return f"l.{base(field)}_{what}"
