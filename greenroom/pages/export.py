"""The list as a file: who, how to reach them, what staff keep, and each figure with its state, where it came from and,
where it is missing, the reason. What is not known is an empty cell and never a zero."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponseBase

from greenroom.core import display, download, events, reasons
from greenroom.creators import fields
from greenroom.creators.models import Account, Field
from greenroom.metrics import definitions, passport, sources
from greenroom.metrics.figure import Figure
from greenroom.pages.roster import FIGURES, Roster

FORMATS = {"csv": download.csv_file, "xlsx": download.xlsx_file}
MOST = 20_000
WHO = ("account_id", "handle", "creator_id", "creator", "email", "country", "about", "labels", "lists", "account_type",
       "authenticated", "marketplace", "can_be_tracked", "last_read_at")  # fmt: skip
OF_FIGURE = ("", "_state", "_why_missing", "_as_of", "_source")


def file(roster: Roster, ids: Sequence[int], *, form: str, by: str, at: datetime) -> HttpResponseBase:
    """These accounts of the list as `form` (of FORMATS), and an event that says so."""
    own = list(Field.objects.within(roster.workspace))
    with display.untranslated():
        rows = list(_rows(roster, list(ids)[:MOST], own))
    filters = roster.asked.values
    events.note(roster.workspace, "creators.exported", by=by, at=at, format=form, accounts=len(rows), filters=filters)
    return FORMATS[form](f"creators-{roster.workspace.slug}-{at:%Y-%m-%d}", _head(own), rows)


def _head(own: list[Field]) -> list[str]:
    figures = [f"{definitions.find(key).key}{part}" for key in FIGURES for part in OF_FIGURE]
    return [*WHO, *(field.name for field in own), *figures]


def _rows(roster: Roster, ids: list[int], own: list[Field]) -> Iterator[list[Any]]:
    answer = roster.answer(ids) if ids else None
    source = sources.behind(answer, roster.workspace) if answer else None
    figures = {row["account"]: row for row in answer.rows} if answer else {}
    mine = Account.objects.within(roster.workspace).select_related("creator")
    kept = mine.prefetch_related("creator__labels", "creator__lists", "creator__values__field").in_bulk(ids)
    read = roster.last_read(ids)
    for pk in ids:
        if account := kept.get(pk):
            values = {one.field_id: one.value for one in account.creator.values.all()}
            told: Mapping[str, Any] = figures.get(pk, {})
            yield [
                *_who(account, read.get(pk)),
                *(fields.words(values.get(field.pk)) for field in own),
                *(cell for key in FIGURES for cell in (*_figure(told.get(key)), _source(told, key, source))),
            ]


def _who(account: Account, read_at: datetime | None) -> list[Any]:
    creator = account.creator
    return [
        *(str(account.pk), account.handle, str(creator.pk), creator.name),
        *(creator.email, creator.country, creator.about),
        ", ".join(one.name for one in creator.labels.all()),
        ", ".join(one.name for one in creator.lists.all()),
        account.account_type,
        _yes(account.authenticated),
        "" if account.in_marketplace is None else account.label,
        _yes(account.supported),
        read_at.isoformat() if read_at else "",
    ]


def _figure(figure: Figure | None) -> tuple[Any, str, str, str]:
    if figure is None:
        return None, "none", reasons.words(None), ""
    why = reasons.words(figure.reason) if figure.value is None or figure.reason else ""
    return figure.value, figure.state, why, figure.as_of.isoformat() if figure.as_of else ""


def _source(row: Mapping[str, Any], key: str, source: sources.SourcesOf | None) -> str:
    """Where the figure came from, in words (GOV-09); empty where there is no figure."""
    if source is None or key not in row or row[key].value is None:
        return ""
    return ", ".join(passport.SOURCES.get(one, one) for one in source(row, key))


def _yes(value: bool) -> str:
    return "yes" if value else "no"
