"""Leaving for TikTok's consent page and knowing the browser again when it comes back.

The visit's `state` is kept in the session: whoever returns with it in another browser did not begin it, and could
otherwise be made to connect their account to somebody else's record.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from greenroom.core import clock, web
from greenroom.core.models import Workspace
from greenroom.creators import actions as creators
from greenroom.creators import client as clients
from greenroom.creators.models import Authorization, Creator

VISITS = "visits"
CREATOR = "creator"
KEPT = 8


def leave_for_tiktok(request: HttpRequest, workspace: Workspace, *, back: str, **asked: Any) -> HttpResponse:
    """Begin an authorization (see creators.begin_authorization) and redirect to TikTok.

    `back` is the page from which to start again. Pass `return_to` as well to come back there after success.
    What can't begin, such as a live connection without a recorded policy, is answered with a page that says why.
    """
    try:
        visit, url = creators.begin_authorization(
            workspace, redirect_uri=callback_uri(request), at=clock.now(), **asked
        )
    except creators.Refusal as refused:
        return refusal_page(request, refused, back=back)
    kept = list(request.session.get(VISITS, {}).items())[-KEPT + 1 :]
    request.session[VISITS] = dict([*kept, (visit.state, back)])
    return redirect(url)


def came_from(request: HttpRequest, visit: Authorization) -> str | None:
    """The page on which this browser, or the member signed in here, began the visit; None when somebody else did."""
    if visit.state in request.session.get(VISITS, {}):
        return str(request.session[VISITS][visit.state])
    user = request.user
    if user.is_authenticated and visit.by in {f"member:{pk}" for pk in user.memberships.values_list("pk", flat=True)}:
        return visit.return_to or None
    return None


def creator_here(request: HttpRequest) -> Creator | None:
    """The creator whose page this browser may see."""
    found: Creator | None = (
        Creator.objects.filter(pk=request.session.get(CREATOR) or 0).select_related("workspace").first()
    )
    return found


def callback_uri(request: HttpRequest) -> str:
    """Where TikTok sends people back. The live one is registered with TikTok, so it does not follow the request."""
    path = reverse("join_callback")
    return request.build_absolute_uri(path) if clients.is_sandbox() else settings.GREENROOM_URL.rstrip("/") + path


def refusal_page(
    request: HttpRequest, refused: creators.Refusal, *, back: str, again: str = "Start again", status: int = 422
) -> HttpResponse:
    """What went wrong and what to do; the button `again` leads to `back`."""
    shown = {"refused": refused, "back": back, "again": again}
    return web.render(request, "pages/join_refused.html", shown, status=status)


def open_portal(request: HttpRequest, creator: Creator) -> None:
    """Let this browser into the creator's page, under a fresh session key."""
    request.session.cycle_key()
    request.session[CREATOR] = creator.pk
