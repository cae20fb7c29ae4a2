"""Which syncs exist and wait: made, parked and woken as connections and memberships come and go."""

from collections.abc import Collection
from datetime import datetime

from django.db import models, transaction

from greenroom.creators.models import Account, Connection
from greenroom.syncs import order_reports, tied
from greenroom.syncs.models import Sync
from greenroom.syncs.streams import STREAMS
from greenroom.syncs.wanted import Doors, wanted

MARKETPLACE = Connection.Dialect.MARKETPLACE


def for_connection(connection: Connection, at: datetime) -> None:
    """A grant came or was renewed: read what it opens, at once."""
    if connection.account is not None:
        for_account(connection.account, at=at)
        return
    with transaction.atomic():
        generations = [name for name, ids in connection.marketplace_ids.items() if ids] if connection.is_live else []
        wanted_now = [f"marketplace_status_{name}" for name in ("tto", "tcm") if name in generations][:1]
        with_posts = tied.generations(connection.workspace_id)
        wanted_now += [f"{order_reports.PREFIX}{name}" for name in generations if name in with_posts]
        _settle(Sync.objects.filter(connection=connection, account=None), connection, wanted_now, at=at)
    for account in Account.objects.within(connection.workspace_id).select_related("workspace"):
        for_account(account, at=at)


def for_account(account: Account, at: datetime) -> None:
    """Make, wake or park the syncs of an account as what is open of it says. An unsupported one is not read (ACC-10).

    A sync that waits for nothing is woken, its failures forgotten: what stopped it has just changed.
    """
    own, brand = live_grants(account)
    account.refresh_from_db(fields=["authenticated", "in_marketplace"])
    names = wanted(doors(account, own, brand))
    with transaction.atomic():
        for connection in {row.pk: row for row in [*own.values(), *([brand] if brand else [])]}.values():
            mine = [name for name in names if STREAMS[name].dialect == connection.dialect]
            _settle(Sync.objects.filter(connection=connection, account=account), connection, mine, account, at=at)
        live = [row.pk for row in own.values()] + ([brand.pk] if brand else [])
        Sync.objects.filter(account=account).exclude(connection__in=live).update(due_at=None)


def stop(account: Account, at: datetime) -> None:
    """The creator was deleted: nothing of the account waits any more, and a reading under way is not kept."""
    Sync.objects.filter(account=account).update(due_at=None)


def may_run(sync: Sync, *, at: datetime) -> bool:
    """Is the sync's stream still open and wanted? If not, the account's syncs are settled anew on the way."""
    account = sync.account
    if account is None:
        return sync.connection.is_live
    own, brand = live_grants(account)
    if sync.connection.is_live and sync.stream in wanted(doors(account, own, brand)):
        return True
    for_account(account, at=at)
    return False


def doors(account: Account, own: dict[str, Connection], brand: Connection | None) -> Doors:
    """What is open of an account, through its own grants and the workspace's marketplace grant."""
    ids = brand.marketplace_ids if brand and account.purpose != Account.Purpose.BRAND else {}
    return Doors(
        in_marketplace=bool(account.in_marketplace),
        authenticated=account.authenticated,
        grants={dialect: frozenset(row.scopes) for dialect, row in own.items()},
        generations=tuple(name for name, held in ids.items() if held),
    )


def live_grants(account: Account) -> tuple[dict[str, Connection], Connection | None]:
    """The account's own live grants by dialect, and the workspace's marketplace grant."""
    brand = models.Q(workspace=account.workspace_id, account=None, dialect=MARKETPLACE)
    rows = Connection.objects.filter(models.Q(account=account) | brand, state__in=Connection.LIVE)
    found = list(rows.defer("access_token", "refresh_token"))  # which would be decrypted for nothing
    own = {row.dialect: row for row in found if row.account_id}
    return own, next((row for row in found if not row.account_id), None)


def _settle(
    rows: models.QuerySet[Sync],
    connection: Connection,
    names: Collection[str],
    account: Account | None = None,
    *,
    at: datetime,
) -> None:
    """Of the syncs `rows` let exactly `names` wait; make those that are missing."""
    rows.exclude(stream__in=names).update(due_at=None)
    rows.filter(stream__in=names, due_at=None).update(due_at=at, failures=0, last_error="")
    known = set(rows.values_list("stream", flat=True))
    new = [
        Sync(workspace_id=connection.workspace_id, stream=name, connection=connection, account=account, due_at=at)
        for name in names
        if name not in known
    ]
    Sync.objects.bulk_create(new, ignore_conflicts=True)
