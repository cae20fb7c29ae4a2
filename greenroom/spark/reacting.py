"""Spark Ads requested with an order: when its post is published and tied, the answer is there to be read."""

from greenroom.campaigns.models import CampaignPost, Deliverable
from greenroom.core import events
from greenroom.core.models import Event
from greenroom.spark import asking

NAMES = ("campaignpost.tied", "deliverable.published")


def notice(event: Event) -> None:
    """A post came into an order, or the order's post was published: whichever is later counts."""
    if event.name not in NAMES:
        return
    noun, _, key = event.subject.partition(":")
    rows = Deliverable.objects.filter(workspace=event.workspace_id, state="published", order__spark_days__gt=0)
    mine = rows.filter(pk=key) if noun == Deliverable._meta.model_name else rows.filter(
        pk__in=CampaignPost.objects.filter(pk=key).values("deliverable")
    )  # fmt: skip
    for one in mine.select_related("order", "post__account", "workspace"):
        if one.post is not None and one.order.spark_days:
            asking.with_order(one.post, days=one.order.spark_days, by=one.order.by, at=event.at)


def listen() -> None:
    """Hook in, once per process."""
    if notice not in events.ON_EVENT:
        events.ON_EVENT.append(notice)
