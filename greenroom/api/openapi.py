"""The description of the API (OpenAPI 3.1): what ninja knows of each operation, and what the gate does for all."""

import re
from functools import cache
from typing import Any

from ninja import NinjaAPI

import greenroom
from greenroom.api import gate, problems, versions
from greenroom.api.edges import item_of
from greenroom.api.shapes import Page

Doc = dict[str, Any]
ALWAYS = (401, 403, 404, 405, 406, 410, 422, 429)
WITH_BODY = (400, 409, 413, 415)
SLUG = {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,40}$", "examples": ["acme"]}
ABOUT = """The Business API of Greenroom: what the pages of a workspace can do, programs can do.

- **Who**: `Authorization: Bearer gr_…`, a key of the workspace (Settings, API keys). It has a role, and an end.
- **Ids are text**, times are UTC (RFC 3339), rates are fractions. Nothing unknown is ever 0: it is null with a reason.
- **Lists** are pages `{"items": […], "next": "…"}`: ask again with `cursor` until `next` is null. `limit` is 1 to 200,
  `fields=a,b` narrows what is told of each (`id` always is). Unknown parameters are refused.
- **Changes of state** are `POST …/moves` with `{"to": "…"}`; a move that is not one of the table's answers 409.
- **Idempotency-Key** on a POST: sent again within 24 hours, the same request gets the same answer with
  `Idempotent-Replayed: true`; another request under the same key is refused.
- **Errors** are `application/problem+json` (RFC 9457); `detail` says what to do, `code` is for programs.
- **Limits** of requests are told in `RateLimit-Limit`, `-Remaining` and `-Reset`; a 429 has `Retry-After`.
- **Versions** are chosen with the header `Greenroom-Version`; without it the newest answers. An old one answers with
  `Deprecation` and `Sunset`, and with 410 after its end.
"""


@cache
def document(api: NinjaAPI) -> Doc:
    """The whole description. It is the same for everybody, so it is made once."""
    made: Doc = dict(api.get_openapi_schema(path_prefix="api/v1"))
    made.pop("servers")
    made["info"] = {"title": "Greenroom Business API", "version": greenroom.__version__, "description": ABOUT}
    made["components"]["schemas"] |= _schemas()
    made["components"] |= {
        "parameters": _parameters(),
        "headers": _headers(),
        "responses": {str(status): _problem(status) for status in sorted({*ALWAYS, *WITH_BODY})},
        "securitySchemes": {
            "key": {"type": "http", "scheme": "bearer", "description": "A key of the workspace: gr_…"},
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "A member's browser."},
        },
    }
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                _describe(made, made["paths"][f"/api/v1{path}"][operation.methods[0].lower()], operation)
    _close(made)
    return _sorted(made)


def _close(told: Any) -> None:
    """Where keys have a pattern no other key is taken, which pydantic leaves unsaid."""
    if isinstance(told, dict) and "patternProperties" in told:
        told["additionalProperties"] = False
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        _close(one)


def _describe(made: Doc, told: Doc, operation: Any) -> None:
    view, method = operation.view_func, operation.methods[0]
    posts = method == "POST"
    told["security"] = [{"key": []}, {"session": []}]
    told["x-needs"] = str(view.needs)
    for parameter in told["parameters"]:
        if parameter["name"] == "workspace":
            parameter |= {"schema": SLUG, "description": "The workspace's slug."}
        if _is_list(parameter["schema"]):
            parameter |= {"style": "form", "explode": False}
    if view.fields:
        told["parameters"].append(_fields(view.fields))
        made["components"]["schemas"][item_of(view.gives).__name__]["required"] = ["id"]
    told["parameters"].append({"$ref": "#/components/parameters/version"})
    if posts:
        told["parameters"].append({"$ref": "#/components/parameters/idempotency"})
    told["responses"] = {str(status): one for status, one in told["responses"].items()}
    for one in told["responses"].values():
        one["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _headers()}
        if not posts:
            one["headers"].pop(gate.REPLAYED)
        if view.leads:
            one["links"] = {name: _link(name, noun, view.gives) for name, noun in view.leads.items()}
    for status in sorted({*ALWAYS, *(WITH_BODY if method != "GET" else ())}):
        told["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}


def _is_list(schema: Doc) -> bool:
    return schema.get("type") == "array" or any(one.get("type") == "array" for one in schema.get("anyOf", []))


def _fields(names: tuple[str, ...]) -> Doc:
    return {
        "in": "query",
        "name": "fields",
        "required": False,
        "style": "form",
        "explode": False,
        "description": "What to tell of each, with commas; `id` is told always. Left out: everything.",
        "schema": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(names)}},
    }


