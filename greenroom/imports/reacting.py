"""What imports do when a creator is deleted: the files that told of them go, and so do the values kept for an undo."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

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
    posts = Post.objects.filter(account=account).values("pk")
    changes = Change.objects.filter(Q(noun="creator", row=account.creator_id) | Q(noun="post", row__in=posts))
    told |= set(changes.values_list("of", flat=True))
    found = list(Import.objects.within(account.workspace_id).filter(pk__in=told - {None}))
    changes.delete()
    RowError.objects.filter(of__in=found).delete()
    for one in found:
        one.profile = [{**seen, "examples": []} for seen in one.profile]
        one.save(update_fields=["profile"])
        transaction.on_commit(partial(places.forget, one))
