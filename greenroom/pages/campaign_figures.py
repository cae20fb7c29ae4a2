"""Figures on a campaign's page: what is known of the accounts that take part (GOV-10)."""

from collections.abc import Sequence
from datetime import datetime

from greenroom.core.models import Workspace
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.pages import cells
from greenroom.pages.campaign_rows import Row
from greenroom.pages.cells import Cell
from greenroom.pages.links import Links

OF_ACCOUNTS = ("followers", "audience_countries")
DROPPED = "followers:p2 audience_countries:p3"


def of_accounts(rows: Sequence[Row], workspace: Workspace, *, at: datetime) -> list[list[tuple[Cell, str]]]:
    """For each row its account's cells, and the words in place of a value that is a list; one question for all."""
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
