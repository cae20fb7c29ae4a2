"""One message on its way, through Django's mail back end.

An attempt first takes the row (`begun_at`), then sends, then says how it went. Killed before the first step, the
message is sent later. Killed between the first and the last, nobody knows whether the mail left: the message is marked
as failed with that reason, and a person decides. So no creator gets a message twice by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPResponseException
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.db.models import F

from greenroom.core import events
from greenroom.core.work import Later, backoff
from greenroom.messages import optouts
from greenroom.messages.models import Message
from greenroom.messages.writing import Blocked

TRIES = 12  # over some four hours


@dataclass(frozen=True)
class Fault:
    """How an attempt failed. `again`: surely nothing left; `unknown`: perhaps it did; `refused`: it never will."""

    kind: Literal["again", "refused", "unknown"]
    words: str


def deliver(message: Message, *, at: datetime) -> None:
    """Send a queued message; does nothing with any other. Raises Later when it is tried again."""
    if message.state != "queued":
        return
    if message.begun_at is not None:
        _fail(message, "unknown", "Greenroom was stopped while it sent this; it may have arrived.", at=at)
        return
    if blocked := _blocked(message):
        _keep(message, reason=blocked.code, words=blocked.words)
        message.move("skipped", by=events.SYSTEM, at=at, reason=blocked.code, **_about(message))
        return
    free = Message.objects.filter(pk=message.pk, state="queued", begun_at=None)
    if not free.update(begun_at=at, tries=F("tries") + 1):
        return
    message.refresh_from_db(fields=["tries", "begun_at"])
    fault = post(message)
    if fault is None:
        _sent(message, at=at)
    elif fault.kind == "again" and message.tries < TRIES:
        _keep(message, begun_at=None, words=fault.words)
        raise Later(fault.words, due_at=at + backoff(message.tries))
    else:
        _fail(message, "unreachable" if fault.kind == "again" else fault.kind, fault.words, at=at)


def post(message: Message) -> Fault | None:
    """Hand one message to the mail server; None when it took it."""
    connection = mail.get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        return Fault("again", f"The mail server can't be reached: {error}")
    try:
        connection.send_messages([letter(message)])
    except (OSError, SMTPException, ValueError) as error:
        return judged(error)
    finally:
        connection.close()
    return None


def letter(message: Message) -> mail.EmailMessage:
    """The mail: subject and body as kept. Its Message-ID stays the same, whoever sends it."""
    host = urlsplit(settings.GREENROOM_URL).hostname or "greenroom"
    return mail.EmailMessage(
        message.subject,
        message.body,
        to=[message.to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": f"<message-{message.pk}-{int(message.made_at.timestamp())}@{host}>",
            "List-Unsubscribe": f"<{optouts.link(message.account.creator)}>",
        },
    )


def judged(error: Exception) -> Fault:
    """What an error during sending says about the mail. Codes from 500 on are final, those below pass."""
    words = str(error)[:500]
    match error:
        case SMTPRecipientsRefused():
            codes = [code for code, _ in error.recipients.values()]
            return Fault("refused" if any(code >= 500 for code in codes) else "again", f"Refused: {words}")
        case SMTPResponseException():
            return Fault("refused" if error.smtp_code >= 500 else "again", f"The mail server says: {words}")
        case SMTPNotSupportedError() | ValueError():
            return Fault("refused", f"It can't be sent: {words}")
    return Fault("unknown", f"The connection broke while it was sent; it may have arrived. {words}")


def _blocked(message: Message) -> Blocked | None:
    """What has changed since it was queued."""
    creator = message.account.creator
    if message.account.gone_at is not None or not message.body or not message.to:
        return Blocked("gone", "The creator was deleted.")
    if optouts.among([creator.pk]):
        return Blocked("opted_out", f"{creator.name} wants no messages.")
    return None


def _sent(message: Message, *, at: datetime) -> None:
    with transaction.atomic():
        message.refresh_from_db(fields=["state"])  # a stall may have made somebody think that it was lost
        _keep(message, sent_at=at, reason="", words="", due_at=None)
        message.move("sent", by=events.SYSTEM, at=at, **_about(message))


def _fail(message: Message, reason: str, words: str, *, at: datetime) -> None:
    with transaction.atomic():
        _keep(message, reason=reason, words=words, due_at=None)
        message.move("failed", by=events.SYSTEM, at=at, reason=reason, **_about(message))


def _about(message: Message) -> dict[str, object]:
    return {"handle": message.account.handle, "campaign": message.campaign_id, "rule": message.rule}


def _keep(message: Message, **values: object) -> None:
    """Write columns, here and in the row."""
    for name, value in values.items():
        setattr(message, name, value)
    Message.objects.filter(pk=message.pk).update(**values)
