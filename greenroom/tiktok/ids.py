"""Identifiers of TikTok: 19 digits, above 2^53, so they are text and never pass through a float."""

from __future__ import annotations

import json
from typing import Any

EXACT_IN_A_FLOAT = 2**53


def as_id(value: object) -> str:
    """An id as text, exactly as TikTok wrote it, whether it came as JSON text or as a JSON integer.

    Raises TypeError for everything else: a float has already lost digits, a bool or None was never an id.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"not an id: {type(value).__name__}")


def loads_exactly(raw: str | bytes) -> Any:
    """JSON in which no id can lose digits.

    Integers above 2^53 and every integer under a key that ends in `_id` or `_ids` become text;
    all other values come as `json.loads` gives them. Raises ValueError when `raw` is not JSON.
    """
    return json.loads(raw, parse_int=_exact_integer, object_hook=_ids_as_text)


def with_text_ids(found: Any) -> Any:
    """The same answer with every integer under a key that ends in `_id` or `_ids` as text, however deep."""
    if isinstance(found, list):
        return [with_text_ids(one) for one in found]
    if not isinstance(found, dict):
        return found
    return {
        key: _id_text(value) if key.endswith(("_id", "_ids")) else with_text_ids(value) for key, value in found.items()
    }


def _exact_integer(digits: str) -> int | str:
    number = int(digits)
    return number if abs(number) <= EXACT_IN_A_FLOAT else digits


def _ids_as_text(found: dict[str, Any]) -> dict[str, Any]:
    return {key: _id_text(value) if key.endswith(("_id", "_ids")) else value for key, value in found.items()}


def _id_text(value: Any) -> Any:
    if isinstance(value, list):
        return [_id_text(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
