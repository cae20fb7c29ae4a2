"""From the cells of a row to what it says: facts, figures, whose they are, of when. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from greenroom.imports import columns, moments, numbers, text
from greenroom.imports.countries import country
from greenroom.imports.mapping import Plan
from greenroom.imports.profile import Convention
from greenroom.imports.refusals import BadValue
from greenroom.tiktok import links

_ADDRESS = re.compile(r"(?:mailto:)?([^@\s<>()\[\],;:\"]+)@((?:[^@\s.<>()\[\],;:\"]+\.)+[^\W\d_]{2,})")

MOST_LABELS = 20  # of one creator
_BETWEEN = re.compile("[,;]")

NOTHING = "has nothing but missing values"
BALANCE = "New followers below 0 are a balance of gains and losses; they are kept as they are"
NO_TIME = "Posts without a date of publication are dated by their id, which holds it"
LAID_BY = timedelta(days=300)  # a post may wait as a draft, or for its hour, after it was uploaded
OTHER_HANDLE = "The link of a post names another handle than its row; the row's is taken"


class RowProblem(BadValue):
    """A row that can't be taken in; `column` is where, "" where it is the row as a whole."""

    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column


@dataclass(slots=True)
class Record:
    """What one row says. `facts` and `figures` hold only what is there: missing stays missing."""

    line: int
    row: int
    handle: str
    observed_at: datetime
    dated: bool  # did the row itself say when its figures were read, or of which day they are?
    item_id: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def key(self) -> int:
        """Stands for whose figures of when these are."""
        when = self.observed_at.isoformat() if self.dated else ""
        return _hash(self.item_id or self.handle.lower(), str(self.figures.get("date", "")) or when, bool(self.item_id))

    @property
    def digest(self) -> int:
        """Stands for everything the row says."""
        return _hash(
            self.handle.lower(), sorted(self.facts.items(), key=_name), sorted(self.figures.items(), key=_name)
        )


def read(plan: Plan, line: int, row: int, cells: Sequence[str]) -> Record:
    """What a row says. Raises RowProblem."""
    found = Record(line, row, plan.account, plan.observed_at, plan.dated)
    fields = columns.fields(plan.kind)
    told: dict[str, Any] = {}
    for key in plan.order:
        cell = cells[plan.places[key]]
        if not cell:
            continue
        one = fields[key]
        try:
            if text.is_missing(cell):
                continue
            value = _value(one.type, cell, plan.conventions[key], _times(key, plan, told), found)
        except (BadValue, ValueError) as error:
            raise RowProblem(plan.header[plan.places[key]], str(error)) from None
        if one.figure:
            found.figures[key] = value
        else:
            told[key] = value
    _SETTLE[plan.kind](plan, found, told)
    if not found.handle:
        raise RowProblem(
            _column(plan, "account", "handle"), f"has no account; say whose {columns.WORDS[plan.kind]} it is"
        )
    return found


