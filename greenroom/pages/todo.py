"""What needs a person: each with what happened, what it means for the figures, and one or two things to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from greenroom.campaigns import compliance
from greenroom.campaigns.models import Campaign
from greenroom.core import formats
from greenroom.core.models import Workspace
from greenroom.creators import client as tiktok
from greenroom.creators.facets import SUPPORTED
from greenroom.creators.models import Account, Connection, MarketplaceInvite
from greenroom.hooks.models import Endpoint
from greenroom.pages import risk
from greenroom.pages.links import Links
from greenroom.spark.models import SparkAuthorization
from greenroom.syncs.health import SourceHealth

SHOWN = 5  # of each kind; the rest is counted
SOON = timedelta(days=30)
NEWS = timedelta(days=7)  # so long an answer is told


@dataclass(frozen=True)
class Way:
    """Something to do: a link, or a button when it `posts`. `needs` is the permission it takes."""

    label: str
    href: str
    posts: bool = False
    needs: str = "connections:write"


@dataclass(frozen=True)
class Need:
    """One line of "Needs you". `subject` is set in bold before `text`."""

    when: str
    subject: str
    text: str
    ways: tuple[Way, ...] = ()
    bad: bool = False


def needs(workspace: Workspace, health: list[SourceHealth], *, at: datetime) -> list[Need]:
    """What to do now, the most pressing first; empty when nothing is."""
    links = Links.of(workspace)
    return [
        *_policy(workspace),
        *_grants(workspace, at=at),
        *_sources(workspace, health),
        *_at_risk(workspace),
        *_answered(workspace, links, at=at),
        *_spark(workspace, at=at),
        *_untracked(workspace, links),
        *_webhooks(workspace),
    ]


def _policy(workspace: Workspace) -> Iterator[Need]:
    if workspace.policy_version or tiktok.is_sandbox():
        return
    page = reverse("connections", args=[workspace.slug])
    yield Need(
        _("First"),
        _("TikTok's policies"),
        _("are not recorded. Nothing live can be connected before an owner records which version was accepted."),
        (Way(_("Record the version"), f"{page}#policy", needs="workspace:manage"),),
    )


def _grants(workspace: Workspace, *, at: datetime) -> Iterator[Need]:
    found = Connection.objects.within(workspace).select_related("account").order_by("state", "refresh_expires_at", "pk")
    troubled = list(found.filter(state__in=("lapsed", "expiring"))[: SHOWN + 1])
    page = reverse("connections", args=[workspace.slug])
    for one in sorted(troubled, key=lambda grant: grant.state != "lapsed")[:SHOWN]:
        yield _grant(workspace, one, at=at)
    if len(troubled) > SHOWN:
        yield Need(
            "", _("More grants"), _("have lapsed or end soon."), (Way(_("See all"), page, needs="connections:read"),)
        )


def _grant(workspace: Workspace, one: Connection, *, at: datetime) -> Need:
    again = reverse("connection_reconnect", args=[workspace.slug, one.pk])
    asks = one.account is not None and one.account.purpose == Account.Purpose.CREATOR
    way = Way(_("Ask creator to reconnect") if asks else _("Reconnect"), again, posts=True)
    subject = f"@{one.account.handle}" if one.account else "TikTok Creator Marketplace"
    if one.state == "lapsed":
        said = one.last_error.removesuffix(".") if one.last_error else _("TikTok ended the grant")
        text = _("is not read any more: %(said)s. Figures stay where they are.") % {"said": said}
        return Need(_("Lapsed"), subject, text, (way,), bad=True)
    ends = one.refresh_expires_at or one.expires_at
    text = _("must be renewed by %(when)s, or reading stops.") % {"when": formats.when(ends)}
    return Need(_within(ends, at), subject, text, (way,))


def _within(ends: datetime | None, at: datetime) -> str:
    if ends is None:
        return _("Soon")
    days = (ends - at).days
    return _("Today") if days <= 0 else _("Tomorrow") if days == 1 else _("In %(days)s days") % {"days": days}


def _sources(workspace: Workspace, health: list[SourceHealth]) -> Iterator[Need]:
    jobs = reverse("jobs", args=[workspace.slug])
    words = {"failing": _("Failing"), "late": _("Late")}
    for one in health:
        if one.state in words:
            way = Way(_("See the jobs"), jobs, needs="jobs:read")
            yield Need(words[one.state], one.label, f": {one.words}", (way,), bad=one.state == "failing")


def _at_risk(workspace: Workspace) -> Iterator[Need]:
    """Campaigns with branded posts that have neither link nor code (ORD-16), and the code for their creators."""
    rows = compliance.at_risk(workspace).exclude(campaign__state="archived").order_by()
    counted = dict(rows.values_list("campaign").annotate(n=Count("pk")).order_by("-n", "campaign")[:SHOWN])
    if not counted:
        return
    found = Campaign.objects.filter(pk__in=counted).select_related("workspace")
    letters = risk.letters(workspace, found)
    for one in sorted(found, key=lambda campaign: -counted[campaign.pk]):
        n = counted[one.pk]
        page = f"{reverse('campaign_posts', args=[workspace.slug, one.pk])}?compliance=at_risk_unlinked"
        ways = [Way(_("See the posts"), page, needs="campaigns:read")]
        if letter := letters.get(one.pk):
            ways.insert(0, Way(_("Send the code"), letter, needs="campaigns:write"))
        text = ngettext(
            "has %(n)s branded post without link or code; TikTok may take it down.",
            "has %(n)s branded posts without link or code; TikTok may take them down.",
            n,
        ) % {"n": formats.num(n)}
        yield Need(_("At risk"), one.name, text, tuple(ways), bad=True)


def _answered(workspace: Workspace, links: Links, *, at: datetime) -> Iterator[Need]:
    """Invites to the marketplace that ended of late, other than by our own doing."""
    ended = MarketplaceInvite.objects.within(workspace).filter(ended_at__gte=at - NEWS, account__gone_at=None)
    told = {
        "accepted": _("joined the marketplace. The account is read from now on."),
        "declined": _("did not accept the invite to the marketplace."),
        "expired": _("did not answer the invite to the marketplace in 30 days."),
        "rejected_ineligible": _("could not be invited to the marketplace: TikTok refused."),
    }
    found = ended.filter(state__in=told).exclude(state="rejected_ineligible", refusal="").select_related("account")
    for one in found.order_by("-ended_at")[:SHOWN]:
        way = Way(_("See the invite"), links.invite(one.account), needs="creators:write")
        yield Need(formats.when(one.ended_at), f"@{one.account.handle}", told[one.state], (way,))


def _spark(workspace: Workspace, *, at: datetime) -> Iterator[Need]:
    """Codes of Spark Ads that end within a week, for which nobody has asked for more time."""
    codes = SparkAuthorization.objects.within(workspace).filter(state="authorized", more_asked_at=None, wish="")
    ends = codes.filter(until__gt=at, until__lte=at + SparkAuthorization.SOON, post__hidden_at=None)
    for one in ends.select_related("post__account").order_by("until")[:SHOWN]:
        page = f"{reverse('post', args=[workspace.slug, one.post_id])}?tab=spark"
        told = {"when": formats.when(one.until), "post": one.post.caption[:40] or one.post.item_id}
        text = _("can be advertised until %(when)s: “%(post)s”. Then an ad with it stops by itself.") % told
        yield Need(_within(one.until, at), f"@{one.post.account.handle}", text, (_more_time(page),))


def _more_time(page: str) -> Way:
    return Way(_("Ask for more time"), page, needs="campaigns:write")


def _untracked(workspace: Workspace, links: Links) -> Iterator[Need]:
    """Accounts that can't be tracked, each with the two ways out and no third (ACC-10); many of them as one line."""
    cannot = Account.objects.within(workspace).exclude(SUPPORTED).annotate(all=Window(Count("pk")))
    found = list(cannot.order_by("-pk")[: SHOWN + 1])
    if len(found) > SHOWN:
        page = f"{reverse('creators', args=[workspace.slug])}?support=cannot"
        subject = _("%(n)s accounts") % {"n": formats.num(found[0].all)}
        text = _("can't be tracked: not authenticated and not in the Marketplace. Invite them or ask them in the list.")
        yield Need(_("Not tracked"), subject, text, (Way(_("See the list"), page, needs="creators:read"),))
        return
    for one in found:
        ways = (
            Way("Send Invite", links.invite(one), needs="creators:write"),
            Way(_("Ask creator to authenticate"), links.authenticate(one), posts=True, needs="creators:write"),
        )
        text = _("can't be tracked: not authenticated and not in the Marketplace.")
        yield Need(_("Not tracked"), f"@{one.handle}", text, ways)


def _webhooks(workspace: Workspace) -> Iterator[Need]:
    """Endpoints that Greenroom gave up; those that somebody switched off are as somebody wants them."""
    found: list[Endpoint] = list(Endpoint.objects.within(workspace).filter(state="disabled").order_by("-pk")[:SHOWN])
    for one in found:
        way = Way(_("See the webhook"), reverse("hook", args=[workspace.slug, one.pk]), needs="hooks:manage")
        text = _("is told nothing any more, its webhook is switched off.") + f" {one.disabled_because}"
        yield Need(_("Off"), one.host, text, (way,), bad=True)
