"""The pretend TikTok as one WSGI callable: the gateway, then the family that owns the path."""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from greenroom.sandbox import app_pages, authorize, business, display, sim
from greenroom.sandbox.http import Environ, Request, Response

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

Wsgi = Callable[[Environ, Any], Iterable[bytes]]
Family = Callable[["World", Request], tuple[Response, str]]
FAMILIES: tuple[tuple[str, Family, bool], ...] = (
    # prefix, who answers, whether it is an API that faults may hit
    ("/v2/auth/authorize", authorize.respond, False),
    ("/portal/auth", authorize.respond, False),
    ("/open_api/", business.respond, True),
    ("/v2/", display.respond, True),
    ("/t/", app_pages.short_link, False),
    ("/creatorlink/share-link", app_pages.share, False),
    ("/_sim/", sim.respond, False),
)
BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


def create_app(world: "World") -> Wsgi:
    """The WSGI callable that plays TikTok on a world."""

    def app(environ: Environ, start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        world.settle()
        response, code = _respond(world, request)
        with world.lock:
            world.ledger[request.method, request.path, code] += 1
        return response.send(start_response)

    return app


def _respond(world: "World", request: Request) -> tuple[Response, str]:
    for prefix, family, faulty in FAMILIES:
        if request.path.startswith(prefix):
            return _through_gateway(world, request, family) if faulty else family(world, request)
    return Response("404 page not found", status=404), "404"


def _through_gateway(world: "World", request: Request, family: Family) -> tuple[Response, str]:
    pause = world.faults.delay()
    if pause:
        time.sleep(pause)
    if world.faults.strikes("bad_gateway"):
        return _bad_gateway(), "502"
    response, code = family(world, request)
    if world.faults.strikes("lost_answer"):
        return _bad_gateway(), f"{code} lost"
    return response, code


def _bad_gateway() -> Response:
    return Response(BAD_GATEWAY, status=502, headers={"Content-Type": "text/html"})
