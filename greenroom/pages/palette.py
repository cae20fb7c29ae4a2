"""The command palette: what it finds as one types, and the same as a page for browsers without script."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from greenroom.core import web
from greenroom.core.access import Can, needs
from greenroom.pages import finding
from greenroom.pages.request import StaffRequest


@needs(Can.WORKSPACE_READ)
@require_safe
def palette(request: StaffRequest) -> HttpResponse:
    """htmx gets the options of the list box, everybody else a page with links."""
    asked = request.GET.get("q", "").strip()[:100]
    theme = web.page_context(request)["theme"]
    groups = finding.find(request.member, asked, theme=theme)
    told = {"asked": asked, "groups": groups, "count": sum(len(group.entries) for group in groups)}
    return web.render(request, "pages/palette.html#options", told)
