"""The first steps of a workspace, in order: what is done, and the one thing to do next."""

from dataclasses import dataclass, replace

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from greenroom.core.models import Workspace
from greenroom.creators import client as tiktok
from greenroom.creators.facets import SUPPORTED
from greenroom.creators.models import Account, Connection
from greenroom.syncs.models import Sync


@dataclass(frozen=True)
class Step:
    """`button` posts to `href` when `posts`, otherwise it is a link. Only the next step shows its button."""

    key: str
    title: str
    text: str
    done: bool
    href: str = ""
    button: str = ""
    posts: bool = False
    needs: str = "connections:write"
    now: bool = False


@dataclass(frozen=True)
class Steps:
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def percent(self) -> float:
        return 100 * self.done / len(self.steps)

    @property
    def complete(self) -> bool:
        return self.done == len(self.steps)


MARKET_WORDS = {
    True: gettext_lazy("Membership and public figures of creators can be looked up."),
    False: gettext_lazy("Sign in at TikTok with the brand's TikTok One account. Members can then be added by handle."),
}
READ_WORDS = {
    True: gettext_lazy("Figures are being read on schedule."),
    False: gettext_lazy(
        "Starts by itself within a minute of the first consent, as long as a worker runs: greenroom work."
    ),
}


def of(workspace: Workspace) -> Steps:
    """Three queries. The first step that is not done is the next one."""
    brand = Q(purpose=Account.Purpose.BRAND)
    have = Account.objects.within(workspace).aggregate(
        creators=Count("pk", filter=~brand), brands=Count("pk", filter=brand), untracked=Count("pk", filter=~SUPPORTED)
    )
    market = Connection.objects.within(workspace).filter(account=None, state__in=Connection.LIVE).exists()
    read = Sync.objects.within(workspace).exclude(last_ok_at=None).exists()
    steps = _steps(workspace, have, market=market, read=read)
    after = next((place for place, step in enumerate(steps) if not step.done), None)
    return Steps([replace(step, now=place == after) for place, step in enumerate(steps)])


def _steps(workspace: Workspace, have: dict[str, int], *, market: bool, read: bool) -> list[Step]:
    page = reverse("connections", args=[workspace.slug])
    live_only = [] if tiktok.is_sandbox() else [_policy_step(workspace, page)]
    return [
        _app_step(workspace),
        *live_only,
        _market_step(workspace, market),
        *_people_steps(workspace, page, have, read),
    ]


def _app_step(workspace: Workspace) -> Step:
    done = tiktok.is_configured(Connection.Dialect.MARKETPLACE)
    page = reverse("connections_help", args=[workspace.slug])
    return Step("app", _("Add the TikTok developer app"), _app_words(), done, page, _("How to set the keys"))


def _market_step(workspace: Workspace, done: bool) -> Step:
    to_tiktok = reverse("connect_marketplace", args=[workspace.slug])
    title = _("Connect the TikTok Creator Marketplace")
    return Step("market", title, str(MARKET_WORDS[done]), done, to_tiktok, _("Connect the marketplace"), posts=True)


def _people_steps(workspace: Workspace, page: str, have: dict[str, int], read: bool) -> list[Step]:
    brands = have["brands"]
    return [
        Step(
            "creators",
            _("Bring in your creators"),
            _creator_words(have),
            bool(have["creators"]),
            f"{page}#join",
            _("Share the join page"),
            needs="creators:write",
        ),
        Step(
            "read",
            _("Read the first figures"),
            str(READ_WORDS[read]),
            read,
            reverse("jobs", args=[workspace.slug]),
            _("See what is running"),
            needs="jobs:read",
        ),
        Step(
            "brand",
            _("Connect your own business accounts"),
            _("%(n)s of your own.") % {"n": brands}
            if brands
            else _("The brand's own TikTok accounts, with their analytics."),
            bool(brands),
            f"{page}#brand",
            _("Connect a business account"),
        ),
    ]


def _policy_step(workspace: Workspace, page: str) -> Step:
    version = workspace.policy_version
    return Step(
        "policy",
        _("Record TikTok's policies"),
        _("Accepted: %(version)s.") % {"version": version}
        if version
        else _("Nothing live is connected before an owner records the version."),
        bool(version),
        f"{page}#policy",
        _("Record the version"),
        needs="workspace:manage",
    )


def _app_words() -> str:
    if tiktok.is_configured(Connection.Dialect.MARKETPLACE):
        return _("Its keys are set; TikTok is the built-in sandbox.") if tiktok.is_sandbox() else _("Its keys are set.")
    return _("Greenroom speaks to TikTok as your developer app. Its keys are settings of this server.")


def _creator_words(have: dict[str, int]) -> str:
    if not have["creators"]:
        return _("Send them the join page: they consent at TikTok, and figures appear here. Or import a list you have.")
    count, cannot = have["creators"], have["untracked"]
    told = ngettext("%(n)s account.", "%(n)s accounts.", count) % {"n": count}
    return " ".join([told, _("%(n)s can't be tracked yet.") % {"n": cannot}]) if cannot else told
