"""Posts in campaigns without TikTok: published, read, added by hand, tied."""

from datetime import timedelta

from greenroom.campaigns import adding, tying
from greenroom.campaigns.models import Deliverable, Order
from greenroom.core import clock
from greenroom.creators.models import Account, Post
from greenroom.observations import log
from tests.pages.campaigning import create, run

ALL = "/w/acme/posts/"


def publish(account, item_id, *, days=1, **more):
    at = clock.now() - timedelta(days=days)
    told = {"posted_at": at, "first_seen_at": at, "last_seen_at": at, "caption": f"Film {item_id}", **more}
    return Post.objects.create(workspace=account.workspace, account=account, item_id=item_id, **told)


def read(post, **figures):
    at = clock.now() - timedelta(hours=1)
    row = {"account": post.account_id, "subject": post.pk, "observed_at": at, "surface": "accounts_api",
           "source_class": "sandbox", "basis": post.basis, **figures}  # fmt: skip
    log.append(post.workspace, "post", [row], key=f"read {post.pk}", at=at)


def state(account, **attributes):
    Account.objects.filter(pk=account.pk).update(**attributes)
    account.refresh_from_db()
    return account


def by_hand(campaign, post, *, branded=True):
    return adding.add_post(campaign, post, branded=branded, by="member:1", at=clock.now())


def tied(olga, campaign, participant, item_id="7100", set_by="link"):
    """A post in the campaign through an order of the participant."""
    create(olga, campaign, participant)
    run()
    order = Order.objects.get(participant=participant)
    one = order.deliverables.get()
    post = publish(participant.account, item_id)
    Deliverable.objects.filter(pk=one.pk).update(state="published", post=post, video_id=item_id, set_by=set_by)
    one.refresh_from_db()
    return tying.tie(order, one, post, by="system", at=clock.now())
