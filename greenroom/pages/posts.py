"""All posts of a creator, of every account, the newest first."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators.models import Creator, Post
from greenroom.pages import profile
from greenroom.pages.record import Record
from greenroom.pages.request import StaffRequest


@needs(Can.CREATORS_READ)
@require_safe
def index(request: StaffRequest, creator: int) -> HttpResponse:
    rows = Creator.objects.within(request.workspace).select_related("workspace")
    person = get_object_or_404(rows, pk=creator)
    mine = Post.objects.filter(account__creator=person, account__gone_at=None).select_related("account")
    page = web.paginate(request, mine.order_by("-posted_at", "-pk"))
    shown = profile.post_rows(list(page.object_list), request.workspace, at=clock.now())
    told = {"creator": person, "record": Record.of(person), "page": page, "rows": shown, "tab": "creator_posts"}
    return web.render(request, "pages/creator_posts.html", told)
