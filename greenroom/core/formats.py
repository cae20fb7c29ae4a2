"""How values are written: one way for counts, shares, durations and times, in the language and time zone in force.

Outside a page none is in force: files, the API and the command line write English numbers and UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache

from django.utils.dateformat import format as date_format
from django.utils.timezone import get_current_timezone, now
from django.utils.translation import get_language

from greenroom.core import currencies

MINUS = "−"


@dataclass(frozen=True)
class Style:
    """How a language writes numbers and days; `day` is a pattern of Django's date format."""

    thousands: str = ","
    decimal: str = "."
    percent: str = "%"
    large: tuple[str, str, str] = ("B", "M", "K")
    day: str = "j M"
    dollars_first: bool = True


ENGLISH = Style()
STYLES = {
    "de": Style(".", ",", "\N{NO-BREAK SPACE}%", (" Mrd.", " Mio.", " Tsd."), "j. M", dollars_first=False),
}


def style() -> Style:
    """Of the language in force; English where it has none of its own."""
    return STYLES.get((get_language() or "en").partition("-")[0], ENGLISH)


def _marks(text: str) -> str:
    """An English number with the marks of the language in force."""
    mine = style()
    return text if mine is ENGLISH else text.translate({ord(","): mine.thousands, ord("."): mine.decimal})


def num(value: float | int | None) -> str:
    """3412880 -> "3,412,880"; a fraction keeps two decimals. None -> "" (the caller shows the reason instead)."""
    if value is None:
        return ""
    text = f"{abs(value):,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{abs(value):,.2f}"
    return _signed(value, _marks(text))


def percent(value: float | None, digits: int = 1) -> str:
    """A fraction as a percentage: 0.0789 -> "7.9%". Small shares keep a second digit, so that 0.0004 is not "0.0%"."""
    if value is None:
        return ""
    size = abs(value) * 100
    if 0 < size < 0.1:
        digits = max(digits, 2)
    return _signed(value, _marks(f"{size:.{digits}f}") + style().percent)


def short(value: float | int | None) -> str:
    """For charts and tight places: 3412880 -> "3.4M", 15300 -> "15K", 980 -> "980"."""
    if value is None:
        return ""
    size = abs(float(value))
    for limit, letter in zip((1e9, 1e6, 1e3), style().large, strict=True):
        if size >= limit * 0.9995:
            scaled = size / limit
            text = f"{scaled:.1f}".removesuffix(".0") if scaled < 10 else f"{scaled:.0f}"
            return _signed(value, _marks(text) + letter)
    return num(value)


def money(minor: int | None, currency: str) -> str:
    """Minor units and ISO code: (196867, "USD") -> "$1,968.67"; other currencies are named: "1,968.67 EUR".

    The yen has no minor unit: (1500, "JPY") -> "1,500 JPY".
    """
    if minor is None:
        return ""
    digits = currencies.digits(currency)
    text = _marks(f"{abs(minor) / 10**digits:,.{digits}f}")
    if currency == "USD":
        return _signed(minor, f"${text}" if style().dollars_first else f"{text} $")
    return _signed(minor, f"{text} {currency}")


def duration(seconds: float | None) -> str:
    """Seconds in words of at most two units: 7.25 -> "7.3 s", 95 -> "1 min 35 s", 93600 -> "1 d 2 h"."""
    if seconds is None:
        return ""
    size = abs(seconds)
    if size < 60:
        return _signed(seconds, _marks(f"{size:.1f}".removesuffix(".0")) + " s")
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    left, parts = round(size), []
    for name, unit in units:
        count, left = divmod(left, unit)
        if count:
            parts.append((unit, f"{count} {name}"))
    # "1 d 5 s" says more than it means: only neighbouring units stand together.
    largest = parts[0][0]
    neighbours = [text for unit, text in parts[:2] if unit == largest or largest / unit <= 60]
    return _signed(seconds, " ".join(neighbours))


def when(value: datetime | date | None) -> str:
    """ "12 Mar, 14:05 UTC" in the time zone in force; with the year when it is not this one. A date has no hour."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = local(value)
    return _when(value, local(now()).year, get_language() or "en", get_current_timezone())


@lru_cache(maxsize=4096)
def _when(value: datetime | date, this_year: int, language: str, zone: tzinfo) -> str:
    """A list says the same few moments hundreds of times. Equal moments of two zones are equal: the zone is a key."""
    day = date_format(value, style().day)
    if value.year != this_year:
        day += f" {value.year}"
    return f"{day}, {value:%H:%M} {zone_of(value)}" if isinstance(value, datetime) else day


def local(value: datetime) -> datetime:
    """The same moment in the time zone in force; without a zone it is UTC."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(get_current_timezone())


def zone_of(value: datetime) -> str:
    """The zone as people write it: "CET", or "UTC+03:30" where it has no letters."""
    name = value.tzname() or "UTC"
    if name[0] not in "+-":
        return name
    hours = value.strftime("%z")
    return f"UTC{hours[:3]}:{hours[3:5]}"


def by_unit(value: object, unit: str) -> str:
    """The text of a figure's value in its metric's unit; see `{% figure %}` for the units."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return when(value) if isinstance(value, date) else str(value)
    if unit in {"percent", "fraction", "share", "ratio"}:
        return percent(value)
    if unit in {"seconds", "duration", "s"}:
        return duration(value)
    return num(value)


def _signed(value: float, text: str) -> str:
    return MINUS + text if value < 0 and any(digit in text for digit in "123456789") else text
