"""Campaigns: made, set up, moved on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from greenroom.campaigns import ordering, typed
from greenroom.campaigns.models import Campaign, Order
from greenroom.campaigns.refusals import BadInput
from greenroom.core import events
from greenroom.core.models import Workspace


def create_campaign(workspace: Workspace, *, name: str, by: str, at: datetime, **settings: Any) -> Campaign:
    """A campaign as a draft, with any of the settings that `change_campaign` takes. Raises BadInput."""
    campaign = Campaign(workspace=workspace, state="draft", made_at=at, by=by, deliverables=[])
    for field, value in _checked(campaign, {"name": name, **settings}).items():
        setattr(campaign, field, value)
    with transaction.atomic():
        campaign.save()
        events.record(campaign, "created", by=by, at=at, campaign=campaign.name)
    return campaign


def change_campaign(campaign: Campaign, *, by: str, at: datetime, **settings: Any) -> Campaign:
    """Change settings; orders that exist keep what they asked for. Raises BadInput, and then changes nothing.

    Settings: name, tiktok, brand_name, description, mode, strict, required, deliverables, spark_days, starts_on,
    ends_on, content, requirements.
    """
    new = _checked(campaign, settings)
    changed = {field: value for field, value in new.items() if value != getattr(campaign, field)}
    if not changed:
        return campaign
    with transaction.atomic():
        for field, value in changed.items():
            setattr(campaign, field, value)
        campaign.save(update_fields=list(changed))
        events.record(campaign, "changed", by=by, at=at, fields=sorted(changed))
        ordering.ensure(campaign, by=by, at=at)
    return campaign


def move_campaign(campaign: Campaign, to: str, *, by: str, at: datetime) -> None:
    """Activate, pause, close or archive. Orders are created only while it is active. Raises IllegalMove, LostRace."""
    with transaction.atomic():
        campaign.move(to, by=by, at=at, campaign=campaign.name)
        if to == "active":
            Order.objects.filter(campaign=campaign, state="not_created").update(due_at=at)
            ordering.ensure(campaign, by=by, at=at)
        if to in ("active", "closed"):
            Campaign.objects.filter(pk=campaign.pk).update(due_at=at)


def _checked(campaign: Campaign, given: Mapping[str, Any]) -> dict[str, Any]:
    new = {field: typed.setting(field, value) for field, value in given.items()}
    starts, ends = (new.get(field, getattr(campaign, field)) for field in ("starts_on", "ends_on"))
    if starts and ends and ends < starts:
        raise BadInput("The last day is before the first one.", field="ends_on")
    if campaign.is_named and campaign.orders.exclude(state="not_created").exists():
        for field in ("brand_name", "description"):
            if field in new and not new[field]:
                raise BadInput("Creators have orders that name it; it can be changed, not taken away.", field=field)
    return new
