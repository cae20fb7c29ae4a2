"""Posts without link or code: where the code is sent to their creators."""

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from operator import or_
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from greenroom.campaigns import compliance
from greenroom.campaigns.models import Campaign, CampaignPost, Order
from greenroom.core.models import Workspace
from greenroom.messages.models import Template

TEMPLATE = "forgot_link"  # "You forgot the link, here is the code"
MOST = 200  # an address can't name everybody


def letters(workspace: Workspace, campaigns: Iterable[Campaign]) -> dict[int, str]:
    """{campaign: where the message with the right code is written}, for those with an order to take it from.

    The message is the ready-made one; each creator's own code stands in it. `campaigns` are a few.
    """
    here = reduce(or_, (Q(campaign=one) & compliance.in_state(one, "at_risk_unlinked") for one in campaigns))
    coded = {"participant__orders__state__in": Order.LIVE, "participant__orders__code__gt": ""}
    rows = CampaignPost.objects.within(workspace).filter(here, post__hidden_at=None, **coded).order_by()
    people: dict[int, list[int]] = defaultdict(list)
    for campaign, participant in rows.values_list("campaign_id", "participant_id").distinct():
        people[campaign].append(participant)
    template = template_of(workspace)
    return {campaign: letter(workspace, campaign, ids, template) for campaign, ids in people.items()}


def template_of(workspace: Workspace) -> int | None:
    """The id of the ready-made template; None where the workspace has removed it."""
    rows = Template.objects.within(workspace).filter(key=TEMPLATE)
    found: int | None = rows.values_list("pk", flat=True).first()
    return found


def letter(workspace: Workspace, campaign: int, people: Iterable[int], template: int | None) -> str:
    """The page on which the message to these participants is written, with the template chosen."""
    asked: list[tuple[str, int]] = [("template", template)] if template else []
    asked += [("participant", pk) for pk in sorted(people)[:MOST]]
    return f"{reverse('message_write', args=[workspace.slug, campaign])}?{urlencode(asked)}"
