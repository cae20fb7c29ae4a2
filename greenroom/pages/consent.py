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
from greenroom.creators import visits
from greenroom.creators.models import Authorization, Creator
from greenroom.pages import limits

VISITS = "visits"
VISIT = "visit"  # the PortalVisit by which this browser is in
SEEN, SEEN_EVERY = "visit_seen", 300
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
    return visits.creator_of(request.session.get(VISIT) or 0, at=clock.now())


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


def open_portal(request: HttpRequest, creator: Creator, *, how: str = "consent", key: str = "") -> None:
    """Let this browser into the creator's page, under a fresh session key. Raises links.LinkOver for a used link."""
    visit = visits.open_page(
        creator,
        how=how,
        key=key,
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        address=limits.address(request),
        at=clock.now(),
    )
    request.session.cycle_key()
    request.session[VISIT] = visit.pk


def note_visit(request: HttpRequest) -> None:
    """Write down, every few minutes, that the creator is still here."""
    at = clock.now()
    if at.timestamp() - request.session.get(SEEN, 0) > SEEN_EVERY:
        request.session[SEEN] = at.timestamp()
        visits.seen(request.session[VISIT], at=at)


def close_portal(request: HttpRequest, creator: Creator) -> None:
    """Close the creator's page in this browser."""
    visits.end(creator, visit=request.session.pop(VISIT, 0), by=f"creator:{creator.pk}", at=clock.now())
    request.session.pop("connected", None)
