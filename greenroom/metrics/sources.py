"""Which sources stand behind the figures of an answer: those of the newest reading of each subject."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from greenroom.core.models import Workspace
from greenroom.creators.models import Account
from greenroom.metrics import definitions, sql
from greenroom.metrics.metric import Metric
from greenroom.metrics.query import Answer
from greenroom.metrics.where import resolve
from greenroom.observations import view

SourcesOf = Callable[[Mapping[str, Any], str], list[str]]
"""The source classes behind one figure of one row, by the row and the metric's name."""


def behind(answer: Answer, workspace: Workspace) -> SourcesOf:
    """Look the sources of an answer up: one statement for each set of fields its metrics are worked out from.

    Of a row of an account, creator or post they are those of its own readings, of any other row those of all readings
    that the question is about.
    """
    asked = answer.query
    of_creator: dict[int, set[int]] = defaultdict(set)
    for account, creator in Account.objects.within(workspace).values_list("pk", "creator"):
        of_creator[creator].add(account)
    accounts = _accounts(answer, workspace, of_creator)
    seen = view.open_view(workspace).as_of(asked.as_of, until=asked.known_until)
    known: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
    for _, metric in asked.found:
        if (place := _place(metric)) not in known and place[1]:
            known[place] = seen.rows(_text(*place, accounts))
    metrics = dict(asked.found)

    def sources(row: Mapping[str, Any], name: str) -> list[str]:
        found = known.get(_place(metrics[name]), [])
        if "post" in row and metrics[name].grain == "post":
            found = [one for one in found if one["subject"] == row["post"]]
        elif "account" in row:
            found = [one for one in found if one["account"] == row["account"]]
        elif "creator" in row:
            found = [one for one in found if one["account"] in of_creator[row["creator"]]]
        return sorted({one["source"] for one in found})

    return sources


def _accounts(answer: Answer, workspace: Workspace, of_creator: Mapping[int, set[int]]) -> set[int] | None:
    """The accounts that the question names; None: it names none."""
    where = resolve(answer.query.where, workspace)
    named = [set(map(int, where["account"]))] if "account" in where else []
    if "creator" in where:
        named.append({account for creator in where["creator"] for account in of_creator[int(creator)]})
    return set.intersection(*named) if named else None


def _place(metric: Metric) -> tuple[str, tuple[str, ...]]:
    return metric.grain, definitions.fields(metric)


def _text(kind: str, fields: tuple[str, ...], accounts: set[int] | None) -> str:
    """Made of names in the schema and of numbers, never of what a user typed."""
    given = " or ".join(f"{field} is not null" for field in fields)
    among = "" if accounts is None else f" and account in ({', '.join(map(sql.literal, sorted(accounts))) or 'null'})"
    return (
        "select account, subject, arg_max(source_class, observed_at) as source"  # noqa: S608
        f" from {kind}_readings where ({given}){among} group by account, subject"
    )