def _times(key: str, plan: Plan, told: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """(what a time of this field can't lie after, which moment a day without a year lies before)."""
    latest = (
        plan.latest if key == "observed_at" else told["observed_at"].at if "observed_at" in told else plan.observed_at
    )
    if key == "posted_at" and "post" in told and (made := links.made_at(told["post"].item_id)):
        return latest, min(latest, made + LAID_BY)
    return latest, latest


def _value(how: str, cell: str, convention: Convention, times: tuple[datetime, datetime], found: Record) -> Any:
    """A cell by the type of its field. Raises BadValue, or ValueError from the readers of links."""
    if how in _TEXTS:
        return _TEXTS[how](cell)
    told = text.plain(cell)
    if how == "count":
        return numbers.count(told, convention.decimal)
    if how == "change":
        value = numbers.change(told, convention.decimal)
        if value < 0:
            found.warnings.append(BALANCE)
        return value
    if how in {"moment", "day"}:
        moment = moments.moment(told, order=convention.order, latest=times[0], near=times[1])
        if moment.note:
            found.warnings.append(moment.note)
        return moment
    if how == "post":
        if convention.rounded and told.endswith("000"):
            raise BadValue(
                f"“{told[:40]}” ends in zeros: a spreadsheet has rounded the ids; use links, or format as text"
            )
        return links.post(told)
    if how == "share":
        return numbers.share(told, convention.decimal, percent=convention.percent)
    if how == "number":
        return numbers.amount(told, convention.decimal)
    if how == "seconds":
        return numbers.seconds(told, convention.decimal)
    return links.handle(told) if how == "handle" else numbers.flag(told)


def _email(cell: str) -> str:
    told = text.plain(cell)
    found = _ADDRESS.fullmatch(told)
    if found is None or len(told) > 254:
        raise BadValue(f"“{told[:60]}” is no e-mail address")
    return f"{found[1]}@{found[2].lower()}"


def _labels(cell: str) -> tuple[str, ...]:
    """The labels of a creator, each once, however it is capitalised."""
    names = [text.one_line(name, columns.LABEL) for name in _BETWEEN.split(cell)]
    found = {name.lower(): name for name in reversed(names) if not text.is_missing(name)}
    if len(found) > MOST_LABELS:
        raise BadValue(f"{len(found)} labels; {MOST_LABELS} at most")
    return tuple(reversed(found.values()))


_TEXTS: dict[str, Callable[[str], Any]] = {
    "name": lambda cell: text.one_line(cell, 120),
    "note": lambda cell: cell,
    "caption": lambda cell: cell,
    "labels": _labels,
    "country": lambda cell: country(text.plain(cell)),
    "email": _email,
    "link": lambda cell: cell if cell.startswith(("http://", "https://")) and len(cell) <= 300 else "",
}


def _settle_creator(plan: Plan, found: Record, told: dict[str, Any]) -> None:
    _observed(plan, found, told)
    found.handle = told.pop("handle", found.handle)
    found.facts = told


def _settle_post(plan: Plan, found: Record, told: dict[str, Any]) -> None:
    """The post, its account, and when it was published: as told, or as TikTok's id tells."""
    _observed(plan, found, told)
    if "post" not in told:
        raise RowProblem(_column(plan, "post"), "has no post; write its id or its link")
    post = told.pop("post")
    if "account" in told:
        found.handle = told.pop("account")
        if post.handle and post.handle.lower() != found.handle.lower():
            found.warnings.append(OTHER_HANDLE)
    else:
        found.handle = post.handle or found.handle
    found.item_id = post.item_id
    posted = _posted(plan, found, told)
    found.facts = {key: value for key, value in told.items() if value != ""} | {"posted_at": posted}


def _posted(plan: Plan, found: Record, told: dict[str, Any]) -> datetime:
    """When the post was published, as the row or TikTok's id tells."""
    posted: datetime | None = told.pop("posted_at").at if "posted_at" in told else None
    if posted is None:
        posted = links.made_at(found.item_id)
        found.warnings.append(NO_TIME)
    if posted is None:
        raise RowProblem(_column(plan, "posted_at"), "has no date of publication")
    if posted - found.observed_at > moments.SLACK:
        raise RowProblem(_column(plan, "posted_at"), f"was published {posted:%Y-%m-%d}, after its figures were read")
    return min(posted, found.observed_at)


def _settle_day(plan: Plan, found: Record, told: dict[str, Any]) -> None:
    _observed(plan, found, told)
    found.handle = told.pop("account", found.handle)
    if "date" not in told:
        raise RowProblem(_column(plan, "date"), "has no day")
    day: date = told.pop("date").at.date()
    if datetime(day.year, day.month, day.day, tzinfo=UTC) > found.observed_at:
        raise RowProblem(_column(plan, "date"), f"{day} had not begun when its figures were read")
    if not found.figures:
        raise RowProblem("", NOTHING)
    found.figures["date"] = day
    found.dated = True


_SETTLE = {"creators": _settle_creator, "posts": _settle_post, "account_days": _settle_day}


def _observed(plan: Plan, found: Record, told: dict[str, Any]) -> None:
    """When the figures were read. A day told without its hour is over when it is read, unless it is today."""
    if moment := told.pop("observed_at", None):
        at = moment.at
        if moment.is_day and moment.note != moments.APPROXIMATE:
            at = min(at + timedelta(days=1) - timedelta(seconds=1), plan.latest)
        found.observed_at, found.dated = min(at, plan.latest), True


def _column(plan: Plan, *keys: str) -> str:
    return next((plan.header[plan.places[key]] for key in keys if key in plan.places), "")


def _hash(*parts: Any) -> int:
    return int.from_bytes(blake2b(repr(parts).encode(), digest_size=8).digest(), "big") >> 1


def _name(pair: tuple[str, Any]) -> str:
    return pair[0]
