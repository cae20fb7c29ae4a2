"""Figures as the tools tell them, with their sources and the way to their passports."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from greenroom.core.models import Workspace
from greenroom.creators.models import Account
from greenroom.mcp import told
from greenroom.metrics import definitions
from greenroom.metrics.figure import Figure
from greenroom.metrics.metric import Metric
from greenroom.metrics.query import Answer
from greenroom.metrics.where import resolve
from greenroom.observations import relations, schema, view

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
    known = _Sources(workspace, answer)
    found = []
    for row in answer.rows:
        found.append(
            {
                name: tell(
                    row[name],
                    metric,
                    source=known.of(metric, row),
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


class _Sources:
    """Where the readings behind an answer come from: one question per kind of reading, whatever the number of rows."""

    def __init__(self, workspace: Workspace, answer: Answer) -> None:
        self.asked = answer.query
        self.where = resolve(answer.query.where, workspace)
        self.of_posts = "post" in self.asked.by or "post" in self.where
        self.creators: dict[int, set[int]] = defaultdict(set)
        for account, creator in Account.objects.within(workspace).values_list("pk", "creator_id"):
            self.creators[creator].add(account)
        kinds: dict[str, set[str]] = defaultdict(set)
        for _, metric in answer.query.found:
            kinds[metric.grain].update(definitions.fields(metric))
        self.seen = {kind: self._seen(workspace, kind, sorted(fields)) for kind, fields in kinds.items()}

    def _accounts(self) -> set[int] | None:
        """The accounts the question is narrowed to; None: all."""
        if "account" in self.where:
            return {int(one) for one in self.where["account"]}
        if "creator" in self.where:
            return set().union(*(self.creators[int(one)] for one in self.where["creator"]))
        return None

    def _seen(self, workspace: Workspace, kind: str, fields: list[str]) -> dict[int, list[tuple[str, set[str]]]]:
        """By account (by post where the question is about posts): class of source, and the fields it supplied."""
        names = [name for name in fields if name in schema.KINDS[kind].fields]
        key = "subject" if kind == "post" and self.of_posts else "account"
        held = "".join(f", count({name}) > 0 as has_{name}" for name in names)
        accounts = self._accounts()
        narrowed = "" if accounts is None else f" where account in ({', '.join(map(str, sorted(accounts))) or 'null'})"
        sql = f"select {key} as key, source_class{held} from {relations.READINGS[kind]}{narrowed} group by all"  # noqa: S608
        found: dict[int, list[tuple[str, set[str]]]] = defaultdict(list)
        for row in view.open_view(workspace).as_of(self.asked.as_of).rows(sql):
            found[row["key"]].append((row["source_class"], {name for name in names if row[f"has_{name}"]}))
        return found

    def of(self, metric: Metric, row: Mapping[str, Any]) -> set[str]:
        """The classes of source of one figure's readings; of a count of posts, those of its posts' readings."""
        wanted, seen = set(definitions.fields(metric)), self.seen[metric.grain]
        keys = self._keys(metric, row)
        told = [one for key in (seen if keys is None else keys) for one in seen.get(key, ())]
        return {source for source, fields in told if not wanted or wanted & fields}

    def _keys(self, metric: Metric, row: Mapping[str, Any]) -> set[int] | None:
        if metric.grain == "post" and self.of_posts:
            return {row["post"]} if "post" in row else {int(one) for one in self.where["post"]}
        if "account" in row:
            return {row["account"]}
        return self.creators[row["creator"]] if "creator" in row else None
