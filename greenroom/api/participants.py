"""Participants: who takes part in a campaign, and what is asked of each."""

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from greenroom.api import campaigns, pages
from greenroom.api.caller import Call
from greenroom.api.edges import changes, reads, removes, writes
from greenroom.api.shapes import Given, Id, Narrowed, Page, Told
from greenroom.campaigns import ordering, participants
from greenroom.campaigns.models import Participant
from greenroom.core.access import Can
from greenroom.creators.models import Account

router = Router(tags=["campaigns"])
LEADS = {"change_participant": "participant", "remove_participant": "participant"}


class AcceptanceTold(Told):
    """A version of the brief or the agreement that the creator accepted."""

    kind: str
    version: int
    who: str
    at: datetime


class ParticipantTold(Told):
    """A creator's account in a campaign."""

    id: Id
    campaign: Id
    account: Id
    creator: Id
    handle: str
    required: int | None = Field(description="Posts asked of this creator; null: as many as the campaign says.")
    wanted: int = Field(description="Posts asked of this creator, by one or the other.")
    warning: str | None = Field(description="What to know before they get an order; null: nothing.")
    accepted: list[AcceptanceTold]
    added_at: datetime
    by: str

    @classmethod
    def of(cls, row: Participant) -> "ParticipantTold":
        accepted = [
            AcceptanceTold(kind=one.document.kind, version=one.document.version, who=one.who, at=one.at)
            for one in row.acceptances.all()
        ]
        return cls(
            id=str(row.pk),
            campaign=str(row.campaign_id),
            account=str(row.account_id),
            creator=str(row.account.creator_id),
            handle=row.account.handle,
            required=row.required,
            wanted=row.wanted,
            warning=ordering.warning(row) or None,
            accepted=accepted,
            added_at=row.added_at,
            by=row.by,
        )


class AccountsGiven(Given):
    """Creators' accounts to add; who takes part already stays."""

    accounts: list[Id] = Field(min_length=1, max_length=200)


class ParticipantsAdded(Told):
    """Who was not there before."""

    added: list[ParticipantTold]


class ParticipantChange(Given):
    required: campaigns.Posts | None = Field(description="Null: as many posts as the campaign says.")


@reads(
    router,
    "/campaigns/{campaign}/participants",
    needs=Can.CAMPAIGNS_READ,
    gives=Page[ParticipantTold],
    leads=LEADS,
)
def list_participants(request: Call, workspace: str, campaign: Id, asked: Query[Narrowed]) -> Page[ParticipantTold]:
    """Who takes part in a campaign."""
    rows = _rows(request).filter(campaign=campaigns.find(request, campaign))
    return pages.page(rows, asked, ParticipantTold.of, of=ParticipantTold)


@writes(router, "/campaigns/{campaign}/participants", needs=Can.CAMPAIGNS_WRITE, gives=ParticipantsAdded)
def add_participants(request: Call, workspace: str, campaign: Id, body: AccountsGiven) -> ParticipantsAdded:
    """Add creators' accounts to a campaign.

    In auto mode their orders are on the way at once. A brand's own account is refused.
    """
    found, rows = campaigns.find(request, campaign), Account.objects.within(request.workspace).filter(gone_at=None)
    accounts = [pages.find(rows, pk, "account") for pk in dict.fromkeys(body.accounts)]
    made = participants.add(found, accounts, by=request.caller.by, at=request.at)
    added = _rows(request).filter(pk__in=[one.pk for one in made])
    return ParticipantsAdded(added=[ParticipantTold.of(one) for one in added.order_by("pk")])


@changes(router, "/participants/{participant}", needs=Can.CAMPAIGNS_WRITE, gives=ParticipantTold)
def change_participant(request: Call, workspace: str, participant: Id, body: ParticipantChange) -> ParticipantTold:
    """Ask another number of posts of one creator."""
    found = _find(request, participant)
    participants.require(found, body.required, by=request.caller.by, at=request.at)
    return ParticipantTold.of(found)


@removes(router, "/participants/{participant}", needs=Can.CAMPAIGNS_WRITE)
def remove_participant(request: Call, workspace: str, participant: Id) -> None:
    """Take a creator out of a campaign and give their orders up.

    Who has delivered stays (409); where TikTok has an order, the row stays for what may still come through it.
    """
    participants.remove(_find(request, participant), by=request.caller.by, at=request.at)


def _rows(request: Call) -> Any:
    rows = Participant.objects.within(request.workspace)
    return rows.select_related("account", "campaign__workspace").prefetch_related("acceptances__document")


def _find(request: Call, participant: str) -> Participant:
    found: Participant = pages.find(_rows(request), participant, "participant")
    return found
