"""What creators hand in: uploaded, posted, reviewed, published, rejected, removed; or tied to an order afterwards.

Every way in ends at `_tie`, which is where a post can belong to one order only and an order can be full.
"""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from greenroom.sandbox import brands, chance, orders, spark
from greenroom.sandbox.http import ApiError
from greenroom.sandbox.market import Order, Upload
from greenroom.sandbox.posts import Post

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

CONTENT_REVIEW = timedelta(minutes=5)
AD_REVIEW = timedelta(minutes=5)
LATEST_ID = timedelta(hours=48)
UPLOADED, PUBLISHED = "tto_video_uploaded", "tto_video_published"
TCM_VIDEOS = 10


def upload(
    world: "World",
    *,
    handle: str,
    link: str,
    deliverable: str = "",
    caption: str = "",
    views: float | None = None,
    late_hours: float | None = None,
) -> Upload:
    """The creator hands a video in through the invite link; nobody can see it yet.

    `deliverable` names the one it is for (else the first open one); `late_hours`, 0 to 48, is how much later brands are
    told its id. Raises 40001 (not invited), 40002 (not joined, all handed in) or 40007 (no such link or deliverable).
    """
    world.settle()
    with world.lock:
        order = world.market.order_of(world.market.behind_link(link), world.account(handle).handle)
        account = world.account(handle)
        place = _place(order, deliverable)
        made = _tie(world, order, place, world.new_item_id(account.index), way="link", late_hours=late_hours)
        made.caption, made.views = caption, views
        return made


def post(world: "World", *, video_id: str) -> Upload:
    """The creator posts what was uploaded: everybody can see it, with its branded content toggle on; review begins."""
    world.settle()
    with world.lock:
        return _post(world, tied(world, video_id), world.clock.now())


def enter_code(world: "World", *, handle: str, code: str, video_id: str) -> Upload:
    """The creator types a campaign code on a post of theirs. Raises 40001, 40002 or 40007."""
    world.settle()
    with world.lock:
        order = world.market.order_of(world.market.behind_code(code), world.account(handle).handle)
        return tie_post(world, order=order, video_id=video_id, way="code")


def tie_post(world: "World", *, order: Order, video_id: str, way: str) -> Upload:
    """Tie a post that is out already; its branded content toggle goes on. Raises 40002 or 40007.

    `way` code (typing it accepts the order), request (approving it does, too) or link (only after joining).
    """
    with world.lock:
        found = own_post(world, order.handle, video_id)
        _must_be_free(world, video_id)
        if order.state == "created" and way != "link":
            orders.join(world, handle=order.handle, link=order.campaign.link)
        made = _tie(world, order, _place(order, ""), video_id, way=way, late_hours=0)
        made.caption, made.posted_at = found.caption, datetime.fromtimestamp(found.created, UTC)
        made.move("reviewing")
        world.market.branded.setdefault(video_id, way)
        if way == "request":  # the brand asked for this very post
            made.content_judged_at = made.ad_judged_at = world.clock.now()
            _publish(world, made, world.clock.now())
        else:
            _review(world, made, world.clock.now())
        return made


def approve(world: "World", *, video_id: str) -> Upload:
    """TikTok's review lets it pass now. Raises 40002 when it is not in review."""
    world.settle()
    with world.lock:
        made, at = tied(world, video_id), world.clock.now()
        if made.state != "reviewing":
            raise ApiError(40002, f"The video is {made.state} and cannot become published.")
        made.content_judged_at, made.ad_judged_at = made.content_judged_at or at, at
        _publish(world, made, at)
        return made


def reject(world: "World", *, video_id: str, reason: str, by: str = "content") -> Upload:
    """It does not pass: `by` content (TikTok takes it off), ad, or advertiser (it stays but is no longer tied).

    The deliverable is open again. Raises 40002 or 40007.
    """
    world.settle()
    with world.lock:
        made, at = tied(world, video_id), world.clock.now()
        if by not in ("content", "ad", "advertiser"):
            raise ApiError(40002, "by: Must be one of: content, ad, advertiser.")
        made.move("rejected")
        made.failed, made.reason, made.closed_at = by, reason, at
        if by == "content":
            world.market.removed[video_id] = "moderators"
            world.hide(video_id)
        _untie(world, made)
        return made


def remove(world: "World", *, video_id: str, by: str = "creator") -> None:
    """A post goes, tied or not: `by` the creator or the moderators. A tied one opens its deliverable again."""
    world.settle()
    with world.lock:
        made = world.market.ties.get(video_id)
        if made is not None:
            made.move("removed")
            made.closed_at = world.clock.now()
            _untie(world, made)
        world.market.removed[video_id] = by
        world.hide(video_id)


