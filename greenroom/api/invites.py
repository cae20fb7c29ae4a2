"""Marketplace invites: the seven rules about an account, what people vouch for, the invite and its answer."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field, StringConstraints

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.problems import Problem
from greenroom.api.shapes import MOST, Given, Id, Narrowed, Page, Text, Told, at_utc, one_of, whole_number
from greenroom.core.access import Can
from greenroom.creators import actions as creators
from greenroom.creators import attestations, rulesets
from greenroom.creators.eligibility import Rules
from greenroom.creators.marketplace_invites import NO_ANSWER
from greenroom.creators.models import Account, Attestation, MarketplaceInvite
from greenroom.metrics import invitable

router = Router(tags=["invites"])
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
State = one_of(*MarketplaceInvite.STATES)
LEADS = {
    "get_marketplace_invite": "invite",
    "move_marketplace_invite": "invite",
    "look_after_marketplace_invite": "invite",
}


class VerdictTold(Told):
    """One rule about one account."""

    rule: str = Field(description="followers, country, age, account_type, videos, views or content.")
    label: str
    outcome: str = Field(description="pass, fail or unknown; what is not known never fails.")
    value: int | bool | str | None = Field(description="The value it was judged by; null when it is not known.")
    wanted: str
    source: str = Field(description="Where the value comes from, or why there is none.")


class EligibilityTold(Told):
    """The seven rules in TikTok's order, as they hold now."""

    account: Id
    programme: str
    rules_version: str
    verdicts: list[VerdictTold]


class InviteTold(Told):
    """Our request that an account join TikTok's marketplace."""

    id: Id
    account: Id
    state: str = Field(description=f"One of {', '.join(MarketplaceInvite.STATES)}.")
    moves: list[str]
    programme: str
    rules_version: str
    verdicts: list[VerdictTold] = Field(description="What was known when it was decided.")
    overridden: bool = Field(description="Sent although a rule was known to fail.")
    failing: list[str] = Field(description="The rules that failed.")
    refusal: str | None = Field(description="TikTok's words, where TikTok refused.")
    by: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: MarketplaceInvite, request: Call) -> "InviteTold":
        return cls(
            id=str(row.pk),
            account=str(row.account_id),
            state=row.state,
            moves=[to for to in row.moves(request.caller.permissions) if to in ("viewed", "declined", "cancelled")],
            programme=row.programme,
            rules_version=row.rules_version,
            verdicts=[VerdictTold(**{key: one[key] for key in VerdictTold.model_fields}) for one in row.verdicts],
            overridden=row.overridden,
            failing=row.failing,
            refusal=row.refusal or None,
            by=row.by,
            made_at=row.made_at,
            expires_at=row.expires_at,
            ended_at=at_utc(row.ended_at),
        )


class AttestationTold(Told):
    """What somebody vouched for. No date of birth is ever kept."""

    id: Id
    account: Id
    about: str
    holds: bool
    method: str
    by: str
    at: datetime


class RulesTold(Told):
    """One version of the marketplace's rules."""

    version: str
    programme: str
    aliases: list[str]
    effective_from: str = Field(description="The day from which it holds.")
    countries: list[str]
    minimum_followers: dict[str, int] = Field(description="By country; elsewhere the rule is unknown.")
    minimum_age: int
    content_age: int
    days: int
    minimum_videos: int
    minimum_views: int

    @classmethod
    def of(cls, rules: Rules) -> "RulesTold":
        return cls(**rules.as_document())


class RulesListed(Told):
    """The version in force, and all there are."""

    in_force: str
    versions: list[RulesTold]


class InvitesAsked(Narrowed):
    account: Id | None = None
    state: State | None = None  # type: ignore[valid-type]


class InviteGiven(Given):
    """`override`: send it although a rule is known to fail; that is kept in the audit log."""

    override: bool = False


class InviteMove(Given):
    to: Literal["viewed", "declined", "cancelled"]


class AttestationGiven(Given):
    about: one_of(*Attestation.About.values)  # type: ignore[valid-type]
    holds: bool
    method: one_of(*Attestation.Method.values)  # type: ignore[valid-type]


class RulesGiven(Given):
    """A version of the rules to load. It holds from its day on, and is never changed."""

    version: Text = Field(min_length=1, max_length=40, examples=["v2"])
    programme: Text = Field(min_length=1, max_length=120, examples=["TikTok One"])
    aliases: list[Text] = []
    effective_from: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-04-01"])
    countries: list[Country] = Field(min_length=1, max_length=250)
    minimum_followers: dict[str, whole_number(0, 999_999_999)]  # type: ignore[valid-type]
    minimum_age: whole_number(0, 120) = 18  # type: ignore[valid-type]
    content_age: whole_number(0, 120) = 13  # type: ignore[valid-type]
    days: whole_number(1, 365) = 30  # type: ignore[valid-type]
    minimum_videos: whole_number(0, 999_999_999) = 3  # type: ignore[valid-type]
    minimum_views: whole_number(0, 999_999_999) = 1_000  # type: ignore[valid-type]


class MinimumGiven(Given):
    """A country's minimum of followers; it makes the next version of the rules."""

    country: Country = Field(examples=["CA"])
    followers: whole_number(0, 999_999_999)  # type: ignore[valid-type]


@reads(router, "/accounts/{account}/eligibility", needs=Can.CREATORS_READ, gives=EligibilityTold)
def get_eligibility(request: Call, workspace: str, account: Id) -> EligibilityTold:
    """What the marketplace's seven rules say of an account now."""
    found = _account(request, account)
    rules, verdicts = invitable.judged(found, at=request.at)
    told = [VerdictTold(**{key: one.as_dict()[key] for key in VerdictTold.model_fields}) for one in verdicts]
    return EligibilityTold(account=str(found.pk), programme=rules.programme, rules_version=rules.version, verdicts=told)


