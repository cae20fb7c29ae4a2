"""The creator simulator: a page on which a tester plays a creator."""

from typing import TYPE_CHECKING

from greenroom.sandbox.http import Request, Response

if TYPE_CHECKING:
    from greenroom.sandbox.world import World


def respond(world: "World", request: Request) -> tuple[Response, str]:
    return Response("404 page not found", status=404), "404"
