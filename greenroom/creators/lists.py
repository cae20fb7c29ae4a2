"""Lists: named groups of creators in an order. Each change as events."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.creators import naming
from greenroom.creators.models import Creator, List, Listed


def make(workspace: Workspace, *, name: str, by: str, at: datetime) -> List:
    """A new, empty list. Raises naming.Unfit."""
    name = naming.clean(List, workspace, name)
    with transaction.atomic():
        made: List = List.objects.create(workspace=workspace, name=name, created_at=at)
        events.record(made, "made", by=by, at=at, name=name)
    return made


def rename(group: List, *, name: str, by: str, at: datetime) -> None:
    """Raises naming.Unfit."""
    name = naming.clean(List, group.workspace, name, keep=group)
    if name == group.name:
        return
    was, group.name = group.name, name
    with transaction.atomic():
        group.save(update_fields=["name"])
        events.record(group, "changed", by=by, at=at, before={"name": was}, after={"name": name})


def remove(group: List, *, by: str, at: datetime) -> None:
    """The list goes, its creators stay; the event keeps who was on it, in order."""
    with transaction.atomic():
        had = list(group.entries.values_list("creator", flat=True))
        events.record(group, "removed", by=by, at=at, before={"name": group.name, "creators": had})
        group.delete()


def add(group: List, creators: Iterable[Creator], *, by: str, at: datetime) -> list[Creator]:
    """Put these creators at the end of the list; returns those who were not on it."""
    with transaction.atomic():
        had = set(group.entries.values_list("creator", flat=True))
        new = list({one.pk: one for one in creators if one.pk not in had}.values())
        last = group.entries.aggregate(last=Max("place"))["last"] or 0
        Listed.objects.bulk_create(
            Listed(workspace_id=group.workspace_id, list=group, creator=one, place=place)
            for place, one in enumerate(new, start=last + 1)
        )
        for one in new:
            events.record(one, "listed", by=by, at=at, list=group.pk, list_name=group.name)
    return new


def drop(group: List, creators: Iterable[Creator], *, by: str, at: datetime) -> list[Creator]:
    """Take these creators off the list; returns those who were on it."""
    with transaction.atomic():
        had = set(group.entries.values_list("creator", flat=True))
        old = list({one.pk: one for one in creators if one.pk in had}.values())
        group.entries.filter(creator__in=old).delete()
        for one in old:
            events.record(one, "unlisted", by=by, at=at, list=group.pk, list_name=group.name)
    return old


def move(group: List, creator: Creator, *, steps: int, by: str, at: datetime) -> None:
    """Move a creator up (negative) or down so many places; past the ends is at the end."""
    with transaction.atomic():
        entries = list(group.entries.filter(creator__gone_at=None))
        was = next((place for place, entry in enumerate(entries) if entry.creator_id == creator.pk), None)
        if was is None:
            return
        to = min(max(was + steps, 0), len(entries) - 1)
        if to == was:
            return
        entries.insert(to, entries.pop(was))
        for place, entry in enumerate(entries, start=1):
            entry.place = place
        Listed.objects.bulk_update(entries, ["place"])
        told = {"creator": creator.pk, "before": {"place": was + 1}, "after": {"place": to + 1}}
        events.record(group, "reordered", by=by, at=at, **told)
