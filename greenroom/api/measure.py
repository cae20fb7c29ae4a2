"""Measure: ask for figures. The same question, answer and SQL as on the pages and in the command line."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Query as FromQuery
from ninja import Router
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.figures import FigureTold, Form, tell
from greenroom.api.metrics import Key
from greenroom.api.shapes import Given, Moment, Text, Told, digits, listed, one_of, whole_number
from greenroom.core.access import Can
from greenroom.creators.models import Post
from greenroom.metrics import actions as metrics
from greenroom.metrics import sources
from greenroom.metrics.query import DIMENSIONS, GRAINS, Answer, Query

router = Router(tags=["measure"])
MOST_ROWS = 1000
Dimension = one_of(*DIMENSIONS)
Grain = one_of(*GRAINS)
Media = one_of("VIDEO", "PHOTO")
Basis = one_of(*Post.Basis.values)
Name = Annotated[str, StringConstraints(pattern=r"^[^\x00,]+$", max_length=120)]
Order = Annotated[
    str,
    StringConstraints(pattern=r"^-?[a-z_]{1,60}$"),
    Field(description="A metric or dimension asked for, descending with - before it."),
]
Rows = whole_number(1, MOST_ROWS, "At most so many rows.")
SINCE = Field(None, description="With it counters are what was gained since; without it the newest known totals.")
UNTIL = Field(None, description="The end of the window, not included.")
AS_OF = Field(None, description="Everything as known at that instant; left out: now.")


class Where(Given):
    """What to narrow to: ids, or names (handle, creator's or campaign's name, TikTok's id); several are any of them."""

    account: list[Text] = Field([], max_length=200)
    creator: list[Text] = Field([], max_length=200)
    post: list[Text] = Field([], max_length=200)
    media_type: list[Media] = Field([], max_length=2)  # type: ignore[valid-type]
    basis: list[Basis] = Field([], max_length=3)  # type: ignore[valid-type]
    campaign: list[Text] = Field([], max_length=200)


class Question(Given):
    """A question, as `measure` takes it."""

    metrics: list[Key] = Field(min_length=1, max_length=40)
    by: list[Dimension] = Field([], max_length=6)  # type: ignore[valid-type]
    where: Where | None = None
    since: Moment | None = SINCE
    until: Moment | None = UNTIL
    as_of: Moment | None = AS_OF
    grain: Grain | None = Field(None, description="The step of the dimension day.")  # type: ignore[valid-type]
    order: Order | None = None
    limit: Rows = MOST_ROWS  # type: ignore[valid-type]
    form: Form = "full"


def many(kind: Any, most: int, **more: Any) -> Any:
    """Several values in one query parameter, with commas between them."""
    return Annotated[list[kind], BeforeValidator(listed), Field(min_length=1, max_length=most, **more)]


class QuestionAsked(BaseModel):
    """The same question as a query string."""

    metrics: many(Key, 40)  # type: ignore[valid-type]
    by: many(Dimension, 6) | None = None  # type: ignore[valid-type]
    account: many(Name, 200) | None = None  # type: ignore[valid-type]
    creator: many(Name, 200) | None = None  # type: ignore[valid-type]
    post: many(Name, 200) | None = None  # type: ignore[valid-type]
    media_type: many(Media, 2) | None = None  # type: ignore[valid-type]
    basis: many(Basis, 3) | None = None  # type: ignore[valid-type]
    campaign: many(Name, 200) | None = None  # type: ignore[valid-type]
    since: Moment | None = SINCE
    until: Moment | None = UNTIL
    as_of: Moment | None = AS_OF
    grain: Grain | None = None  # type: ignore[valid-type]
    order: Order | None = None
    limit: Annotated[Rows, BeforeValidator(digits)] = MOST_ROWS  # type: ignore[valid-type]
    form: Form = "full"


class SubjectTold(Told):
    """What a row is about: our id where it has one, and its name: handle, creator's name, TikTok's id, day."""

    id: str | None
    name: str


class AnswerRow(Told):
    """One row. In the full form `figures`, in the compact form `values` and the `reasons` of those that are null."""

    by: dict[str, SubjectTold]
    figures: dict[str, FigureTold] | None = None
    values: dict[str, float | int | bool | str | list[dict[str, Any]] | None] | None = None
    reasons: dict[str, str] | None = None


class AnswerTold(Told):
    """Rows, the time they speak for, and exactly the SQL that gave them."""

    rows: list[AnswerRow]
    as_of: datetime
    sql: str
    truncated: bool = Field(description="There are more rows than the limit.")


@writes(router, "/measure", needs=Can.METRICS_READ, gives=AnswerTold)
def measure(request: Call, workspace: str, body: Question) -> AnswerTold:
    """Ask for figures.

    Every figure is a value, or null with a reason; it is never 0 because something is missing.
    """
    narrowed = {name: tuple(values) for name, values in body.where or () if values}
    return _answer(request, body, narrowed)


@reads(router, "/measure", needs=Can.METRICS_READ, gives=AnswerTold)
def get_measure(request: Call, workspace: str, asked: FromQuery[QuestionAsked]) -> AnswerTold:
    """Ask for figures with a query string."""
    narrowed = {name: tuple(values) for name in Where.model_fields if (values := getattr(asked, name))}
    return _answer(request, asked, narrowed)


def _answer(request: Call, asked: Question | QuestionAsked, narrowed: dict[str, tuple[str, ...]]) -> AnswerTold:
    answer = metrics.measure(
        Query(
            metrics=tuple(asked.metrics),
            by=tuple(asked.by or ()),
            where=tuple(narrowed.items()),
            since=asked.since,
            until=asked.until,
            as_of=asked.as_of,
            grain=asked.grain,
            order=asked.order,
            limit=asked.limit + 1,
        ),
        request.workspace,
        at=request.at,
    )
    rows = answer.rows[: asked.limit]
    told = _compact(answer, rows) if asked.form == "compact" else _full(request, answer, rows)
    return AnswerTold(rows=told, as_of=answer.as_of, sql=answer.sql, truncated=len(answer.rows) > asked.limit)


def _full(request: Call, answer: Answer, rows: list[dict[str, Any]]) -> list[AnswerRow]:
    source = sources.behind(answer, request.workspace)
    found = answer.query.found
    return [
        AnswerRow(
            by=_subjects(row, answer),
            figures={name: tell(row[name], metric, source(row, name)) for name, metric in found},
        )
        for row in rows
    ]


def _compact(answer: Answer, rows: list[dict[str, Any]]) -> list[AnswerRow]:
    names = [name for name, _ in answer.query.found]
    return [
        AnswerRow(
            by=_subjects(row, answer),
            values={name: row[name].value for name in names},
            reasons={name: row[name].reason for name in names if row[name].reason},
        )
        for row in rows
    ]


def _subjects(row: dict[str, Any], answer: Answer) -> dict[str, SubjectTold]:
    return {name: _subject(row[name], row.get(f"{name}_name")) for name in answer.query.by}


def _subject(value: Any, name: str | None) -> SubjectTold:
    if name is not None:
        return SubjectTold(id=str(value), name=name)
    return SubjectTold(id=None, name=value.isoformat() if isinstance(value, date) else str(value))
