"""The part of the text that turns what each subject contributes into figures."""

from greenroom.metrics.metric import Count
from greenroom.metrics.shape import Shape
from greenroom.metrics.side import Side


def text(side: Side) -> str:
    """One row per group: each figure, how many subjects gave it, between which times, and why others did not."""
    columns = [f"r.{key}" for key in side.keys]
    for made in side.shapes:
        columns += _sum(made, entered=side.entered, boosted=side.boosted)
    group = f"\n  group by {', '.join(columns[: len(side.keys)])}" if side.keys else ""
    lines = ",\n    ".join(columns)
    return f"by_{side.kind} as (\n  select\n    {lines}\n  from {side.kind}_rows r{group}\n)"


def _sum(made: Shape, *, entered: bool, boosted: bool) -> list[str]:
    key, each = made.key, f"r.{made.key}"
    some, whole, counted = f"{each}_top" if made.bottom else each, "count(*)", ""
    if made.one:
        counted = f"{each}_nth = 1"
        some, whole = f"case when {counted} then {each} end", f"count(*) filter (where {counted})"
        counted = f" and {counted}"
    elif isinstance(made.metric.formula, Count):
        whole = f"count({some})"
    frozen = f"sum({each}_frozen) filter (where {some} is not null) as {key}_frozen"
    return [
        f"{_value(made, some)} as {key}",
        f"count({some}) as {key}_n",
        f"{whole} as {key}_of",
        f"min({each}_at) filter (where {some} is not null) as {key}_at",
        f"max({each}_at) filter (where {some} is not null) as {key}_newest",
        f"count({some}) filter (where {each}_level = 'limited') as {key}_limited",
        f"min({each}_why) filter (where {some} is null{counted}) as {key}_why",
        *([f"sum({each}_top) as {key}_top", f"sum({each}_bottom) as {key}_bottom"] if made.bottom else []),
        *([f"sum({each}_entered) filter (where {some} is not null) as {key}_entered"] if entered else []),
        *([frozen] if made.split and boosted else []),
    ]


def _value(made: Shape, some: str) -> str:
    key = f"r.{made.key}"
    if made.costs:  # in two currencies it is no sum
        used = f"filter (where {some} is not null)"
        one = f"min({key}_currency) {used} = max({key}_currency) {used}"
        return f"case when {one} then {_added(made, some)} end"
    return _added(made, some)


def _added(made: Shape, some: str) -> str:
    key = f"r.{made.key}"
    match made.adds:
        case "ratio":
            return f"case when sum({key}_bottom) <> 0 then 1e0 * sum({key}_top) / sum({key}_bottom) end"
        case "mean":
            return f"avg(1e0 * {some})"
        case "only":
            return f"case when count({some}) = 1 then min({some}) end"
        case "sum":
            return f"cast(sum({some}) as bigint)" if made.metric.unit == "count" else f"sum({some})"
