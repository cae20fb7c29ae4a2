"""Before anything is taken in: the columns of a file are mapped, its first rows are shown as they will be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from greenroom.core import events, formats
from greenroom.creators.models import Account
from greenroom.imports import columns, mapping, moments, places, taking
from greenroom.imports.mapping import Plan
from greenroom.imports.models import Import
from greenroom.imports.records import Record, RowProblem, read
from greenroom.imports.refusals import NotMapped
from greenroom.tiktok import links

SHOWN = 10
UNREAD = {
    "reading": "The file is still being read; wait until it is.",
    "refused": "The file can't be read. Correct it and bring it again.",
}


def map_columns(
    of: Import,
    *,
    columns_of: Mapping[str, str] | None = None,
    date_orders: Mapping[str, str] | None = None,
    account: str | None = None,
    observed_at: datetime | None = None,
    at: datetime,
) -> None:
    """Say how a file is read; what is None stays as it is. `columns_of` is {field: column}, an empty column leaves out.

    `date_orders` is {column: "dmy" or "mdy"}, `account` a handle. Raises NotMapped for what the file does not have.
    """
    if of.state in UNREAD:
        raise NotMapped(UNREAD[of.state])
    if of.state != "new":
        raise NotMapped("This import has begun; undo it and bring the file again to read it otherwise.")
    if columns_of is not None:
        chosen = {key: name for key, name in columns_of.items() if name}
        if wrong := mapping.check(of.kind, of.header, chosen):
            raise NotMapped(" ".join(wrong))
        of.mapping = {key: chosen[key] for key in columns.fields(of.kind) if key in chosen}
    if date_orders is not None:
        if set(date_orders.values()) - moments.ORDERS.keys():
            raise NotMapped("The order of dates is dmy (day/month/year) or mdy (month/day/year).")
        of.date_orders = dict(date_orders)
    if account is not None:
        of.account = _handle(account)
    if observed_at is not None:
        if observed_at > at or observed_at < moments.EARLIEST:
            raise NotMapped("The figures can't have been read in the future, or before there was TikTok.")
        of.observed_at = observed_at
    of.dry_run, of.dry_run_asked_at = {}, None  # it was one of other columns
    of.save(update_fields=["mapping", "date_orders", "account", "observed_at", "dry_run", "dry_run_asked_at"])


def questions(of: Import) -> list[str]:
    """What must be said before the import can run, in words."""
    if of.state in UNREAD:
        return [UNREAD[of.state]]
    asked = mapping.missing(of.kind, of.mapping)
    found = mapping.conventions(of.kind, of.header, of.profile, of.mapping, of.date_orders)
    asked += [one.doubt for one in found.values() if one.doubt]
    if not asked and _nobody(of):
        asked.append(
            f"Whose {'posts' if of.kind == 'posts' else 'days'} are these? Name the account, or map its column."
        )
    if of.kind == "posts" and "post" in of.mapping and "posted_at" not in of.mapping and not _tells_time(of):
        asked.append("Which column is the date of publication?")
    return asked


def plan(of: Import, *, at: datetime) -> Plan:
    """How each row is read; `at` is the time of the figures where nothing else says it."""
    found = mapping.conventions(of.kind, of.header, of.profile, of.mapping, of.date_orders)
    return Plan(
        kind=of.kind,
        places={key: of.header.index(name) for key, name in of.mapping.items()},
        conventions=found,
        header=of.header,
        account=of.account or _only_account(of),
        observed_at=of.observed_at or at,
        dated=of.observed_at is not None,
        latest=at,
    )


def notes(of: Import) -> list[str]:
    """How the file is read, as far as somebody should know."""
    found = mapping.conventions(of.kind, of.header, of.profile, of.mapping, of.date_orders)
    said = [*of.told.get("says", []), *dict.fromkeys(one.says for one in found.values() if one.says)]
    unmapped = [name for name in of.header if name not in of.mapping.values()]
    for name in unmapped:
        if why := columns.LEFT_OUT.get(mapping.plain(name)):
            said.append(f"“{name}” is left out: {why}")
    return said


@dataclass(frozen=True)
class Shown:
    """One row of the preview: what will be kept, by field, as text; or what is wrong with it."""

    line: int
    values: dict[str, str]
    warnings: list[str]
    problem: str = ""


def preview(of: Import, *, at: datetime, rows: int = SHOWN) -> list[Shown]:
    """The first rows as they would be kept, on an unfinished mapping too. Raises BadFile when the file is gone."""
    shown, asked = [], plan(of, at=at)
    for place, kept in enumerate(islice(taking.reread(places.rows(of)), rows)):
        try:
            if kept.problem:
                raise RowProblem(*kept.problem.rpartition("\t")[::2])
            found = read(asked, kept.line, place, kept.cells)
        except RowProblem as wrong:
            raw = {key: kept.cells[spot][:60] for key, spot in asked.places.items()}
            words = f"{wrong.column}: {wrong}" if wrong.column else str(wrong)
            shown.append(Shown(kept.line, raw, [], words))
        else:
            shown.append(Shown(kept.line, _as_kept(found), found.warnings))
    return shown


def discard(of: Import, *, by: str, at: datetime) -> None:
    """Forget a file of which nothing was taken in, and stop reading it. Raises NotMapped when something was."""
    with transaction.atomic():
        rows = Import.objects.select_for_update().filter(pk=of.pk, state__in=["new", *UNREAD])
        if not rows.exists():
            raise NotMapped("This import has begun; undo it instead.")
        events.record(of, "discarded", by=by, at=at, file=of.file_name, sha256=of.sha256, kind=of.kind)
        places.forget(of)
        of.delete()


def same_file(of: Import) -> Import | None:
    """An earlier import of the very same file, whose rows are still here."""
    others = Import.objects.within(of.workspace_id).filter(sha256=of.sha256, kind=of.kind).exclude(pk=of.pk)
    found: Import | None = others.filter(state__in=["started", "finished", "cancelled"]).order_by("-pk").first()
    return found


def _handle(account: str) -> str:
    try:
        return links.handle(account.strip()) if account.strip() else ""
    except ValueError as error:
        raise NotMapped(str(error)) from None


def _only_account(of: Import) -> str:
    """The account of a workspace that has one; days need no other word then."""
    if of.kind != "account_days":
        return ""
    found = list(Account.objects.within(of.workspace_id).values_list("handle", flat=True)[:2])
    return found[0] if len(found) == 1 else ""


def _nobody(of: Import) -> bool:
    """Does nothing say whose rows these are?"""
    if of.kind == "creators" or "account" in of.mapping or of.account or _only_account(of):
        return False
    return not (of.kind == "posts" and all("@" in one for one in _examples(of, "post")))


def _tells_time(of: Import) -> bool:
    """Do the ids tell when the posts were uploaded?"""
    for one in _examples(of, "post"):
        try:
            if links.made_at(links.post(one).item_id) is None:
                return False
        except ValueError:
            continue  # a bad row, or a link that the profile cut short
    return True


def _examples(of: Import, key: str) -> list[str]:
    held: list[str] = of.profile[of.header.index(of.mapping[key])]["examples"]
    return held


def _as_kept(found: Record) -> dict[str, str]:
    told: dict[str, Any] = {"handle": f"@{found.handle}", "account": f"@{found.handle}", "post": found.item_id}
    told |= found.facts | found.figures | {"observed_at": found.observed_at if found.dated else None}
    return {key: _words(key, value) for key, value in told.items() if value not in (None, "")}


def _words(key: str, value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float) and (key.endswith("rate") or key.endswith("retention")):
        return formats.percent(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return formats.num(value) if isinstance(value, int | float) else str(value)
