"""The one gate in front of every operation: who asks, how often, where, whether they may, in what form, and once.

What a noun's file says is what comes after: read the workspace's rows, or call one action.
"""

import logging
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import Any, cast

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from ninja.operation import Operation

from greenroom.api import caller, problems, versions
from greenroom.api.caller import Call
from greenroom.api.problems import Problem, invalid
from greenroom.core import clock
from greenroom.imports.source import LARGEST_FILE
from greenroom.keys import allowance, answers

Run = Callable[..., HttpResponse]
LARGEST = 1024 * 1024
OWN = {"Cache-Control": "private, no-store", "Vary": "Authorization, Cookie, Accept"}
IDEMPOTENCY = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
JSON_WANTED = "Send Content-Type: application/json and a JSON body."
log = logging.getLogger(__name__)


def gate(run: Run) -> Run:
    """Put the gate in front of a bound operation; ninja calls this for each of them."""
    operation = cast(Operation, run.__self__)  # type: ignore[attr-defined]
    view: Any = operation.view_func

    @wraps(run)
    def guarded(request: HttpRequest, **path: Any) -> HttpResponse:
        call, told = cast(Call, request), dict(OWN)
        try:
            _admit(call, view, path, told)
            _form(call, operation, view)
            response = _once(call, lambda: run(call, **path))
        except Problem as problem:
            response = problems.answer(request, problem)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            words = "It is in the log of this install. Try again; with the same Idempotency-Key nothing is done twice."
            response = problems.answer(request, Problem("failed", words))
        for name, value in told.items():
            response.headers.setdefault(name, value)
        return response

    return guarded


def _admit(call: Call, view: Any, path: dict[str, Any], told: dict[str, str]) -> None:
    """Who, how often, where, and whether they may. Fills `told` with the headers every answer carries."""
    call.at = clock.now()
    call.caller = caller.identify(call, at=call.at)
    told |= _count(call)
    if "workspace" in path:
        call.caller, call.workspace = caller.enter(call.caller, path["workspace"])
        caller.may(call.caller, view.needs)
    call.version = versions.chosen(call.headers.get(versions.HEADER), at=call.at)
    told |= versions.headers(call.version)


def _count(call: Call) -> dict[str, str]:
    place = allowance.take(call.caller.name, per_minute=settings.GREENROOM_API_PER_MINUTE, at=call.at)
    told = {
        "RateLimit-Limit": str(place.limit),
        "RateLimit-Remaining": str(place.remaining),
        "RateLimit-Reset": str(place.reset_s),
    }
    if place.wait_s is not None:
        wait = {"Retry-After": str(place.wait_s)}
        raise Problem("rate_limited", f"Wait {place.wait_s} s, then go on more slowly.", headers=told | wait)
    return told


def _form(call: Call, operation: Operation, view: Any) -> None:
    """Accept, query string, chosen fields, body: everything about the form that is the same for all operations."""
    if not (call.accepts("application/json") or call.accepts(problems.MEDIA_TYPE)):
        raise Problem("not_acceptable", "Send Accept: application/json, or leave it out.")
    known = {name for model in operation.models if model.__ninja_param_source__ == "query" for name in _names(model)}
    selectable: tuple[str, ...] = view.fields
    for name in call.GET:
        if name not in known and not (name == "fields" and selectable):
            raise invalid("query", name, "is not a parameter here.")
        if len(call.GET.getlist(name)) > 1:
            raise invalid("query", name, "is given twice. Put commas between several values.")
    call.selected = _selected(call.GET.get("fields"), selectable)
    if call.method not in caller.SAFE:
        _read_file(call) if view.raw else _read(call)


def _names(model: Any) -> list[str]:
    return list(getattr(model, "__ninja_flatten_map__", None) or model.model_fields)


def _selected(told: str | None, selectable: tuple[str, ...]) -> tuple[str, ...]:
    if told is None:
        return ()
    names = tuple(told.split(","))
    if unknown := [name for name in names if name not in selectable]:
        raise invalid("query", "fields", f"{unknown[0]!r} is none of {', '.join(selectable)}.")
    return names


def _read(call: Call) -> None:
    """The body, read once: `call.given` is what it says."""
    try:
        if int(call.META.get("CONTENT_LENGTH") or 0) > LARGEST or len(call.body) > LARGEST:
            raise Problem("too_large", "A body may have 1 MB. Send less at a time.")
    except (RequestDataTooBig, ValueError):
        raise Problem("too_large", "A body may have 1 MB. Send less at a time.") from None
    except UnreadablePostError:
        raise Problem("unreadable", "The body broke off. Send it again.") from None
    except RawPostDataException:  # a form, read while its CSRF token was looked for
        raise Problem("unsupported_media_type", JSON_WANTED) from None
    call.digest = sha256(call.body).digest()
    if not call.body:
        return
    if call.content_type != "application/json":
        raise Problem("unsupported_media_type", JSON_WANTED)
    try:
        call.given = orjson.loads(call.body)
    except orjson.JSONDecodeError as error:
        raise Problem("unreadable", f"The body is no JSON: {error}.") from None


def _read_file(call: Call) -> None:
    """A body that is a file, read piece by piece: `call.file`."""
    if call.content_type != "application/octet-stream":
        raise Problem("unsupported_media_type", "Send Content-Type: application/octet-stream and the file itself.")
    call.file, digest, size = SpooledTemporaryFile(max_size=LARGEST), sha256(), 0  # noqa: SIM115 (Django closes it)
    try:
        while block := call.read(64 * 1024):
            size += len(block)
            if size > LARGEST_FILE:
                raise Problem("too_large", f"A file may have {LARGEST_FILE >> 20} MB. Cut it into smaller ones.")
            digest.update(block)
            call.file.write(block)
    except UnreadablePostError:
        raise Problem("unreadable", "The file broke off. Send it again.") from None
    call.file.seek(0)
    call.digest = digest.digest()


def _once(call: Call, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run it; with an Idempotency-Key only if it was not run before, else the answer of that time."""
    key = call.headers.get(IDEMPOTENCY)
    if key is None or call.method != "POST":
        return run()
    if not (0 < len(key) <= 255 and key.isascii() and key.isprintable() and " " not in key):
        raise invalid("header", IDEMPOTENCY, "has 1 to 255 visible ASCII characters.")
    asked = "\n".join([call.method or "", call.get_full_path(), call.version, ""]).encode() + call.digest
    try:
        row = answers.begin(
            call.workspace, caller=call.caller.by, key=key, fingerprint=sha256(asked).hexdigest(), at=call.at
        )
    except answers.AnotherQuestion:
        raise Problem("key_reused", "Use a new Idempotency-Key for each thing you want done.") from None
    except answers.UnderWay:
        words = "Wait a second and send it again to get its answer."
        raise Problem("under_way", words, headers={"Retry-After": "1"}) from None
    if row.status is not None:
        response = HttpResponse(row.content, status=row.status, content_type=row.content_type)
        response[REPLAYED] = "true"
        return response
    try:
        response = run()
    except BaseException:
        answers.drop(row)
        raise
    # What was malformed changed nothing: with the mistake mended the key may be used again.
    if response.status_code >= 500 or response.status_code in (400, 422):
        answers.drop(row)
    else:
        content = response.content.decode()
        answers.keep(row, status=response.status_code, content_type=response["Content-Type"], content=content)
    return response
