"""What imports do when a creator is deleted: the files that told of them go, and so do the values kept for an undo."""

from datetime import datetime
from functools import partial

from django.db import transaction

from greenroom.creators import deletion
from greenroom.creators.models import Account, Creator, Post
from greenroom.imports import places
from greenroom.imports.models import Change, Import, RowError
from greenroom.observations import relations, view


def listen() -> None:
    """Hook in, once per process."""
    if forget not in deletion.ON_GONE:
        deletion.ON_GONE.append(forget)


def forget(account: Account, at: datetime) -> None:
    """Remove every file that told of this account. Its import can still be undone; its errors can't be read again."""
    told = {account.import_id, *Creator.everyone.filter(pk=account.creator_id).values_list("import_id", flat=True)}
    seen = view.open_view(account.workspace_id)
    for name in relations.READINGS.values():
        rows = seen.rows(f"select distinct import_id from {name} where account = $a", {"a": account.pk})  # noqa: S608
        told |= {row["import_id"] for row in rows}
    found = list(Import.objects.within(account.workspace_id).filter(pk__in=told - {None}))
    Change.objects.filter(noun="creator", row=account.creator_id).delete()
    Change.objects.filter(noun="post", row__in=Post.objects.filter(account=account).values("pk")).delete()
    RowError.objects.filter(of__in=found).delete()
    for one in found:
        transaction.on_commit(partial(places.forget, one))
