"""Versions of the API, chosen by the header Greenroom-Version; `docs/api-changes.md` says what each one changed.

Version 2 is the present one. Version 1 differs in one value: the `account_type` of creators' accounts is what the
operator set (API-03), until a day that the operator sets too.
"""

from datetime import UTC, date, datetime, time

from django.conf import settings
from django.utils.http import http_date

from greenroom.api.problems import Problem, invalid
from greenroom.creators.models import Account

HEADER = "Greenroom-Version"
VERSIONS = ("1", "2")
NEWEST = "2"
SINCE = datetime(2026, 11, 22, tzinfo=UTC)  # when version 2 came and version 1 was deprecated
TIKTOK_CREATOR = "tiktok_creator"


def chosen(told: str | None, *, at: datetime) -> str:
    """The version a request asks for; the newest when it asks for none. Raises Problem."""
    if told is None:
        return NEWEST
    if told not in VERSIONS:
        raise invalid("header", HEADER, f"is one of {', '.join(VERSIONS)}; leave it out for {NEWEST}.")
    if told == "1" and (over := _why_over(at)):
        raise Problem("version_over", f"{over} Send {HEADER}: {NEWEST}, or leave it out.")
    return told


def account_type(account: Account, version: str) -> str:
    """The kind of an account in the words of a version."""
    told = account.account_type
    legacy: str = settings.GREENROOM_API_LEGACY_ACCOUNT_TYPE
    return legacy if version == "1" and told == TIKTOK_CREATOR else told


def headers(version: str) -> dict[str, str]:
    """What an answer says about its version: RFC 9745 Deprecation and RFC 8594 Sunset for an old one."""
    told = {HEADER: version}
    if version == NEWEST:
        return told
    told["Deprecation"] = f"@{int(SINCE.timestamp())}"
    if ends := sunset():
        told["Sunset"] = http_date(ends.timestamp())
    return told


def sunset() -> datetime | None:
    """When version 1 ends; None while no day is set."""
    day: date | None = settings.GREENROOM_API_LEGACY_SUNSET
    return datetime.combine(day, time(), UTC) if day else None


def _why_over(at: datetime) -> str:
    if not settings.GREENROOM_API_LEGACY_ACCOUNT_TYPE:
        return "This install keeps no version 1."
    ends = sunset()
    return f"Version 1 ended on {ends:%Y-%m-%d}." if ends and ends <= at else ""
