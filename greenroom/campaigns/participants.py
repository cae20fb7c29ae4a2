"""Who takes part in a campaign."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from greenroom.campaigns import ordering, typed
from greenroom.campaigns.models import Campaign, Deliverable, Order, Participant
from greenroom.campaigns.refusals import BadInput
from greenroom.core import events
from greenroom.creators.models import Account


def add(campaign: Campaign, accounts: Iterable[Account], *, by: str, at: datetime) -> list[Participant]:
    """Add creators' accounts; who takes part already stays. In auto mode their orders are on the way at once.

    Raises BadInput for a brand's own account.
    """
    asked = list({account.pk: account for account in accounts}.values())
    if own := [
        one for one in asked if one.purpose == Account.Purpose.BRAND or one.workspace_id != campaign.workspace_id
    ]:
        raise BadInput(f"{own[0]} is no creator's account.", field="accounts")
    with transaction.atomic():
        known = set(campaign.participants.filter(account__in=asked).values_list("account_id", flat=True))
        rows = [
            Participant(workspace=campaign.workspace, campaign=campaign, account=account, added_at=at, by=by)
            for account in asked
            if account.pk not in known
        ]
        Participant.objects.bulk_create(rows, ignore_conflicts=True)
        made = list(
            campaign.participants.filter(account__in=[row.account_id for row in rows]).select_related("account")
        )
        for one in made:
            events.record(campaign, "creator_added", by=by, at=at, account=one.account_id, handle=one.account.handle)
        ordering.ensure(campaign, by=by, at=at, only=made)
    return made


def remove(participant: Participant, *, by: str, at: datetime) -> None:
    """Take a creator out. Their orders are given up; with one that TikTok may have, the row stays for what it delivers.

    Raises BadInput when something was delivered already.
    """
    if Deliverable.objects.filter(order__participant=participant).exclude(state="open").exists():
        raise BadInput(f"{participant.account} has delivered; cancel the order instead.")
    with transaction.atomic():
        told = {"account": participant.account_id, "handle": participant.account.handle}
        ordering.give_up(Order.objects.filter(participant=participant).select_related("account"), by=by, at=at)
        events.record(participant.campaign, "creator_removed", by=by, at=at, **told)
        if not Order.objects.filter(participant=participant).exclude(tiktok_id="", asked_at=None).exists():
            participant.delete()


def require(participant: Participant, posts: int | None, *, by: str, at: datetime) -> None:
    """How many posts are asked of this creator; None: as many as of the others. Raises BadInput."""
    wanted = None if posts is None else typed.posts(posts)
    with transaction.atomic():
        participant.required = wanted
        participant.save(update_fields=["required"])
        told = {"account": participant.account_id, "required": participant.wanted}
        events.record(participant.campaign, "creator_asked", by=by, at=at, **told)
        ordering.ensure(participant.campaign, by=by, at=at, only=[participant])
