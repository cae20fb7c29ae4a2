"""A campaign with an order whose creator has published, seen by the campaign; and what the creator then does."""

from datetime import timedelta

import pytest

from greenroom.campaigns import following, ordering
from greenroom.campaigns.models import Deliverable, Order
from greenroom.core import work
from greenroom.creators.models import Post
from greenroom.sandbox import spark as at_tiktok
from greenroom.spark.models import SparkAuthorization
from tests.campaigns.conftest import (  # noqa: F401 (fixtures)
    BY,
    campaign,
    later,
    people,
    phone,
    run,
    take_part,
    workspace,
    world,
)


@pytest.fixture
def published(campaign, phone, at):  # noqa: F811
    """Publish one post of a new order for a creator; gives our row of it."""

    def made(handle="ana", **asked) -> Post:
        participants = take_part(campaign, handle, at=at)
        ordering.create_orders(campaign, participants, ordering.Asked(**{"videos": 1, **asked}), by=BY, at=at)
        run(at)
        order = Order.objects.select_related("account").get(campaign=campaign, account__handle=handle)
        phone.publish(order)
        following.follow(campaign, at=at + timedelta(minutes=1))
        return Deliverable.objects.get(order=order).post

    return made


class Hand:
    """What creators and advertisers do at TikTok with a post."""

    def __init__(self, world):  # noqa: F811
        self.world = world

    def answer(self, post, *, grant=True, days=0):
        return at_tiktok.answer(self.world, video_id=post.item_id, grant=grant, days=days)

    def switch(self, post, *, on, days=30):
        account = self.world.account(post.account.handle)
        return at_tiktok.switch(self.world, account, video_id=post.item_id, on=on, days=days)

    def use(self, post):
        return at_tiktok.use(self.world, code=self.world.market.sparks[post.item_id].code, advertiser="7")

    def requests(self, post) -> int:
        return self.world.market.sparks[post.item_id].requests


@pytest.fixture
def hand(world):  # noqa: F811
    return Hand(world)


def look(at) -> None:
    """What workers do now."""
    work.run_due(SparkAuthorization, at=at)


def of(post) -> SparkAuthorization:
    return SparkAuthorization.objects.select_related("post__account").get(post=post)
