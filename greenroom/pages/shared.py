"""One account as its creator sees it: its state, what each grant shares and since when, its figures."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from greenroom.creators import actions as creators
from greenroom.creators import scopes
from greenroom.creators.models import Account, Connection, Consent, Creator
from greenroom.metrics import actions as metrics
from greenroom.metrics.definitions import METRICS
from greenroom.metrics.query import Query

FIGURES = ("followers", "posts", "views", "engagement_rate")


@dataclass(frozen=True)
class Grant:
    """One connection: what it shares, what was held back, by which consent."""

    connection: Connection
    consent: Consent | None
    shared: list[scopes.Scope]
    held_back: list[scopes.Scope]

    @classmethod
    def of(cls, connection: Connection) -> "Grant":
        told = connection.scopes if connection.is_live else []
        missing = scopes.held_back(connection.dialect, told) if connection.is_live else []
        return cls(connection, creators.consent_of(connection), scopes.in_words(told), missing)


@dataclass(frozen=True)
class SharedAccount:
    """An account with its grants and figures (label, unit, figure)."""

    account: Account
    grants: list[Grant]
    figures: list[tuple[str, str, str, Any]] = field(default_factory=list)

    @property
    def live(self) -> list[Grant]:
        return [grant for grant in self.grants if grant.connection.is_live]

    @property
    def is_live(self) -> bool:
        return bool(self.live)

    @property
    def lapsed(self) -> bool:
        """Did TikTok end a grant that nobody withdrew?"""
        return not self.live and any(grant.connection.state == "lapsed" for grant in self.grants)

    @classmethod
    def all_of(cls, creator: Creator, *, at: datetime) -> "list[SharedAccount]":
        """Every account of the creator, oldest first."""
        accounts = list(creator.accounts.prefetch_related("connections").order_by("pk"))
        if not accounts:
            return []
        asked = Query(metrics=FIGURES, by=("account",), where=(("account", tuple(one.pk for one in accounts)),))
        rows = {row["account"]: row for row in metrics.measure(asked, creator.workspace, at=at).rows}
        return [cls(one, _grants(one), _figures(rows.get(one.pk))) for one in accounts]


def _grants(account: Account) -> list[Grant]:
    return [Grant.of(connection) for connection in sorted(account.connections.all(), key=lambda one: one.pk)]


def _figures(row: dict[str, Any] | None) -> list[tuple[str, str, str, Any]]:
    if row is None:
        return []
    return [(key, METRICS[key].label, METRICS[key].unit, row[key]) for key in FIGURES]
