"""What messages do when a workspace is made, and when a creator is deleted."""

from datetime import datetime

from greenroom.core import events
from greenroom.core.models import Event
from greenroom.creators import deletion
from greenroom.creators.models import Account
from greenroom.messages import templates
from greenroom.messages.models import Message


def furnish(event: Event) -> None:
    """A new workspace finds the ready-made templates."""
    if event.name == "workspace.created":
        templates.lay_out(event.workspace, at=event.at)


def forget(account: Account, at: datetime) -> None:
    """Nothing more is sent to the account; that something was, and when, stays without address and text."""
    for message in Message.objects.filter(account=account, state="queued").select_related("workspace"):
        message.move("skipped", by=events.SYSTEM, at=at, reason="gone", campaign=message.campaign_id)
    rows = Message.objects.filter(account=account)
    rows.update(to="", subject="", body="", words="", last_error="", due_at=None)


def listen() -> None:
    """Hook in, once per process."""
    if furnish not in events.ON_EVENT:
        events.ON_EVENT.append(furnish)
    if forget not in deletion.ON_GONE:
        deletion.ON_GONE.append(forget)
