"""Reading TikTok's answers: the wrapper off, the data or the right error out. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias

import orjson

from greenroom.tiktok import errors

Data: TypeAlias = dict[str, Any]

OK, PARTLY_DONE = 0, 20001
SHOWN = 200  # characters of an unreadable answer worth repeating in an error


def business(status: int, body: bytes, *, endpoint: str, at: datetime) -> Data:
    """The `data` of an API for Business answer; failures come with HTTP 200 too, so the code inside decides.

    Partly done (20001) is an answer, its items tell their own results. Raises errors.TikTokError.
    """
    told = _json_object(body)
    code = told.get("code")
    if not isinstance(code, int) or (code == OK and status != 200):
        raise errors.for_status(status, _shown(body, status), endpoint=endpoint, request_id="", at=at)
    if code not in (OK, PARTLY_DONE):
        message, request_id = str(told.get("message", "")), str(told.get("request_id", ""))
        raise errors.for_code(code, message, endpoint=endpoint, request_id=request_id, at=at)
    data = told.get("data")
    return data if isinstance(data, dict) else {}


def platform(status: int, body: bytes, *, endpoint: str, at: datetime) -> Data:
    """The `data` of a developer-platform answer (`error.code` is "ok"). Raises errors.TikTokError."""
    told = _json_object(body)
    error = told.get("error")
    if not isinstance(error, dict):
        raise errors.for_status(status, _shown(body, status), endpoint=endpoint, request_id="", at=at)
    if error.get("code") != "ok":
        word, message, log_id = (str(error.get(key, "")) for key in ("code", "message", "log_id"))
        raise errors.for_word(word, message or word, endpoint=endpoint, request_id=log_id, at=at)
    data = told.get("data")
    return data if isinstance(data, dict) else {}


def oauth(status: int, body: bytes, *, endpoint: str, at: datetime) -> Data:
    """The flat answer of a developer-platform OAuth call; an empty body is `{}`.

    Errors have been seen with HTTP 200, so the key `error` decides, not the status. Raises errors.TikTokError.
    """
    told = _json_object(body)
    if "error" in told:
        word, log_id = str(told["error"]), str(told.get("log_id", ""))
        message = str(told.get("error_description", "")) or word
        raise errors.for_word(word, message, endpoint=endpoint, request_id=log_id, at=at)
    if status != 200 or (body.strip() and not told):
        raise errors.for_status(status, _shown(body, status), endpoint=endpoint, request_id="", at=at)
    return told


def _json_object(body: bytes) -> Data:
    # An integer over 64 bits would come as a float, which `ids.as_id` refuses: loud, never a wrong id.
    try:
        told = orjson.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _shown(body: bytes, status: int) -> str:
    return body[:SHOWN].decode("utf-8", "replace").strip() or f"HTTP {status} without a body"
