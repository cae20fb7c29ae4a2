"""Spark Ads: asking a creator to let a post be advertised, the code, the steps in Ads Manager, boosts."""

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import Field

from greenroom.api import pages
from greenroom.api.caller import Call
from greenroom.api.campaigns import SparkDays
from greenroom.api.edges import reads, writes
from greenroom.api.problems import missing
from greenroom.api.shapes import MOST, Given, Id, Moment, Narrowed, Page, Text, Told, at_utc, one_of, whole_number
from greenroom.core.access import Can
from greenroom.creators.models import Post
from greenroom.spark import asking, boosts, following, guide
from greenroom.spark.models import Boost, SparkAuthorization

router = Router(tags=["spark ads"])
WHY = (
    "Why a field that is null is so, by its name: not_requested, not_answered, declined, expired, revoked, not_yours, "
)


class StepTold(Told):
    """One of the five steps in TikTok Ads Manager."""

    number: int
    words: str
    done: bool
    by: str | None
    at: datetime | None


class BoostTold(Told):
    """A time in which a post was advertised. What it brought counts on the post itself."""

    id: Id
    post: Id
    started_at: datetime
    ended_at: datetime | None = Field(description="Null: it runs.")
    told_by: str = Field(description="tiktok or person.")
    spend_minor: int | None = Field(description="In the currency's smallest units; null: nobody noted it.")
    currency: str | None
    by: str

    @classmethod
    def of(cls, row: Boost) -> "BoostTold":
        return cls(
            id=str(row.pk),
            post=str(row.post_id),
            started_at=row.started_at,
            ended_at=at_utc(row.ended_at),
            told_by=row.told_by,
            spend_minor=row.spend_minor,
            currency=row.currency or None,
            by=row.by,
        )


class SparkTold(Told):
    """Whether a post may be run as a Spark Ad. There is none before somebody asked or the code came."""

    id: Id
    post: Id
    item_id: str
    account: Id
    handle: str
    state: str = Field(description=f"One of {', '.join(SparkAuthorization.STATES)}.")
    days_asked: int
    days_given: int | None = Field(description="The creator may give other days than were asked.")
    code: str | None = Field(
        description="Lets whoever has it promote the post: told to those who may run campaigns, while it works."
    )
    since: datetime | None
    until: datetime | None = Field(description="The real end, as TikTok says.")
    ends_soon: bool = Field(description="Does a code that works end within seven days?")
    in_use: bool = Field(description="Does an advertiser use the code?")
    more_asked_at: datetime | None = Field(description="More time was asked for then, without an answer yet.")
    asked_at: datetime | None = Field(description="When TikTok took the last request.")
    waits: bool = Field(description="A request is on its way to TikTok.")
    requests_left: int | None = Field(description="TikTok passes on 30 requests until the creator answers.")
    refusal: str | None = Field(description="TikTok's words when it did not take the last request.")
    steps: list[StepTold]
    boosts: list[BoostTold]
    reasons: dict[str, str] = Field(description=WHY + "not_told, not_read_yet.")
    read_at: datetime | None
    by: str

    @classmethod
    def of(cls, row: SparkAuthorization, request: Call) -> "SparkTold":
        works, at = row.works(request.at), request.at
        told: dict[str, Any] = {
            "days_given": row.days_given,
            "code": row.code if works and Can.CAMPAIGNS_WRITE in request.caller.permissions else None,
            "since": at_utc(row.since),
            "until": at_utc(row.until),
            "requests_left": row.requests_left,
            "read_at": at_utc(row.read_at),
        }
        state = "expired" if row.state == "authorized" and not works else row.state
        return cls(
            id=str(row.pk),
            post=str(row.post_id),
            item_id=row.post.item_id,
            account=str(row.post.account_id),
            handle=row.post.account.handle,
            state=state,
            days_asked=row.days_asked,
            ends_soon=row.ends_soon(at),
            in_use=row.in_use,
            more_asked_at=at_utc(row.more_asked_at),
            asked_at=at_utc(row.asked_at),
            waits=bool(row.wish),
            refusal=row.refusal or None,
            steps=[_step(line) for line in guide.progress(row)],
            boosts=[BoostTold.of(one) for one in Boost.objects.filter(post=row.post_id)],
            reasons={name: _why(name, state) for name, value in told.items() if value is None},
            by=row.by,
            **told,
        )


class SparkAsked(Narrowed):
    campaign: Id | None = None
    account: Id | None = None
    state: one_of(*SparkAuthorization.STATES) | None = None  # type: ignore[valid-type]
    ends_before: Moment | None = Field(None, description="Codes that work and end before then.")


class SparkRequest(Given):
    days: SparkDays
    extend: bool = Field(False, description="Ask for more time for a code that works.")


class StepGiven(Given):
    step: whole_number(1, 5)  # type: ignore[valid-type]
    done: bool = True


class BoostGiven(Given):
    started_at: Moment
    ended_at: Moment | None = None
    spend_minor: whole_number(0, boosts.MOST_MINOR, "In the currency's smallest units.") | None = None  # type: ignore[valid-type]
    currency: Text = Field("", max_length=3, description="ISO 4217, with `spend_minor`.")


class BoostEnd(Given):
    ended_at: Moment