def tied(world: "World", video_id: str) -> Upload:
    """The live upload of a video. Raises 40007."""
    found = world.market.ties.get(video_id)
    if found is None:
        raise ApiError(40007, f"The video {video_id} is not linked to any campaign.")
    return found


def own_post(world: "World", handle: str, video_id: str) -> Post:
    """A visible post of a creator. Raises 40007."""
    account = world.account(handle)
    for one in world.posts_of(account.index):
        if one.item_id == video_id:
            return one
    raise ApiError(40007, f"The video {video_id} does not exist.")


def pass_content(world: "World", made: Upload, at: datetime) -> None:
    """The first half of the review is over."""
    if made.state == "reviewing" and made.content_judged_at is None:
        made.content_judged_at = at


def pass_ad(world: "World", made: Upload, at: datetime) -> None:
    """The second half of the review is over."""
    if made.state == "reviewing":
        made.ad_judged_at = at
        _publish(world, made, at)


def post_by_itself(world: "World", made: Upload, at: datetime) -> None:
    """What an app handed in is posted when TikTok has fetched it."""
    if made.state == "uploaded":
        _post(world, made, at)


def tell_published(world: "World", made: Upload, at: datetime) -> None:
    """The event waited for the id."""
    if made.state == "published":
        _tell(world, made, PUBLISHED, at)


def _place(order: Order, deliverable: str) -> int:
    if order.state != "joined":
        raise ApiError(40002, "The creator has not joined the campaign.")
    names = [one.name for one in order.campaign.deliverables]
    if deliverable and deliverable not in names:
        raise ApiError(40007, f"The deliverable {deliverable} does not exist.")
    fitting = [place for place in order.open_places if not deliverable or names[place] == deliverable]
    if not fitting:
        told = "Every video of this order has been uploaded." if not order.open_places else "It has been uploaded."
        raise ApiError(40002, told)
    return fitting[0]


def _tie(world: "World", order: Order, place: int, video_id: str, *, way: str, late_hours: float | None) -> Upload:
    market, at = world.market, world.clock.now()
    _must_be_free(world, video_id)
    if late_hours is None:
        late = world.faults.strikes("late_ids")
        late_hours = 1 + 47 * chance.draws("late", world.seed, video_id)[0] if late else 0
    if not 0 <= late_hours <= LATEST_ID.total_seconds() / 3600:
        raise ApiError(40002, "late_hours: Must be from 0 to 48.")
    made = Upload(order, place, video_id, way, "", at, at + timedelta(hours=late_hours))
    order.uploads.append(made)
    market.ties[video_id] = made
    if way in ("link", "api"):
        market.branded[video_id] = "link"
    _tell(world, made, UPLOADED, at)
    return made


def _must_be_free(world: "World", video_id: str) -> None:
    if video_id in world.market.ties:
        raise ApiError(40002, f"The video {video_id} is already linked to a campaign.")


def _untie(world: "World", made: Upload) -> None:
    world.market.ties.pop(made.video_id, None)
    spark.end(world, made.video_id)


def _post(world: "World", made: Upload, at: datetime) -> Upload:
    made.move("reviewing")
    made.posted_at = at
    caption = made.caption or None
    world.publish(made.order.handle, caption=caption, views=made.views, at=at, branded=True, item_id=made.video_id)
    _review(world, made, at)
    return made


def _review(world: "World", made: Upload, at: datetime) -> None:
    world.market.at(at + CONTENT_REVIEW, "content", made)
    world.market.at(at + CONTENT_REVIEW + AD_REVIEW, "ad", made)


def _publish(world: "World", made: Upload, at: datetime) -> None:
    made.move("published")
    if made.deliverable.spark_days:
        spark.grant_with_order(world, made, at)
    if made.known_at > at:
        world.market.at(made.known_at, "tell", made)
    else:
        _tell(world, made, PUBLISHED, at)


def _tell(world: "World", made: Upload, event: str, at: datetime) -> None:
    """`TCM_VIDEOS`: the id is left out while it is late, the handle when it cannot be matched."""
    campaign, account = made.order.campaign, brands.at(world.seed, made.order.campaign.brand).tto_tcm_account_id
    entry = {
        "event_type": "tto_campaign_webhook",
        "tto_campaign_event_type": event,
        "event_time": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "video_id": made.video_id,
        "handle_name": made.order.handle,
        "campaign_id": campaign.campaign_id,
        "tto_tcm_account_id": account,
        "log_id": f"{at:%Y%m%d%H%M%S}{world.market.next():018X}",
    }
    if made.known_at > at:
        del entry["video_id"]
    if world.faults.strikes("nameless_webhooks"):
        del entry["handle_name"]
    world.webhooks.tell_subscribers("TCM_VIDEOS", TCM_VIDEOS, entry, account=account)
