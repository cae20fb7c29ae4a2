"""The page behind the link at the end of each message: no more of them, or some again. Nobody signs in for it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from greenroom.core import clock, display, web
from greenroom.core.access import anyone
from greenroom.messages import optouts


@anyone("the signed link in the message is the permission; it opens nothing but this choice")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows how it is, so that a program that looks at mails changes nothing; POST `to` is out or in."""
    creator = optouts.read(token)
    if creator is None:
        raise Http404("There is no such link")
    if request.method == "POST":
        by, at = f"creator:{creator.pk}", clock.now()
        if request.POST.get("to") == "in":
            optouts.end(creator, own=True, by=by, at=at)
        else:
            optouts.give(creator, own=True, by=by, at=at)
        return redirect("opt_out", token)
    display.show_for(None, creator.workspace)
    with display.untranslated():
        told = {"of": creator.workspace, "out": optouts.of(creator) is not None}
        return web.render(request, "pages/opt_out.html", told)
