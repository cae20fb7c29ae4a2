"""What is written to creators: an invitation to authenticate, the way to their portal, a text to send by hand."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.mail import send_mail

from greenroom.core import events
from greenroom.core.models import Event, Workspace
from greenroom.creators import links
from greenroom.creators.models import Account, Creator

LINKS_AN_HOUR = 3  # to one creator; whoever asks more often has one that works

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
    """Mail each creator with this address a way to their portal, good for half an hour; returns how many mails went.

    At most LINKS_AN_HOUR to each. Callers must not show the number: it would tell who is known here.
    """
    creators: list[Creator] = list(
        Creator.objects.filter(email__iexact=email.strip()).exclude(email="").select_related("workspace")[:20]
    )
    asked = [creator for creator in creators if _links_sent(creator, since=at - timedelta(hours=1)) < LINKS_AN_HOUR]
    for creator in asked:
        send_portal_link(creator, at=at, lasting=links.ASKED_FOR)
    return len(asked)


def send_portal_link(
    creator: Creator, *, at: datetime, lasting: timedelta = links.WELCOME_FOR, by: str = events.SYSTEM
) -> bool:
    """Mail one creator the way to their portal; whether the mail left."""
    link = links.absolute("portal_enter", links.portal_token(creator, at=at, lasting=lasting))
    length = f"{lasting.days} days" if lasting.days else f"{lasting.seconds // 60} minutes"
    text = (
        f"Hello {creator.name},\n\nyour page at {creator.workspace}:\n\n{link}\n\nThere you see what is shared, add "
        f"an account or stop sharing. The link works once, within {length}; keep it to yourself.\n"
    )
    events.record(creator, "portal_link_sent", by=by, at=at, minutes=int(lasting.total_seconds() // 60))
    return _mail(creator.email, f"{creator.workspace}: your page", text)


def _links_sent(creator: Creator, *, since: datetime) -> int:
    told = Event.objects.within(creator.workspace_id).filter(subject=events.about(creator), at__gt=since)
    sent: int = told.filter(name="creator.portal_link_sent").count()
    return sent


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
