"""`member:7` and `account:3` in words, for lists of events: asked once per kind of noun, never across workspaces."""

from collections.abc import Iterable
from functools import cache

from django.apps import apps
from django.db import models

from greenroom.core.events import SYSTEM
from greenroom.core.models import Event, Member, User, Workspace
from greenroom.core.scope import Scoped

# Names of those who are gone stand in the event that says so.
_FAREWELLS = {"member": "member.removed"}


def names(workspace: Workspace, refs: Iterable[str]) -> dict[str, str]:
    """Each reference (`<noun>:<id>`) and its name; one that can't be found any more is named for what it was."""
    asked: dict[str, set[int]] = {}
    found = {SYSTEM: "Greenroom"}
    for ref in set(refs):
        noun, _, pk = ref.partition(":")
        found.setdefault(ref, f"{noun.replace('_', ' ').capitalize()} {pk}".strip())
        if pk.isdecimal() and len(pk) < 19:  # what no database numbers was typed into an address
            asked.setdefault(noun, set()).add(int(pk))
    for noun, ids in asked.items():
        found |= {f"{noun}:{pk}": name for pk, name in _of(noun, ids, workspace).items()}
    return found


def words(name: str) -> str:
    """An event's name as people say it: `member.role_changed` is "Member: role changed"."""
    noun, _, verb = name.partition(".")
    return f"{noun.replace('_', ' ').capitalize()}: {verb.replace('_', ' ')}"


def _of(noun: str, ids: set[int], workspace: Workspace) -> dict[int, str]:
    if noun == "operator":
        return {user.pk: f"{user}, operator" for user in User.objects.filter(pk__in=ids)}
    if noun == "member":
        members = Member.objects.within(workspace).filter(pk__in=ids).select_related("user")
        found = {member.pk: str(member.user) for member in members}
        return _gone(noun, ids - set(found), workspace) | found
    if noun == "workspace":
        return {workspace.pk: workspace.name}
    model = _models().get(noun)
    if model is None:
        return {}
    related = [field.name for field in model._meta.fields if isinstance(field, models.ForeignKey)]
    rows = model.objects.within(workspace).filter(pk__in=ids).select_related(*related)
    return {row.pk: str(row) for row in rows}


def _gone(noun: str, ids: set[int], workspace: Workspace) -> dict[int, str]:
    if not ids:
        return {}
    subjects = [f"{noun}:{pk}" for pk in ids]
    told = Event.objects.within(workspace).filter(name=_FAREWELLS[noun], subject__in=subjects)
    return {
        int(event.subject.partition(":")[2]): f"{event.data.get('who', '')}, no member any more".lstrip(", ")
        for event in told
    }


@cache
def _models() -> dict[str, type[Scoped]]:
    """The nouns of workspaces by the name that events give them."""
    return {str(model._meta.model_name): model for model in apps.get_models() if issubclass(model, Scoped)}
