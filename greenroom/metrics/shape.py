"""A formula as SQL expressions over one post or account, and how these add up. Pure."""

from dataclasses import dataclass
from typing import Literal

from greenroom.metrics import definitions
from greenroom.metrics.metric import (
    Absent,
    Cost,
    Count,
    Gain,
    Growth,
    Last,
    LastOfPost,
    MeanOf,
    Metric,
    OfDay,
    Part,
    Ratio,
    SumOf,
    Weighted,
    base,
)
from greenroom.observations import schema

COST = "boost_cost"
Adds = Literal["sum", "mean", "ratio", "only"]


@dataclass(frozen=True)
class Shape:
    """What one subject contributes, and how contributions become one figure.

    top: its value, or its numerator. bottom: its denominator, for a ratio of sums. zero: true where it may not be
    divided by. counters: fields read from `source` (newest totals `l`, parts of them `x`, or gains of the window `g`);
    newest: fields read as they are now, whatever the window (`l`). one: of an account's days only the last one told
    counts. parts: the counters are parts of counters, or costs.
    """

    metric: Metric
    top: str
    adds: Adds
    counters: tuple[str, ...] = ()
    newest: tuple[str, ...] = ()
    bottom: str = ""
    zero: str = ""
    source: str = "l"
    one: bool = False
    parts: bool = False

    @property
    def key(self) -> str:
        return self.metric.key

    @property
    def times(self) -> tuple[str, ...]:
        """When the fields it is made of were read."""
        counters = tuple(f"{self.source}.{field}_at" for field in self.counters)
        return counters + tuple(f"{self.last}.{field}_at" for field in self.newest)

    @property
    def last(self) -> str:
        """The alias newest values are read from: lists of posts have a relation of their own."""
        lists = self.metric.grain == "post" and any(field in schema.POST.lists for field in self.newest)
        return "c" if lists else "l"

    @property
    def fills_within(self) -> int:
        """How many hours its slowest field may come late."""
        sources = [s for field in (*self.counters, *self.newest) for s in self._sources(field)]
        return max((int(s.fills_within.total_seconds() // 3600) for s in sources), default=0)

    @property
    def split(self) -> tuple[str, ...]:
        """The parts of counters that it reads: organic, paid, cost."""
        return self.counters if self.parts else ()

    @property
    def costs(self) -> bool:
        """Whether it is about money of boosts, which adds up in one currency only."""
        return COST in self.split

    def _named(self, field: str) -> str:
        return ("ad_cost" if field == COST else base(field)) if self.parts else field

    def _sources(self, field: str) -> list[schema.Source]:
        return list(schema.KINDS[self.metric.grain].fields[self._named(field)].sources.values())


def of(metric: Metric, counters: str = "l") -> Shape:
    """The shape of a metric whose counters are read from the alias `counters`."""
    source = "g" if isinstance(metric.formula, Growth) else counters
    apart = "x" if source in ("l", "x") else source
    match metric.formula:
        case Gain(field) | Growth(field):
            return Shape(metric, f"{source}.{field}", "sum", counters=(field,), source=source)
        case Part() as part:
            top = " + ".join(f"{apart}.{field}" for field in part.fields)
            return Shape(metric, top, "sum", counters=part.fields, source=apart, parts=True)
        case Cost():
            return Shape(metric, f"{apart}.{COST}", "sum", counters=(COST,), source=apart, parts=True)
        case LastOfPost(field):
            alias = "c" if field in schema.POST.lists else "l"
            return Shape(metric, f"{alias}.{field}", "only", newest=(field,))
        case Last(field, adds):
            return Shape(metric, f"l.{field}", "sum" if adds else "only", newest=(field,))
        case OfDay(field, adds):
            return Shape(metric, f"l.{field}", "sum", newest=(field,), one=not adds or counters == "l")
        case Count():
            return Shape(metric, "1", "sum")
        case SumOf(parts):
            shapes = [of(definitions.find(part), source) for part in parts]
            top = " + ".join(shape.top for shape in shapes)
            return Shape(metric, top, "sum", counters=_counters(shapes), source=source)
        case Ratio(top, bottom, mean):
            return _ratio(metric, of(definitions.find(top), source), of(definitions.find(bottom), source), mean=mean)
        case Weighted(field, ""):
            return Shape(metric, f"l.{field}", "mean", newest=(field,))
        case Weighted(field, weight):
            product = f"l.{field} * l.{weight}"
            return Shape(metric, product, "ratio", newest=(field, weight), bottom=f"l.{weight}")
        case MeanOf(part):
            shape = of(definitions.find(part), source)
            return Shape(metric, shape.top, "mean", counters=shape.counters, source=source)
        case Absent():
            return Shape(metric, "null", "only")


def _ratio(metric: Metric, top: Shape, bottom: Shape, *, mean: bool) -> Shape:
    counters = _counters([top, bottom])
    if not mean:
        parts, source = top.parts, top.source
        return Shape(metric, top.top, "ratio", counters=counters, bottom=bottom.top, source=source, parts=parts)
    divided = f"case when {bottom.top} <> 0 then 1e0 * ({top.top}) / {bottom.top} end"
    zero = f"{bottom.top} = 0"
    return Shape(metric, divided, "mean", counters=counters, zero=zero, source=top.source)


def _counters(shapes: list[Shape]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for shape in shapes for field in shape.counters))
