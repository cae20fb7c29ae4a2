"""Undo: what an import made goes, what it replaced comes back, what others use since stays and is counted."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import models, transaction

from greenroom.campaigns.models import CampaignPost
from greenroom.core.state import IllegalMove
from greenroom.creators import labels
from greenroom.creators.models import Account, Creator, Label, Post
from greenroom.imports import places
from greenroom.imports.models import Change, Fingerprint, Import, RowError, Seen
from greenroom.observations import erasure, relations, view

AT_ONCE = 500
NOUNS: dict[str, type[models.Model]] = {"creator": Creator, "post": Post}


def undo(of: Import, *, by: str, at: datetime) -> None:
    """Ask for an undo; a worker carries it out. Raises IllegalMove when there is nothing to undo, or it is running."""
    if "undone" not in of.MOVES.get(of.state, {}):
        raise IllegalMove(f"import {of.pk} is {of.state}; only what has ended can be undone")
    # Whoever still holds the row stops by itself; it must not write down that nothing is left to do.
    asked = {"undo_asked_by": by, "due_at": at, "last_error": "", "failures": 0, "leased_until": None, "leased_by": ""}
    Import.objects.filter(pk=of.pk, state=of.state, undo_asked_by="").update(**asked)
    of.refresh_from_db()
    if not of.is_undoing:
        raise IllegalMove(f"import {of.pk} is {of.state} by now; look again")


def steps(of: Import, *, at: datetime) -> Iterator[None]:
    """Undo piece by piece. Each piece may be done twice, so that a killed undo goes on."""
    yield from _restore(of)
    CampaignPost.objects.filter(post__import_id=of.pk, how=CampaignPost.How.FORMER).delete()
    erasure.forget_import(of.workspace, of.pk, at=at)
    yield
    read = _still_read(of.workspace_id)
    kept: dict[str, int] = {}
    for noun, model in (("post", Post), ("account", Account), ("creator", Creator)):
        kept[noun] = 0
        for ids in _made(model, of):
            kept[noun] += _remove(model, ids, still=read.get(noun, set()))
            yield
    while gone := list(Fingerprint.objects.filter(of=of).values_list("pk", flat=True)[: AT_ONCE * 10]):
        Fingerprint.objects.filter(pk__in=gone).delete()
        yield
    _end(of, {noun: rows for noun, rows in kept.items() if rows}, at=at)


def _restore(of: Import) -> Iterator[None]:
    """Put replaced values back, the newest replacement first, where nobody replaced them again."""
    put = Change.objects.filter(of=of).exclude(noun=Change.LABEL)
    while changes := list(put.order_by("-pk")[:AT_ONCE]):
        with transaction.atomic():
            for label in {one.after for one in changes if one.field == Change.LABEL}:
                carrying = [one.row for one in changes if one.field == Change.LABEL and one.after == label]
                Label.creators.through.objects.filter(label=label, creator__in=carrying).delete()
            for one in changes:
                if one.field == Change.LABEL:
                    continue
                rows = NOUNS[one.noun]._default_manager.filter(pk=one.row, **{one.field: one.after})
                rows.update(**{one.field: one.before})
            Change.objects.filter(pk__in=[one.pk for one in changes]).delete()
        yield


def _still_read(workspace: int) -> dict[str, set[int]]:
    """The posts and accounts of which readings are left."""
    seen = view.open_view(workspace)
    found: dict[str, set[int]] = {"post": set(), "account": set()}
    for kind, name in relations.READINGS.items():
        rows = seen.rows(f"select distinct account, subject from {name}")  # noqa: S608
        found["account"] |= {row["account"] for row in rows}
        if kind == "post":
            found["post"] |= {row["subject"] for row in rows}
    return found


def _made(model: type[models.Model], of: Import) -> Iterator[list[int]]:
    """The rows an import made, some at a time, each once."""
    last = 0
    while ids := list(
        model._default_manager.filter(workspace=of.workspace_id, import_id=of.pk, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ):
        last = ids[-1]
        yield ids


def _remove(model: type[models.Model], ids: list[int], *, still: set[int]) -> int:
    """Delete what nothing else uses; the rest belongs to nobody's import any more. Returns how many stay."""
    with transaction.atomic():
        used = (still & set(ids)) | _pointed_at(model, ids)
        if model is Account:
            official = models.Q(authenticated=True) | models.Q(in_marketplace__isnull=False)
            used |= set(Account.objects.filter(official, pk__in=ids).values_list("pk", flat=True))
        rows = model._default_manager
        rows.filter(pk__in=set(ids) - used).delete()
        rows.filter(pk__in=used).update(import_id=None)
    return len(used)


def _pointed_at(model: type[models.Model], ids: Iterable[int]) -> set[int]:
    """Which of these rows another row of any model points at: a connection, a label, somebody's note."""
    found: set[Any] = set()
    for relation in model._meta.related_objects:
        name = relation.field.name
        other: Any = relation.related_model
        rows = other._base_manager.filter(**{f"{name}__in": list(ids)})
        found |= set(rows.values_list(name, flat=True))
    return found


def _labels(of: Import, *, at: datetime) -> int:
    """Remove the labels this import made; returns how many stay, because somebody carries them."""
    made = Change.objects.filter(of=of, noun=Change.LABEL)
    found = Label.objects.within(of.workspace_id).filter(pk__in=made.values("row"))
    used = found.filter(creators__isnull=False).values_list("pk", flat=True).distinct()
    stays = set(used)
    for one in found.exclude(pk__in=stays):
        labels.remove(one, by=of.undo_asked_by, at=at)
    made.delete()
    return len(stays)


def _end(of: Import, kept: dict[str, int], *, at: datetime) -> None:
    with transaction.atomic():
        if stays := _labels(of, at=at):
            kept["label"] = stays
        RowError.objects.filter(of=of).delete()
        Seen.objects.filter(of=of).delete()
        of.move("undone", by=of.undo_asked_by, at=at, **of.facts, kept=kept)
        of.kept, of.due_at = kept, None
        of.header, of.profile, of.mapping = [], [], {}  # what the file said goes too
        of.save(update_fields=["kept", "due_at", "header", "profile", "mapping"])
    places.forget(of)
