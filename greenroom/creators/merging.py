"""Two records of one person become one, and two again if that was wrong.

The record that goes is hidden, not deleted: what both had (a label, a place on a list, a field's value) stays with it,
everything else moves. So nothing is lost, and the event says all that undoing takes.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model

from greenroom.core import events
from greenroom.core.models import Event
from greenroom.creators import details, fields, visits
from greenroom.creators.models import Creator, FieldValue, Label, Listed, PortalVisit
from greenroom.creators.naming import Unfit

# Of these a creator has one each: what the kept record has already stays where it is.
_ONE_EACH: dict[type[Model], str] = {Listed: "list", FieldValue: "field"}
# A browser that has the other's page open must not find the kept one's there: a merge may be wrong.
_STAYS: tuple[type[Model], ...] = (Creator, PortalVisit)


def merge(keep: Creator, other: Creator, *, take: Collection[str] = (), by: str, at: datetime) -> Event:
    """Make `other` part of `keep`: accounts, notes, labels, lists, values and whatever else points at it move.

    `take` names what `keep` gets from `other` although it has its own: of details.OWN, and `field_<id>`. Raises Unfit
    when they are not two present creators of one workspace.
    """
    with transaction.atomic():
        _hold(keep, other)
        before = {"kept": _told(keep), "other": _told(other)}
        taken = {key: getattr(other, key) for key in details.OWN if key in take}
        for key, value in taken.items():
            setattr(keep, key, value)
        keep.save(update_fields=list(taken))
        swapped = _swap(keep, other, [int(key[6:]) for key in take if key.startswith("field_")])
        had = set(keep.labels.values_list("pk", flat=True))
        labels = [pk for pk in other.labels.values_list("pk", flat=True) if pk not in had]
        keep.labels.add(*labels)
        moved = _move(keep, other)
        visits.end(other, by=by, at=at)
        other.gone_at, other.merged_into = at, keep
        other.save(update_fields=["gone_at", "merged_into"])
        told = {"before": before, "after": {"kept": _told(keep)}, "taken": sorted(taken), "swapped": swapped}
        return events.record(keep, "merged", by=by, at=at, other=other.pk, moved=moved, labels=labels, **told)


def undo(event: Event, *, by: str, at: datetime) -> Creator:
    """Take a merge apart: returns the creator who is back. What was added since stays with the kept record.

    Raises Unfit when it was undone already or one of the two was deleted.
    """
    rows = Creator.everyone.within(event.workspace_id)
    keep = rows.filter(pk=int(event.subject.partition(":")[2]), gone_at=None).first()
    other = rows.filter(pk=event.data["other"]).first()
    if keep is None or other is None or other.merged_into_id != keep.pk:
        raise Unfit("These two can't be taken apart any more.")
    with transaction.atomic():
        for name, ids in event.data["moved"].items():
            model, field = name.split(":")
            apps.get_model(model)._base_manager.filter(pk__in=ids, **{field: keep}).update(**{field: other})
        keep.labels.remove(*Label.objects.filter(pk__in=event.data["labels"]))
        other.gone_at, other.merged_into = None, None
        other.save(update_fields=["gone_at", "merged_into"])
        _swap(keep, other, event.data["swapped"])
        was, became = event.data["before"]["kept"], event.data["after"]["kept"]
        back = [key for key in event.data["taken"] if getattr(keep, key) == became[key]]
        for key in back:
            setattr(keep, key, was[key])
        keep.save(update_fields=back)
        told = {"before": {"merged": True}, "after": {"merged": False}}
        events.record(keep, "unmerged", by=by, at=at, other=other.pk, event=event.pk, **told)
    found: Creator = other
    return found


def last_merge(creator: Creator, other: Creator) -> Event | None:
    """The event that made `other` part of `creator`."""
    rows = Event.objects.within(creator.workspace_id).filter(name="creator.merged", subject=events.about(creator))
    found: Event | None = rows.filter(data__other=other.pk).order_by("-pk").first()
    return found


def kept_of(workspace: int, pk: int) -> Creator | None:
    """Whom a creator who was merged is part of now; None when nobody present is."""
    one: Creator | None = Creator.everyone.within(workspace).filter(pk=pk).first()
    while one is not None and one.gone_at is not None:
        one = one.merged_into
    return one


def _hold(keep: Creator, other: Creator) -> None:
    """Lock both as they are now, so that two merges at once can't make each part of the other. Raises Unfit."""
    both = Creator.objects.within(keep.workspace_id).filter(pk__in=[keep.pk, other.pk]).order_by("pk")
    if len(both.select_for_update()) != 2:
        raise Unfit("Choose two creators of this workspace.")


def _told(creator: Creator) -> dict[str, Any]:
    """Everything about a creator that a merge may change, for its event."""
    found: dict[str, Any] = {key: getattr(creator, key) for key in details.OWN}
    found["accounts"] = list(creator.accounts.order_by("pk").values_list("pk", flat=True))
    found["labels"] = list(creator.labels.values_list("pk", flat=True))
    found["lists"] = {str(one.list_id): one.place for one in creator.listed.all()}
    found["values"] = {str(pk): fields.words(value) for pk, value in fields.values_of(creator).items()}
    return found


def _move(keep: Creator, other: Creator) -> dict[str, list[int]]:
    """Everything that points at `other` points at `keep`; returns the rows by `<model>:<field>`.

    By the relations themselves, so that modules further up need not be known here.
    """
    moved = {}
    for relation in Creator._meta.related_objects:
        model, field = relation.related_model, relation.field.name
        if not relation.one_to_many or model in _STAYS or isinstance(model, str) or model._meta.auto_created:
            continue
        rows = model._base_manager.filter(**{field: other})
        if one := _ONE_EACH.get(model):
            rows = rows.exclude(**{f"{one}__in": list(model._base_manager.filter(**{field: keep}).values_list(one))})
        if ids := list(rows.order_by("pk").values_list("pk", flat=True)):
            model._base_manager.filter(pk__in=ids).update(**{field: keep})
            moved[f"{model._meta.label_lower}:{field}"] = ids
    return moved


def _swap(keep: Creator, other: Creator, wanted: Collection[int]) -> list[int]:
    """Exchange the values both have of these fields; returns the ids of the fields."""
    mine, theirs = ({one.field_id: one for one in side.values.filter(field__in=wanted)} for side in (keep, other))
    both = sorted(set(mine) & set(theirs))
    for pk in both:
        first, second = mine[pk], theirs[pk]
        for name in ("text", "number", "date", "yes"):
            old, new = getattr(first, name), getattr(second, name)
            setattr(first, name, new)
            setattr(second, name, old)
        first.save()
        second.save()
    return both
