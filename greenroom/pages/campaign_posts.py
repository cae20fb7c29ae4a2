"""Published Posts of a campaign: the gallery and the table, what is still to come, what is at risk, who is not read."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from greenroom.campaigns import compliance, ordering
from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable, Order, Participant
from greenroom.core import clock, web
from greenroom.core.access import Can, needs
from greenroom.core.web import Filter
from greenroom.creators.facets import SUPPORTED
from greenroom.creators.models import Account, Post
from greenroom.pages import campaign_rows, keyset, risk, tiles
from greenroom.pages.links import Links
from greenroom.pages.request import StaffRequest
from greenroom.spark.models import SparkAuthorization

SHOWN = 5  # lines of each notice; the rest is counted
IN_GALLERY = ("views", "engagement_rate")
IN_TABLE = ("views", "likes", "comments", "shares", "engagement", "engagement_rate")
MODES = {"order": ("link", "order"), "code": ("code",), "manual": ("hand", "untied"), "former": ("former",)}
MODE = Filter("mode", "Tracked by", tuple((key, CampaignPost.MODES[hows[0]]) for key, hows in MODES.items()))
COMPLIANCE = Filter("compliance", "Compliance", (*compliance.STATES.items(), ("none", "Not judged")))
SPARK = Filter("spark", "Spark Ads", (("none", "Not asked for"), *SparkAuthorization.STATES.items()))
FILTERS = (MODE, COMPLIANCE, SPARK)


@dataclass(frozen=True)
class Unread:
    """A participant whose account can't be tracked, with the ways out."""

    participant: Participant
    hidden: int  # posts of the former source
    invite: str
    ask: str
    order: str  # where an order is created for them; empty while the campaign takes none or they have one
    send: str  # where their link or code is sent; empty without an order


@needs(Can.CAMPAIGNS_READ)
@require_safe
def index(request: StaffRequest, campaign: int) -> HttpResponse:
    found = campaign_rows.campaign_of(request, campaign)
    at = clock.now()
    view = "table" if request.GET.get("view") == "table" else "gallery"
    query = keyset.first(request.GET)
    page = keyset.page(narrowed(posts_of(found), found, request.GET), request.GET)
    for entry in page.rows:
        entry.campaign = found
    picked = web.chosen(FILTERS, query)
    narrowing = bool(picked or query.get("q"))
    told = campaign_rows.frame(
        request,
        found,
        "campaign_posts",
        view=view,
        views=[
            (key, words, web.address(query, view=key)) for key, words in (("gallery", "Gallery"), ("table", "Table"))
        ],
        page=page,
        tiles=tiles.tiles(
            [entry.post for entry in page.rows],
            request.workspace,
            IN_TABLE if view == "table" else IN_GALLERY,
            entries={entry.post_id: entry for entry in page.rows},
            campaign=found.pk,
            at=at,
        ),
        q=query.get("q", ""),
        chips=web.chips(FILTERS, query),
        ways=[(one, ways(one, query)) for one in FILTERS if one.key not in picked],
        narrowed=narrowing,
        may_write=Can.CAMPAIGNS_WRITE in request.member.permissions,
        **({} if page.newest or narrowing else _notices(request, found)),
    )
    return web.render(request, "pages/campaign_posts.html", told)


def posts_of(campaign: Campaign) -> "QuerySet[CampaignPost]":
    """The entries of a campaign that are shown, with all that a tile needs."""
    rows = campaign.posts.filter(post__hidden_at=None)
    found: QuerySet[CampaignPost] = rows.select_related("post__account", "post__spark")
    return found


def narrowed(found: "QuerySet[CampaignPost]", campaign: Campaign, query: QueryDict) -> "QuerySet[CampaignPost]":
    """Only what the query string asks for: `mode`, `compliance`, `spark`, and `q`: part of a handle or name."""
    picked = web.chosen(FILTERS, query)
    if "mode" in picked:
        found = found.filter(how__in=MODES[picked["mode"]])
    if picked.get("compliance") == "none":
        for state in compliance.STATES:
            found = found.exclude(compliance.in_state(campaign, state))
    elif "compliance" in picked:
        found = found.filter(compliance.in_state(campaign, picked["compliance"]))
    if picked.get("spark") == "none":
        found = found.filter(post__spark=None)
    elif "spark" in picked:
        found = found.filter(post__spark__state=picked["spark"])
    if text := words_of(query):
        found = found.filter(post__account__in=accounts(campaign.workspace_id, text))
    return found


