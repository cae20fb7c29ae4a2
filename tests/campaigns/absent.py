"""Posts that are missing, each for another reason, and somebody who asks where they are."""

from datetime import date, timedelta

from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import missing, ordering, tying
from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable, Order
from greenroom.core import events
from greenroom.creators import actions as creators
from greenroom.creators.models import Account, Connection, Post
from tests.campaigns.conftest import BY, SETTINGS, take_part


def item(at, number=0) -> str:
    """An id as TikTok makes it: its upper bits are the second of the upload."""
    return str((int(at.timestamp()) << 32) + number)


def url(handle, item_id) -> str:
    return f"https://www.tiktok.com/@{handle}/video/{item_id}?is_from_webapp=1"


def publish(account, at, **more) -> Post:
    """A post we read of an account, tied to nothing."""
    told = {"item_id": item(at, account.pk), "posted_at": at, "first_seen_at": at, "last_seen_at": at, **more}
    return Post.everything.create(workspace=account.workspace, account=account, **told)


class Desk:
    """A campaign in which Ana has an order of two posts, and somebody who asks where a post is.

    Several stand side by side, each with a creator of its own.
    """

    def __init__(self, campaign, at, handle="ana"):
        self.campaign, self.workspace, self.at, self.handle = campaign, campaign.workspace, at, handle
        self.participant = take_part(campaign, handle, at=at)[0]
        self.ana = self.participant.account
        Account.objects.filter(pk=self.ana.pk).update(in_marketplace=True)
        bulk = ordering.create_orders(campaign, [self.participant], ordering.Asked(videos=2), by=BY, at=at)
        self.order = bulk.orders.get()
        told = {
            "state": "created",
            "tiktok_id": f"77-{handle}",
            "code": f"GR-{handle.upper()}-1",
            "created_at": at - timedelta(days=9),
        }
        Order.objects.filter(pk=self.order.pk).update(**told)
        self.order.refresh_from_db()

    def ask(self, address, campaign="same"):
        asked = self.campaign if campaign == "same" else campaign
        return missing.diagnose(self.workspace, address, campaign=asked, at=self.at)

    def other(self, **settings) -> Campaign:
        told = {**SETTINGS, **settings}
        made = campaigns.create_campaign(self.workspace, name="Barley", by=BY, at=self.at, mode="manual", **told)
        campaigns.move_campaign(made, "active", by=BY, at=self.at)
        return made

    def place(self, **values) -> Deliverable:
        Deliverable.objects.filter(order=self.order, place=1).update(**values)
        return Deliverable.objects.get(order=self.order, place=1)

    def tied(self) -> tuple[Post, Deliverable]:
        post = publish(self.ana, self.at)
        place = self.place(state="published", video_id=post.item_id, post=post)
        tying.tie(self.order, place, post, by=BY, at=self.at)
        return post, place


def nothing_pasted(desk):
    return "what is this"


def short(desk):
    return "https://vm.tiktok.com/ZMabc123/"


def tied_here(desk):
    return url(desk.handle, desk.tied()[0].item_id)


def in_another(desk):
    post = publish(desk.ana, desk.at)
    CampaignPost.objects.create(
        workspace=desk.workspace,
        campaign=desk.other(),
        post=post,
        how="hand",
        posted_at=desk.at,
        added_at=desk.at,
        by=BY,
    )
    return url(desk.handle, post.item_id)


def taken_down(desk):
    post, place = desk.tied()
    tying.untie(place, why="removed", reason="Community guidelines", by=BY, at=desk.at)
    return url(desk.handle, post.item_id)


def only_the_former_source(desk):
    return url(desk.handle, publish(desk.ana, desk.at, hidden_at=desk.at).item_id)


PURGED = "7300000000000000001"


def purged(desk):
    missing.ON_MISSING.append(lambda workspace, item_id: "on 3 March 2026" if item_id == PURGED else "")
    return url(desk.handle, PURGED)


