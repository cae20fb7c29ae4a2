"""Reminders: rules that a campaign switches on. About one order or grant there is one reminder of each kind, ever."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.campaigns.refusals import BadInput
from greenroom.core import events
from greenroom.creators.models import Connection, Post
from greenroom.messages import writing
from greenroom.messages.models import Message, Reminded, Reminders, Template
from greenroom.spark.models import SparkAuthorization

EVERY = timedelta(hours=1)
MOST_DAYS = 90


@dataclass(frozen=True)
class Rule:
    """One kind of reminder. `key` names the ready-made template that it sends."""

    name: str
    template: str
    label: str
    days: str  # what its number of days means
    usual: int


RULES: tuple[Rule, ...] = (
    Rule("not_joined", "invite_link", "Not joined", "days after the order was created", 3),
    Rule("not_uploaded", "instructions", "Not uploaded", "days before the order is due", 5),
    Rule("not_linked", "forgot_link", "Posted, not linked", "days after a post that is in no order", 1),
    Rule("expiring", "authentication", "Authorisation ends", "days before it ends", 14),
    Rule("spark_ending", "spark_ads", "Spark Ads end", "days before the code ends", 7),
)
BY_NAME = {rule.name: rule for rule in RULES}


@dataclass(frozen=True)
class Need:
    """A participant who needs a reminder: `key` says what about."""

    participant: int
    key: str


def rules_of(campaign: Campaign) -> dict[str, int | None]:
    """{rule: days, or None where it is off}."""
    row = Reminders.objects.filter(campaign=campaign).first()
    return {rule.name: getattr(row, rule.name, None) for rule in RULES}


def set_rules(campaign: Campaign, rules: dict[str, int | None], *, by: str, at: datetime) -> Reminders:
    """Switch rules on (days) or off (None); what is not named stays. Raises BadInput."""
    for name, days in rules.items():
        if name not in BY_NAME:
            raise BadInput(f"Choose one of: {', '.join(BY_NAME)}.", field=name)
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise BadInput(f"Choose 1 to {MOST_DAYS} days.", field=name)
    with transaction.atomic():
        row, _ = Reminders.objects.get_or_create(campaign=campaign, defaults={"workspace_id": campaign.workspace_id})
        before = {name: getattr(row, name) for name in rules}
        if before != rules:
            Reminders.objects.filter(pk=row.pk).update(**rules, due_at=at)
            row.refresh_from_db()
            events.record(row, "changed", by=by, at=at, campaign=campaign.pk, before=before, after=rules)
    return row


def remind(row: Reminders, *, at: datetime) -> datetime | None:
    """Write the reminders that are due now; returns when to look again, None while all are off."""
    on = [(rule, days) for rule in RULES if (days := getattr(row, rule.name)) is not None]
    if not on:
        return None
    if row.campaign.state == "active":
        for rule, days in on:
            template = Template.objects.within(row.workspace_id).filter(key=rule.template).first()
            if template is not None:
                _write(row.campaign, rule, template, NEEDS[rule.name](row.campaign, days, at), at=at)
    return at + EVERY


def not_joined(campaign: Campaign, days: int, at: datetime) -> list[Need]:
    """Orders that were created so many days ago and nobody joined."""
    rows = Order.objects.filter(campaign=campaign, state="created", created_at__lte=at - timedelta(days=days))
    return _of_orders("not_joined", rows)


def not_uploaded(campaign: Campaign, days: int, at: datetime) -> list[Need]:
    """Orders that are due in so many days or less and lack a post."""
    last = at.date() + timedelta(days=days)
    rows = _lacking(campaign).filter(due_on__range=(at.date(), last))
    return _of_orders("not_uploaded", rows)


def not_linked(campaign: Campaign, days: int, at: datetime) -> list[Need]:
    """Orders that lack a post although the creator has published one since, so many days ago, that is in no order.

    Whether it was meant for this campaign TikTok does not tell, so the reminder asks.
    """
    tied = Deliverable.objects.filter(post=OuterRef("pk"))
    posts = Post.objects.filter(
        account=OuterRef("account"), posted_at__gte=OuterRef("created_at"), posted_at__lte=at - timedelta(days=days)
    )
    rows = _lacking(campaign).filter(Exists(posts.exclude(basis=Post.Basis.ORDER).filter(~Exists(tied))))
    return _of_orders("not_linked", rows)


def expiring(campaign: Campaign, days: int, at: datetime) -> list[Need]:
    """Grants of participants that end within so many days; a new grant's end is another one."""
    ends = (at, at + timedelta(days=days))
    grants = Connection.objects.filter(state__in=Connection.LIVE, refresh_expires_at__range=ends)
    rows = campaign.participants.filter(account__connections__in=grants).values_list(
        "pk", "account__connections", "account__connections__refresh_expires_at"
    )
    live = set(grants.values_list("pk", flat=True))
    return [Need(pk, f"expiring:{grant}:{until:%Y-%m-%d}") for pk, grant, until in rows if grant in live]


