"""Why a post that somebody looks for is not there: one cause and one thing to do about it (PUB-06).

Nothing is asked of TikTok, and nothing is read from what creators wrote. What is looked at, in this order, where the
first that fits is the cause (`causes` says what to do about each):

| cause             | fits when                                                                 |
|-------------------|---------------------------------------------------------------------------|
| `not_a_post`      | what was pasted names no TikTok post: a profile, another site, anything   |
| `short_link`      | it is a short link, and only TikTok knows where that leads                |
| `removed`         | the post was in a campaign and was taken down                             |
| `here`            | it is in the campaign; asked without one: in any                          |
| `other_campaign`  | it is in another campaign than the one asked about                        |
| `hidden`          | only the former source knew it, so it is hidden until it is purged        |
| `purged`          | it was purged, as whoever purges says (`ON_MISSING`)                      |
| `in_review`       | it was handed in for an order and TikTok's review is not over             |
| `rejected`        | it was handed in, and TikTok or the brand refused it or took it down      |
| `archived`        | the campaign was put away, so that its orders are not followed            |
| `unknown_account` | its author is not in the list of creators                                 |
| `account_gone`    | its author was deleted                                                    |
| `grant_over`      | no order runs, and the author's consent was withdrawn or has lapsed       |
| `unsupported`     | no order runs, and the account can't be tracked                           |
| `wrong_account`   | another account of the same creator has the order, this one none          |
| `no_participant`  | its author takes no part in the campaign                                  |
| `no_order`        | its author has no order that runs in the campaign                         |
| `no_campaign`     | asked without a campaign: the post is known, and no order runs            |
| `not_read_yet`    | asked without a campaign: the post is not known, and no order runs        |
| `outside_dates`   | it was published before the campaign's first day or after its last        |
| `id_late`         | an order has a post whose id TikTok does not tell yet, for up to 48 hours |
| `not_read_yet`    | it is younger than two days and was not read yet                          |
| `order_full`      | every post that was ordered is there already                              |
| `link_unused`     | neither link nor code was used; `link_unused_no_code` if there is none    |
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from greenroom.campaigns.causes import CAUSES
from greenroom.campaigns.models import Campaign, CampaignPost, Deliverable, Order, Participant
from greenroom.core.models import Event, Workspace
from greenroom.creators.models import Account, Connection, Post
from greenroom.tiktok import links

LONGEST = 2000
FRESH = timedelta(hours=48)
_LINK = re.compile(r"(?:https?://)?(?:[\w-]+\.)*tiktok\.com/[^\s<>\"“”]*", re.IGNORECASE)
_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad]+")


@dataclass(frozen=True)
class Diagnosis:
    """One cause and one thing to do. `action` names where `label` leads; its row, if it needs one, is among the rest.

    `code` is the campaign code to send; `next_at` is when TikTok is asked next, where waiting helps.
    """

    cause: str
    words: str
    what_to_do: str
    label: str
    action: str
    item_id: str = ""
    handle: str = ""
    code: str = ""
    url: str = ""
    next_at: datetime | None = None
    post: Post | None = None
    account: Account | None = None
    campaign: Campaign | None = None
    order: Order | None = None
    participant: Participant | None = None


ON_MISSING: list[Callable[[Workspace, str], str]] = []
"""Modules above that purge posts: "on 3 March 2026" for a post (by TikTok's id) that was purged then, else nothing."""


def diagnose(workspace: Workspace, url: str, *, campaign: Campaign | None = None, at: datetime) -> Diagnosis:
    """Why the post behind a pasted address is not in `campaign`, or without one not in any; see the table above."""
    case = Case(workspace, pasted(url), campaign, at)
    found = next(told for check in CHECKS if (told := check(case)) is not None)
    return replace(found, item_id=case.item_id, handle=case.handle)


def pasted(text: str) -> str:
    """The address in what was pasted: without what is around it and without characters nobody sees."""
    clean = _UNSEEN.sub(" ", text[:LONGEST].replace("\x00", "")).strip(" '\"<>“”")
    found = _LINK.search(clean)
    return found[0].rstrip(".,;!)") if found else clean


class Case:
    """One question, and what is known about it; each thing is looked up once, when it is first needed."""

    def __init__(self, workspace: Workspace, text: str, campaign: Campaign | None, at: datetime) -> None:
        self.workspace, self.text, self.asked, self.at = workspace, text, campaign, at
        self.item_id = self.named = self.wrong = ""
        try:
            self.item_id, self.named = links.post(text)
        except ValueError as wrong:
            self.wrong = str(wrong)
        if not self.item_id.isdecimal() or not self.item_id.isascii():
            self.item_id = self.named = ""
            self.wrong = self.wrong or "That is no address of a TikTok post"

    def because(self, cause: str, **more: object) -> Diagnosis:
        """The diagnosis with the words of its cause; `more` are rows and what the words name."""
        words, what_to_do, label, action = CAUSES[cause]
        where = more.get("campaign") or self.asked
        names = {
            "who": f"@{self.handle}" if self.handle else "the author",
            "campaign": str(where) if where else "the campaign",
            "order": more.get("order"),
            "why": more.pop("why", ""),
            "day": f"{self.when:%-d %B %Y}" if self.when else "",
        }
        rows = {"post": self.post, "account": self.account, "campaign": where, **more}
        return Diagnosis(cause, words.format(**names), what_to_do.format(**names), label, action, **rows)  # type: ignore[arg-type]

    @cached_property
    def post(self) -> Post | None:
        """The post, also a hidden one; one that is in a campaign first."""
        rows = Post.everything.within(self.workspace).filter(item_id=self.item_id)
        found: list[Post] = list(rows.select_related("account", "entry__campaign").order_by("pk"))
        return next((one for one in found if hasattr(one, "entry")), found[0] if found else None)

    @cached_property
    def entry(self) -> CampaignPost | None:
        return getattr(self.post, "entry", None)

    @cached_property
    def account(self) -> Account | None:
        """The post's author, by our own record; else by the handle in the address."""
        if self.post is not None:
            return self.post.account
        rows = Account.everyone.within(self.workspace).filter(handle__iexact=self.named) if self.named else None
        return rows.first() if rows is not None else None

    @property
    def handle(self) -> str:
        return self.account.handle if self.account else self.named

    @cached_property
    def when(self) -> datetime | None:
        """When it was published, or uploaded, as TikTok's ids tell."""
        return self.post.posted_at if self.post else links.made_at(self.item_id)

    @cached_property
    def orders(self) -> list[Order]:
        """Orders of the author that run: of the campaign, or without one of any that is not put away; newest first."""
        rows = Order.objects.filter(account=self.account, state__in=Order.LIVE).order_by("-pk")
        rows = rows.filter(campaign=self.asked) if self.asked else rows.exclude(campaign__state="archived")
        return list(rows.select_related("campaign", "participant__account", "account").prefetch_related("deliverables"))

    @cached_property
    def participant(self) -> Participant | None:
        rows = Participant.objects.filter(campaign=self.asked, account=self.account)
        return rows.select_related("account").first() if self.asked and self.account else None


def _not_a_post(case: Case) -> Diagnosis | None:
    if case.item_id or _is_short(case.text):
        return None
    return case.because("not_a_post", why=case.wrong)


def _short_link(case: Case) -> Diagnosis | None:
    if case.item_id:
        return None
    return case.because("short_link", url=f"https://{case.text.partition('://')[2] or case.text}")


def _in_a_campaign(case: Case) -> Diagnosis | None:
    if case.entry is None or (case.post is not None and case.post.hidden_at is not None):
        return None
    where = case.entry.campaign
    if case.entry.removed_at is not None:
        return case.because("removed", campaign=where, why=_in_brackets(case.entry.removed_why))
    here = case.asked is None or where.pk == case.asked.pk
    return case.because("here" if here else "other_campaign", campaign=where)


def _hidden(case: Case) -> Diagnosis | None:
    return case.because("hidden") if case.post is not None and case.post.hidden_at is not None else None


def _purged(case: Case) -> Diagnosis | None:
    if case.post is not None:
        return None
    words = next((told for ask in ON_MISSING if (told := ask(case.workspace, case.item_id))), "")
    return case.because("purged", why=f" {words}") if words else None


def _in_review(case: Case) -> Diagnosis | None:
    rows = Deliverable.objects.within(case.workspace).filter(video_id=case.item_id)
    place = rows.select_related("order__campaign", "order__account").first()
    if place is None:
        return None
    cause = "in_review" if place.state == "uploaded" else "id_late"
    return case.because(cause, order=place.order, campaign=place.order.campaign, next_at=place.order.campaign.due_at)


def _rejected(case: Case) -> Diagnosis | None:
    told = Event.objects.filter(workspace=case.workspace, name="deliverable.open", data__video=case.item_id)
    last = told.order_by("-pk").first()
    if last is None or last.data.get("why") not in ("rejected", "removed"):
        return None
    rows = Order.objects.within(case.workspace).select_related("campaign", "account")
    order = rows.filter(pk=last.data.get("order")).first()
    if order is None or (case.asked is not None and order.campaign_id != case.asked.pk):
        return None
    why = _in_brackets(str(last.data.get("reason") or ""))
    return case.because("rejected", order=order, campaign=order.campaign, why=why)


def _archived(case: Case) -> Diagnosis | None:
    return case.because("archived") if case.asked is not None and case.asked.state == "archived" else None


def _account(case: Case) -> Diagnosis | None:
    """What is wrong with the author, before any order is looked at."""
    if case.account is None:
        return case.because("unknown_account" if case.named else "not_a_post", why="" if case.named else ID_ALONE)
    if case.account.gone_at is not None:
        return case.because("account_gone")
    if case.orders or case.account.supported:
        return None
    over = Connection.objects.filter(account=case.account, state__in=("revoked", "lapsed")).exists()
    return case.because("grant_over" if over else "unsupported")


def _wrong_account(case: Case) -> Diagnosis | None:
    if case.orders or case.participant is not None or case.account is None:
        return None
    rows = Order.objects.filter(account__creator=case.account.creator_id, state__in=Order.LIVE)
    rows = rows.filter(campaign=case.asked) if case.asked else rows.exclude(campaign__state="archived")
    order = rows.exclude(account=case.account).select_related("campaign", "account").order_by("-pk").first()
    return case.because("wrong_account", order=order, campaign=order.campaign) if order else None


def _no_order(case: Case) -> Diagnosis | None:
    if case.orders:
        return None
    if case.asked is None:
        return case.because("not_read_yet" if case.post is None else "no_campaign")
    if case.participant is None:
        return case.because("no_participant")
    return case.because("no_order", participant=case.participant)


def _outside_dates(case: Case) -> Diagnosis | None:
    fitting = [one for one in case.orders if _within(one.campaign, case.when)]
    if fitting:
        return None
    return case.because("outside_dates", campaign=case.orders[0].campaign)


def _id_late(case: Case) -> Diagnosis | None:
    for order in case.orders:
        nameless = any(one.state != "open" and not one.video_id for one in order.deliverables.all())
        if nameless and not (case.when and order.created_at and case.when < order.created_at):
            return case.because("id_late", order=order, campaign=order.campaign, next_at=order.campaign.due_at)
    return None


def _not_read_yet(case: Case) -> Diagnosis | None:
    if case.post is not None or case.account is None or not case.account.supported:
        return None
    return case.because("not_read_yet") if case.when and case.when > case.at - FRESH else None


def _order_full(case: Case) -> Diagnosis | None:
    if _open(case) is not None:
        return None
    order = case.orders[0]
    return case.because("order_full", order=order, campaign=order.campaign, participant=order.participant)


def _link_unused(case: Case) -> Diagnosis:
    order = _open(case) or case.orders[0]
    told = {"order": order, "campaign": order.campaign, "participant": order.participant}
    if not order.code:  # TikTok's newer interface gives none
        return case.because("link_unused_no_code", **told)
    return case.because("link_unused", code=order.code, **told)


CHECKS: tuple[Callable[[Case], Diagnosis | None], ...] = (
    _not_a_post,
    _short_link,
    _in_a_campaign,
    _hidden,
    _purged,
    _in_review,
    _rejected,
    _archived,
    _account,
    _wrong_account,
    _no_order,
    _outside_dates,
    _id_late,
    _not_read_yet,
    _order_full,
    _link_unused,
)
ID_ALONE = "A number alone does not say whose post it is"


def _open(case: Case) -> Order | None:
    """The order whose code can tie the post: one with an open place, in whose campaign's dates the post is."""
    rows = [one for one in case.orders if any(place.state == "open" for place in one.deliverables.all())]
    fitting = [one for one in rows if _within(one.campaign, case.when)]
    return min(fitting, key=lambda one: (not one.code, one.pk), default=None)


def _within(campaign: Campaign, when: datetime | None) -> bool:
    day = when.astimezone(UTC).date() if when else None
    starts, ends = campaign.starts_on, campaign.ends_on
    return day is None or not ((starts and day < starts) or (ends and day > ends))


def _is_short(text: str) -> bool:
    host, _, path = (text.partition("://")[2] or text).casefold().partition("/")
    return host in links.SHORT_HOSTS or (host in ("tiktok.com", "www.tiktok.com", "m.tiktok.com") and path[:2] == "t/")


def _in_brackets(why: str) -> str:
    return f" ({why})" if why else ""
