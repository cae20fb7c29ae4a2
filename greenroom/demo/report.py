"""The demo's closing table: every figure from `measure()`, or nothing with its reason."""

from rich.table import Table

from greenroom.core.models import Workspace
from greenroom.creators.models import Account
from greenroom.metrics import actions as metrics
from greenroom.metrics.definitions import METRICS
from greenroom.metrics.query import Query
from greenroom.metrics.tabulate import words

SHOWN = ("followers", "posts", "views", "likes", "comments", "shares", "engagement", "engagement_rate", "share_rate")


def table(workspace: Workspace) -> Table:
    """Creators down, metrics across; a cell is the value with its coverage, or a dash and the reason."""
    answer = metrics.measure(Query(metrics=SHOWN, by=("account",)), workspace)
    accounts = {account.handle: account for account in Account.objects.within(workspace)}
    made = Table(title=f"{workspace.name}: newest known figures", title_justify="left")
    made.add_column("Account", no_wrap=True)
    made.add_column("State")
    for key in SHOWN:
        made.add_column(METRICS[key].label, justify="right")
    for row in answer.rows:
        account = accounts[row["account"]]
        state = f"{'Authenticated' if account.authenticated else 'Not authenticated'}, {account.label}"
        made.add_row(str(account), state, *(words(METRICS[key], row[key]) for key in SHOWN))
    return made
