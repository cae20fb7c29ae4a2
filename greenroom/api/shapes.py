"""What requests and answers are made of. Ids are text, because TikTok's are above 2^53; times are UTC."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

T = TypeVar("T")
MOST = 2**63 - 1
NO_NULLS = r"^[^\x00]*$"
WORD = r"^[^\x00]*[^\x00\s][^\x00]*$"  # something besides spaces
ID = r"^[0-9]{1,19}$"
_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def moment(text: str) -> datetime:
    """An RFC 3339 time. What lies outside 2000 to 2200 becomes the nearer end: nothing was read there."""
    told = _MOMENT.fullmatch(text)
    if told is None:
        raise ValueError("is not an RFC 3339 time, such as 2026-03-12T14:05:00Z")
    year, month, day, hour, minute, second = map(int, told.groups()[:6])
    zone = told[8].upper()
    ahead = timedelta() if zone == "Z" else timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
    if second > 60 or (zone != "Z" and (int(zone[1:3]) > 23 or int(zone[4:]) > 59)):
        raise ValueError("is not a time of any day")
    micros = int(((told[7] or ".0")[1:] + "000000")[:6])
    # A leap second is the one before it; year 0 is as long as year 4.
    local = datetime(year or 4, month, day, hour, minute, min(second, 59), micros, UTC)
    if local.year < EARLIEST.year - 1 or local.year > LATEST.year:
        return EARLIEST if local.year < EARLIEST.year else LATEST
    return min(LATEST, max(EARLIEST, local + ahead if zone.startswith("-") else local - ahead))


def digits(value: Any) -> Any:
    """A number in a query string is its digits, nothing around them."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,19}", value, re.ASCII):
        raise ValueError("is not a whole number")
    return int(value) if isinstance(value, str) else value


def flag(value: Any) -> Any:
    if value not in ("true", "false", True, False):
        raise ValueError("is true or false")
    return value in ("true", True)


def listed(value: Any) -> Any:
    """`a,b` in a query string are two; ninja hands the text over in a list."""
    texts = value if isinstance(value, list) else [value]
    return [part for text in texts for part in (text.split(",") if isinstance(text, str) else [text])]


Id = Annotated[str, StringConstraints(pattern=ID)]
Text = Annotated[str, StringConstraints(pattern=NO_NULLS)]
if TYPE_CHECKING:
    Moment = datetime
else:
    _EXAMPLE = {"format": "date-time", "examples": ["2026-03-12T14:05:00Z"]}
    Moment = Annotated[str, AfterValidator(moment), Field(json_schema_extra=_EXAMPLE)]
Flag = Annotated[bool, BeforeValidator(flag)]
Limit = Annotated[int, Field(ge=1, le=200, description="At most so many, 1 to 200."), BeforeValidator(digits)]
Cursor = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-f]{32}$"),
    Field(description="Where to go on: `next` of the page before. Leave it out for the first page."),
]


def whole_number(low: int, high: int, words: str = "") -> Any:
    """A whole number of a body. 2.0 is one in JSON."""

    def whole(value: Any) -> Any:
        return int(value) if isinstance(value, float) and value.is_integer() else value

    return Annotated[int, Field(ge=low, le=high, description=words or None), BeforeValidator(whole)]


def one_of(*words: str) -> Any:
    """Text that is one of these words, as a type; for words that are only known when the program runs."""

    def known(text: str) -> str:
        if text not in words:
            raise ValueError(f"is one of {', '.join(words)}")
        return text

    return Annotated[str, AfterValidator(known), Field(json_schema_extra={"enum": list(words)})]


class Given(BaseModel):
    """A body: what is not known here is refused, and nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(extra="forbid")


class Narrowed(BaseModel):
    """The query string of a list."""

    limit: Limit = 50
    cursor: Cursor | None = None


class Page(Told, Generic[T]):
    """One page of a list. Pages stay right while rows are added: nothing is told twice, nothing is passed over."""

    items: list[T]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return f"{params[0].__name__}Page"


def at_utc(at: datetime | None) -> datetime | None:
    """A time without its microseconds' noise, UTC."""
    return at.astimezone(UTC) if at else None
