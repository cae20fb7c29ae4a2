"""Fields of a workspace's own: what may stand in them, and their values on creators. What text means is pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django.db import transaction

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.creators import naming
from greenroom.creators.crm import Value
from greenroom.creators.models import Creator, Field, FieldValue
from greenroom.creators.naming import Unfit

YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
MOST_FIELDS = 50
LONGEST = 1000
_LARGEST = Decimal(10) ** 17


def make(workspace: Workspace, *, name: str, kind: str, choices: Sequence[str] = (), by: str, at: datetime) -> Field:
    """A new field on every creator, without values yet. `choices`: of kind choice, two or more. Raises Unfit."""
    name = naming.clean(Field, workspace, name)
    if kind not in Field.Kind.values:
        raise Unfit(f"A field is one of {', '.join(Field.Kind.values)}.")
    if Field.objects.within(workspace).count() >= MOST_FIELDS:
        raise Unfit(f"A workspace has at most {MOST_FIELDS} fields.")
    words = _choices(kind, choices)
    with transaction.atomic():
        told = {"name": name, "kind": kind, "choices": words}
        field: Field = Field.objects.create(workspace=workspace, created_at=at, **told)
        events.record(field, "made", by=by, at=at, **told)
    return field


def change(field: Field, *, name: str, choices: Sequence[str] = (), by: str, at: datetime) -> None:
    """Another name or other choices; its kind stays. A choice that is in use stays too. Raises Unfit."""
    before = {"name": field.name, "choices": field.choices}
    after = {
        "name": naming.clean(Field, field.workspace, name, keep=field),
        "choices": _choices(field.kind, choices),
    }
    if after == before:
        return
    used = set(field.values.values_list("text", flat=True)) if field.kind == Field.Kind.CHOICE else set()
    if gone := sorted(used - set(after["choices"])):
        raise Unfit(f"Some creators have {', '.join(gone)}; give them another choice first.")
    field.name, field.choices = str(after["name"]), list(after["choices"])
    with transaction.atomic():
        field.save(update_fields=["name", "choices"])
        events.record(field, "changed", by=by, at=at, before=before, after=after)


def remove(field: Field, *, by: str, at: datetime) -> int:
    """The field and all its values go for good; returns how many values. The event keeps what the field was."""
    with transaction.atomic():
        count = field.values.count()
        before = {"name": field.name, "kind": field.kind, "choices": field.choices, "values": count}
        events.record(field, "removed", by=by, at=at, before=before)
        field.delete()
    return count


def parse(field: Field, text: str) -> Value | None:
    """What `text` means in this field; None for nothing. Raises Unfit with what fits. Pure."""
    text = text.strip()
    if not text:
        return None
    match field.kind:
        case Field.Kind.NUMBER:
            return _number(text)
        case Field.Kind.DATE:
            return _date(text)
        case Field.Kind.YES_NO:
            if text.lower() not in YES:
                raise Unfit(f"{text} is neither yes nor no.")
            return YES[text.lower()]
        case Field.Kind.CHOICE:
            known = {word.lower(): str(word) for word in field.choices}
            if text.lower() not in known:
                raise Unfit(f"{text} is not one of {', '.join(field.choices)}.")
            return known[text.lower()]
        case Field.Kind.URL:
            return _address(text)
    if len(text) > LONGEST:
        raise Unfit(f"At most {LONGEST:,} characters.")
    return text


def words(value: Value | None) -> str:
    """A value as text that `parse` reads back; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def values_of(creator: Creator) -> dict[int, Value]:
    """The creator's values by field id; a field without a value is not in it."""
    return {one.field_id: one.value for one in creator.values.select_related("field")}


def store(creator: Creator, values: Mapping[Field, Value | None]) -> tuple[dict[str, str], dict[str, str]]:
    """Write these values (None removes one); returns before and after of those that changed, by the field's name.

    Records no event: `details.change` does, for everything that changed at once.
    """
    had, before, after = values_of(creator), {}, {}
    for field, value in values.items():
        if had.get(field.pk) == value:
            continue
        before[field.name], after[field.name] = words(had.get(field.pk)), words(value)
        if value is None:
            creator.values.filter(field=field).delete()
        else:
            empty = {"text": "", "number": None, "date": None, "yes": None}
            told = {**empty, field.column: value, "workspace_id": creator.workspace_id}
            FieldValue.objects.update_or_create(field=field, creator=creator, defaults=told)
    return before, after


def _choices(kind: str, choices: Sequence[str]) -> list[str]:
    if kind != Field.Kind.CHOICE:
        return []
    found = list({word.lower(): word for one in choices if (word := " ".join(one.split())[:60])}.values())
    if len(found) < 2:
        raise Unfit("Give two choices or more, one a line.")
    return found


def _number(text: str) -> Decimal:
    plain = text.replace(" ", "").replace("\u202f", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise Unfit(f"{text} is not a number, such as 1200.50.") from None
    if not value.is_finite() or abs(value) >= _LARGEST:
        raise Unfit("A number has at most 17 digits before the point.")
    return round(value, 6).normalize()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unfit(f"{text} is not a date, such as 2026-03-12.") from None


def _address(text: str) -> str:
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or re.search(r"[\s<>\"]", text):
        raise Unfit(f"{text} is not a web address, such as https://example.com.")
    if len(text) > LONGEST:
        raise Unfit(f"At most {LONGEST:,} characters.")
    return parts.geturl()
