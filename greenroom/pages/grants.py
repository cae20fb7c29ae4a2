"""Token health: every connection of the workspace with its state, its end, its last success and its last error."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, IntegerField, Max, Q, QuerySet, Value, When

from greenroom.core.models import Workspace
from greenroom.creators import scopes
from greenroom.creators.models import Account, Connection

SOON = timedelta(days=14)
# State -> its shape, its words, and how soon somebody should look.
STATES = {
    "active": ("live", "Connected"),
    "expiring": ("wait", "Ends soon"),
    "lapsed": ("bad", "Lapsed"),
    "revoked": ("done", "Withdrawn"),
    "pending": ("", "Not finished"),
}
ORDER = {"lapsed": 0, "expiring": 1, "active": 2, "pending": 3, "revoked": 4}


@dataclass(frozen=True)
class Grant:
    """One connection in words. `last_ok_at` is the newest success of its syncs, or of its own token refresh."""

    connection: Connection
    last_ok_at: datetime | None
    last_error: str
    next_at: datetime | None
    late: bool

    @property
    def title(self) -> str:
        account = self.connection.account
        return f"@{account.handle}" if account else "TikTok Creator Marketplace"

    @property
    def shape(self) -> str:
        return "wait" if self.late and self.connection.is_live else STATES[self.connection.state][0]

    @property
    def words(self) -> str:
        return "Connected, late" if self.late and self.connection.is_live else STATES[self.connection.state][1]

    @property
    def shares(self) -> list[scopes.Scope]:
        return scopes.in_words(self.connection.scopes)

    @property
    def held_back(self) -> list[scopes.Scope]:
        return scopes.held_back(self.connection.dialect, self.connection.scopes) if self.connection.is_live else []

    @property
    def ends_at(self) -> datetime | None:
        """When the grant ends for good: its refresh token's end, or the token's own where nothing refreshes it."""
        return self.connection.refresh_expires_at or self.connection.expires_at

    @property
    def is_brand(self) -> bool:
        account = self.connection.account
        return account is not None and account.purpose == Account.Purpose.BRAND

    @property
    def is_over(self) -> bool:
        return self.connection.state in {"lapsed", "revoked"}


def connections(workspace: Workspace) -> "QuerySet[Connection]":
    """All grants of the workspace, those somebody should look at first."""
    rank = Case(*(When(state=state, then=Value(n)) for state, n in ORDER.items()), output_field=IntegerField())
    found: QuerySet[Connection] = Connection.objects.within(workspace)
    return (
        found.select_related("account__creator")
        .annotate(rank=rank, read_at=Max("syncs__last_ok_at"))
        .prefetch_related("syncs")
        .order_by("rank", "account__handle")
    )


def counts(workspace: Workspace) -> dict[str, int]:
    """How many grants work (`live`) and how many somebody should renew (`need`)."""
    mine = Connection.objects.within(workspace)
    found: dict[str, int] = mine.aggregate(
        live=Count("pk", filter=Q(state__in=Connection.LIVE)),
        need=Count("pk", filter=Q(state__in=("lapsed", "expiring"))),
    )
    return found


def of(connection: Connection, *, at: datetime) -> Grant:
    """What to say about one of `connections()`."""
    syncs = list(connection.syncs.all())
    failing = [sync for sync in syncs if sync.failures and sync.last_error]
    waits = [sync.due_at for sync in syncs if sync.due_at]
    error = connection.last_error or (failing[0].last_error if failing else "")
    read_at: datetime | None = connection.read_at  # type: ignore[attr-defined]
    late = bool(failing) or any(due < at - timedelta(hours=1) for due in waits)
    last_ok_at = read_at or connection.last_ok_at or connection.connected_at
    return Grant(connection, last_ok_at, error, min(waits, default=None), late)
