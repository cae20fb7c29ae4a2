"""Messages to creators: shown, sent, logged; reminders; who wants none."""

import secrets
from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router
from pydantic import Field

from greenroom.api import campaigns, pages, templates
from greenroom.api.caller import Call
from greenroom.api.edges import reads, writes
from greenroom.api.problems import Problem
from greenroom.api.shapes import WORD, Given, Id, Narrowed, Page, Told, at_utc, one_of, whole_number
from greenroom.core.access import Can
from greenroom.creators.models import Creator
from greenroom.messages import optouts, reminding, writing
from greenroom.messages.models import Message
from greenroom.messages.templates import LONGEST_BODY, LONGEST_SUBJECT

router = Router(tags=["messages"])
State = one_of(*Message.STATES)
Days = whole_number(1, reminding.MOST_DAYS)
LEADS = {"move_message": "message"}


class MessageTold(Told):
    """One text to one creator, as it was sent."""

    id: Id
    campaign: Id
    participant: Id | None
    account: Id
    handle: str
    state: State  # type: ignore[valid-type]
    channel: str
    template: str | None = Field(description="The template's name as it was then; null: written by hand.")
    template_version: int | None
    rule: str | None = Field(description="Of a reminder: which one.")
    subject: str
    body: str
    reason: str | None = Field(description="Why it was not sent or failed, for machines; null: no reason to tell.")
    words: str | None = Field(description="The same for people.")
    made_at: datetime
    sent_at: datetime | None
    by: str

    @classmethod
    def of(cls, row: Message) -> "MessageTold":
        return cls(
            id=str(row.pk),
            campaign=str(row.campaign_id),
            participant=str(row.participant_id) if row.participant_id else None,
            account=str(row.account_id),
            handle=row.account.handle,
            state=row.state,
            channel=row.channel,
            template=row.template_name or None,
            template_version=row.template_version,
            rule=row.rule or None,
            subject=row.subject,
            body=row.body,
            reason=row.reason or None,
            words=row.words or None,
            made_at=row.made_at,
            sent_at=at_utc(row.sent_at),
            by=row.by,
        )


class MessagesAsked(Narrowed):
    campaign: Id | None = None
    account: Id | None = None
    state: State | None = None  # type: ignore[valid-type]


class DraftGiven(Given):
    """To whom and what. Without subject and body those of the template are taken."""

    participants: list[Id] = Field(min_length=1, max_length=200)
    template: Id | None = None
    subject: str | None = Field(None, min_length=1, max_length=LONGEST_SUBJECT, pattern=WORD)
    body: str | None = Field(
        None, min_length=1, max_length=LONGEST_BODY, pattern=WORD, description=templates.ABOUT_TEXT
    )
    channel: Literal["email", "copy"] = Field("email", description="copy: nothing is sent, the text is kept to copy.")


class MessagesGiven(DraftGiven):
    seen: str | None = Field(
        None, pattern=r"^[0-9a-f]{64}$", description="`seen` of the preview: what would be sent must still be that."
    )


class BlockedTold(Told):
    reason: str
    words: str


class LetterTold(Told):
    """What one participant would read, and why they would get nothing. Without a value there is nothing to read."""

    participant: Id
    handle: str
    subject: str | None
    body: str | None
    blocked: list[BlockedTold]

    @classmethod
    def of(cls, one: writing.Letter) -> "LetterTold":
        return cls(
            participant=str(one.participant.pk),
            handle=one.participant.account.handle,
            subject=one.subject or None,
            body=one.body or None,
            blocked=[BlockedTold(reason=why.code, words=why.words) for why in one.blocked],
        )


class Preview(Told):
    seen: str = Field(description="A fingerprint of all of it, for `send_messages`.")
    letters: list[LetterTold]


class MessagesMade(Told):
    messages: list[MessageTold]


class MessageMove(Given):
    to: Literal["queued"]


class RemindersGiven(Given):
    """Days of each reminder; null switches one off, what is left out stays."""

    not_joined: Days | None = Field(None, description="Days after the order was created.")  # type: ignore[valid-type]
    not_uploaded: Days | None = Field(None, description="Days before the order is due.")  # type: ignore[valid-type]
    not_linked: Days | None = Field(None, description="Days after a post that is in no order.")  # type: ignore[valid-type]
    expiring: Days | None = Field(None, description="Days before the authorisation ends.")  # type: ignore[valid-type]
    spark_ending: Days | None = Field(None, description="Days before a code of Spark Ads ends.")  # type: ignore[valid-type]


class RemindersTold(Told):
    campaign: Id
    not_joined: int | None
    not_uploaded: int | None
    not_linked: int | None
    expiring: int | None
    spark_ending: int | None


