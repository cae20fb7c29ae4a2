"""The companies with a TikTok One account, who can authorise an app for the long-lived token."""

from dataclasses import dataclass

from greenroom.sandbox import chance
from greenroom.sandbox.http import ApiError
from greenroom.sandbox.routes import Call

NAMES = (
    # name, handle, country, time zone, the region its marketplace account is limited to
    ("Brandco", "brandco", "GB", "Europe/London", ""),
    ("Northgate Outdoor", "northgate", "US", "America/Los_Angeles", ""),
    ("Kestrel & Reed", "kestrelreed", "DE", "Europe/Berlin", "DE"),
)


@dataclass(frozen=True)
class Brand:
    """One company: its TikTok One account and its ad accounts. Ids have 19 digits.

    `region` is the only country whose creators it may read; an empty text when there is no such limit.
    """

    place: int
    name: str
    handle: str
    country: str
    timezone: str
    region: str
    tto_tcm_account_id: str
    advertiser_ids: tuple[str, ...]
    core_user_id: str


def everyone(seed: int) -> list[Brand]:
    return [at(seed, place) for place in range(len(NAMES))]


def at(seed: int, place: int) -> Brand:
    name, handle, country, timezone, region = NAMES[place]
    numbers = [_number(seed, place, n) for n in range(4)]
    return Brand(place, name, handle, country, timezone, region, numbers[0], (numbers[1], numbers[2]), numbers[3])


def addressed(call: Call, name: str) -> Brand:
    """The account a marketplace call speaks for. Raises 40002, or 40001 when it is not the token's."""
    call.need(name)
    brand = at(call.world.seed, call.grant.subject)
    if call.text(name) != brand.tto_tcm_account_id:
        raise ApiError(40001, f"Permission error: no permission to access {name} {call.text(name)}.")
    return brand


def _number(*key: object) -> str:
    return str(7_000_000_000_000_000_000 + int.from_bytes(chance.digest("brand", *key)[:7], "big") % 10**18)