def words_of(query: QueryDict) -> str:
    """What was typed into the search, as handles are kept."""
    return query.get("q", "").replace("\0", "").strip().lstrip("@")[:60]


def accounts(workspace: int, text: str) -> "QuerySet[Account]":
    """Accounts by part of their handle or of their creator's name."""
    rows = Account.objects.within(workspace).filter(Q(handle__icontains=text) | Q(creator__name__icontains=text))
    found: QuerySet[Account] = rows.order_by()
    return found


def ways(one: Filter, query: QueryDict) -> list[tuple[str, str]]:
    """The choices of a filter: (words, where they lead)."""
    return [(words, web.address(query, **{one.key: key})) for key, words in one.choices]


def _pending(campaign: Campaign) -> dict[str, Any]:
    """Posts that are out and not told of in full: they have no figures yet, which is not 0."""
    told = Q(state="published_pending_id") | Q(state="published", post=None)
    rows = Deliverable.objects.filter(told, order__campaign=campaign).select_related("order__account")
    shown = list(rows.order_by("pk")[: keyset.SIZE + 1])
    return {"rows": shown[: keyset.SIZE], "more": len(shown) > keyset.SIZE}


def _notices(request: StaffRequest, campaign: Campaign) -> dict[str, Any]:
    """What stands above the first page: posts to come, at risk, maybe meant, and accounts that are not read."""
    at_risk = compliance.at_risk(campaign)
    count = at_risk.count()
    ordered = Order.objects.filter(participant=OuterRef("participant"), state__in=Order.LIVE).exclude(code="")
    lost = at_risk.filter(~Exists(ordered)).select_related("post__account", "participant")
    meant = list(compliance.unlinked(campaign).select_related("account")[: SHOWN + 1])
    links = Links.of(request.workspace)
    return {
        "pending": _pending(campaign),
        "risky": count,
        "risk_href": web.address(QueryDict(), compliance="at_risk_unlinked"),
        "letter": risk.letters(request.workspace, [campaign]).get(campaign.pk, "") if count else "",
        "without_code": list(lost.order_by("-posted_at", "-pk")[:SHOWN]) if count else [],
        "meant": [(post, f"{links.post_add(post.pk)}?campaign={campaign.pk}") for post in meant[:SHOWN]],
        "meant_more": len(meant) > SHOWN,
        **_unread(request, campaign, links),
    }


def _unread(request: StaffRequest, campaign: Campaign, links: Links) -> dict[str, Any]:
    """Participants whose accounts can't be tracked (MIG-06), each with the two ways out and an order (MIG-07)."""
    cannot = Account.objects.within(request.workspace).exclude(SUPPORTED)
    rows = campaign.participants.filter(account__in=cannot).select_related("account")
    live = Prefetch("orders", Order.objects.filter(state__in=(*Order.WAITING, *Order.LIVE)))
    shown = list(rows.prefetch_related(live).order_by("pk")[: SHOWN + 1])
    hidden = Post.everything.within(request.workspace).filter(
        account__in=[one.account_id for one in shown], hidden_at__isnull=False
    )
    counted = dict(hidden.order_by().values_list("account").annotate(n=Count("pk")))
    takes_orders = ordering.why_not(campaign) is None and not campaign.strict
    template = risk.template_of(request.workspace)
    create = links.orders_create(campaign.pk)
    told = []
    for one in shown[:SHOWN]:
        orders: list[Order] = list(one.orders.all())
        told.append(
            Unread(
                participant=one,
                hidden=counted.get(one.account_id, 0),
                invite=links.invite(one.account),
                ask=links.authenticate(one.account),
                order=f"{create}?participant={one.pk}" if takes_orders and not orders else "",
                send=risk.letter(request.workspace, campaign.pk, [one.pk], template)
                if any(order.invite_link for order in orders)
                else "",
            )
        )
    return {"unread": told, "unread_more": len(shown) > SHOWN}
