"""Messages send themselves, campaigns look whom to remind."""

from datetime import datetime

from greenroom.core.work import runs
from greenroom.messages import delivering, reminding
from greenroom.messages.models import Message, Reminders


@runs(Message)
def send(message: Message, *, at: datetime) -> datetime | None:
    """Send the message, once."""
    row = Message.objects.select_related("account__creator__workspace", "workspace").get(pk=message.pk)
    delivering.deliver(row, at=at)
    return None


@runs(Reminders)
def remind(reminders: Reminders, *, at: datetime) -> datetime | None:
    """Write the reminders that are due."""
    row = Reminders.objects.select_related("campaign__workspace", "workspace").get(pk=reminders.pk)
    return reminding.remind(row, at=at)
