"""What an event of the catalogue is, and the events of one noun."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of event. `data` are the keys beside those that every event has."""

    name: str
    when: str
    data: tuple[str, ...] = ()

    @property
    def noun(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Group:
    """The events of one noun."""

    noun: str
    title: str
    kinds: tuple[Kind, ...]

    @property
    def all_of(self) -> str:
        return f"{self.noun}.*"


def group(noun: str, title: str, *kinds: tuple[str, ...]) -> Group:
    """The events of `noun`; each of `kinds` is its verb, when it happens and the keys of its data."""
    return Group(noun, title, tuple(Kind(f"{noun}.{verb}", when, tuple(data)) for verb, when, *data in kinds))
