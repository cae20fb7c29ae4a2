"""LAUNCH: a campaign from its settings to published posts, at desks and on phones.

ANA uploads through her link, BEN forgot it and types the campaign code, CYD joins and hands in, DOV has an order.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from rich.table import Table

from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.core import clock
from greenroom.core.models import Workspace
from greenroom.creators.models import Post
from greenroom.demo.processes import Stage
from greenroom.demo.visitor import Visitor

NAME = "LAUNCH"
BRAND = {"brand_name": "Demo Oats", "description": "Show one real breakfast with oat drink. Your kitchen, your pace."}
PATIENCE = timedelta(minutes=1)
LONG_OUT = timedelta(days=3)  # so long that TikTok tells all it ever tells of a post
TAP = 1.1  # seconds between two taps on a phone; TikTok tells its times to the second


class Launch:
    """The acts of the campaign; staff is signed in. Each raises Stuck, or RuntimeError when the worker is too slow."""

    def __init__(self, stage: Stage, workspace: Workspace, staff: Visitor) -> None:
        self.stage, self.workspace, self.staff = stage, workspace, staff

    def acts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        yield "The owner sets up the campaign LAUNCH", self.set_up
        yield "ANA, BEN, CYD and DOV take part, and each gets an order", self.invite
        yield "ANA joins through her invite link, uploads and posts", lambda: self.deliver("ana")
        yield "BEN published without the link days ago and types the campaign code", self.forget_the_link
        yield "CYD joins and hands a video in", lambda: self.hand_in("cyd")
        yield "The campaign hears of all three", self.wait_for_posts

    def set_up(self) -> None:
        self.staff.open(f"{self._campaigns}add/").submit("Add campaign", name=NAME, tiktok="on")
        self.staff.open(f"{self._here}settings/marketplace/").submit("Save", **BRAND)
        self.staff.open(self._here).submit("Activate")

    def invite(self) -> None:
        self.staff.open(f"{self._here}influencers/add/").submit("Add all")
        wait_until(lambda: Order.objects.filter(campaign=self._campaign, state="created").count() == 4, "four orders")

    def deliver(self, handle: str) -> None:
        """Everything of one video, up to TikTok's review letting it pass."""
        phone = self.hand_in(handle)
        time.sleep(TAP)
        phone.submit("Post").submit("Approve")

    def hand_in(self, handle: str) -> Visitor:
        key = self._order(handle).invite_link.rstrip("/").rsplit("/", 1)[1]
        phone = Visitor(self.stage.sandbox).open(f"/_sim/campaign?handle={handle}&key={key}")
        return phone.submit("Join Campaign").submit("Upload", caption=f"Breakfast by {handle} #oats")

    def forget_the_link(self) -> None:
        out = Post.objects.within(self.workspace).filter(account__handle="ben", posted_at__lt=clock.now() - LONG_OUT)
        wait_until(out.exists, "BEN's posts")
        forgotten = out.latest("posted_at").item_id
        phone = Visitor(self.stage.sandbox).open("/_sim/?handle=ben")
        phone.submit("Add code", video_id=forgotten, code=self._order("ben").code).submit("Approve")

    def wait_for_posts(self) -> None:
        """TikTok tells the campaign that there is news; it reads how the orders stand."""
        known = Deliverable.objects.filter(order__campaign=self._campaign)
        wait_until(
            lambda: known.filter(state="published").count() == 2 and known.filter(state="uploaded").count() == 1,
            "two published posts and one in review",
        )

    def table(self) -> Table:
        """The campaign's orders as they stand."""
        made = Table(title=f"{NAME}: orders", title_justify="left")
        for heading in ("Account", "Order", "Invite link", "Campaign Code", "Posts"):
            made.add_column(heading)
        orders = Order.objects.filter(campaign=self._campaign).select_related("account")
        for order in orders.prefetch_related("deliverables").order_by("account__handle"):
            posts = (f"{one.name}: {one.state_label}{_by(one)}" for one in order.deliverables.all())
            made.add_row(str(order.account), order.state_label, order.invite_link, order.code, "\n".join(posts))
        return made

    @property
    def _campaign(self) -> Campaign:
        return Campaign.objects.within(self.workspace).get(name=NAME)

    @property
    def _campaigns(self) -> str:
        return f"/w/{self.workspace.slug}/campaigns/"

    @property
    def _here(self) -> str:
        return f"{self._campaigns}{self._campaign.pk}/"

    def _order(self, handle: str) -> Order:
        found: Order = Order.objects.get(campaign=self._campaign, account__handle=handle)
        return found


def wait_until(there: Callable[[], bool], what: str) -> None:
    """Raises RuntimeError when the worker takes longer than PATIENCE."""
    end = time.monotonic() + PATIENCE.total_seconds()
    while not there():
        if time.monotonic() > end:
            raise RuntimeError(f"the worker did not come to {what} within {PATIENCE}")
        time.sleep(0.1)


def _by(one: Deliverable) -> str:
    return f" (by {one.get_set_by_display().lower()})" if one.set_by else ""
