"""The half of a question that is about one kind of subject, as the parts of the text are told of it."""

from dataclasses import dataclass

from greenroom.metrics.metric import Count
from greenroom.metrics.query import Query
from greenroom.metrics.shape import Shape
from greenroom.observations.schema import FILE

ALIAS = {"post": "p", "account": "a", "account_day": "d"}


@dataclass(frozen=True)
class Side:
    """The part of a question that is about one kind of subject: posts, accounts or days of accounts."""

    kind: str
    shapes: tuple[Shape, ...]
    keys: tuple[str, ...]
    query: Query
    accounts: tuple[int | str, ...] = ()
    boosted: bool = False  # some post of the workspace was boosted
    entered: bool = False  # people entered figures themselves: the text then tells theirs from TikTok's

    @property
    def alias(self) -> str:
        return ALIAS[self.kind]

    @property
    def of_days(self) -> bool:
        return self.kind == "account_day"

    @property
    def gains(self) -> bool:
        """Counters are what was gained in a window, or period by period."""
        return self.query.since is not None or self.query.grain is not None

    @property
    def split(self) -> tuple[str, ...]:
        """Parts of counters that are needed, a paid one with its organic one before it."""
        asked = [field for made in self.shapes for field in made.split]
        whole = [f"organic_{field.removeprefix('paid_')}" for field in asked if field.startswith("paid_")]
        return tuple(dict.fromkeys([*whole, *asked]))

    @property
    def counters(self) -> tuple[str, ...]:
        """Fields whose gains are needed."""
        return tuple(dict.fromkeys(f for s in self.shapes if s.source == "g" for f in s.counters))

    @property
    def newest(self) -> tuple[str, ...]:
        """Fields whose newest value is needed."""
        return tuple(
            dict.fromkeys(
                field
                for made in self.shapes
                for field in (*made.newest, *(made.counters if made.source == "l" else ()))
                if made.last == "l"
            )
        )

    def entered_fields(self, made: Shape, *, all_of_it: bool) -> list[str]:
        """For each field of a shape the condition that a person entered it: all of it, or at least some."""
        if not made.times:
            return ["s.import_id is not null"] if isinstance(made.metric.formula, Count) else []
        of_window = "own" if all_of_it else "entered"
        newest = "{}_entered = 1" if self.query.grain and self.kind == "account" else f"{{}}_surface = '{FILE}'"
        named = [(made.source, field) for field in made.counters] + [(made.last, field) for field in made.newest]
        return [
            f"g.{field}_{of_window} = 1" if alias == "g" else f"{alias}.{newest.format(field)}"
            for alias, field in named
        ]

    @property
    def lists(self) -> bool:
        """Whether lists of posts are needed."""
        return any(made.last == "c" for made in self.shapes)
