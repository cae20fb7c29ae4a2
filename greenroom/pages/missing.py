"""Why is this post missing? One address is pasted, one cause is told, one thing can be done about it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from greenroom.campaigns import missing
from greenroom.campaigns.missing import Diagnosis
from greenroom.campaigns.models import Campaign
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.models import Workspace
from greenroom.pages import campaign_rows, risk
from greenroom.pages.request import StaffRequest
from greenroom.syncs import health

TONES = {"here": "good", "in_review": "info", "id_late": "info", "not_read_yet": "info"}
NEEDS = {
    "creator_add": Can.CREATORS_WRITE,
    "handle_invite": Can.CREATORS_WRITE,
    "creator": Can.CREATORS_READ,
    "post": Can.CREATORS_READ,
    "old_source": Can.WORKSPACE_MANAGE,
    "participants_add": Can.CAMPAIGNS_WRITE,
    "orders_create": Can.CAMPAIGNS_WRITE,
    "campaign_settings": Can.CAMPAIGNS_WRITE,
    "message_write": Can.CAMPAIGNS_WRITE,
    "post_add": Can.CAMPAIGNS_WRITE,
}
"""What the page behind an action takes, where it is more than reading campaigns."""


@needs(Can.CAMPAIGNS_READ)
@require_safe
def show(request: StaffRequest) -> HttpResponse:
    """The form, and for `url` the diagnosis; `campaign` asks about one campaign instead of all."""
    pasted, campaign = request.GET.get("url", "")[: missing.LONGEST], _campaign(request)
    told = missing.diagnose(request.workspace, pasted, campaign=campaign, at=clock.now()) if pasted.strip() else None
    context: dict[str, Any] = {"pasted": pasted.replace("\x00", ""), "campaign": campaign, "told": told}
    if told is not None:
        context |= {
            "tone": TONES.get(told.cause, "warn"),
            "href": _href(request, told),
            "next_at": _next_at(told),
        }
    return web.render(request, "pages/post_missing.html", context)


def _campaign(request: StaffRequest) -> Campaign | None:
    given = request.GET.get("campaign", "")
    return campaign_rows.campaign_of(request, int(given)) if given.isdecimal() and len(given) < 19 else None


def _next_at(told: Diagnosis) -> object:
    if told.cause == "not_read_yet" and told.account is not None:
        return health.next_reading(told.account)
    return told.next_at


def _href(request: StaffRequest, told: Diagnosis) -> str:
    """Where the action leads; empty where this member may not go there."""
    can = NEEDS.get(told.action)
    if can is not None and can not in request.member.permissions:
        return ""
    return HREFS[told.action](request.workspace, told)


def _to(name: str, *fields: str, **query: str) -> Callable[[Workspace, Diagnosis], str]:
    """The page of this name for these rows of the diagnosis; `query` names what goes into its query string."""

    def href(workspace: Workspace, told: Diagnosis) -> str:
        address = reverse(name, args=[workspace.slug, *(_id(told, field) for field in fields)])
        asked = {key: _id(told, field) for key, field in query.items()}
        return f"{address}?{urlencode(asked)}" if asked else address

    return href


def _id(told: Diagnosis, field: str) -> object:
    name, _, more = field.partition(".")
    row = getattr(told, name)
    return getattr(row, more or "pk", row)


def _letter(workspace: Workspace, told: Diagnosis) -> str:
    """The ready-made message with the code, to this creator."""
    assert told.campaign is not None
    assert told.participant is not None
    return risk.letter(workspace, told.campaign.pk, [told.participant.pk], risk.template_of(workspace))


def _add(workspace: Workspace, told: Diagnosis) -> str:
    """By hand: a post that is known, else by its address."""
    if told.post is not None:
        return _to("post_add", "post")(workspace, told)
    pasted = f"https://www.tiktok.com/@{told.handle}/video/{told.item_id}"
    return f"{_to('campaign_post_add', 'campaign')(workspace, told)}?{urlencode({'url': pasted})}"


HREFS: dict[str, Callable[[Workspace, Diagnosis], str]] = {
    "again": lambda workspace, told: "#url",
    "open": lambda workspace, told: told.url,
    "post": _to("post", "post"),
    "old_source": _to("old_source"),
    "order": _to("order", "order"),
    "campaign": _to("campaign", "campaign"),
    "campaign_settings": _to("campaign_settings", "campaign"),
    "creator": _to("creator", "account.creator_id"),
    "creator_add": _to("creator_add", handle="handle"),
    "handle_invite": _to("handle_invite", handle="handle"),
    "participants_add": _to("participants_add", "campaign", q="handle"),
    "orders_create": _to("orders_create", "campaign", participant="participant"),
    "message_write": _letter,
    "post_add": _add,
}
