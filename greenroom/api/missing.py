"""Why a post is missing: a pasted address, one cause, one thing to do."""

from datetime import datetime

from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from greenroom.api import campaigns
from greenroom.api.caller import Call
from greenroom.api.edges import reads
from greenroom.api.shapes import Id, Text, Told, at_utc
from greenroom.campaigns import missing
from greenroom.campaigns.causes import CAUSES
from greenroom.core.access import Can
from greenroom.syncs import health

router = Router(tags=["posts"])


class DiagnosisAsked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: Text = Field(max_length=missing.LONGEST, description="The address of the post, as somebody pasted it.")
    campaign: Id | None = Field(None, description="Why is it not in this campaign? Left out: why is it in none?")


class DiagnosisTold(Told):
    """One cause and one thing to do about it. Rows that the cause is about are named by their ids."""

    cause: str = Field(description=f"One of {', '.join(CAUSES)}.")
    words: str
    what_to_do: str
    action: str = Field(description="What the thing to do is called.")
    item_id: str | None = Field(description="TikTok's id of the post; null: no post was pasted.")
    handle: str | None
    code: str | None = Field(description="The campaign code to send, where sending one helps.")
    next_at: datetime | None = Field(description="When TikTok is asked next, where waiting helps.")
    post: Id | None
    account: Id | None
    campaign: Id | None
    order: Id | None
    participant: Id | None


@reads(router, "/missing-post", needs=Can.CAMPAIGNS_READ, gives=DiagnosisTold)
def diagnose_post(request: Call, workspace: str, asked: Query[DiagnosisAsked]) -> DiagnosisTold:
    """Say why a post is missing. Nothing is asked of TikTok, so a short link has to be opened first."""
    campaign = campaigns.find(request, asked.campaign) if asked.campaign else None
    told = missing.diagnose(request.workspace, asked.url, campaign=campaign, at=request.at)
    next_at = told.next_at
    if told.cause == "not_read_yet" and told.account is not None:
        next_at = health.next_reading(told.account)
    rows = {name: getattr(told, name) for name in ("post", "account", "campaign", "order", "participant")}
    return DiagnosisTold(
        cause=told.cause,
        words=told.words,
        what_to_do=told.what_to_do,
        action=told.label,
        item_id=told.item_id or None,
        handle=told.handle or None,
        code=told.code or None,
        next_at=at_utc(next_at),
        **{name: str(row.pk) if row else None for name, row in rows.items()},
    )
