"""The one API: its routers, what becomes of every error, its addresses."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from greenroom.api import (
    accounts,
    availability,
    bulks,
    campaign_posts,
    campaigns,
    connections,
    creators,
    documents,
    events,
    fields,
    gate,
    history,
    hooks,
    imports,
    invitations,
    invites,
    jobs,
    keys,
    labels,
    lists,
    measure,
    members,
    messages,
    metrics,
    missing,
    notes,
    openapi,
    orders,
    participants,
    posts,
    problems,
    purges,
    refusals,
    spark,
    templates,
    workspaces,
)
from greenroom.api.problems import Problem
from greenroom.core.access import anyone

NOUNS = (
    workspaces,
    members,
    invitations,
    creators,
    labels,
    lists,
    fields,
    notes,
    accounts,
    invites,
    campaigns,
    participants,
    documents,
    orders,
    bulks,
    campaign_posts,
    templates,
    messages,
    connections,
    posts,
    missing,
    spark,
    availability,
    metrics,
    history,
    measure,
    imports,
    purges,
    jobs,
    events,
    hooks,
    keys,
)


class Given(Parser):
    """Bodies are what the gate read."""

    def parse_body(self, request: HttpRequest) -> Any:
        return request.given  # type: ignore[attr-defined]


api = NinjaAPI(title="Greenroom", version="1", urls_namespace="api", openapi_url=None, docs_url=None, parser=Given())
api.add_decorator(gate.gate, mode="view")
for noun in NOUNS:
    api.add_router("", noun.router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problems.answer(request, problem)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"loc": [str(part) for part in one["loc"]], "msg": one["msg"]} for one in error.errors]
    first = errors[0]
    detail = f"{' '.join(first['loc'])}: {first['msg']}. The errors name everything that does not fit."
    return problems.answer(request, Problem("invalid", detail, errors=errors))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.answer(request, Problem("unreadable", str(error)))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.answer(request, Problem("not_found", "There is no such thing here."))


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """What the modules raise, in the words of the API; anything else is the gate's to log."""
    problem = refusals.told(error)
    if problem is None:
        raise error
    return problems.answer(request, problem)


@anyone("what is described is the same for everybody")
def schema(request: HttpRequest) -> HttpResponse:
    return JsonResponse(openapi.document(api))


@anyone("nothing is here")
def nothing(request: HttpRequest, **_: Any) -> HttpResponse:
    return problems.answer(request, Problem("not_found", "There is no such address. /api/v1/docs lists them all."))


def _addresses() -> list[URLPattern]:
    """The operations' addresses; each operation says itself what it needs, so the address does not."""
    patterns = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in patterns:
        one.callback = _answering(one.callback)
    return [path("openapi.json", schema, name="api_schema"), *patterns, re_path(r"", nothing, name="api_nothing")]


def _answering(view: Any) -> Any:
    """A method that an address does not take is a problem document too."""

    @anyone("the Business API: each operation says what it needs")
    def answering(request: HttpRequest, **parts: str) -> HttpResponse:
        response: HttpResponse = view(request, **parts)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        words = f"It takes {response['Allow']}."
        return problems.answer(request, Problem("method_not_allowed", words, headers={"Allow": response["Allow"]}))

    answering.csrf_exempt = True  # type: ignore[attr-defined]
    return answering


def operations() -> list[tuple[str, str, Any]]:
    """(method, path, view) of every operation; `view.needs` is its permission."""
    return [
        (operation.methods[0], f"/api/v1{path}", operation.view_func)
        for router in api._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
    ]


urlpatterns = _addresses()