LEADS = {
    "get_spark": "post=post",
    "look_after_spark": "post=post",
    "get_post": "post=post",
    "get_account": "account=account",
}


@reads(router, "/spark", needs=Can.CAMPAIGNS_READ, gives=Page[SparkTold], leads=LEADS)
def list_spark(request: Call, workspace: str, asked: Query[SparkAsked]) -> Page[SparkTold]:
    """How the posts of the workspace, of a campaign or of an account stand with Spark Ads."""
    rows = _rows(request)
    if asked.campaign is not None:
        rows = rows.filter(post__entry__campaign=min(int(asked.campaign), MOST))
    if asked.account is not None:
        rows = rows.filter(post__account=min(int(asked.account), MOST))
    if asked.state == "expired":
        rows = rows.filter(state__in=("expired", "authorized")).exclude(state="authorized", until__gt=request.at)
    elif asked.state == "authorized":
        rows = rows.filter(state="authorized", until__gt=request.at)
    elif asked.state:
        rows = rows.filter(state=asked.state)
    if asked.ends_before is not None:
        rows = rows.filter(state="authorized", until__gt=request.at, until__lt=asked.ends_before)
    return pages.page(rows, asked, lambda row: SparkTold.of(row, request), of=SparkTold)


@reads(router, "/posts/{post}/spark", needs=Can.CAMPAIGNS_READ, gives=SparkTold)
def get_spark(request: Call, workspace: str, post: Id) -> SparkTold:
    """How one post stands: the state, the real end, the code while it works, the steps, the boosts.

    404 with a sentence while nobody has asked and no code came.
    """
    return SparkTold.of(_find(request, post), request)


@writes(router, "/posts/{post}/spark", needs=Can.CAMPAIGNS_WRITE, gives=SparkTold)
def request_spark(request: Call, workspace: str, post: Id, body: SparkRequest) -> SparkTold:
    """Ask the creator to let a post be advertised, remind them, or ask for more time.

    TikTok is asked a moment later; `waits` says that the request is on its way. A second request is a reminder.
    """
    found = _post(request, post)
    if body.extend:
        asking.extend(_find(request, post), days=body.days, by=request.caller.by, at=request.at)
    else:
        asking.request(found, days=body.days, by=request.caller.by, at=request.at)
    return SparkTold.of(_find(request, post), request)


@writes(router, "/posts/{post}/spark/look", needs=Can.CAMPAIGNS_WRITE, gives=SparkTold)
def look_after_spark(request: Call, workspace: str, post: Id) -> SparkTold:
    """Have TikTok asked now. The answer is in the row a moment later, see `read_at`."""
    following.soon(_find(request, post), at=request.at)
    return SparkTold.of(_find(request, post), request)


@writes(router, "/posts/{post}/spark/steps", needs=Can.CAMPAIGNS_WRITE, gives=SparkTold)
def tick_spark_step(request: Call, workspace: str, post: Id, body: StepGiven) -> SparkTold:
    """Tick a step of the guide to TikTok Ads Manager, or take the tick back."""
    guide.tick(_find(request, post), body.step, done=body.done, by=request.caller.by, at=request.at)
    return SparkTold.of(_find(request, post), request)


@writes(router, "/posts/{post}/boosts", needs=Can.CAMPAIGNS_WRITE, gives=BoostTold, status=201)
def note_boost(request: Call, workspace: str, post: Id, body: BoostGiven) -> BoostTold:
    """Note that a post was advertised. Where TikTok tells no split, its figures are organic and paid from then on."""
    told = {name: getattr(body, name) for name in type(body).model_fields}
    made = boosts.note_boost(_post(request, post), **told, by=request.caller.by, at=request.at)
    return BoostTold.of(made)


@writes(router, "/boosts/{boost}/end", needs=Can.CAMPAIGNS_WRITE, gives=BoostTold)
def end_boost(request: Call, workspace: str, boost: Id, body: BoostEnd) -> BoostTold:
    """Note that a boost is over. Refused while TikTok says that an advertiser uses the code."""
    rows = Boost.objects.within(request.workspace).select_related("post", "workspace")
    found = pages.find(rows, boost, "boost")
    return BoostTold.of(boosts.end_boost(found, ended_at=body.ended_at, by=request.caller.by, at=request.at))


def _step(line: guide.Line) -> StepTold:
    words = "".join(part.text for part in line.parts)
    return StepTold(number=line.number, words=words, done=line.done, by=line.by or None, at=at_utc(line.at))


def _why(name: str, state: str) -> str:
    if name == "read_at":
        return "not_read_yet"
    if name == "requests_left":
        return "not_told"
    if state == "authorized":
        return "not_yours"
    return "not_answered" if state == "requested" else state


def _rows(request: Call) -> Any:
    rows = SparkAuthorization.objects.within(request.workspace).filter(post__hidden_at=None)
    return rows.select_related("post__account", "workspace").prefetch_related("post__boosts")


def _post(request: Call, post: str) -> Post:
    rows = Post.objects.within(request.workspace).select_related("account", "workspace")
    found: Post = pages.find(rows, post, "post")
    return found


def _find(request: Call, post: str) -> SparkAuthorization:
    found: SparkAuthorization | None = _rows(request).filter(post=_post(request, post)).first()
    if found is None:
        raise missing("Spark Ads authorization")
    return found
