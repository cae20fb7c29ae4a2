"""The four foundations of measuring creators, with how far this workspace is (HLP-11).

`decide` is pure: facts in, foundations out. `of` looks the facts up.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from greenroom.core.models import Workspace
from greenroom.creators import client as tiktok
from greenroom.creators.models import Account, Connection
from greenroom.syncs.models import Sync

DONE, DOING, NOT_YET, ABSENT = "done", "doing", "not_yet", "absent"
SHAPES = {DONE: "live", DOING: "wait"}
LATE = timedelta(hours=26)  # a day, and some patience


@dataclass(frozen=True)
class Facts:
    """What is there: `reads` are streams that were read at least once, `stale` those of them not read for a day."""

    keys: bool = False
    sandbox: bool = False
    policy: bool = False
    accounts: int = 0
    authenticated: int = 0
    streams: int = 0
    reads: int = 0
    stale: int = 0
    imported: int = 0


@dataclass(frozen=True)
class Foundation:
    """`state` is done, doing, not_yet, or absent where the product has nothing for it; `text` says what to do next."""

    key: str
    title: str
    state: str
    text: str
    page: str = ""
    anchor: str = ""
    way: str = ""
    href: str = ""

    @property
    def shape(self) -> str:
        return SHAPES.get(self.state, "")

    @property
    def word(self) -> str:
        return {
            DONE: _("In place"),
            DOING: _("Under way"),
            NOT_YET: _("Not begun"),
            ABSENT: _("Not available yet"),
        }[self.state]


@dataclass(frozen=True)
class Foundations:
    """All four, in order."""

    all: tuple[Foundation, ...]

    @property
    def done(self) -> int:
        return sum(one.state == DONE for one in self.all)

    @property
    def complete(self) -> bool:
        """Is everything done that can be?"""
        return all(one.state in {DONE, ABSENT} for one in self.all)


def of(workspace: Workspace, *, at: datetime) -> Foundations:
    """How far the workspace is, with addresses. Two queries."""
    return Foundations(tuple(_placed(one, workspace) for one in decide(facts(workspace, at=at)).all))


def facts(workspace: Workspace, *, at: datetime) -> Facts:
    """What of the foundations exists in the workspace."""
    mine = ~Q(purpose=Account.Purpose.BRAND)
    accounts = Account.objects.within(workspace).aggregate(
        accounts=Count("pk", filter=mine),
        authenticated=Count("pk", filter=mine & Q(authenticated=True)),
        imported=Count("pk", filter=Q(import_id__isnull=False)),
    )
    streams = Sync.objects.within(workspace).aggregate(
        streams=Count("pk"),
        reads=Count("pk", filter=Q(last_ok_at__isnull=False)),
        stale=Count("pk", filter=Q(last_ok_at__lt=at - LATE, due_at__isnull=False)),
    )
    return Facts(
        keys=tiktok.is_configured(Connection.Dialect.ACCOUNTS),
        sandbox=tiktok.is_sandbox(),
        policy=bool(workspace.policy_version),
        **accounts,
        **streams,
    )


def decide(facts: Facts) -> Foundations:
    """What the facts make of each foundation. Pure."""
    return Foundations((_access(facts), _authorisation(facts), _data(facts), _attribution()))


def _access(facts: Facts) -> Foundation:
    title = _("Developer access")
    guide = {"page": "connections_help", "way": _("How to set it up")}
    if not facts.keys:
        text = _("Register a developer app at TikTok and put its keys into the server's settings.")
        return Foundation("access", title, NOT_YET, text, **guide)
    if facts.sandbox:
        text = _("Keys are set. TikTok is the built-in sandbox; for real accounts, use your own app's keys.")
        return Foundation("access", title, DONE, text, **guide)
    if not facts.policy:
        text = _("Keys are set. An owner still has to record which version of TikTok's policies was accepted.")
        return Foundation("access", title, DOING, text, "connections", "#policy", _("Record the version"))
    return Foundation("access", title, DONE, _("Keys are set and TikTok's policies are recorded."), **guide)


def _authorisation(facts: Facts) -> Foundation:
    title = _("Creator authorisation")
    ask = {"page": "connections", "anchor": "#join", "way": _("Share the join page")}
    if not facts.accounts:
        text = _("Send creators the join page: they agree at TikTok and choose what to share.")
        return Foundation("authorisation", title, NOT_YET, text, **ask)
    if not facts.authenticated:
        text = _("No creator has authorised yet. Figures are what is public or imported.")
        return Foundation("authorisation", title, DOING, text, **ask)
    counts = {"some": facts.authenticated, "all": facts.accounts}
    text = ngettext(
        "%(some)s of %(all)s account authorised.", "%(some)s of %(all)s accounts authorised.", facts.accounts
    )
    rest = facts.accounts - facts.authenticated
    more = _("The others show what is public or imported.") if rest else ""
    return Foundation("authorisation", title, DONE, f"{text % counts} {more}".strip(), **ask)


def _data(facts: Facts) -> Foundation:
    title = _("Data aggregation layer")
    jobs = {"page": "jobs", "way": _("See what is running")}
    if facts.reads and facts.stale:
        text = ngettext(
            "%(stale)s of %(all)s source has not been read for a day. Is a worker running?",
            "%(stale)s of %(all)s sources have not been read for a day. Is a worker running?",
            facts.reads,
        ) % {"stale": facts.stale, "all": facts.reads}
        return Foundation("data", title, DOING, text, **jobs)
    if facts.reads:
        return Foundation("data", title, DONE, _("Figures are read on schedule, and every reading is kept."), **jobs)
    if facts.imported:
        text = _("Figures from files are in. Readings from TikTok begin with the first consent.")
        return Foundation("data", title, DOING, text, "imports", way=_("See the imports"))
    if facts.streams:
        text = _("The first reading is planned. It needs a worker: greenroom work.")
        return Foundation("data", title, DOING, text, **jobs)
    text = _("Begins by itself with the first consent. Figures you have already can be imported.")
    return Foundation("data", title, NOT_YET, text, "import_new", way=_("Import a file"))


def _attribution() -> Foundation:
    text = _("Greenroom does not follow clicks and sales yet. Until it does, keep tagged links and codes in briefs.")
    return Foundation(
        "attribution",
        _("Attribution infrastructure"),
        ABSENT,
        text,
        "help_article",
        "#attribution-infrastructure",
        _("What it is for"),
    )


def _placed(one: Foundation, workspace: Workspace) -> Foundation:
    """With the address its way leads to."""
    args = [workspace.slug] + (["four-foundations"] if one.page == "help_article" else [])
    return replace(one, href=reverse(one.page, args=args) + one.anchor)
