"""When to read again, and how far back: pure decisions by the age of posts.

A schedule is a list of steps: while a post's figures are younger than `until`, read them every `every`. Lists come
newest first, so one reading serves all posts up to some age, and an account is read just deep enough for the posts
that are due.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

NOTICE = timedelta(hours=1)  # however old an account's posts are, a new one is seen within this time
SLACK = 0.9  # a step counts as due a little early, so that a reading some seconds ahead of time needs no second one
FULL = 0.8  # how much of a ceiling the schedule may plan for; the rest is for retries, refreshes and people


@dataclass(frozen=True)
class Step:
    """Figures younger than `until` are read every `every`."""

    until: timedelta
    every: timedelta


Steps = tuple[Step, ...]

DEFAULT: Steps = (
    Step(timedelta(hours=6), timedelta(minutes=15)),
    Step(timedelta(hours=48), timedelta(hours=1)),
    Step(timedelta(days=10), timedelta(hours=6)),
    Step(timedelta(days=90), timedelta(days=1)),
    Step(timedelta(days=365), timedelta(days=7)),  # TikTok's figures stop changing a year after publication
)
"""The plan of MON-02, and a weekly look at what is older until TikTok freezes it."""


@dataclass(frozen=True)
class Source:
    """What a source can deliver: `delay` is the longest its figures lag behind, `fastest` how often they change."""

    delay: timedelta = timedelta()
    fastest: timedelta = timedelta(minutes=15)


LIVE = Source()


@dataclass(frozen=True)
class Plan:
    """When to read next, and the marks that go into the cursor."""

    due_at: datetime
    marks: dict[str, str]


def parse(steps: Iterable[Sequence[float]]) -> Steps:
    """Steps from rows of [hours of age, minutes between readings]. Raises ValueError unless both only grow."""
    parsed = tuple(Step(timedelta(hours=until), timedelta(minutes=every)) for until, every in steps)
    if not parsed or parsed[0].every < timedelta(minutes=1):
        raise ValueError("A schedule needs at least one step, and no step is under a minute")
    for younger, older in pairwise(parsed):
        if older.until <= younger.until or older.every < younger.every:
            raise ValueError("Each step must reach further back than the one before it, and not be denser")
    return parsed


def depth(marks: Mapping[str, str], *, steps: Steps, source: Source, at: datetime) -> timedelta | None:
    """The age back to which posts are to be read now; None means all of them, as on the first reading.

    Zero means the newest page is enough: nobody's figures are due, only new posts are looked for.
    """
    if not marks:
        return None
    due = [step for step in steps if _is_due(marks.get(_name(step)), step, source, at)]
    return due[-1].until + source.delay if due else timedelta()


def plan(
    marks: Mapping[str, str],
    ages: Iterable[timedelta],
    *,
    read_back: timedelta | None,
    steps: Steps,
    source: Source,
    at: datetime,
    stretch: float = 1.0,
) -> Plan:
    """The next reading after one at `at` that went back to `read_back`, for an account whose posts have these `ages`.

    The steps are about the age of *figures*: where they come a day or two late, a post keeps its dense steps that much
    longer, because what is shown of it is that much younger. `stretch` > 1 thins everything out to keep within quota.
    """
    read = {_name(step) for step in steps if read_back is None or step.until + source.delay <= read_back}
    after = {**marks, **dict.fromkeys(read, at.isoformat())}
    waits = [NOTICE]
    kept = set(map(id, _populated(ages, steps, source)))
    for step in steps:
        if id(step) in kept:
            last = _at(after.get(_name(step))) or at
            waits.append(last + max(step.every, source.fastest) - at)
    soonest = max(min(waits), source.fastest * SLACK)
    return Plan(at + soonest * stretch, {_name(step): after[_name(step)] for step in steps if _name(step) in after})


def stretch(planned_per_minute: float, ceiling_per_minute: float) -> float:
    """How much to thin the schedule out when it plans for more requests than the ceiling has room for."""
    room = ceiling_per_minute * FULL
    return max(1.0, planned_per_minute / room) if room > 0 else 1.0


def _populated(ages: Iterable[timedelta], steps: Steps, source: Source) -> list[Step]:
    """The steps in which some post is at present."""
    shown = [max(age - source.delay, timedelta()) for age in ages]
    found, younger = [], timedelta()
    for step in steps:
        if any(younger <= age < step.until for age in shown):
            found.append(step)
        younger = step.until
    return found


def _is_due(mark: str | None, step: Step, source: Source, at: datetime) -> bool:
    last = _at(mark)
    return last is None or at - last >= max(step.every, source.fastest) * SLACK


def _name(step: Step) -> str:
    return f"{step.until.total_seconds() / 3600:g}h"


def _at(mark: str | None) -> datetime | None:
    return datetime.fromisoformat(mark).astimezone(UTC) if mark else None
