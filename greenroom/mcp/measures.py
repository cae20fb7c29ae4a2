"""Tools about figures: ask, explain, list what can be asked."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import Field

from greenroom.core.access import Can
from greenroom.mcp import figures, told
from greenroom.mcp.desk import BadInput, Call, tool
from greenroom.metrics import actions, definitions, query
from greenroom.metrics import passport as passports
from greenroom.metrics.tabulate import NAMES

MOST = 500
Named = str | int
Moment = Annotated[str, Field(description="2026-03-01, or an ISO time; UTC without a zone. Empty: not narrowed.")]
Where = Annotated[
    dict[str, Named | list[Named]],
    Field(
        description='Narrow by account (handle), creator, campaign, post (id), basis, media_type: {"account": "ana"}.'
    ),
]
By = Annotated[list[str], Field(description="Split by account, creator, campaign, post, media_type, basis or day.")]


@tool(Can.METRICS_READ)
def measure(
    call: Call,
    metrics: Annotated[list[str], Field(description="Keys as list_metrics names them.")],
    by: By = [],  # noqa: B006 (never changed)
    where: Where = {},  # noqa: B006
    since: Moment = "",
    until: Moment = "",
    as_of: Moment = "",
    grain: Annotated[str, Field(description="With day: day, week or month.")] = "",
    order: Annotated[str, Field(description="A metric or dimension asked for; with - before it descending.")] = "",
    limit: Annotated[int, Field(ge=1, le=MOST)] = 100,
) -> told.Measured:
    """Ask for figures. Without since: newest known totals. With since: what was gained in the window [since, until).

    as_of answers as it was known then. The same question on the pages and in the API gives the same figures.
    """
    asked = query.Query(
        metrics=tuple(metrics),
        by=tuple(by),
        where=tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in where.items()),
        since=moment(since),
        until=moment(until),
        as_of=moment(as_of),
        grain=grain or None,  # type: ignore[arg-type] # checked by the query itself
        order=order or None,
        limit=limit,
    )
    answer = actions.measure(asked, call.workspace, at=call.at)
    rows = [
        told.Row(about=_about(answer, row), figures=cells)
        for row, cells in zip(answer.rows, figures.of(answer, call.workspace), strict=True)
    ]
    return told.Measured(rows=rows, as_of=answer.as_of, sql=answer.sql)


@tool(Can.METRICS_READ)
def explain_figure(
    call: Call,
    metric: Annotated[str, Field(description="Its key as list_metrics names it.")],
    by: Annotated[str, Field(description="account, creator, post or workspace: what the figure is about.")],
    key: Annotated[
        str, Field(description="Handle, creator's name, TikTok's post id, or our id; empty for workspace.")
    ] = "",
    since: Moment = "",
    until: Moment = "",
    as_of: Moment = "",
) -> told.Passport:
    """The passport of one figure: source, consent, times, availability, formula, SQL, the readings used; or why it is
    missing and what a person can do about it."""
    if by not in (*figures.BY_PAGE, "workspace"):
        raise BadInput(f"{by!r} has no passport; say account, creator, post or workspace.")
    found = passports.passport(
        call.workspace,
        metric=metric,
        by=by,
        key=key,
        since=moment(since),
        until=moment(until),
        as_of=moment(as_of),
        at=call.at,
    )
    windowed = bool(since or until or as_of)
    page = (
        None
        if windowed
        else figures.page("provenance", call.workspace, found.metric.key, by, key or call.workspace.slug)
    )
    return told.Passport(
        metric=found.metric.key,
        label=str(found.metric.label),
        definition=str(found.metric.definition),
        subject=found.subject,
        figure=figures.tell(found.figure, found.metric, source=found.sources, passport=page),
        way_out=str(found.figure.way_out),
        availability=str(found.availability),
        sources=[str(found.source_words)] if found.sources else [],
        surfaces=[str(found.surface_words)] if found.surfaces else [],
        read_at=found.read_at,
        consents=[
            told.Consent(who=c.who, at=c.at, how=c.how, scopes=list(c.scopes), until=c.until, revoked_at=c.revoked_at)
            for c in found.consents
        ],
        tracked_by=str(found.basis_words),
        working=found.working,
        coverage=found.coverage,
        readings=[
            told.Reading(
                subject=one.name,
                field=one.field,
                value=one.value,
                observed_at=one.observed_at,
                read_at=one.read_at,
                source=one.source_class,
                surface=one.surface,
            )
            for one in found.readings
        ],
        readings_total=found.readings_total,
        as_of=found.as_of,
        sql=found.sql,
    )


@tool(Can.METRICS_READ)
def list_metrics(
    call: Call, search: Annotated[str, Field(description="Only those with this in key, label or definition.")] = ""
) -> told.Metrics:
    """Every figure there is: key, label, definition, unit, and what it is of."""
    wanted = search.strip().lower()
    return told.Metrics(
        metrics=[
            told.Metric(
                key=one.key,
                label=str(one.label),
                definition=str(one.definition),
                unit=one.unit,
                of=one.grain,
                adds_up_as=one.aggregation,
                formula_version=one.name,
                derived=one.derived,
                at_tiktok=one.tiktok_name,
            )
            for one in definitions.METRICS.values()
            if wanted in f"{one.key} {one.label} {one.definition}".lower()
        ],
        dimensions=list(query.DIMENSIONS),
    )


def moment(text: str) -> datetime | None:
    """An ISO date or time; without a zone it is UTC. Raises BadInput."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is not a time; write 2026-03-01 or 2026-03-01T14:05:00Z.") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _about(answer: query.Answer, row: dict[str, Any]) -> dict[str, str | int | None]:
    made: dict[str, str | int | None] = {}
    for name in answer.query.by:
        value = row[NAMES.get(name, name)]
        made[name] = value.isoformat() if isinstance(value, date) else value
        if name in NAMES:
            made[f"{name}_id"] = row[name]
    return made
