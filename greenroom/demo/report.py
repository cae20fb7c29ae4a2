"""The demo's closing table: every figure from `measure()`, a value or nothing with its reason."""

from rich.table import Table

from greenroom.core.models import Workspace
from greenroom.creators.models import Account
from greenroom.metrics import actions as metrics
from greenroom.metrics.definitions import METRICS
from greenroom.metrics.query import Query
from greenroom.metrics.tabulate import words

SHOWN = ("followers", "posts", "views", "likes", "comments", "shares", "engagement", "engagement_rate", "share_rate")


def table(workspace: Workspace) -> Table:
    """Creators across, metrics down; a cell is the value with its coverage, or a dash and the reason."""
    answer = metrics.measure(Query(metrics=SHOWN, by=("account",)), workspace)
    accounts = {account.pk: account for account in Account.objects.within(workspace)}
    asked = [accounts[row["account"]] for row in answer.rows]
    made = Table(title=f"{workspace.name}: newest known figures", title_justify="left")
    made.add_column("")
    for account in asked:
        made.add_column(str(account), justify="right")
    made.add_row("Consent", *("Authenticated" if one.authenticated else "Not authenticated" for one in asked))
    made.add_row("Marketplace", *(one.label for one in asked), end_section=True)
    for key in SHOWN:
        made.add_row(METRICS[key].label, *(words(METRICS[key], row[key]) for row in answer.rows))
    return made
