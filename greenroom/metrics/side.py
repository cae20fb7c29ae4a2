"""The half of a question that is about one kind of subject, as the parts of the text are told of it."""

from dataclasses import dataclass

from greenroom.metrics.query import Query
from greenroom.metrics.shape import Shape

ALIAS = {"post": "p", "account": "a", "account_day": "d"}


@dataclass(frozen=True)
class Side:
    """The part of a question that is about one kind of subject: posts, accounts or days of accounts."""

    kind: str
    shapes: tuple[Shape, ...]
    keys: tuple[str, ...]
    query: Query
    accounts: tuple[int | str, ...] = ()

    @property
    def alias(self) -> str:
        return ALIAS[self.kind]

    @property
    def of_days(self) -> bool:
        return self.kind == "account_day"

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

    @property
    def lists(self) -> bool:
        """Whether lists of posts are needed."""
        return any(made.last == "c" for made in self.shapes)
