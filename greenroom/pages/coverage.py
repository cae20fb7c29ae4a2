"""How much of the account figures an account gives now: the row of bulbs, and the rows of the profile's table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from greenroom.core.models import Workspace
from greenroom.creators.models import Account
from greenroom.metrics import access, definitions
from greenroom.observations import availability
from greenroom.observations.availability import Level, Row

AFTER = ("auth_non_ttcm", "auth_ttcm", "unauth_ttcm")


@dataclass(frozen=True)
class Coverage:
    """The level of each official account figure, in the order of the table."""

    cells: tuple[str, ...]

    @property
    def full(self) -> int:
        return self.cells.count("full")


def groups(accounts: Iterable[Account], workspace: Workspace) -> dict[int, access.Group]:
    """What decides what may be seen of each account now, by its id."""
    return access.groups_of(accounts, workspace, as_of=None)


def split(table: availability.Cells) -> tuple[list[Row], list[Row]]:
    """The rows of the account table some account still gives, and the retired ones: X for every kind (AVA-08)."""
    rows = [Row(row.id, row.key, row.label, table[row.key]) for row in availability.shipped("account").rows]
    official = [row for row in rows if any(row.cells[column] != "none" for column in AFTER)]
    return official, [row for row in rows if row not in official]


def of(groups: Iterable[access.Group], *, at: datetime) -> dict[access.Group, Coverage]:
    """Per group of accounts alike: what the table, the scopes held and the ways to read it leave."""
    table = access.cells("account", at)
    official, _ = split(table)
    asked = [definitions.of_row("account", row.key) for row in official]
    found = {}
    for group in set(groups):
        judged = access.judge(asked, group, kind="account", table=table, at=at)
        found[group] = Coverage(tuple(judged[metric.key][0] for metric in asked))
    return found


def gained(column: str | None, *, at: datetime) -> dict[str, list[tuple[str, Level]]]:
    """What the account would gain (AVA-09): way -> (label, its level now) of the figures that become available."""
    labels = {row.key: row.label for row in availability.shipped("account").rows}
    ways = availability.would_gain(column, at)
    return {way: [(labels[cell["key"]], cell["from"]) for cell in cells] for way, cells in ways.items()}  # type: ignore[misc]
