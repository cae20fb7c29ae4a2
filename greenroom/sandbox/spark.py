"""Spark authorisations of posts: asked for by a brand or given by the creator alone, used by advertisers, over in time.

A post has one code at most, however it came about.
"""

import base64
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from greenroom.sandbox import chance, invitations
from greenroom.sandbox.http import ApiError

if TYPE_CHECKING:
    from greenroom.sandbox.market import Upload
    from greenroom.sandbox.people import Account
    from greenroom.sandbox.world import World

DAYS = (7, 30, 60, 365)
MOST_REQUESTS = 30


@dataclass(eq=False)
class Spark:
    """One post's authorisation. `status` WAITING, ACCEPTED, REJECTED or empty: no brand has asked.

    `days` as asked, the ends as given; `used_by` are the ad accounts that authorised the code, each with the moment.
    """

    video_id: str
    handle: str
    status: str
    updated_at: datetime
    days: int
    brand: int | None = None
    requests: int = 0
    code: str = ""
    began_at: datetime | None = None
    until: datetime | None = None
    deleted: bool = False
    used_by: dict[str, datetime] = field(default_factory=dict)

    def code_status(self, at: datetime) -> str:
        """NOT_USED, IN_USE, EXPIRED or DELETED; an empty text when there is no code."""
        if not self.code or self.until is None:
            return ""
        if self.deleted or at > self.until:
            return "DELETED" if self.deleted else "EXPIRED"
        return "IN_USE" if self.used_by else "NOT_USED"

    def works(self, at: datetime) -> bool:
        """May an advertiser use the code now?"""
        return self.code_status(at) in ("NOT_USED", "IN_USE")


def ask(world: "World", *, made: "Upload", days: int, extend: bool = False) -> Spark:
    """The brand asks, reminds (at most 30 requests until there is an answer) or wants more time. Raises 40002."""
    world.settle()
    with world.lock:
        at, found = world.clock.now(), world.market.sparks.get(made.video_id)
        granted = found is not None and found.status == "ACCEPTED" and not found.deleted
        if extend and not granted:
            raise ApiError(40002, "action: there is no authorization to extend.")
        if granted and not extend:
            raise ApiError(40002, "The creator has already approved the authorization request.")
        if found is None:
            found = world.market.sparks[made.video_id] = Spark(made.video_id, made.order.handle, "", at, days)
        if found.status != "WAITING":
            found.status, found.updated_at, found.requests = "WAITING", at, 0
        if found.requests >= MOST_REQUESTS:
            raise ApiError(40002, "There are no authorization requests left for this video.")
        found.requests, found.days, found.brand = found.requests + 1, days, made.order.campaign.brand
        text = f"{made.order.campaign.brand_name} asks to advertise your video for {days} days."
        invitations.tell(world, handle=found.handle, kind="spark", brand=found.brand, text=text, key=made.video_id)
        return found


def answer(world: "World", *, video_id: str, grant: bool, days: int = 0) -> Spark:
    """The creator approves, for as many days as they like, or refuses. Raises 40002 or 40007."""
    world.settle()
    with world.lock:
        found = world.market.sparks.get(video_id)
        if found is None or found.status != "WAITING":
            raise ApiError(40007, "Nobody waits for an authorization of this video.")
        _must_be_choice(days or found.days)
        found.updated_at = world.clock.now()
        found.status = "ACCEPTED" if grant else "REJECTED"
        if grant:
            _give_code(world, found, days or found.days, world.clock.now())
        return found


def grant_with_order(world: "World", made: "Upload", at: datetime) -> None:
    """Who joined an order that asked for Spark days has authorised its posts."""
    days, brand = made.deliverable.spark_days, made.order.campaign.brand
    found = Spark(made.video_id, made.order.handle, "ACCEPTED", at, days, brand)
    world.market.sparks[made.video_id] = found
    _give_code(world, found, days, at)


def switch(world: "World", account: "Account", *, video_id: str, on: bool, days: int = 30) -> Spark:
    """The creator's own switch of a post: with it on there is a code, with it off there is none any more.

    Raises 40007 for a post that is not theirs, 40002 for a number of days that can't be chosen and for switching off
    what runs as an ad.
    """
    world.settle()
    with world.lock:
        at, found = world.clock.now(), world.market.sparks.get(video_id)
        if all(one.item_id != video_id for one in world.posts_of(account.index, at=at)):
            raise ApiError(40007, f"The post {video_id} does not exist.")
        _must_be_choice(days)
        if found is None:
            found = world.market.sparks[video_id] = Spark(video_id, account.handle, "", at, days)
        if on and not found.works(at):
            _give_code(world, found, days, at)
        elif not on and found.code_status(at) == "IN_USE":
            raise ApiError(40002, "The post is being used in a Spark Ad, so its authorization cannot be switched off.")
        elif not on:
            found.deleted = bool(found.code)
        return found


def lengthen(world: "World", account: "Account", *, video_id: str, days: int) -> Spark:
    """The creator gives a code more time. Raises 40002 or 40007."""
    world.settle()
    with world.lock:
        found = of_creator(world, account, video_id=video_id)
        if found.deleted:
            raise ApiError(40002, "The authorization was deleted. Switch it on again.")
        _must_be_choice(days)
        _give_code(world, found, days, world.clock.now())
        return found


def of_creator(world: "World", account: "Account", *, video_id: str) -> Spark:
    """The authorisation of a creator's own post. Raises 40007 where there is no code."""
    found = world.market.sparks.get(video_id)
    if found is None or found.handle != account.handle or not found.code:
        raise ApiError(40007, f"The post {video_id} has no authorization.")
    return found


def use(world: "World", *, code: str, advertiser: str) -> Spark:
    """An advertiser authorises a code and may now run the post. Raises 40002 for a code that does not work."""
    world.settle()
    with world.lock:
        found = next((one for one in world.market.sparks.values() if one.code == code), None)
        at = world.clock.now()
        if found is None:
            raise ApiError(40002, "auth_code: The authorization code is invalid.")
        if not found.works(at):
            words = "was cancelled by the creator" if found.deleted else "has expired"
            raise ApiError(40002, f"auth_code: The authorization code {words}.")
        found.used_by.setdefault(advertiser, at)
        return found


def end(world: "World", video_id: str) -> None:
    """The post is no longer tied, so its code is gone."""
    found = world.market.sparks.get(video_id)
    if found is not None and found.code:
        found.deleted = True


def _must_be_choice(days: int) -> None:
    if days not in DAYS:
        raise ApiError(40002, "days: Must be one of: 7, 30, 60, 365.")


def _give_code(world: "World", found: Spark, days: int, at: datetime) -> None:
    """A code that works from now on: the same one for longer, or a new one after the old one was taken back."""
    ends = at + timedelta(days=days)
    if found.works(at) and found.until is not None:
        found.until = max(found.until, ends)
        return
    if not found.code or found.deleted:
        # 47 bytes: 64 characters with a "=" at the end, and mostly a "+" or a "/" in between.
        raw = chance.digest("spark", world.seed, found.video_id, at.isoformat(), world.market.next())[:47]
        found.code, found.began_at, found.used_by = "#" + base64.b64encode(raw).decode(), at, {}
    found.until, found.deleted = ends, False
