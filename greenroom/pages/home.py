"""Home: what needs somebody, whether sources are on time, the programme's figures, the newest posts."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.pages import foundations, onboarding, todo
from greenroom.pages.programme import Programme
from greenroom.pages.request import StaffRequest
from greenroom.syncs import health

PERIODS = {"7": _("7 days"), "28": _("28 days"), "all": _("All time")}
SHAPES = {"on_time": "live", "late": "wait", "failing": "bad", "never": ""}


@needs(Can.WORKSPACE_READ)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    at = clock.now()
    period = request.GET.get("period", "")
    period = period if period in PERIODS else "all"
    span = None if period == "all" else timedelta(days=int(period))
    sources = health.source_health(request.workspace, at=at)
    told = {
        "at": at,
        "programme": Programme(request.workspace, span, at=at),
        "periods": [(key, words, key == period) for key, words in PERIODS.items()],
        "needs": _for_member(request, todo.needs(request.workspace, sources, at=at)),
        "foundations": foundations.of(request.workspace, at=at),
        "steps": onboarding.of(request.workspace),
        **_sources(sources),
    }
    return web.render(request, "pages/home.html", told)


@needs(Can.WORKSPACE_READ)
@require_safe
def sources(request: StaffRequest) -> HttpResponse:
    """The lines of the rail; as a page of its own, every source."""
    told = _sources(health.source_health(request.workspace, at=clock.now()))
    return web.render(request, "pages/sources.html#rail", told)


def _sources(found: list[health.SourceHealth]) -> dict[str, Any]:
    return {
        "sources": [(one, SHAPES[one.state]) for one in found],
        "on_time": sum(one.state == "on_time" for one in found),
        "first_late": next((one for one in found if one.state in {"failing", "late"}), None),
    }


def _for_member(request: StaffRequest, found: list[todo.Need]) -> list[tuple[todo.Need, list[todo.Way]]]:
    """Each need with the ways this member's role may take."""
    return [(one, [way for way in one.ways if way.needs in request.member.permissions]) for one in found]
