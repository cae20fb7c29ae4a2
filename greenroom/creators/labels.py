"""Labels: made, renamed, recoloured, removed; put on creators and taken off. Each as events."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.creators import naming
from greenroom.creators.models import Creator, Label


def make(workspace: Workspace, *, name: str, hue: int = 1, by: str, at: datetime) -> Label:
    """A new label; `hue` is 1 to 8. Raises naming.Unfit."""
    name = naming.clean(Label, workspace, name)
    with transaction.atomic():
        label: Label = Label.objects.create(workspace=workspace, name=name, hue=_hue(hue), created_at=at)
        events.record(label, "made", by=by, at=at, name=name, hue=label.hue)
    return label


def change(label: Label, *, name: str, hue: int, by: str, at: datetime) -> None:
    """Another name or colour, everywhere it stands. Raises naming.Unfit."""
    before = {"name": label.name, "hue": label.hue}
    name, hue = naming.clean(Label, label.workspace, name, keep=label), _hue(hue)
    after = {"name": name, "hue": hue}
    if after == before:
        return
    label.name, label.hue = name, hue
    with transaction.atomic():
        label.save(update_fields=["name", "hue"])
        events.record(label, "changed", by=by, at=at, before=before, after=after)


def remove(label: Label, *, by: str, at: datetime) -> None:
    """Take it off everybody for good; the event keeps whom it was on."""
    with transaction.atomic():
        had = list(label.creators.order_by("pk").values_list("pk", flat=True))
        before = {"name": label.name, "hue": label.hue, "creators": had}
        events.record(label, "removed", by=by, at=at, before=before)
        label.delete()


def put(label: Label, creators: Iterable[Creator], *, by: str, at: datetime) -> list[Creator]:
    """Label these creators; returns those who did not have it."""
    with transaction.atomic():
        had = set(label.creators.values_list("pk", flat=True))
        new = list({one.pk: one for one in creators if one.pk not in had}.values())
        label.creators.add(*new)
        for one in new:
            events.record(one, "labelled", by=by, at=at, label=label.pk, label_name=label.name)
    return new


def take(label: Label, creators: Iterable[Creator], *, by: str, at: datetime) -> list[Creator]:
    """Take the label off these creators; returns those who had it."""
    with transaction.atomic():
        had = set(label.creators.values_list("pk", flat=True))
        old = list({one.pk: one for one in creators if one.pk in had}.values())
        label.creators.remove(*old)
        for one in old:
            events.record(one, "unlabelled", by=by, at=at, label=label.pk, label_name=label.name)
    return old


def _hue(hue: int) -> int:
    if not 1 <= hue <= len(Label.HUES):
        raise naming.Unfit(f"A colour is a number from 1 to {len(Label.HUES)}.")
    return hue
