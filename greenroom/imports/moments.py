"""Dates and times as files write them, always UTC where no zone is told. Pure; the present comes in as a value."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from greenroom.imports.refusals import BadValue

EARLIEST = datetime(2014, 1, 1, tzinfo=UTC)  # before musical.ly, TikTok's forerunner
SLACK = timedelta(days=1)  # a file's clock and zone may differ from ours

APPROXIMATE = "Dates that name only a month, or end in “?”, are read as the month's first day"
YEARLESS = "Dates without a year are read as the last such day before the reading"
ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year"}

# TikTok Studio writes days in the language of whoever exports them.
_MONTHS = """
january jan januar enero ene janeiro janvier janv gennaio gen januari январь января янв
february feb februar febrero fevereiro fev février févr febbraio februari февраль февраля фев
march mar märz maerz mrz marzo março mars maart март марта мар
april apr abril abr avril avr aprile апрель апреля апр
may mai mayo maio maggio mag mei май мая
june jun juni junio junho juin giugno giu июнь июня
july jul juli julio julho juillet juil luglio lug июль июля
august aug agosto ago août aout augustus август августа авг
september sep sept septiembre setembro set septembre settembre сентябрь сентября сен
october oct oktober okt octubre outubro out octobre ottobre ott октябрь октября окт
november nov noviembre novembro novembre ноябрь ноября ноя
december dec dezember dez diciembre dic dezembro décembre déc dicembre декабрь декабря дек
"""
MONTHS = {name: n for n, names in enumerate(_MONTHS.split("\n")[1:-1], start=1) for name in names.split()}

_EPOCH = re.compile(r"\d{9,10}(\.\d+)?|\d{13}")
_MONTH_ONLY = re.compile(r"(\d{4})[-/.](\d{1,2})\??")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:,?[ T]+(\d.*))?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?(?:,?[ T]+(\d.*))?")
_FAR_EAST = re.compile(r"(\d{1,2})[月월] ?(\d{1,2})[日일]")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)? (?:de )?([^\W\d]+)\.?,?(?: (?:de )?(\d{4}))?(?:,? (\d.*))?")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?(?:,? (\d.*))?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)? ?([AaPp][Mm])?(?: ?(Z|UTC|GMT|[+-]\d{2}:?\d{2}))?")


class Moment(NamedTuple):
    """A time, whether only its day was told, and what had to be assumed ("" or a warning)."""

    at: datetime
    is_day: bool
    note: str = ""


def moment(text: str, *, order: str, latest: datetime, near: datetime | None = None) -> Moment:
    """The time a cell tells. `order` is "dmy" or "mdy" for 3/4/2026; a day without a year is the last one by `near`.

    Raises BadValue for what is no date, lies after `latest` or before TikTok.
    """
    told = _moment(text, order, near or latest)
    if told.at > latest + SLACK:
        raise BadValue(f"“{text[:40]}” lies after the day of reading ({told.at:%Y-%m-%d})")
    if told.at < EARLIEST:
        raise BadValue(f"“{text[:40]}” is before there was TikTok ({told.at:%Y-%m-%d})")
    return told


def order_of(text: str) -> str:
    """What one cell tells about the order of its column: "dmy", "mdy", "?" (either), or "" (no such date)."""
    found = _NUMERIC.fullmatch(text)
    if not found or found[2] == "." or (found[2] == "-" and len(found[4]) == 2):
        return ""
    first, second = int(found[1]), int(found[3])
    return "dmy" if first > 12 >= second else "mdy" if second > 12 >= first else "?" if first != second else ""


def _moment(text: str, order: str, latest: datetime) -> Moment:
    if _EPOCH.fullmatch(text):
        return Moment(datetime.fromtimestamp(float(text) / (1000 if len(text) == 13 else 1), UTC), False)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        pass
    else:
        if len(text) >= 8:
            return Moment(at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC), len(text) == 10)
    if text.endswith("?"):
        return _moment(text[:-1].rstrip(), order, latest)._replace(note=APPROXIMATE)
    if found := _MONTH_ONLY.fullmatch(text):
        return _day(text, int(found[1]), int(found[2]), 1, None)._replace(note=APPROXIMATE)
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(text, int(found[1]), int(found[2]), int(found[3]), found[4])
    if found := _NUMERIC.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        day, month = (second, first) if order == "mdy" and found[2] != "." else (first, second)
        return _day(text, year + 2000 if year < 100 else year, month, day, found[5])
    return _in_words(text, latest)


def _in_words(text: str, latest: datetime) -> Moment:
    """3 November 2025, Nov 3, 11月3日: a month by name, with or without a year."""
    if found := _FAR_EAST.fullmatch(text):
        return _without_year(text, int(found[1]), int(found[2]), None, latest)
    for shape, where in ((_DAY_FIRST, (2, 1)), (_MONTH_FIRST, (1, 2))):
        found = shape.fullmatch(text)
        month = MONTHS.get(found[where[0]].casefold()) if found else None
        if found and month:
            day, year, clock = int(found[where[1]]), found[3], found[4]
            if year:
                return _day(text, int(year), month, day, clock)
            return _without_year(text, month, day, clock, latest)
    raise BadValue(f"“{text[:40]}” is no date; write it as 2026-03-31 or 2026-03-31 14:05")


def _without_year(text: str, month: int, day: int, clock: str | None, latest: datetime) -> Moment:
    for year in range(latest.year + 1, latest.year - 9, -1):  # far enough for 29 February
        try:
            told = _day(text, year, month, day, clock)
        except BadValue:
            continue
        if told.at <= latest:
            return told._replace(note=YEARLESS)
    raise BadValue(f"“{text[:40]}” is no day of the calendar")


def _day(text: str, year: int, month: int, day: int, clock: str | None) -> Moment:
    try:
        at = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        raise BadValue(f"“{text[:40]}” is no day of the calendar") from None
    if not clock:
        return Moment(at, True)
    found = _CLOCK.fullmatch(clock.strip())
    if not found:
        raise BadValue(f"“{text[:40]}” has no time that can be read; write 14:05")
    hour = int(found[1]) % 12 + (12 if found[4].lower() == "pm" else 0) if found[4] else int(found[1])
    try:
        at = at.replace(hour=hour, minute=int(found[2]), second=int(found[3] or 0))
    except ValueError:
        raise BadValue(f"“{text[:40]}” has no time that can be read; write 14:05") from None
    return Moment(at - _offset(found[5]), False)


def _offset(zone: str | None) -> timedelta:
    if not zone or zone[0] not in "+-":
        return timedelta()
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return -ahead if zone[0] == "-" else ahead
