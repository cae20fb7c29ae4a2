"""Which sources stand behind the figures of an answer: those of the newest reading of each subject."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from greenroom.core.models import Workspace
from greenroom.creators.models import Account, Post
from greenroom.metrics import columns, definitions, relations, sql
from greenroom.metrics.query import Answer
from greenroom.metrics.where import resolve
from greenroom.observations import view

if TYPE_CHECKING:
    import pyarrow as pa

SourcesOf = Callable[[Mapping[str, Any], str], list[str]]
"""The source classes behind one figure of one row, by the row and the metric's name."""

ANY = "any_reading"  # of what is worked out from no field, such as a count of posts


def behind(answer: Answer, workspace: Workspace) -> SourcesOf:
    """Look the sources of an answer up: one statement for each kind of reading its metrics are worked out from.

    Of a row of an account, creator or post they are those of its own readings, of any other row those of all readings
    that the question is about.
    """
    asked, where = answer.query, resolve(answer.query.where, workspace)
    of_creator: dict[int, set[int]] = defaultdict(set)
    for account, creator in Account.objects.within(workspace).values_list("pk", "creator"):
        of_creator[creator].add(account)
    fields = {name: definitions.fields(metric) or (ANY,) for name, metric in asked.found}
    grains = {name: metric.grain for name, metric in asked.found}
    seen = view.open_view(workspace).as_of(asked.as_of, until=asked.known_until)
    known: dict[str, _Newest] = {}
    for kind in set(grains.values()):
        wanted = sorted({field for name in fields if grains[name] == kind for field in fields[name]})
        tables = {"shown": _shown(where, workspace)} if kind == "post" else {}
        rows = seen.rows(_text(kind, wanted, _accounts(where, of_creator), where), tables=tables)
        known[kind] = _Newest(rows)

    def sources(row: Mapping[str, Any], name: str) -> list[str]:
        found = known[grains[name]]
        if "post" in row and grains[name] == "post":
            rows: Iterable[Mapping[str, Any]] = found.of_subject[row["post"]]
        elif "campaign" in row:
            rows = [one for one in found.rows if one["campaign"] == row["campaign"]]
        elif "account" in row:
            rows = found.of_account[row["account"]]
        elif "creator" in row:
            rows = [one for account in of_creator[row["creator"]] for one in found.of_account[account]]
        else:
            rows = found.rows
        return sorted({one[field] for one in rows for field in fields[name] if one[field]})

    return sources


class _Newest:
    """Of each subject and field the source of its newest reading, by subject and by account."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.of_subject: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.of_account: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            self.of_subject[row["subject"]].append(row)
            self.of_account[row["account"]].append(row)


def _accounts(where: sql.Where, of_creator: Mapping[int, set[int]]) -> set[int] | None:
    """The accounts that the question names; None: it names none."""
    named = [set(map(int, where["account"]))] if "account" in where else []
    if "creator" in where:
        named.append({account for creator in where["creator"] for account in of_creator[int(creator)]})
    return set.intersection(*named) if named else None


def _shown(where: sql.Where, workspace: Workspace) -> "pa.Table":
    """The posts that may be looked at, with their campaigns: of a post that is hidden not even the source is told."""
    named = {"campaign": "entry__campaign", "post": "pk"}
    rows = Post.objects.within(workspace)
    rows = rows.filter(**{f"{named[name]}__in": ids for name, ids in where.items() if name in named})
    return columns.many(rows, {name: relations.POST[name] for name in ("post", "campaign")})


def _text(kind: str, fields: Iterable[str], accounts: set[int] | None, where: sql.Where) -> str:
    """Made of names in the schema and of numbers, never of what a user typed."""
    newest = [
        "arg_max(source_class, (observed_at, surface))"
        f"{'' if field == ANY else f' filter (where {field} is not null)'} as {field}"
        for field in fields
    ]
    kept = [] if accounts is None else [f"account in ({', '.join(map(sql.literal, sorted(accounts))) or 'null'})"]
    if kind == "post" and (posts := where.get("post")):
        kept.append(f"subject in ({', '.join(map(sql.literal, posts))})")
    among = f" where {' and '.join(kept)}" if kept else ""
    campaign, joined = (", campaign", " join shown on shown.post = subject") if kind == "post" else ("", "")
    return (
        f"select account, subject{campaign}, {', '.join(newest)} from {kind}_readings{joined}{among}"  # noqa: S608
        f" group by account, subject{campaign}"
    )
