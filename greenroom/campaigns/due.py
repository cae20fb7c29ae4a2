"""Orders create themselves, campaigns ask how theirs stand, TikTok is asked to tell."""

from collections.abc import Callable
from datetime import datetime, timedelta

from greenroom.campaigns import following, listening, ordering, placing
from greenroom.campaigns.models import Campaign, Order, Subscription
from greenroom.campaigns.refusals import Refusal
from greenroom.core import events
from greenroom.core.work import Later, runs
from greenroom.tiktok import errors


@runs(Order)
def create(order: Order, *, at: datetime) -> datetime | None:
    """Create the order at TikTok."""
    row = Order.objects.select_related("account", "campaign__workspace", "workspace").get(pk=order.pk)
    return patiently(lambda: placing.place(row, at=at), at=at)


@runs(Campaign)
def look(campaign: Campaign, *, at: datetime) -> datetime | None:
    """Make what auto mode still owes and ask how the orders stand."""
    row = Campaign.objects.select_related("workspace").get(pk=campaign.pk)
    ordering.ensure(row, by=events.SYSTEM, at=at)
    return patiently(lambda: following.follow(row, at=at), at=at)


@runs(Subscription)
def listen(subscription: Subscription, *, at: datetime) -> datetime | None:
    """See to it that TikTok tells of posts, or does so no longer."""
    row = Subscription.objects.select_related("connection", "workspace").get(pk=subscription.pk)
    return patiently(lambda: listening.keep(row, at=at), at=at)


def patiently(ask: Callable[[], datetime | None], *, at: datetime) -> datetime | None:
    """What TikTok's refusals mean for a due row: when it is tried again, and why it waits. Raises Later."""
    try:
        return ask()
    except errors.Throttled as throttled:
        raise Later(str(throttled), due_at=at + timedelta(seconds=throttled.retry_after)) from throttled
    except errors.Unavailable as away:
        raise Later(str(away), due_at=at + timedelta(seconds=max(away.retry_after, 10))) from away
    except Refusal as refused:
        raise Later(refused.words, due_at=at + timedelta(hours=1)) from refused
    except errors.TikTokError as error:
        raise Later(f"{error}. {error.what_to_do}", due_at=at + timedelta(hours=1)) from error
