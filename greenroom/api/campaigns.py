"""Campaigns: what creators are asked for, and whether orders can be created now."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import AfterValidator, Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, writes
from greenroom.api.shapes import WORD, Given, Id, Narrowed, Page, Text, Told, one_of, whole_number
from greenroom.campaigns import actions as campaigns
from greenroom.campaigns import ordering, typed
from greenroom.campaigns.models import Campaign
from greenroom.core.access import Can

router = Router(tags=["campaigns"])
LEADS = dict.fromkeys(
    ("get_campaign", "change_campaign", "move_campaign", "list_participants", "create_orders", "get_documents"),
    "campaign",
)


def day(text: str) -> str:
    """A day as 2026-03-22. Raises ValueError."""
    date.fromisoformat(text)
    return text


Day = Annotated[
    str,
    Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", json_schema_extra={"format": "date"}, examples=["2026-03-22"]),
    AfterValidator(day),
]
SparkDays = Literal[7, 30, 60, 365]
Posts = whole_number(1, typed.MOST_POSTS, "How many posts are asked of each creator.")
Names = Annotated[
    list[Annotated[Text, Field(max_length=typed.LONGEST_NAME)]],
    Field(max_length=typed.MOST_POSTS, description="Names of the posts, in order, none twice; without one: “Video 3”."),
]
State = one_of(*Campaign.STATES)
Mode = one_of(*Campaign.Mode.values)
Content = one_of(*Campaign.Content.values)
ABOUT_NAMED = "As creators see it in TikTok. Brand name and description are both needed before there is any order."


class RefusedTold(Told):
    """Why something can't be done now."""

    reason: str
    words: str


class CampaignTold(Told):
    """A programme of work with creators."""

    id: Id
    name: str
    state: str = Field(description=f"One of {', '.join(Campaign.STATES)}.")
    moves: list[str]
    tiktok: bool = Field(description="Is TikTok a platform of this campaign?")
    brand_name: str
    description: str
    mode: str = Field(description="auto: every creator gets an order by itself; manual: orders are created by people.")
    strict: bool = Field(description="Orders only for accounts that can be tracked in any case.")
    required: int = Field(description="Posts asked of each creator, unless their own row says otherwise.")
    deliverables: list[str] = Field(description="Names of the posts, in order.")
    spark_days: int | None = Field(description="Days of Spark Ads that are asked for; null: they are not asked for.")
    starts_on: date | None = Field(description="Null: no first day is set.")
    ends_on: date | None = Field(description="Null: no last day is set.")
    content: str
    requirements: str
    takes_orders: bool
    refused: RefusedTold | None = Field(description="Why it takes no orders now; null when it does.")
    made_at: datetime
    by: str

    @classmethod
    def of(cls, row: Campaign, request: Call) -> "CampaignTold":
        why = ordering.why_not(row)
        same = ("name", "state", "tiktok", "brand_name", "description", "mode", "strict", "required", "deliverables")
        more = ("spark_days", "starts_on", "ends_on", "content", "requirements", "takes_orders", "made_at", "by")
        return cls(
            id=str(row.pk),
            moves=row.moves(request.caller.permissions),
            refused=RefusedTold(reason=why.code, words=why.words) if why else None,
            **{field: getattr(row, field) for field in (*same, *more)},
        )


class CampaignsAsked(Narrowed):
    state: State | None = None  # type: ignore[valid-type]


class Settings(Given):
    """Settings of a campaign; what is left out, or null where null has no meaning, stays as it is."""

    tiktok: bool | None = None
    brand_name: Text | None = Field(None, max_length=typed.LONGEST_NAME, description=ABOUT_NAMED)
    description: Text | None = Field(None, max_length=500, description=ABOUT_NAMED)
    mode: Mode | None = None  # type: ignore[valid-type]
    strict: bool | None = None
    required: Posts | None = None  # type: ignore[valid-type]
    deliverables: Names | None = None
    spark_days: SparkDays | None = Field(None, description="Null: Spark Ads are not asked for.")
    starts_on: Day | None = Field(None, description="Null: no first day.")
    ends_on: Day | None = Field(None, description="Null: no last day. Not before the first one.")
    content: Content | None = None  # type: ignore[valid-type]
    requirements: Text | None = Field(None, max_length=4000)

    def told(self) -> dict[str, Any]:
        """What was sent and means something."""
        nullable = ("spark_days", "starts_on", "ends_on")
        sent = self.model_dump(exclude_unset=True)
        return {field: value for field, value in sent.items() if value is not None or field in nullable}


class CampaignGiven(Settings):
    name: str = Field(min_length=1, max_length=80, pattern=WORD)


class CampaignChange(Settings):
    name: str | None = Field(None, min_length=1, max_length=80, pattern=WORD)


class CampaignMove(Given):
    to: Literal["active", "paused", "closed", "archived"]


@reads(router, "/campaigns", needs=Can.CAMPAIGNS_READ, gives=Page[CampaignTold], leads=LEADS)
def list_campaigns(request: Call, workspace: str, asked: Query[CampaignsAsked]) -> Page[CampaignTold]:
    """The campaigns of the workspace, the newest first."""
    rows = Campaign.objects.within(request.workspace)
    rows = rows.filter(state=asked.state) if asked.state else rows
    return pages.page(rows, asked, lambda row: CampaignTold.of(row, request), of=CampaignTold, newest_first=True)


@reads(router, "/campaigns/{campaign}", needs=Can.CAMPAIGNS_READ, gives=CampaignTold)
def get_campaign(request: Call, workspace: str, campaign: Id) -> CampaignTold:
    """One campaign."""
    return CampaignTold.of(find(request, campaign), request)


@writes(router, "/campaigns", needs=Can.CAMPAIGNS_WRITE, gives=CampaignTold, status=201, leads=LEADS)
def create_campaign(request: Call, workspace: str, body: CampaignGiven) -> CampaignTold:
    """Make a campaign. It is a draft, without creators or orders, until it is moved to `active`."""
    made = campaigns.create_campaign(request.workspace, by=request.caller.by, at=request.at, **body.told())
    return CampaignTold.of(made, request)


@changes(router, "/campaigns/{campaign}", needs=Can.CAMPAIGNS_WRITE, gives=CampaignTold)
def change_campaign(request: Call, workspace: str, campaign: Id, body: CampaignChange) -> CampaignTold:
    """Change settings. Orders that exist keep what they asked for.

    In auto mode creators who lack orders after that get them.
    """
    found = campaigns.change_campaign(find(request, campaign), by=request.caller.by, at=request.at, **body.told())
    return CampaignTold.of(found, request)


@writes(router, "/campaigns/{campaign}/moves", needs=Can.CAMPAIGNS_WRITE, gives=CampaignTold)
def move_campaign(request: Call, workspace: str, campaign: Id, body: CampaignMove) -> CampaignTold:
    """Activate, pause, close or archive a campaign. Orders are created only while it is active."""
    found = find(request, campaign)
    campaigns.move_campaign(found, body.to, by=request.caller.by, at=request.at)
    return CampaignTold.of(found, request)


def find(request: Call, campaign: str) -> Campaign:
    """The campaign of the workspace. Raises Problem (404)."""
    rows = Campaign.objects.within(request.workspace).select_related("workspace")
    found: Campaign = pages.find(rows, campaign, "campaign")
    return found
