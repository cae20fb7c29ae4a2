"""How a noun's file says its operations: `reads` and `writes` declare path, permission and what is given."""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import getdoc
from typing import Any

import orjson
from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel

from greenroom.api.caller import Call
from greenroom.api.shapes import Page
from greenroom.core.access import Can

View = Callable[..., Any]
WITHIN = "/w/{workspace}"
FILE = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}


def reads(
    router: Router, path: str, *, needs: Can, gives: type[BaseModel], leads: dict[str, str] | None = None
) -> Callable[[View], View]:
    """A GET below the workspace. Its items, or itself, may be narrowed with `fields`.

    `leads` are the operations an answer leads to: operation -> the parameter of its path that the answer's `id` is for,
    or `parameter=field` where it is another field of the answer.
    """
    return _operation(router, "GET", WITHIN + path, needs=needs, gives={200: gives}, leads=leads)


def writes(
    router: Router,
    path: str,
    *,
    needs: Can,
    gives: type[BaseModel],
    status: int = 200,
    known: int | None = None,
    leads: dict[str, str] | None = None,
) -> Callable[[View], View]:
    """A POST below the workspace, done once for each Idempotency-Key. `known` is the status when nothing was new."""
    given = {status: gives} | ({known: gives} if known else {})
    return _operation(router, "POST", WITHIN + path, needs=needs, gives=given, leads=leads)


def changes(router: Router, path: str, *, needs: Can, gives: type[BaseModel]) -> Callable[[View], View]:
    """A PATCH: what the body leaves out stays as it is."""
    return _operation(router, "PATCH", WITHIN + path, needs=needs, gives={200: gives})


def removes(router: Router, path: str, *, needs: Can) -> Callable[[View], View]:
    """A DELETE, answered with nothing."""
    return _operation(router, "DELETE", WITHIN + path, needs=needs, gives={204: None})


def takes_file(view: View) -> View:
    """Mark a view below `writes`: the body is a file, not JSON; the view finds it in `request.file`."""
    view.raw = True  # type: ignore[attr-defined]
    return view


def everywhere(router: Router, path: str, *, needs: Can, gives: type[BaseModel]) -> Callable[[View], View]:
    """A GET above the workspaces."""
    return _operation(router, "GET", path, needs=needs, gives={200: gives})


def told(answer: Any, call: Call, *, status: int = 200) -> HttpResponse:
    """An answer as JSON, with the fields that were chosen."""
    include: Any = None
    if call.selected:
        chosen = {"id", *call.selected}
        include = {"items": {"__all__": chosen}, "next": True} if isinstance(answer, Page) else chosen
    content = orjson.dumps(answer.model_dump(include=include, exclude_unset=True), option=orjson.OPT_UTC_Z)
    return HttpResponse(content, status=status, content_type="application/json")


def item_of(model: type[BaseModel]) -> type[BaseModel]:
    """What a page is a page of; of anything else, itself."""
    found: type[BaseModel] = model.__pydantic_generic_metadata__["args"][0] if issubclass(model, Page) else model
    return found


def fields_of(model: type[BaseModel]) -> tuple[str, ...]:
    """What `fields` may name: those of the item, or of the thing itself; none where it has no id."""
    names = tuple(item_of(model).model_fields)
    return names if "id" in names else ()


def _operation(
    router: Router,
    method: str,
    path: str,
    *,
    needs: Can,
    gives: Mapping[int, type[BaseModel] | None],
    leads: dict[str, str] | None = None,
) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def answering(request: Call, *args: Any, **kwargs: Any) -> HttpResponse:
            answer = view(request, *args, **kwargs)
            if answer is None:
                return HttpResponse(status=204)
            status, answer = answer if isinstance(answer, tuple) else (min(gives), answer)
            return told(answer, request, status=status)

        first = next(iter(gives.values()))
        words, _, more = (getdoc(view) or "").partition("\n\n")
        answering.needs = needs  # type: ignore[attr-defined]
        answering.gives = first  # type: ignore[attr-defined]
        answering.leads = leads or {}  # type: ignore[attr-defined]
        answering.fields = fields_of(first) if method == "GET" and first else ()  # type: ignore[attr-defined]
        answering.raw = getattr(view, "raw", False)  # type: ignore[attr-defined]
        router.api_operation(
            [method],
            path,
            response=dict(gives),
            operation_id=view.__name__,
            summary=words.replace("\n", " ").rstrip("."),
            description=f"{more}\n\nNeeds the permission `{needs}`.".strip(),
            openapi_extra={"requestBody": FILE} if answering.raw else None,  # type: ignore[attr-defined]
        )(answering)
        return answering

    return decorate
