"""Everything that can be wrong, as RFC 9457 problem documents that say what to do."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:greenroom:problem:"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """One sort of problem: its status and the sentence that never changes."""

    status: int
    title: str


KINDS = {
    "unreadable": Kind(400, "The request can't be read"),
    "unauthenticated": Kind(401, "Say who you are"),
    "forbidden": Kind(403, "Your role may not do this"),
    "not_found": Kind(404, "There is no such thing here"),
    "method_not_allowed": Kind(405, "This address does not take this method"),
    "not_acceptable": Kind(406, "Only JSON is given"),
    "conflict": Kind(409, "The state of things does not allow this"),
    "illegal_move": Kind(409, "This move is not one of its moves"),
    "lost_race": Kind(409, "Somebody else moved it first"),
    "refused": Kind(409, "This can't be done now"),
    "under_way": Kind(409, "The same request is still being answered"),
    "version_over": Kind(410, "This version of the API has ended"),
    "too_large": Kind(413, "The request is too large"),
    "unsupported_media_type": Kind(415, "The body must be JSON"),
    "invalid": Kind(422, "Something in the request does not fit"),
    "key_reused": Kind(409, "The Idempotency-Key was used for another request"),
    "rate_limited": Kind(429, "Too many requests"),
    "failed": Kind(500, "Something went wrong here"),
}


class Problem(Exception):
    """Raised anywhere below the gate; answered as a problem document.

    `detail` says what to do. `errors` are {"loc": [...], "msg": …}; `more` are further members of the document.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        title: str = "",
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.code, self.detail, self.title = code, detail, title
        self.errors, self.headers, self.more = [dict(error) for error in errors], dict(headers or {}), more


def invalid(where: str, name: str, words: str) -> Problem:
    """One thing in the request does not fit: `where` is path, query, header or body."""
    return Problem("invalid", f"{where} {name}: {words}", errors=[{"loc": [where, name], "msg": words}])


def missing(noun: str) -> Problem:
    return Problem("not_found", f"This workspace has no such {noun}. List them to see what there is.")


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The document, with its status and headers."""
    kind = KINDS[problem.code]
    told = {
        "type": TYPE + problem.code,
        "title": problem.title or kind.title,
        "status": kind.status,
        "code": problem.code,
        "detail": problem.detail,
        "instance": request.path,
        **problem.more,
    }
    if problem.errors:
        told["errors"] = problem.errors
    response = HttpResponse(orjson.dumps(told), status=kind.status, content_type=MEDIA_TYPE)
    for name, value in problem.headers.items():
        response[name] = value
    return response


def phrase(status: int) -> str:
    """What a status is called in the description of the API."""
    return HTTPStatus(status).phrase
