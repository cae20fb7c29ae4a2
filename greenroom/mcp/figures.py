"""Figures as the tools tell them, with their sources and the way to their passports."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from greenroom.core.models import Workspace
from greenroom.mcp import told
from greenroom.metrics import sources
from greenroom.metrics.figure import Figure
from greenroom.metrics.metric import Metric
from greenroom.metrics.query import Answer

BY_PAGE = ("account", "creator", "post")  # what a passport's page can be about, besides all of a workspace

NOT_READ = Figure(value=None, state="none", reason="not_yet_available", as_of=None, n=0, of=0)


def page(name: str, workspace: Workspace, *args: Any) -> str:
    """The address of a page of this install."""
    return settings.GREENROOM_URL.rstrip("/") + reverse(name, args=[workspace.slug, *args])


def tell(figure: Figure, metric: Metric, *, source: Iterable[str], passport: str | None) -> told.Figure:
    return told.Figure(
        value=figure.value,
        unit=metric.unit,
        state=figure.state,
        reason=figure.reason,
        why=str(figure.why),
        as_of=figure.as_of,
        source=sorted(source) if figure.value is not None else [],
        formula_version=metric.name,
        covers=figure.n,
        of=figure.of,
        passport=passport,
    )


def of(answer: Answer, workspace: Workspace) -> list[dict[str, told.Figure]]:
    """The figures of each row of an answer, by the names asked for."""
    known = sources.behind(answer, workspace)
    found = []
    for row in answer.rows:
        found.append(
            {
                name: tell(
                    row[name],
                    metric,
                    source=known(row, name),
                    passport=_passport(answer, row, metric, workspace),
                )
                for name, metric in answer.query.found
            }
        )
    return found


def _passport(answer: Answer, row: Mapping[str, Any], metric: Metric, workspace: Workspace) -> str | None:
    """The page about this very figure; none where no page asks the same question."""
    asked = answer.query
    if asked.since or asked.until or asked.as_of or len(asked.by) > 1:
        return None
    by = asked.by[0] if asked.by else "workspace"
    if (by == "workspace" and not asked.where) or by in BY_PAGE:
        return page("provenance", workspace, metric.key, by, row.get(by, workspace.slug))
    return None