def handed_in(desk):
    desk.place(state="uploaded", video_id=item(desk.at, desk.ana.pk))
    return url(desk.handle, item(desk.at, desk.ana.pk))


def refused(desk):
    place, video = desk.place(), item(desk.at, desk.ana.pk)
    told = {"order": desk.order.pk, "video": video, "why": "rejected", "reason": "Too loud", "was": "uploaded"}
    events.record(place, "open", by=BY, at=desk.at, **told)
    return url(desk.handle, video)


def put_away(desk):
    Campaign.objects.filter(pk=desk.campaign.pk).update(state="archived")
    desk.campaign.refresh_from_db()
    return url(desk.handle, publish(desk.ana, desk.at).item_id)


def stranger(desk):
    return url("nobody.here", item(desk.at))


def deleted(desk):
    Account.objects.filter(pk=desk.ana.pk).update(gone_at=desk.at)
    return url(desk.handle, item(desk.at))


def untracked(desk):
    account = creators.record_legacy(desk.workspace, handle=f"ida.{desk.handle}", by=BY, at=desk.at)
    return url(account.handle, item(desk.at))


def withdrawn(desk):
    account = creators.record_legacy(desk.workspace, handle=f"ida.{desk.handle}", by=BY, at=desk.at)
    Connection.objects.create(workspace=desk.workspace, account=account, dialect="login_kit", state="revoked")
    return url(account.handle, publish(account, desk.at).item_id)


def second_account(desk):
    account = creators.record_legacy(desk.workspace, handle=f"{desk.handle}.home", by=BY, at=desk.at)
    Account.objects.filter(pk=account.pk).update(creator=desk.ana.creator_id, in_marketplace=True)
    return url(account.handle, publish(account, desk.at).item_id)


def takes_no_part(desk):
    account = creators.record_legacy(desk.workspace, handle=f"dov.{desk.handle}", by=BY, at=desk.at)
    Account.objects.filter(pk=account.pk).update(in_marketplace=True)
    return url(account.handle, publish(account, desk.at).item_id)


def without_order(desk):
    ordering.cancel(Order.objects.select_related("account").get(pk=desk.order.pk), by=BY, at=desk.at)
    return url(desk.handle, publish(desk.ana, desk.at).item_id)


def too_early(desk):
    Campaign.objects.filter(pk=desk.campaign.pk).update(starts_on=desk.at.date(), ends_on=date(2030, 1, 1))
    return url(desk.handle, publish(desk.ana, desk.at - timedelta(days=3)).item_id)


def id_not_told(desk):
    desk.place(state="published_pending_id", published_at=desk.at)
    return url(desk.handle, item(desk.at))


def new(desk):
    return url(desk.handle, item(desk.at - timedelta(hours=1)))


def all_done(desk):
    Deliverable.objects.filter(order=desk.order).update(state="published")
    for place in Deliverable.objects.filter(order=desk.order):
        Deliverable.objects.filter(pk=place.pk).update(video_id=f"1{place.pk}")
    return url(desk.handle, publish(desk.ana, desk.at).item_id)


def link_forgotten(desk):
    return url(desk.handle, publish(desk.ana, desk.at).item_id)


def no_code(desk):
    Order.objects.filter(pk=desk.order.pk).update(code="")
    return url(desk.handle, publish(desk.ana, desk.at).item_id)


INJECTED = {
    nothing_pasted: "not_a_post",
    short: "short_link",
    taken_down: "removed",
    tied_here: "here",
    in_another: "other_campaign",
    only_the_former_source: "hidden",
    purged: "purged",
    handed_in: "in_review",
    refused: "rejected",
    put_away: "archived",
    stranger: "unknown_account",
    deleted: "account_gone",
    withdrawn: "grant_over",
    untracked: "unsupported",
    second_account: "wrong_account",
    takes_no_part: "no_participant",
    without_order: "no_order",
    too_early: "outside_dates",
    id_not_told: "id_late",
    new: "not_read_yet",
    all_done: "order_full",
    link_forgotten: "link_unused",
    no_code: "link_unused_no_code",
}
