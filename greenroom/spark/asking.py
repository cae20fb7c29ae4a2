"""Deciding that a creator is asked for their leave; `following` then asks, and reads the answer."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from greenroom.core import events, work
from greenroom.core.state import IllegalMove, LostRace
from greenroom.creators.models import Post
from greenroom.spark import ways
from greenroom.spark.models import SparkAuthorization
from greenroom.spark.refusals import BadInput, NotPossible, Refusal

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Outcome:
    """What became of one post of many. Without `done`, the words say why nobody was asked."""

    post: Post
    words: str
    done: bool = True
    authorization: SparkAuthorization | None = None


def why_not(post: Post, *, at: datetime) -> str:
    """Why Spark Ads can't be requested for this post now, and what would help; empty when they can."""
    try:
        _must_be_possible(post, SparkAuthorization.objects.filter(post=post).first(), at=at)
    except Refusal as refused:
        return refused.words
    return ""


def request(post: Post, *, days: int, by: str, at: datetime) -> SparkAuthorization:
    """Ask the creator to let the post be advertised for 7, 30, 60 or 365 days; while they are asked, remind them.

    The row is due at once and a worker asks TikTok (or `ask_now`). Raises BadInput and NotPossible.
    """
    _must_be_choice(days)
    with transaction.atomic():
        row = _locked(post)
        _must_be_possible(post, row, at=at)
        if row is None:
            told = {"workspace_id": post.workspace_id, "state": "requested", "days_asked": days, "by": by, "due_at": at}
            made = SparkAuthorization.objects.create(post=post, wish="ask", **told)
            events.record(made, "requested", by=by, at=at, **about(made))
            return made
        if row.wish:
            return row  # it is on its way already; a second click is no second request
        row.days_asked, row.wish, row.left_before, row.refusal, row.due_at = days, "ask", None, "", at
        row.by = by
        row.save(update_fields=["days_asked", "wish", "left_before", "refusal", "due_at", "by"])
        if row.state == "requested":
            events.record(row, "reminded", by=by, at=at, **about(row))
        else:
            _move_to_requested(row, by=by, at=at)
    return row


def extend(authorization: SparkAuthorization, *, days: int, by: str, at: datetime) -> SparkAuthorization:
    """Ask for more time. The code that there is works on until its end. Raises BadInput and NotPossible."""
    _must_be_choice(days)
    with transaction.atomic():
        row = _locked(authorization.post)
        if row is None or not row.works(at):
            raise NotPossible("There is no code that works. Request Spark Ads instead.", code="nothing_to_extend")
        ways.of(row.post)
        if row.requests_left == 0 and row.more_asked_at is not None:
            raise _none_left()
        if not row.wish:
            row.days_asked, row.wish, row.left_before, row.refusal, row.due_at = days, "extend", None, "", at
            row.save(update_fields=["days_asked", "wish", "left_before", "refusal", "due_at"])
            events.record(row, "extension_asked", by=by, at=at, **about(row))
    return row


def request_many(posts: Sequence[Post], *, days: int, by: str, at: datetime) -> list[Outcome]:
    """Ask for each of these posts by itself; what can't be asked for is said and stops no other. Raises BadInput."""
    _must_be_choice(days)
    if len(posts) > MOST_AT_ONCE:
        raise BadInput(f"Choose at most {MOST_AT_ONCE} posts at once.")
    outcomes = []
    for post in posts:
        try:
            row = request(post, days=days, by=by, at=at)
        except Refusal as refused:
            outcomes.append(Outcome(post, refused.words, done=False))
        else:
            outcomes.append(Outcome(post, f"Requested for {days} days", authorization=row))
    return outcomes


def with_order(post: Post, *, days: int, by: str, at: datetime) -> SparkAuthorization:
    """The order of a published post asked for ads already, so there is only the answer to be read. Twice is once."""
    told = {"workspace_id": post.workspace_id, "state": "requested", "days_asked": days, "asked_at": at, "by": by}
    row, made = SparkAuthorization.objects.get_or_create(post=post, defaults=told | {"due_at": at})
    if made:
        events.record(row, "requested", by=by, at=at, **about(row), with_order=True)
    return row


def ask_now(rows: Iterable[SparkAuthorization], *, at: datetime) -> None:
    """Ask TikTok at once, in the caller's thread; what has to wait stays with the workers.

    The objects are as they stand afterwards.
    """
    for row in rows:
        work.run_now(row, by=f"now:{secrets.token_hex(6)}", now=lambda: at)
        row.refresh_from_db()


def _must_be_choice(days: int) -> None:
    if days not in SparkAuthorization.DAYS:
        raise BadInput("Choose 7, 30, 60 or 365 days.", field="days")


def _must_be_possible(post: Post, row: SparkAuthorization | None, *, at: datetime) -> None:
    if row is not None and row.works(at):
        raise NotPossible("The creator has authorized the post already. Ask for more time instead.", code="authorized")
    ways.of(post)
    if row is not None and row.state == "requested" and row.requests_left == 0:
        raise _none_left()


def _none_left() -> NotPossible:
    words = "TikTok passes on 30 requests until the creator answers, and all are used. Write to the creator."
    return NotPossible(words, code="no_requests_left")


def _locked(post: Post) -> SparkAuthorization | None:
    rows = SparkAuthorization.objects.filter(post=post).select_related("post__account", "workspace")
    found: SparkAuthorization | None = rows.select_for_update(of=("self",)).first()
    return found


def _move_to_requested(row: SparkAuthorization, *, by: str, at: datetime) -> None:
    if row.state == "authorized":  # its time is over by the clock, and nobody has looked since
        row.move("expired", by=events.SYSTEM, at=at, **about(row))
    try:
        row.move("requested", by=by, at=at, **about(row))
    except (IllegalMove, LostRace):
        raise NotPossible("This has changed meanwhile. Look again.", code="changed") from None


def about(row: SparkAuthorization) -> dict[str, object]:
    """What every event of an authorization tells; never the code."""
    return {"post": row.post_id, "video": row.post.item_id, "handle": row.post.account.handle, "days": row.days_asked}
