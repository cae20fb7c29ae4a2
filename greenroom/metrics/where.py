"""What a person names in a filter, as our ids: nothing typed gets into the SQL but numbers and known words."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q

from greenroom.campaigns.models import Campaign
from greenroom.core.models import Workspace
from greenroom.creators.models import Account, Creator, Post
from greenroom.metrics.query import BadQuery

WORDS = {"basis": frozenset(str(basis) for basis in Post.Basis), "media_type": frozenset({"VIDEO", "PHOTO"})}
_SUBJECTS: dict[str, Any] = {"account": Account, "creator": Creator, "post": Post, "campaign": Campaign}


class UnknownSubject(BadQuery):
    """No account, creator, post or campaign of this workspace answers to the name."""

    status = 404


def resolve(where: Iterable[tuple[str, Any]], workspace: Workspace) -> dict[str, tuple[int | str, ...]]:
    """The filters with ids for names; the same dimension named twice narrows to what both allow.

    An int is our id; text is a handle (with or without @), a creator's or campaign's name, or TikTok's post id;
    digits that name
    nothing are taken as our id. Raises UnknownSubject, or BadQuery for a word that is not one of the dimension's.
    """
    found: dict[str, tuple[int | str, ...]] = {}
    for name, given in where:
        values = list(given) if isinstance(given, tuple | list | set | frozenset) else [given]
        values = [value.pk if isinstance(value, Model) else value for value in values]
        ids = _words(name, values) if name in WORDS else _ids(name, values, workspace)
        if name in found:
            ids &= set(found[name])
        if not ids:
            raise UnknownSubject(f"No {name} fits the filter.")
        found[name] = tuple(sorted(ids, key=lambda value: (isinstance(value, str), value)))
    return found


def _words(name: str, values: Iterable[Any]) -> set[int | str]:
    words = {str(value).upper() if name == "media_type" else str(value).lower() for value in values}
    if unknown := words - WORDS[name]:
        raise BadQuery(f"{', '.join(sorted(unknown))} is not a {name}: {', '.join(sorted(WORDS[name]))}.")
    return set(words)


def _ids(name: str, values: Iterable[Any], workspace: Workspace) -> set[int | str]:
    """Our ids: of ints those that are of this workspace, in one look; of text what it names."""
    rows = _SUBJECTS[name].objects.within(workspace)
    numbers = {value for value in values if isinstance(value, int)}
    found: set[int | str] = set(rows.filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()
    if missing := {number for number in numbers if number not in found}:
        raise UnknownSubject(f"This workspace has no {name} {min(missing)}.")
    for text in (value for value in values if not isinstance(value, int)):
        named = _named(name, str(text), rows)
        if not named:
            raise UnknownSubject(f"This workspace has no {name} {text!r}.")
        found |= named
    return found


def _named(name: str, text: str, rows: Any) -> set[int]:
    if "\0" in text:  # names nothing, and PostgreSQL does not even look
        return set()
    called = {
        "account": Q(handle__iexact=text.removeprefix("@")),
        "creator": Q(name__iexact=text),
        "campaign": Q(name__iexact=text),
        "post": Q(item_id=text),
    }[name]
    ids = set(rows.filter(called).values_list("pk", flat=True))
    if not ids and text.isascii() and text.isdigit() and len(text) < 19:
        ids = set(rows.filter(pk=int(text)).values_list("pk", flat=True))
    return ids
