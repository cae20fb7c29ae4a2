"""TikTok's allow-list of business accounts: who asked for which account, and that TikTok has confirmed it (CON-02).

TikTok keeps the list and has no interface for it; a person asks there and writes the answer down here. Where the list
counts is the setting GREENROOM_ALLOWLIST.
"""

import logging
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse

from greenroom.core import events
from greenroom.core.models import Member, Workspace
from greenroom.core.scope import Scoped

log = logging.getLogger(__name__)


class Allowlisting(Scoped):
    """One account somebody asked TikTok to allow; `allowed_at` once TikTok has."""

    handle = models.CharField(max_length=60)
    requested_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    requested_at = models.DateTimeField()
    allowed_by = models.CharField(max_length=60, blank=True)
    allowed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("handle"), name="one_allowlisting_per_handle")]

    def __str__(self) -> str:
        return f"@{self.handle}"


def counts(*, sandbox: bool) -> bool:
    """Does an account have to be on the list? In the sandbox only where the setting says "always"."""
    return settings.GREENROOM_ALLOWLIST == "always" or (settings.GREENROOM_ALLOWLIST == "live" and not sandbox)


def find(workspace: Workspace, handle: str) -> Allowlisting | None:
    """What is known of this handle, however it is capitalised."""
    found: Allowlisting | None = Allowlisting.objects.within(workspace).filter(handle__iexact=handle).first()
    return found


def is_allowed(workspace: Workspace, handle: str) -> bool:
    """Has TikTok's confirmation been written down?"""
    known = find(workspace, handle)
    return known is not None and known.allowed_at is not None


def request_allowlisting(workspace: Workspace, handle: str, *, member: Member, at: datetime) -> Allowlisting:
    """Keep that the member wants this account allowed. Asking again returns what was asked first."""
    known = find(workspace, handle)
    if known is not None:
        return known
    # A visiting operator is no row of the workspace: the event names them, and there is nobody to write to.
    asks = member if member.pk else None
    with transaction.atomic():
        made: Allowlisting = Allowlisting.objects.create(
            workspace=workspace, handle=handle, requested_by=asks, requested_at=at
        )
        events.note(
            workspace,
            "account.allowlisting_requested",
            subject=events.about(made),
            by=member.by,
            at=at,
            handle=handle,
        )
    return made


def allow(asked: Allowlisting, *, by: str, at: datetime) -> bool:
    """Write TikTok's confirmation down and tell whoever asked. False when that was done before."""
    with transaction.atomic():
        first = Allowlisting.objects.filter(pk=asked.pk, allowed_at=None).update(allowed_by=by, allowed_at=at)
        if not first:
            return False
        events.note(
            asked.workspace,
            "account.allowlisted",
            subject=events.about(asked),
            by=by,
            at=at,
            handle=asked.handle,
            was="requested",
        )
        transaction.on_commit(lambda: _tell(asked))
    asked.refresh_from_db()
    return True


def _tell(asked: Allowlisting) -> None:
    """A mail server that is away must not undo what the mail is about."""
    if asked.requested_by is None:
        return
    user = asked.requested_by.user
    page = settings.GREENROOM_URL.rstrip("/") + reverse("connections", args=[asked.workspace.slug])
    text = (
        f"Hello {user},\n\nTikTok has allow-listed @{asked.handle}, as you asked for {asked.workspace}. You can "
        f"connect it now:\n\n{page}#brand\n\nSign in to @{asked.handle} at TikTok in the same browser first.\n"
    )
    try:
        send_mail(f"{asked.workspace}: @{asked.handle} can be connected", text, None, [user.email])
    except (OSError, SMTPException) as error:
        log.warning("could not mail that @%s is allow-listed: %s", asked.handle, error)
