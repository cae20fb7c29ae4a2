"""What people and machines type into a campaign, checked in one place. Every function raises BadInput."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from greenroom.campaigns.models import Campaign
from greenroom.campaigns.order import Order
from greenroom.campaigns.refusals import BadInput

MOST_POSTS = 100
LONGEST_NAME = 60


def setting(field: str, value: Any) -> Any:
    """The value of a campaign's setting as it is kept."""
    check = SETTINGS.get(field)
    if check is None:
        raise BadInput(f"A campaign has no {field}.", field=field)
    return check(value)


def posts(value: Any) -> int:
    """A number of posts that can be asked of one creator."""
    try:
        count = int(value)
    except (TypeError, ValueError):
        count = 0
    if not 1 <= count <= MOST_POSTS:
        raise BadInput(f"Ask for 1 to {MOST_POSTS} posts.", field="required")
    return count


def names(given: Iterable[Any] | None) -> list[str]:
    """Names of deliverables: up to 60 characters, none twice; empty ones stay empty."""
    told = [" ".join(str(one).split()) for one in given or ()]
    while told and not told[-1]:
        told.pop()
    if len(told) > MOST_POSTS:
        raise BadInput(f"Name up to {MOST_POSTS} posts.", field="deliverables")
    if long := next((one for one in told if len(one) > LONGEST_NAME), None):
        words = f"TikTok shows {LONGEST_NAME} characters of a name: {long[:40]}… has {len(long)}."
        raise BadInput(words, field="deliverables")
    lowered = [one.lower() for one in told if one]
    if twice := next((one for one in told if one and lowered.count(one.lower()) > 1), None):
        words = f"Two videos have the name {twice}. Give each its own, so that uploads land in the right place."
        raise BadInput(words, field="deliverables")
    return told


def spark_days(value: Any) -> int | None:
    """For how many days Spark Ads are asked for; None: not at all."""
    if value in (None, "", 0, "0"):
        return None
    days = int(value) if str(value).isdecimal() else 0
    if days not in Order.SPARK_DAYS:
        raise BadInput("Spark Ads can be asked for 7, 30, 60 or 365 days.", field="spark_days")
    return days


def videos(value: int | None) -> int | None:
    """How many videos one order is to have; None: as many as are missing."""
    if value is not None and not 1 <= value <= Order.MOST_VIDEOS:
        raise BadInput(f"An order has 1 to {Order.MOST_VIDEOS} videos.", field="videos")
    return value


def _text(field: str, longest: int, value: Any) -> str:
    text = str(value or "").strip()
    if field == "name" and not text:
        raise BadInput("A campaign needs a name.", field="name")
    if len(text) > longest:
        raise BadInput(f"Up to {longest} characters fit; this has {len(text)}.", field=field)
    return text


def _choice(field: str, value: Any) -> str:
    choices = CHOICES[field]
    if value not in choices:
        raise BadInput(f"Choose one of: {', '.join(choices)}.", field=field)
    return str(value)


def _day(field: str, value: Any) -> date | None:
    if isinstance(value, date) or value is None:
        return value
    try:
        return date.fromisoformat(str(value)) if str(value) else None
    except ValueError:
        raise BadInput("Write a day as 2026-03-22.", field=field) from None


CHOICES: dict[str, list[str]] = {"mode": list(Campaign.Mode.values), "content": list(Campaign.Content.values)}
SETTINGS: dict[str, Callable[[Any], Any]] = {
    "name": partial(_text, "name", 80),
    "brand_name": partial(_text, "brand_name", LONGEST_NAME),
    "description": partial(_text, "description", 500),
    "requirements": partial(_text, "requirements", 4000),
    "tiktok": bool,
    "strict": bool,
    "mode": partial(_choice, "mode"),
    "content": partial(_choice, "content"),
    "required": posts,
    "deliverables": names,
    "spark_days": spark_days,
    "starts_on": partial(_day, "starts_on"),
    "ends_on": partial(_day, "ends_on"),
}
"""What `actions.change_campaign` takes."""
