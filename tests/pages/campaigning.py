"""What staff do on the pages of a campaign."""

from greenroom.campaigns import participants
from greenroom.campaigns.models import Order, Participant
from greenroom.core import clock, work
from greenroom.creators import actions as creators
from greenroom.creators.models import Account

BRAND = {"brand_name": "Pebblewick", "description": "Show one real breakfast with oat drink."}
AT = "/w/acme/campaigns/"


def join_in(campaign, *handles) -> list[Participant]:
    told = {"by": "member:1", "at": clock.now()}
    accounts = [
        Account.objects.filter(workspace=campaign.workspace, handle=one).first()
        or creators.record_legacy(campaign.workspace, handle=one, **told)
        for one in handles
    ]
    participants.add(campaign, accounts, **told)
    rows = {one.account.handle: one for one in campaign.participants.select_related("account", "campaign")}
    return [rows[handle] for handle in handles]


def page(campaign, rest="") -> str:
    return f"{AT}{campaign.pk}/{rest}"


def create(client, campaign, *people, **form):
    told = {"participant": [one.pk for one in people], **form}
    return client.post(page(campaign, "orders/create/"), told, follow=True)


def run() -> None:
    while work.run_due(Order, at=clock.now()):
        pass
