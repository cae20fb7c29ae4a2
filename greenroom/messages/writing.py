"""Writing to participants: what each would read and why one would get nothing, and the messages that come of it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from greenroom.campaigns.models import Campaign, Participant
from greenroom.core import events
from greenroom.core.state import IllegalMove
from greenroom.messages import optouts, rendering, templates
from greenroom.messages.models import Message, Template
from greenroom.messages.placeholders import BY_NAME
from greenroom.messages.values import values

MOST = 1000  # recipients of one action


@dataclass(frozen=True)
class Draft:
    """What is written, before it is anybody's. `sender` is named in it, `reply_to` gets the answers."""

    subject: str
    body: str
    template: Template | None = None
    channel: str = Message.Channel.EMAIL
    sender: str = ""
    reply_to: str = ""

    def checked(self) -> "Draft":
        """The same as it is rendered. Raises BadInput."""
        subject, body = templates.checked_text(subject=self.subject, body=self.body)
        return Draft(subject, body, self.template, self.channel, self.sender, self.reply_to)


@dataclass(frozen=True)
class Blocked:
    """Why somebody would get nothing: `code` for machines, `words` for people."""

    code: str
    words: str


@dataclass(frozen=True)
class Letter:
    """What one participant reads, byte for byte; or why there is nothing to read."""

    participant: Participant
    to: str
    subject: str
    body: str
    blocked: tuple[Blocked, ...] = ()


def rows(campaign: Campaign, ids: Iterable[int] | None = None) -> list[Participant]:
    """Participants with all that a letter needs; without `ids` all of the campaign."""
    found = campaign.participants.filter(account__gone_at=None)
    if ids is not None:
        found = found.filter(pk__in=list(ids)[:MOST])
    ready = found.select_related("account__creator__workspace", "campaign", "workspace")
    ready = ready.annotate(spark_days=Max("posts__post__spark__days_asked"))  # asked for single posts
    return list(ready.prefetch_related("orders__deliverables")[:MOST])


def letters(participants: Sequence[Participant], draft: Draft) -> list[Letter]:
    """What each of them (from `rows`) would read (MSG-05). Raises BadInput for a draft nobody could."""
    ready = draft.checked()
    out = optouts.among(one.account.creator_id for one in participants)
    return [_letter(one, ready, opted_out=one.account.creator_id in out) for one in participants]


def digest(shown: Sequence[Letter]) -> str:
    """A fingerprint of what was shown, to tell whether what would be sent is still the same."""
    told = [(one.participant.pk, one.to, one.subject, one.body, [why.code for why in one.blocked]) for one in shown]
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def send(
    campaign: Campaign, shown: Sequence[Letter], draft: Draft, *, once: str, by: str, at: datetime, rule: str = ""
) -> list[Message]:
    """Keep the letters and queue those that can be sent, all or none. Who is blocked is logged with the reason.

    `once` is the key of this action: with the same key again, what it made the first time is returned.
    """
    try:
        with transaction.atomic():
            return [_keep(campaign, one, draft, once=f"{once}:{one.participant.pk}", by=by, at=at, rule=rule)
                    for one in shown]  # fmt: skip
    except IntegrityError:
        keys = [f"{once}:{one.participant.pk}" for one in shown]
        return list(Message.objects.within(campaign.workspace_id).filter(once__in=keys))


def again(message: Message, *, by: str, at: datetime) -> None:
    """Send what failed once more, as it is kept. Raises IllegalMove, LostRace."""
    if not message.body:
        raise IllegalMove("The text of this message is gone; write a new one")
    with transaction.atomic():
        message.move("queued", by=by, at=at, **_told(message))
        Message.objects.filter(pk=message.pk).update(
            due_at=at, begun_at=None, tries=0, failures=0, last_error="", reason="", words=""
        )


def _letter(participant: Participant, draft: Draft, *, opted_out: bool) -> Letter:
    creator = participant.account.creator
    by_mail = draft.channel == Message.Channel.EMAIL
    worth = values(participant, sender=draft.sender)
    subject, body = rendering.render(draft.subject, worth), rendering.render(draft.body, worth)
    foot = rendering.render(_foot(participant) if by_mail else "", {})
    blocked = [Blocked("no_value", BY_NAME[name].missing)
               for name in dict.fromkeys((*subject.missing, *body.missing))]  # fmt: skip
    if subject.braces or body.braces or foot.braces or rendering.BRACES.search(subject.text + "\n" + body.text):
        words = "The text or a value in it has {{ or }} in it, which would look like a placeholder that was forgotten."
        blocked.append(Blocked("braces", words))
    if opted_out:
        blocked.append(Blocked("opted_out", f"{creator.name} wants no messages."))
    if by_mail and not creator.email:
        blocked.append(Blocked("no_address", f"No e-mail address of {creator.name} is known."))
    fit = subject.fit and body.fit and foot.fit
    return Letter(
        participant,
        to=creator.email if by_mail else "",
        subject=rendering.one_line(subject.text) if fit else "",
        body=body.text + foot.text if fit else "",
        blocked=tuple(blocked),
    )


def _foot(participant: Participant) -> str:
    """The end of each e-mail: why it came, and the way to get no more."""
    way = optouts.link(participant.account.creator)
    return f"\n\n-- \nYou get this because you take part in {participant.campaign}. No more messages: {way}\n"


def _keep(campaign: Campaign, letter: Letter, draft: Draft, *, once: str, by: str, at: datetime, rule: str) -> Message:
    copied = draft.channel == Message.Channel.COPY
    state = "skipped" if letter.blocked else "copied" if copied else "queued"
    message: Message = Message.objects.create(
        workspace_id=campaign.workspace_id,
        campaign=campaign,
        participant=letter.participant,
        account=letter.participant.account,
        template=draft.template,
        template_name=draft.template.name if draft.template else "",
        template_version=draft.template.version if draft.template else None,
        rule=rule,
        channel=draft.channel,
        to=letter.to,
        reply_to=draft.reply_to,
        subject="" if letter.blocked else letter.subject,
        body="" if letter.blocked else letter.body,
        state=state,
        reason=letter.blocked[0].code if letter.blocked else "",
        words=" ".join(why.words for why in letter.blocked),
        once=once,
        due_at=at if state == "queued" else None,
        made_at=at,
        by=by,
    )
    told = _told(message)
    if state == "skipped":
        events.record(message, "skipped", by=by, at=at, reason=message.reason, **told)
    elif copied:
        events.record(message, "copied", by=by, at=at, **told)
    else:
        events.record(message, "queued", by=by, at=at, **told)
    return message


def _told(message: Message) -> dict[str, Any]:
    return {
        "handle": message.account.handle,
        "campaign": message.campaign_id,
        "template": message.template_name,
        "rule": message.rule,
    }
