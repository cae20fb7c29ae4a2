"""The marketplace's reports on the posts of orders, in both generations (ORD-21, PVA-03).

One sync of the workspace per generation reads the posts that are tied now, through the marketplace grant, as deep as
the schedule says for their age. Reports are a day late, so posts are never asked for more often than once an hour.

An account's own posts are read too, by a stream of its own, and the two lag behind each other: of a field that both
give, a series would run backwards. So a field comes from one of them. What the account is read through supplies what it
can, and the report the rest; of an account that is not read at all (not authenticated and not in the marketplace) the
report supplies everything.
"""

from collections.abc import Iterator
from datetime import timedelta

from greenroom.creators.models import Connection
from greenroom.syncs import schedule
from greenroom.syncs.streams import Ask, Found, stream
from greenroom.tiktok import campaigns, orders
from greenroom.tiktok import client as tiktok

SURFACE, PREFIX = "order_report", "order_report_"
HOURLY = schedule.Source(delay=timedelta(hours=48), fastest=timedelta(hours=1))
ORDERS_ASKED = 100
OLDER_METRICS = (
    "video_views", "likes", "comments", "shares", "reach", "engagement_count", "engagement_rate", "total_play_time",
    "average_view_time", "video_completion_rate", "lifetime_gender_distribution", "lifetime_top_age_distribution",
    "lifetime_top_country_distribution", "most_popular_country_state_distribution", "video_view_retention",
    "video_views_by_source", "video_views_organic", "video_views_paid", "ad_cost", "ad_impressions", "ad_clicks",
    "video_boosted_date",
)  # fmt: skip


@stream(
    f"{PREFIX}tto",
    label="Reports of orders",
    surface=SURFACE,
    dialect=Connection.Dialect.MARKETPLACE,
    gives="reports",
    source=HOURLY,
    generation="tto",
)
def order_report_tto(client: tiktok.Client, token: str, ask: Ask) -> Iterator[Found]:
    """The posts of campaigns, country by country, for TikTok answers for one country only."""
    for first in range(0, len(ask.orders), campaigns.MOST_PER_PAGE):
        part = ask.orders[first : first + campaigns.MOST_PER_PAGE]
        listed = campaigns.campaign_pages(client, token, account_id=ask.marketplace_id, campaign_ids=part)
        for one in [one for page in listed for one in page]:
            for country in one.get("country_codes") or ():
                yield from _campaign(client, token, ask, one["campaign_id"], country)


def _campaign(client: tiktok.Client, token: str, ask: Ask, campaign_id: str, country: str) -> Iterator[Found]:
    found = campaigns.report_pages(
        client, token, account_id=ask.marketplace_id, campaign_id=campaign_id, country=country
    )
    for page in found:
        for video in page:
            yield Found("report", video)


@stream(
    f"{PREFIX}tcm",
    label="Reports of orders",
    surface=SURFACE,
    dialect=Connection.Dialect.MARKETPLACE,
    gives="reports",
    source=HOURLY,
    generation="tcm",
)
def order_report_tcm(client: tiktok.Client, token: str, ask: Ask) -> Iterator[Found]:
    """The posts of orders, a hundred orders a question."""
    for first in range(0, len(ask.orders), ORDERS_ASKED):
        part = ask.orders[first : first + ORDERS_ASKED]
        found = orders.report_pages(client, token, account_id=ask.marketplace_id, order_ids=part, metrics=OLDER_METRICS)
        for page in found:
            for insight in page:
                yield Found("report", insight)
