"""TikTok's product surfaces: what each is for, whether it is used, with which scopes, by which connector (GOV-07)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from greenroom.core import web
from greenroom.core.access import Can, needs
from greenroom.creators import surfaces
from greenroom.pages.request import StaffRequest

# State -> its shape and its words.
STATES = {
    "connected": ("live", "Connected"),
    "ready": ("", "Not connected"),
    "no_app": ("", "App keys are not set"),
    "unused": ("", "Not used"),
}


@needs(Can.CONNECTIONS_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    found = [(one, *STATES[one.state]) for one in surfaces.standings(request.workspace)]
    return web.render(request, "pages/surfaces.html", {"standings": found})