def _link(name: str, noun: str, gives: Any) -> Doc:
    noun, _, field = noun.partition("=")
    found = f"$response.body#/{'items/0/' if issubclass(gives, Page) else ''}{field or 'id'}"
    return {"operationId": name, "parameters": {"workspace": "$request.path.workspace", noun: found}}


def _parameters() -> Doc:
    return {
        "version": {
            "in": "header",
            "name": versions.HEADER,
            "required": False,
            "description": "The version whose answers are wanted; left out: the newest.",
            "schema": {"type": "string", "enum": list(versions.VERSIONS)},
        },
        "idempotency": {
            "in": "header",
            "name": gate.IDEMPOTENCY,
            "required": False,
            "description": "A name of your own for this change, such as a UUID. Sent twice, it is done once.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        },
    }


def _headers() -> Doc:
    whole = {"type": "integer", "minimum": 0}
    return {
        "RateLimit-Limit": {"required": True, "schema": whole, "description": "Requests a minute."},
        "RateLimit-Remaining": {"required": True, "schema": whole, "description": "Requests left now."},
        "RateLimit-Reset": {"required": True, "schema": whole, "description": "Seconds until all are free again."},
        versions.HEADER: {"required": True, "schema": {"type": "string", "enum": list(versions.VERSIONS)}},
        "Deprecation": {"schema": {"type": "string"}, "description": "RFC 9745: since when this version is old."},
        "Sunset": {"schema": {"type": "string"}, "description": "RFC 8594: when this version ends."},
        gate.REPLAYED: {"schema": {"type": "string", "enum": ["true"]}, "description": "It was done before."},
    }


def _schemas() -> Doc:
    error = {
        "type": "object",
        "properties": {"loc": {"type": "array", "items": {"type": "string"}}, "msg": {"type": "string"}},
        "required": ["loc", "msg"],
    }
    text = {"type": "string"}
    return {
        "Problem": {
            "title": "Problem",
            "type": "object",
            "description": "RFC 9457. Further members tell more of some problems.",
            "properties": {
                "type": {"type": "string", "format": "uri"},
                "title": text,
                "status": {"type": "integer"},
                "code": {"type": "string", "enum": list(problems.KINDS)},
                "detail": {"type": "string", "description": "What is wrong, and what to do."},
                "instance": text,
                "reason": {"type": "string", "description": "A finer code, of some problems."},
                "errors": {"type": "array", "items": error},
            },
            "required": ["type", "title", "status", "code", "detail", "instance"],
        }
    }


def _problem(status: int) -> Doc:
    kinds = [f"`{code}`: {kind.title}." for code, kind in problems.KINDS.items() if kind.status == status]
    told: Doc = {
        "description": f"{problems.phrase(status)}. {' '.join(kinds)}",
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 405:
        told["headers"] = {"Allow": {"required": True, "schema": {"type": "string"}}}
    if status == 429:
        told["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
    if status == 401:
        told["headers"] = {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}}
    return told


def _sorted(made: Doc) -> Doc:
    """Schemas by name; ninja's own wrappers are not told."""
    schemas = made["components"]["schemas"]
    made["components"]["schemas"] = {name: schemas[name] for name in sorted(schemas) if not re.match("NinjaResp", name)}
    return made
