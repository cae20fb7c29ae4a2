"""All Posts: what every account of the workspace published, in a campaign or not, the newest first."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from greenroom.campaigns.models import CampaignPost
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.creators.models import Post
from greenroom.pages import keyset, tiles
from greenroom.pages.campaign_posts import accounts, words_of
from greenroom.pages.days import midnight
from greenroom.pages.links import Links
from greenroom.pages.request import StaffRequest

SHOWN = ("views", "likes", "comments", "shares", "engagement", "engagement_rate")
FIELDS = ("q", "basis", "in", "since", "until")


class PostsForm(forms.Form):
    """Which posts; what is no answer to a field is as if it was left empty."""

    basis = forms.ChoiceField(required=False, choices=[("", "However tracked"), *Post.Basis.choices])
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)


PostsForm.base_fields["in"] = forms.ChoiceField(
    required=False, choices=[("", "In a campaign or not"), ("yes", "In a campaign"), ("no", "In no campaign")]
)


@needs(Can.CREATORS_READ)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    form = PostsForm(request.GET)
    form.is_valid()
    found = wanted(request, form.cleaned_data)
    page = keyset.page(found, request.GET)
    chosen = {key: request.GET[key] for key in FIELDS if request.GET.get(key)}
    may_write = Can.CAMPAIGNS_WRITE in request.member.permissions
    told = {
        "page": page,
        "rows": rows(request, page.rows),
        "form": form,
        "bases": form.fields["basis"].choices,  # type: ignore[attr-defined]
        "places": form.fields["in"].choices,  # type: ignore[attr-defined]
        "chosen": chosen,
        "place": chosen.get("in", ""),
        "may_write": may_write,
        "may_see_campaigns": Can.CAMPAIGNS_READ in request.member.permissions,
        "missing": Links.of(request.workspace).post_missing(),
    }
    return web.render(request, "pages/posts.html", told)


def wanted(request: StaffRequest, told: dict[str, Any]) -> "QuerySet[Post]":
    """The posts the filters leave, of creators who are here."""
    found: QuerySet[Post] = Post.objects.within(request.workspace).filter(account__gone_at=None)
    if text := words_of(request.GET):
        found = found.filter(account__in=accounts(request.workspace.pk, text))
    if told.get("basis"):
        found = found.filter(basis=told["basis"])
    if told.get("in") == "no":
        found = found.filter(entry=None)
    elif told.get("in") == "yes":
        found = found.filter(pk__in=CampaignPost.objects.within(request.workspace).order_by().values("post_id"))
    if begins := midnight(told.get("since")):
        found = found.filter(posted_at__gte=begins)
    if ends := midnight(told.get("until"), days=1):
        found = found.filter(posted_at__lt=ends)
    return found


def rows(request: StaffRequest, posts: list[Post]) -> list[tuple[tiles.Tile, str]]:
    """Each post as a tile, and where it is added to a campaign; empty where it is in one."""
    ids = [post.pk for post in posts]
    # One look more instead of three joins over all posts.
    shown = {post.pk: post for post in Post.objects.filter(pk__in=ids).select_related("account", "spark")}
    entries = CampaignPost.objects.filter(post__in=ids).select_related("campaign__workspace")
    told = {entry.post_id: entry for entry in entries}
    links = Links.of(request.workspace)
    made = tiles.tiles([shown[pk] for pk in ids if pk in shown], request.workspace, SHOWN, entries=told, at=clock.now())
    return [(one, "" if one.entry else links.post_add(one.post.pk)) for one in made]