def spark_ending(campaign: Campaign, days: int, at: datetime) -> list[Need]:
    """Codes of Spark Ads that end within so many days and nobody has asked to lengthen; a later end is another one."""
    rows = SparkAuthorization.objects.within(campaign.workspace_id).filter(
        post__entry__campaign=campaign,
        state="authorized",
        more_asked_at=None,
        until__range=(at, at + timedelta(days=days)),
    )
    told = rows.exclude(post__entry__participant=None).values_list("pk", "post__entry__participant", "until")
    return [Need(participant, f"spark:{pk}:{until:%Y-%m-%d}") for pk, participant, until in told]


NEEDS = {
    "not_joined": not_joined,
    "not_uploaded": not_uploaded,
    "not_linked": not_linked,
    "expiring": expiring,
    "spark_ending": spark_ending,
}


def _lacking(campaign: Campaign) -> "QuerySet[Order]":
    states = ("created", "joined", "partially_fulfilled")
    missing = Deliverable.objects.filter(order=OuterRef("pk"), state="open")
    found: QuerySet[Order] = Order.objects.filter(Exists(missing), campaign=campaign, state__in=states)
    return found


def _of_orders(rule: str, rows: Iterable[Order]) -> list[Need]:
    return [Need(order.participant_id, f"{rule}:{order.pk}") for order in rows]


def _write(campaign: Campaign, rule: Rule, template: Template, needs: list[Need], *, at: datetime) -> None:
    """One message to each participant, about all of their orders that had none yet."""
    told = set(Reminded.objects.filter(key__in=[need.key for need in needs]).values_list("key", flat=True))
    keys: dict[int, list[str]] = {}
    for need in needs:
        if need.key not in told:
            keys.setdefault(need.participant, []).append(need.key)
    draft = writing.Draft(template.subject, template.body, template, sender=campaign.workspace.name)
    people = writing.rows(campaign, keys)
    for letter in writing.letters(people, draft) if people else ():
        _remind(campaign, rule, draft, letter, sorted(keys[letter.participant.pk]), at=at)


def _remind(
    campaign: Campaign, rule: Rule, draft: writing.Draft, letter: writing.Letter, keys: list[str], *, at: datetime
) -> None:
    """The message and what it is about, together. A blocked one is logged once, and goes when nothing blocks it."""
    once = f"{'skipped:' if letter.blocked else ''}{keys[0]}"
    if Message.objects.filter(once=f"{once}:{letter.participant.pk}").exists():
        return
    try:
        with transaction.atomic():
            made = writing.send(campaign, [letter], draft, once=once, by=events.SYSTEM, at=at, rule=rule.name)
            if not letter.blocked:
                rows = [Reminded(workspace_id=campaign.workspace_id, key=key, message=made[0]) for key in keys]
                Reminded.objects.bulk_create(rows)
    except IntegrityError:  # somebody else was faster; theirs is the one
        return
