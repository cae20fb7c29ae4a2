"""What a person names in a filter, as our ids: nothing typed gets into the SQL but numbers and known words."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q

from greenroom.core.models import Workspace
from greenroom.creators.models import Account, Creator, Post
from greenroom.metrics.query import BadQuery

WORDS = {"basis": frozenset(str(basis) for basis in Post.Basis), "media_type": frozenset({"VIDEO", "PHOTO"})}


class UnknownSubject(BadQuery):
    """No account, creator or post of this workspace answers to the name."""

    status = 404


def resolve(where: Iterable[tuple[str, Any]], workspace: Workspace) -> dict[str, tuple[int | str, ...]]:
    """The filters with ids for names; the same dimension named twice narrows to what both allow.

    An int is our id; text is a handle (with or without @), a creator's name, or TikTok's post id; digits that name
    nothing are taken as our id. Raises UnknownSubject, or BadQuery for a word that is not one of the dimension's.
    """
    found: dict[str, tuple[int | str, ...]] = {}
    for name, given in where:
        values = given if isinstance(given, tuple | list | set | frozenset) else (given,)
        ids: set[int | str] = set().union(*(_named(name, value, workspace) for value in values))
        if name in found:
            ids &= set(found[name])
        found[name] = tuple(sorted(ids, key=lambda value: (isinstance(value, str), value)))
        if not ids:
            raise UnknownSubject(f"No {name} is in both filters.")
    return found


def _named(name: str, value: Any, workspace: Workspace) -> set[int | str]:
    if name in WORDS:
        word = str(value).upper() if name == "media_type" else str(value).lower()
        if word not in WORDS[name]:
            raise BadQuery(f"{value!r} is not a {name}: {', '.join(sorted(WORDS[name]))}.")
        return {word}
    if isinstance(value, Model):
        value = value.pk
    rows = {"account": Account, "creator": Creator, "post": Post}[name].objects.within(workspace)
    ids: set[int | str] = set(rows.filter(_called(name, value)).values_list("pk", flat=True))
    if not ids and isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        ids = set(rows.filter(pk=int(value)).values_list("pk", flat=True))
    if not ids:
        raise UnknownSubject(f"This workspace has no {name} {value!r}.")
    return ids


def _called(name: str, value: Any) -> Q:
    if isinstance(value, int):
        return Q(pk=value)
    text = str(value)
    if name == "account":
        return Q(handle__iexact=text.removeprefix("@"))
    return Q(name__iexact=text) if name == "creator" else Q(item_id=text)
