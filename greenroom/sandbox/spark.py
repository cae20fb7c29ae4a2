"""Spark authorisations of marketplace posts: asked for by the brand, given or refused by the creator, over in time."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from greenroom.sandbox import chance, invitations
from greenroom.sandbox.http import ApiError

if TYPE_CHECKING:
    from greenroom.sandbox.market import Upload
    from greenroom.sandbox.world import World

DAYS = (7, 30, 60, 365)
MOST_REQUESTS = 30


@dataclass(eq=False)
class Spark:
    """One post's authorisation. `status` WAITING, ACCEPTED or REJECTED; `days` as asked, the ends as given."""

    video_id: str
    brand: int
    handle: str
    status: str
    updated_at: datetime
    days: int
    requests: int = 0
    code: str = ""
    began_at: datetime | None = None
    until: datetime | None = None
    deleted: bool = False

    def code_status(self, at: datetime) -> str:
        """NOT_USED, EXPIRED or DELETED; an empty text when there is no code. Nobody here uses one."""
        if not self.code or self.until is None:
            return ""
        return "DELETED" if self.deleted else "EXPIRED" if at > self.until else "NOT_USED"


def ask(world: "World", *, made: "Upload", days: int, extend: bool = False) -> Spark:
    """The brand asks, reminds (at most 30 requests until there is an answer) or wants more time. Raises 40002."""
    world.settle()
    with world.lock:
        at, found = world.clock.now(), world.market.sparks.get(made.video_id)
        if extend and (found is None or found.status != "ACCEPTED"):
            raise ApiError(40002, "action: there is no authorization to extend.")
        if found is not None and found.status == "ACCEPTED" and not extend:
            raise ApiError(40002, "The creator has already approved the authorization request.")
        if found is None or found.status == "REJECTED":
            brand = made.order.campaign.brand
            found = Spark(made.video_id, brand, made.order.handle, "WAITING", at, days)
            world.market.sparks[made.video_id] = found
        if found.requests >= MOST_REQUESTS:
            raise ApiError(40002, "There are no authorization requests left for this video.")
        found.requests, found.days = found.requests + 1, days
        if extend:
            found.status, found.updated_at = "WAITING", at
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
        if days and days not in DAYS:
            raise ApiError(40002, "days: Must be one of: 7, 30, 60, 365.")
        found.updated_at = world.clock.now()
        found.status = "ACCEPTED" if grant else "REJECTED"
        if grant:
            _give_code(world, found, days or found.days, world.clock.now())
        return found


def grant_with_order(world: "World", made: "Upload", at: datetime) -> None:
    """Who joined an order that asked for Spark days has authorised its posts."""
    days, brand = made.deliverable.spark_days, made.order.campaign.brand
    found = Spark(made.video_id, brand, made.order.handle, "ACCEPTED", at, days)
    world.market.sparks[made.video_id] = found
    _give_code(world, found, days, at)


def end(world: "World", video_id: str) -> None:
    """The post is no longer tied, so its code is gone."""
    found = world.market.sparks.get(video_id)
    if found is not None and found.code:
        found.deleted = True


def _give_code(world: "World", found: Spark, days: int, at: datetime) -> None:
    if not found.code:
        raw = chance.digest("spark", world.seed, found.video_id, at.isoformat())[:48]
        found.code = "#" + base64.b64encode(raw).decode()
    found.began_at = found.began_at or at
    found.until, found.deleted = at + timedelta(days=days), False
