"""One post at its own address: how it performs, who watches, whether it may be advertised, what became of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators.models import Post
from greenroom.pages.post_audience import Audience
from greenroom.pages.post_head import Head
from greenroom.pages.post_history import History
from greenroom.pages.post_performance import Performance
from greenroom.pages.post_readings import Readings
from greenroom.pages.post_spark import Spark
from greenroom.pages.request import StaffRequest

TABS = {"performance": "Performance", "audience": "Audience", "spark": "Spark Ads", "history": "History"}


@needs(Can.CAMPAIGNS_READ)
@require_safe
def show(request: StaffRequest, post: int) -> HttpResponse:
    """`?tab=` says which part; with `?campaign=` it has the next and the previous post of that campaign."""
    related = ("workspace", "account__creator", "entry__campaign__workspace", "entry__deliverable__order", "spark")
    found = get_object_or_404(Post.objects.within(request.workspace).select_related(*related), pk=post)
    at, query = clock.now(), request.GET
    tab = query.get("tab", "")
    tab = tab if tab in TABS else next(iter(TABS))
    told: dict[str, Any] = {
        "post": found,
        "head": Head.of(found, campaign=query.get("campaign", ""), at=at),
        "tabs": [(words, web.address(query, tab=key, derived=None), key == tab) for key, words in TABS.items()],
        "tab": tab,
        "part": f"pages/parts/post_{tab}.html",
    }
    match tab:
        case "audience":
            told["audience"] = Audience(found, at=at)
        case "spark":
            told["spark"] = Spark(found, permissions=request.member.permissions, at=at)
        case "history":
            told["history"] = History(found, at=at)
            told["readings"] = Readings(found, at=at)
        case _:
            told["performance"] = Performance(found, query, at=at)
    return web.render(request, "pages/post.html", told)
