"""Figures on a campaign's page: what its posts did together, and what is known of the accounts that take part."""

from collections.abc import Sequence
from datetime import datetime

from greenroom.campaigns.models import Campaign
from greenroom.core.models import Workspace
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.pages import cells
from greenroom.pages.campaign_rows import Row
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links

OF_ACCOUNTS = ("followers", "audience_countries")
DROPPED = "followers:p2 audience_countries:p3"

OF_POSTS = ("views", "reach", "engagement", "engagement_rate")


def of_posts(campaign: Campaign, *, at: datetime) -> list[Cell]:
    """The campaign's totals over the posts in it; none while it has no post."""
    if not campaign.posts.filter(post__hidden_at=None).exists():
        return []
    answer = metrics.measure(Query(OF_POSTS, where=(("campaign", campaign.pk),)), campaign.workspace, at=at)
    links = Links.of(campaign.workspace)
    return cells.of(answer.only, OF_POSTS, links, by="campaign", key=campaign.pk)


def of_accounts(rows: Sequence[Row], workspace: Workspace, *, at: datetime) -> list[list[tuple[Cell, str]]]:
    """For each row its account's cells, and the words in place of a value that is a list; one question for all.

    Authenticating opens the same here as in the creator's profile (GOV-10).
    """
    links, accounts = Links.of(workspace), [row.participant.account for row in rows]
    known = {}
    if here := tuple(one.pk for one in accounts if one.gone_at is None):
        query = Query(OF_ACCOUNTS, by=("account",), where=(("account", here),))
        known = {row["account"]: row for row in metrics.measure(query, workspace, at=at).rows}
    found = []
    for one in accounts:
        told = cells.of(known.get(one.pk), OF_ACCOUNTS, links, by="account", key=one.pk, dropped=DROPPED)
        found.append([(cell, cells.short(cell.figure)) for cell in told])
    return found
