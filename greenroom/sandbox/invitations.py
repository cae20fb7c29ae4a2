"""Invitations to the Creator Marketplace, and the inbox of the TikTok app in which a creator finds them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from greenroom.sandbox import brands, eligibility
from greenroom.sandbox.brands import Brand
from greenroom.sandbox.http import ApiError

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

LIFE = timedelta(days=30)
MOVES = {
    "sent": ("viewed", "accepted", "declined", "expired"),
    "viewed": ("accepted", "declined", "expired"),
    "accepted": (),
    "declined": (),
    "expired": (),
}
OPEN = ("sent", "viewed")


@dataclass(eq=False)
class Invitation:
    """One brand's invitation of one creator to the marketplace."""

    invitation_id: str
    brand: int
    handle: str
    sent_at: datetime
    state: str = "sent"
    answered_at: datetime | None = None

    def move(self, to: str) -> None:
        """Raises 40002 for a move that the table does not have."""
        if to not in MOVES[self.state]:
            raise ApiError(40002, f"The invitation is {self.state} and cannot become {to}.")
        self.state = to


@dataclass(eq=False)
class Notice:
    """A line in System Notifications: `kind` marketplace, campaign, link or spark, `key` what it is about."""

    handle: str
    kind: str
    brand_name: str
    text: str
    sent_at: datetime
    key: str


def send(world: "World", *, brand: Brand, handle: str) -> str:
    """Invite a creator: `IN` when a member already, `INVITED` when now or still invited, else why it is refused.

    Raises `KeyError` when nobody has the handle.
    """
    world.settle()
    with world.lock:
        account, at = world.account(handle), world.clock.now()
        if world.membership(account) == "IN":
            return "IN"
        if open_one(world, account.handle, brand=brand.place):
            return "INVITED"
        refused = eligibility.refusal(world, account, at=at)
        if refused:
            return refused
        made = Invitation(world.market.new_id("invitation"), brand.place, account.handle, at)
        world.market.invitations.setdefault(account.handle, []).append(made)
        world.market.at(at + LIFE, "invitation", made)
        text = f"{brand.name} invited you to join TikTok Creator Marketplace."
        tell(world, handle=account.handle, kind="marketplace", brand=brand.place, text=text, key=made.invitation_id)
        return "INVITED"


def of(world: "World", handle: str) -> list[Invitation]:
    """A creator's invitations, oldest first."""
    return list(world.market.invitations.get(handle, ()))


def open_one(world: "World", handle: str, *, brand: int | None = None) -> Invitation | None:
    """The creator's newest invitation that waits for an answer, of one brand or of any."""
    found = [one for one in of(world, handle) if one.state in OPEN and brand in (None, one.brand)]
    return found[-1] if found else None


def view(world: "World", *, handle: str) -> Invitation:
    """The creator opens the invitation: `View More`. Raises 40007 when none is open."""
    world.settle()
    with world.lock:
        found = _open(world, handle)
        if found.state == "sent":
            found.move("viewed")
        return found


def accept(world: "World", *, handle: str) -> Invitation:
    """The creator presses `Join` and is a member from now on. Every other open invitation is answered with it."""
    world.settle()
    with world.lock:
        account = world.account(handle)
        found = _open(world, account.handle)
        for one in of(world, account.handle):
            if one.state in OPEN:
                one.move("accepted")
                one.answered_at = world.clock.now()
        world.join_marketplace(account.handle)
        return found


def decline(world: "World", *, handle: str) -> Invitation:
    """The creator wants none of it. Raises 40007 when none is open."""
    world.settle()
    with world.lock:
        found = _open(world, world.account(handle).handle)
        found.move("declined")
        found.answered_at = world.clock.now()
        return found


def expire(world: "World", *, handle: str) -> Invitation:
    """The newest open invitation lapses now instead of after 30 days. Raises 40007 when none is open."""
    world.settle()
    with world.lock:
        found = _open(world, world.account(handle).handle)
        found.move("expired")
        return found


def lapse(world: "World", invitation: Invitation, at: datetime) -> None:
    """Its time is over, if nobody answered."""
    if invitation.state in OPEN:
        invitation.move("expired")


def inbox(world: "World", handle: str) -> list[Notice]:
    """A creator's System Notifications, newest first."""
    return list(reversed(world.market.notices.get(handle, ())))


def tell(world: "World", *, handle: str, kind: str, brand: int, text: str, key: str) -> None:
    """One more line in a creator's System Notifications."""
    name = brands.at(world.seed, brand).name
    made = Notice(handle, kind, name, text, world.clock.now(), key)
    world.market.notices.setdefault(handle, []).append(made)


def _open(world: "World", handle: str) -> Invitation:
    found = open_one(world, world.account(handle).handle)
    if found is None:
        raise ApiError(40007, "The creator has no open invitation to the marketplace.")
    return found
