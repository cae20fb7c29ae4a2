"""Secrets at rest: a text column encrypted with the newest key and readable with every kept one."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import models

CIPHERTEXT = "gAAAA"  # how every Fernet token begins: version 0x80 and the high bytes of a time


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    """The cipher over the install's keys, newest first."""
    return _box(tuple(settings.GREENROOM_KEYS))


class Sealed(str):
    """A secret that no key here opens, as after a restore without its keys: empty text in Python, and in the database
    what it was, also when its row is saved."""

    ciphertext: str

    def __new__(cls, ciphertext: str) -> "Sealed":
        made = super().__new__(cls, "")
        made.ciphertext = ciphertext
        return made


def _opened(value: str) -> str:
    try:
        return box().decrypt(value.encode()).decode()
    except InvalidToken:
        return Sealed(value)


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text that is ciphertext in the database and plain in Python. It cannot be searched or ordered by."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value and _opened(value)

    def get_prep_value(self, value: str | None) -> str | None:
        if isinstance(value, Sealed):
            return value.ciphertext
        return value and box().encrypt(value.encode()).decode()

    def value_to_string(self, obj: models.Model) -> str:
        """Django's dumps carry the ciphertext."""
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def to_python(self, value: Any) -> Any:
        return _opened(value) if str(value).startswith(CIPHERTEXT) else value

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in {"isnull"} else None


def secret_columns() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Every model of the install that has encrypted columns, and their names."""
    for model in apps.get_models():
        if names := [field.name for field in model._meta.get_fields() if isinstance(field, EncryptedText)]:
            yield model, names


def unreadable() -> list[str]:
    """What was encrypted with keys that are not here, in words: "connection: Login Kit of @ana"."""
    found = []
    for model, names in secret_columns():
        for row in model._base_manager.order_by("pk"):
            if any(isinstance(getattr(row, name), Sealed) for name in names):
                found.append(f"{model._meta.verbose_name}: {row}")
    for row in _second_factors():
        if any(isinstance(_opened(value), Sealed) for value in _encrypted_in(row).values()):
            found.append(f"second factor: {row.user}")
    return found


def reencrypt() -> int:
    """Write every secret again with the newest key; returns how many rows were rewritten."""
    rows = 0
    for model, names in secret_columns():
        for row in model._base_manager.iterator():
            row.save(update_fields=names)
            rows += 1
    return rows + _reencrypt_second_factors()


def _reencrypt_second_factors() -> int:
    rows = _second_factors()
    for row in rows:
        kept = _encrypted_in(row)
        row.data |= {key: box().rotate(value.encode()).decode() for key, value in kept.items() if _opened(value)}
        row.save(update_fields=["data"])
    return len(rows)


def _second_factors() -> list[Any]:
    from allauth.mfa.models import Authenticator

    return list(Authenticator.objects.order_by("pk").select_related("user"))


def _encrypted_in(row: Any) -> dict[str, str]:
    """allauth keeps its secrets inside a JSON column, which no field of ours can see."""
    return {key: row.data[key] for key in ("secret", "seed") if key in row.data}
