"""What is written to creators: an invitation to authenticate, the way to their portal, a text to send by hand."""

import logging
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import send_mail

from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.creators import links
from greenroom.creators.models import Account, Creator

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Invitation:
    """A link and the text around it; `sent_to` is the address it was mailed to, or "" when none is known."""

    link: str
    text: str
    sent_to: str = ""


def request_authentication(account: Account, *, by: str, at: datetime) -> Invitation:
    """Ask the creator to connect this account themselves (ACC-09): mailed where an address is known, and returned for
    sending by hand."""
    link = links.absolute("join_invited", links.join_token(account.creator, account, at=at))
    text = _asking(account, link)
    email = account.creator.email
    mailed = _mail(email, f"{account.workspace}: connect @{account.handle}", text)
    events.record(account, "authentication_requested", by=by, at=at, mailed=mailed)
    return Invitation(link, text, email if mailed else "")


def marketplace_invitation(account: Account) -> Invitation:
    """The text with which a creator is asked to join the marketplace; nothing is sent."""
    link = "https://www.tiktok.com/business/creator-marketplace"
    text = (
        f"Hello {account.creator.name},\n\n{account.workspace} would like to work with @{account.handle}. Please join "
        "TikTok's Creator Marketplace: in the TikTok app, open Profile, Menu, Creator tools, and choose TikTok Creator "
        f"Marketplace, or start at {link}\n\nOnce TikTok has let you in, we see your public figures; nothing else is "
        "needed.\n"
    )
    return Invitation(link, text)


def send_portal_links(email: str, *, at: datetime) -> int:
    """Mail each creator with this address the way to their portal; returns how many mails went out.

    Callers must not show the number: it would tell who is known here.
    """
    creators: list[Creator] = list(
        Creator.objects.filter(email__iexact=email.strip()).exclude(email="").select_related("workspace")[:20]
    )
    for creator in creators:
        send_portal_link(creator, at=at)
    return len(creators)


def send_portal_link(creator: Creator, *, at: datetime) -> None:
    """Mail one creator the way to their portal."""
    link = links.absolute("portal_enter", links.portal_token(creator, at=at))
    text = (
        f"Hello {creator.name},\n\nyour page at {creator.workspace}:\n\n{link}\n\nThere you see what is shared, add an "
        "account or stop sharing. The link works for 30 days; keep it to yourself.\n"
    )
    _mail(creator.email, f"{creator.workspace}: your page", text)


def public_form(workspace: Workspace) -> str:
    """The address of the workspace's application form."""
    return links.absolute("join", workspace.slug)


def _mail(email: str, subject: str, text: str) -> bool:
    """Whether the mail left. A mail server that is away must not undo what the mail was about."""
    if not email:
        return False
    try:
        send_mail(subject, text, None, [email])
    except (OSError, SMTPException) as error:
        log.warning("could not mail %r: %s", subject, error)
        return False
    return True


def _asking(account: Account, link: str) -> str:
    return (
        f"Hello {account.creator.name},\n\n{account.workspace} would like to see the figures of @{account.handle}. "
        f"Open this link on the phone or computer where you are signed in to TikTok as @{account.handle}:\n\n{link}\n\n"
        "You choose what is shared, TikTok asks you to confirm, and you can stop at any time. This link works for 14 "
        "days.\n"
    )
