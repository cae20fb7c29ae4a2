"""What campaigns do when a creator is deleted, and when the marketplace is connected or withdrawn."""

from datetime import datetime

from greenroom.campaigns import listening, ordering
from greenroom.campaigns.models import Order
from greenroom.core import events
from greenroom.creators import authorizations, deletion
from greenroom.creators.models import Account


def forget(account: Account, at: datetime) -> None:
    """Nothing more is asked of the account; what was delivered stays counted, without a name."""
    ordering.give_up(Order.objects.filter(account=account).select_related("account"), by=events.SYSTEM, at=at)
    Order.objects.filter(account=account).update(refusal="", last_error="")


def listen() -> None:
    """Hook in, once per process."""
    if forget not in deletion.ON_GONE:
        deletion.ON_GONE.append(forget)
        authorizations.ON_CONNECTED.append(listening.ensure)
        events.ON_EVENT.append(listening.reconsider)