@writes(router, "/accounts/{account}/attestations", needs=Can.CREATORS_WRITE, gives=AttestationTold, status=201)
def attest_account(request: Call, workspace: str, account: Id, body: AttestationGiven) -> AttestationTold:
    """Vouch that the creator is of age, or that the content suits the programme."""
    told = {"about": body.about, "holds": body.holds, "method": body.method}
    made = attestations.attest(_account(request, account), by=request.caller.by, at=request.at, **told)
    return AttestationTold(id=str(made.pk), account=str(made.account_id), at=made.at, by=made.by, **told)


@reads(router, "/marketplace-invites", needs=Can.CREATORS_READ, gives=Page[InviteTold], leads=LEADS)
def list_marketplace_invites(request: Call, workspace: str, asked: Query[InvitesAsked]) -> Page[InviteTold]:
    """The invites of the workspace, the newest first."""
    rows = MarketplaceInvite.objects.within(request.workspace)
    if asked.account is not None:
        rows = rows.filter(account=min(int(asked.account), MOST))
    rows = rows.filter(state=asked.state) if asked.state else rows
    return pages.page(rows, asked, lambda row: InviteTold.of(row, request), of=InviteTold, newest_first=True)


@reads(router, "/marketplace-invites/{invite}", needs=Can.CREATORS_READ, gives=InviteTold)
def get_marketplace_invite(request: Call, workspace: str, invite: Id) -> InviteTold:
    """One invite."""
    return InviteTold.of(_find(request, invite), request)


@writes(
    router,
    "/accounts/{account}/marketplace-invites",
    needs=Can.CREATORS_WRITE,
    gives=InviteTold,
    status=201,
    known=200,
    leads=LEADS,
)
def send_marketplace_invite(request: Call, workspace: str, account: Id, body: InviteGiven) -> tuple[int, InviteTold]:
    """Invite an account to TikTok's marketplace.

    200 with the open invite when there is one. Refused (409, reason `ttcm_ineligible`, with the `failing` rules) when
    a rule is known to fail and is not overridden, or when TikTok says so. Without an answer of TikTok it is a draft,
    which is sent again by itself.
    """
    found = _account(request, account)
    known = creators.open_invite(found)
    rules, verdicts = invitable.judged(found, at=request.at)
    made = creators.send_invite(
        found, rules=rules, verdicts=verdicts, override=body.override, by=request.caller.by, at=request.at
    )
    return (200 if known else 201), InviteTold.of(made, request)


@writes(router, "/marketplace-invites/{invite}/moves", needs=Can.CREATORS_WRITE, gives=InviteTold)
def move_marketplace_invite(request: Call, workspace: str, invite: Id, body: InviteMove) -> InviteTold:
    """Note what was heard from the creator, or give the invite up.

    TikTok has no call that takes an invitation back: a creator who was sent one can still join.
    """
    found = _find(request, invite)
    creators.move_invite(found, body.to, by=request.caller.by, at=request.at)
    return InviteTold.of(found, request)


@writes(router, "/marketplace-invites/{invite}/looks", needs=Can.CREATORS_WRITE, gives=InviteTold)
def look_after_marketplace_invite(request: Call, workspace: str, invite: Id) -> InviteTold:
    """Ask TikTok at once how an open invite stands; it is asked every hour anyway."""
    found = _find(request, invite)
    try:
        if found.is_open:
            creators.look(found, at=request.at)
    except NO_ANSWER as error:
        raise Problem("refused", f"TikTok could not be asked: {error}", reason="tiktok_silent") from error
    return InviteTold.of(found, request)


@reads(router, "/marketplace-rules", needs=Can.CREATORS_READ, gives=RulesListed)
def list_marketplace_rules(request: Call, workspace: str) -> RulesListed:
    """The versions of the marketplace's rules, and which holds today."""
    known = rulesets.known(request.workspace)
    now = rulesets.in_force(request.workspace, at=request.at)
    return RulesListed(in_force=now.version, versions=[RulesTold.of(one) for one in known])


@writes(router, "/marketplace-rules", needs=Can.WORKSPACE_MANAGE, gives=RulesTold, status=201)
def load_marketplace_rules(request: Call, workspace: str, body: RulesGiven) -> RulesTold:
    """Load a version of the rules. What was decided before keeps the version it was decided by."""
    made = rulesets.load(request.workspace, body.model_dump(), by=request.caller.by, at=request.at)
    return RulesTold.of(Rules.parse(made.document))


@writes(router, "/marketplace-rules/minimums", needs=Can.WORKSPACE_MANAGE, gives=RulesTold, status=201)
def set_minimum_followers(request: Call, workspace: str, body: MinimumGiven) -> RulesTold:
    """Set how many followers a creator of a country needs, from today on."""
    told = {"country": body.country, "followers": body.followers}
    made = rulesets.set_minimum(request.workspace, by=request.caller.by, at=request.at, **told)
    return RulesTold.of(Rules.parse(made.document))


def _account(request: Call, account: str) -> Account:
    rows = Account.objects.within(request.workspace).select_related("creator", "workspace")
    found: Account = pages.find(rows, account, "account")
    return found


def _find(request: Call, invite: str) -> MarketplaceInvite:
    rows = MarketplaceInvite.objects.within(request.workspace).select_related("account", "workspace")
    found: MarketplaceInvite = pages.find(rows, invite, "marketplace invite")
    return found
