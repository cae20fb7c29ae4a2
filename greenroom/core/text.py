"""Text that people give us: what can't be seen has no place in it. Pure, but for the edge that cleans forms."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, QueryDict

# Controls but tab and line feeds; marks that turn the writing direction; what has no width; what XML can't hold. The
# joiners U+200C and U+200D stay: emoji and some scripts need them.
INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff]"
)
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def visible(text: str) -> str:
    """`text` without what can't be seen: a name that reads one way and sorts, matches or runs another is no name."""
    return INVISIBLE.sub("", text)


def typed_text(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what was typed into a form or an address arrives without what can't be seen.

    Passwords stay as they are. The API takes no forms, and reads its bodies itself, within its own limits.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/api/"):
            request.GET = _seen(request.GET)  # type: ignore[assignment]
            if request.method == "POST" and request.content_type in FORMS:
                request.POST = _seen(request.POST)  # type: ignore[assignment]
        return get_response(request)

    return middleware


def _seen(given: QueryDict) -> QueryDict:
    typed = given.copy()
    for name, values in given.lists():
        if "password" not in name:
            typed.setlist(name, [visible(one) for one in values])
    typed._mutable = False
    return typed
