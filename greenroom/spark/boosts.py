"""When a post was advertised. From a boost's start on its readings are organic and paid together, unless TikTok tells
the split; so the start is rather too early than too late."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from greenroom.core import currencies, events
from greenroom.creators.models import Post
from greenroom.spark.models import Boost, SparkAuthorization
from greenroom.spark.refusals import BadInput, NotPossible

TIKTOK, PERSON = "tiktok", "person"
MOST_MINOR = 10**15


def note_boost(
    post: Post,
    *,
    started_at: datetime,
    by: str,
    at: datetime,
    ended_at: datetime | None = None,
    spend_minor: int | None = None,
    currency: str = "",
) -> Boost:
    """A person says when the post was advertised, and what was spent: in minor units (cents) of a currency.

    Raises BadInput, and NotPossible while another boost of the post overlaps.
    """
    _check(post, started_at, ended_at, spend_minor, currency, at=at)
    with transaction.atomic():
        Post.everything.select_for_update().get(pk=post.pk)
        others = Boost.objects.filter(post=post)
        if any(_overlap(one, started_at, ended_at) for one in others):
            words = "The post was boosted at that time already. Change that boost, or end it first."
            raise NotPossible(words, code="boosted_already")
        boost: Boost = Boost.objects.create(
            workspace_id=post.workspace_id, post=post, started_at=started_at, ended_at=ended_at, told_by=PERSON,
            spend_minor=spend_minor, currency=currency, by=by,
        )  # fmt: skip
        events.record(boost, "noted", by=by, at=at, **_about(boost))
    return boost


def end_boost(boost: Boost, *, ended_at: datetime, by: str, at: datetime) -> Boost:
    """A boost is over. Raises BadInput; NotPossible when TikTok says that an advertiser still uses the code."""
    _check(boost.post, boost.started_at, ended_at, boost.spend_minor, boost.currency, at=at)
    if SparkAuthorization.objects.filter(post=boost.post_id, in_use=True).exists():
        words = "TikTok says that an advertiser uses the code. Pause the ad in TikTok Ads Manager first."
        raise NotPossible(words, code="in_use")
    with transaction.atomic():
        if Boost.objects.filter(pk=boost.pk, ended_at=None).update(ended_at=ended_at):
            boost.ended_at = ended_at
            events.record(boost, "ended", by=by, at=at, **_about(boost))
    return boost


def follow(row: SparkAuthorization, *, was_in_use: bool, before: datetime | None, at: datetime) -> None:
    """A code in use is a boost; one that is not any more has ended it. `before`: when TikTok was asked last.

    It began at some time after the last reading in which it was not in use, so from that reading on. What the reports
    tell of boosts is not touched: an ad can also be made without the code.
    """
    running = Boost.objects.filter(post=row.post_id, ended_at=None)
    if row.in_use and not running.exists():
        began = max(one for one in (row.since, before, row.post.posted_at) if one is not None)
        _begin(row.post, started_at=began, at=at)
    elif was_in_use and not row.in_use:
        ended(row.post, at=min(at, row.until or at))


def told(post: Post, *, boosted_on: date, at: datetime) -> Boost:
    """TikTok's report names the day on which the post's boost began. Twice is once."""
    started_at = max(datetime.combine(boosted_on, time(), UTC), post.posted_at)
    with transaction.atomic():
        Post.everything.select_for_update().get(pk=post.pk)
        mine = list(Boost.objects.filter(post=post))
        if found := next((one for one in mine if _overlap(one, started_at, started_at)), None):
            return found
        later = next((one for one in mine if one.told_by == TIKTOK and one.started_at > started_at), None)
        if later is None:
            return _begin(post, started_at=started_at, at=at)
        # It had begun before anybody saw the code in use.
        later.started_at = started_at
        later.save(update_fields=["started_at"])
        events.record(later, "started", by=events.SYSTEM, at=at, **_about(later))
        return later


def ended(post: Post, *, at: datetime) -> None:
    """What TikTok said had begun is over; what a person noted only a person ends."""
    for boost in Boost.objects.filter(post=post, ended_at=None, told_by=TIKTOK):
        boost.ended_at = max(at, boost.started_at)
        boost.save(update_fields=["ended_at"])
        events.record(boost, "ended", by=events.SYSTEM, at=boost.ended_at, **_about(boost))


def _begin(post: Post, *, started_at: datetime, at: datetime) -> Boost:
    boost: Boost = Boost.objects.create(
        workspace_id=post.workspace_id, post=post, started_at=started_at, told_by=TIKTOK, by=events.SYSTEM
    )
    events.record(boost, "started", by=events.SYSTEM, at=at, **_about(boost))
    return boost


def _overlap(one: Boost, started_at: datetime, ended_at: datetime | None) -> bool:
    return (one.ended_at is None or started_at < one.ended_at) and (ended_at is None or one.started_at <= ended_at)


def _check(
    post: Post,
    started_at: datetime,
    ended_at: datetime | None,
    spend_minor: int | None,
    currency: str,
    *,
    at: datetime,
) -> None:
    if started_at > at or (ended_at is not None and ended_at > at):
        raise BadInput("That is in the future.", field="started_at" if started_at > at else "ended_at")
    if started_at < post.posted_at:
        raise BadInput("The post was not out yet.", field="started_at")
    if ended_at is not None and ended_at < started_at:
        raise BadInput("It can't end before it begins.", field="ended_at")
    if spend_minor is not None and not 0 <= spend_minor <= MOST_MINOR:
        raise BadInput("An amount is 0 or more.", field="spend_minor")
    if currency and currency not in currencies.NAMES:
        raise BadInput("Choose a currency in use, such as EUR.", field="currency")
    if (spend_minor is None) != (not currency):
        raise BadInput(
            "Amount and currency go together.", field="currency" if spend_minor is not None else "spend_minor"
        )


def _about(boost: Boost) -> dict[str, Any]:
    return {
        "post": boost.post_id,
        "video": boost.post.item_id,
        "started_at": boost.started_at.isoformat(),
        "ended_at": boost.ended_at.isoformat() if boost.ended_at else None,
        "told_by": boost.told_by,
        "spend_minor": boost.spend_minor,
        "currency": boost.currency or None,
    }
