"""How things are shown to whom: time zone and language of the person, else of the workspace. Nothing stored changes."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

if TYPE_CHECKING:
    from greenroom.core.models import Workspace

WAY_IN = ("/accounts/", "/setup/")  # pages a stranger may open that are translated


@cache
def zones() -> tuple[str, ...]:
    """The names a person may choose from: places, and UTC."""
    places = {
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    }
    return ("UTC", *sorted(places))


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name; UTC where this machine knows none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def show_for(user: Any, workspace: "Workspace | None") -> None:
    """From here on in this request, times and words are as this person likes them, else as the workspace does."""
    home_zone, home_language = (workspace.time_zone, workspace.language) if workspace else ("UTC", "")
    timezone.activate(zone(getattr(user, "time_zone", "") or home_zone))
    wanted = getattr(user, "language", "") or home_language
    translation.activate(wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def untranslated() -> translation.override:
    """Within it everything is English: files, which read the same whoever asked, and pages not translated yet."""
    return translation.override(settings.LANGUAGE_CODE)


def as_liked(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: begin each request as the person likes it, end it as the install does.

    A page of a workspace calls `show_for` again once it knows which. Who is not signed in yet reads the way in, and no
    other page, as their browser asks for it. The API speaks to programs: one language, UTC.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            return get_response(request)
        show_for(request.user if request.user.is_authenticated else None, None)
        if not request.user.is_authenticated and request.path.startswith(WAY_IN):
            translation.activate(translation.get_language_from_request(request))
        try:
            return get_response(request)
        finally:
            timezone.deactivate()
            translation.deactivate()

    return answer