class OptOutGiven(Given):
    wants_messages: bool


class OptOutTold(Told):
    creator: Id
    wants_messages: bool
    own: bool | None = Field(description="Did the creator say no themselves? null: they want messages.")
    at: datetime | None


@reads(router, "/messages", needs=Can.CAMPAIGNS_READ, gives=Page[MessageTold], leads=LEADS)
def list_messages(request: Call, workspace: str, asked: Query[MessagesAsked]) -> Page[MessageTold]:
    """The messages of the workspace, of a campaign or of an account, the newest first."""
    rows = Message.objects.within(request.workspace).select_related("account")
    rows = rows.filter(**asked.model_dump(include={"campaign", "account", "state"}, exclude_none=True))
    return pages.page(rows, asked, MessageTold.of, of=MessageTold, newest_first=True)


@writes(router, "/campaigns/{campaign}/messages/preview", needs=Can.CAMPAIGNS_WRITE, gives=Preview)
def preview_message(request: Call, workspace: str, campaign: Id, body: DraftGiven) -> Preview:
    """What each participant would read, byte for byte, and who would get nothing and why. Sends nothing."""
    letters = _letters(request, campaign, body)[1]
    return Preview(seen=writing.digest(letters), letters=[LetterTold.of(one) for one in letters])


@writes(router, "/campaigns/{campaign}/messages", needs=Can.CAMPAIGNS_WRITE, gives=MessagesMade)
def send_messages(request: Call, workspace: str, campaign: Id, body: MessagesGiven) -> MessagesMade:
    """Write to participants. Who lacks a value, has no address or opted out is not written to; the answer says why.

    With `seen` of a preview nothing is sent when anything in it has changed since (409).
    """
    draft, letters = _letters(request, campaign, body)
    if body.seen is not None and body.seen != writing.digest(letters):
        raise Problem("conflict", "What would be sent has changed since the preview. Take another look.")
    found, once = campaigns.find(request, campaign), f"api:{secrets.token_hex(12)}"
    made = writing.send(found, letters, draft, once=once, by=request.caller.by, at=request.at)
    return MessagesMade(messages=[MessageTold.of(one) for one in made])


@writes(router, "/messages/{message}/moves", needs=Can.CAMPAIGNS_WRITE, gives=MessageTold)
def move_message(request: Call, workspace: str, message: Id, body: MessageMove) -> MessageTold:
    """Send a failed message once more, as it is kept."""
    rows = Message.objects.within(request.workspace).select_related("account", "workspace")
    found: Message = pages.find(rows, message, "message")
    writing.again(found, by=request.caller.by, at=request.at)
    return MessageTold.of(pages.find(rows, message, "message"))


@writes(router, "/campaigns/{campaign}/reminders", needs=Can.CAMPAIGNS_WRITE, gives=RemindersTold)
def set_reminders(request: Call, workspace: str, campaign: Id, body: RemindersGiven) -> RemindersTold:
    """Switch a campaign's reminders on or off. An empty body changes nothing and tells how they are."""
    found = campaigns.find(request, campaign)
    if told := body.model_dump(exclude_unset=True):
        reminding.set_rules(found, told, by=request.caller.by, at=request.at)
    return RemindersTold(campaign=str(found.pk), **reminding.rules_of(found))


@writes(router, "/creators/{creator}/opt-out", needs=Can.CAMPAIGNS_WRITE, gives=OptOutTold)
def set_opt_out(request: Call, workspace: str, creator: Id, body: OptOutGiven) -> OptOutTold:
    """Note whether a creator wants messages. What a creator said themselves only they take back."""
    rows = Creator.objects.within(request.workspace).select_related("workspace")
    found: Creator = pages.find(rows, creator, "creator")
    verb = optouts.end if body.wants_messages else optouts.give
    verb(found, own=False, by=request.caller.by, at=request.at)
    row = optouts.of(found)
    return OptOutTold(
        creator=str(found.pk), wants_messages=row is None, own=row.own if row else None, at=row.at if row else None
    )


def _letters(request: Call, campaign: str, body: DraftGiven) -> tuple[writing.Draft, list[writing.Letter]]:
    found = campaigns.find(request, campaign)
    template = templates.find(request, body.template) if body.template else None
    wanted: list[Any] = [
        pages.find(found.participants.filter(account__gone_at=None), pk, "participant").pk
        for pk in dict.fromkeys(body.participants)
    ]
    draft = writing.Draft(
        body.subject or (template.subject if template else ""),
        body.body or (template.body if template else ""),
        template,
        body.channel,
        sender=str(request.caller.user or request.workspace),
    )
    return draft, writing.letters(writing.rows(found, wanted), draft)
