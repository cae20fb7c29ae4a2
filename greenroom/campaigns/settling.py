"""From what TikTok tells of an order to where each deliverable stands. Pure, and the same however often it is asked.

TikTok does not say for which deliverable a post is, so posts take the open places in order and keep them. It may tell
that there is a post before it tells its id; such a post holds a place without an id, which is filled in later.

A person may move a post to another order's place, of which TikTok knows nothing. There it is pinned: it stays whatever
that order's readings leave out, and the readings of the order it came from `follow` it until they don't have it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from greenroom.tiktok import campaign_types as types

Stage = Literal["uploaded", "published"]
Why = Literal["rejected", "removed", "untied"]
FAILED = ("CONTENT_REVIEW_FAIL", "AD_REVIEW_FAIL", "ALL_FAIL")


@dataclass(frozen=True)
class Seen:
    """A post that is tied to the order now; `video_id` is empty while TikTok does not tell it."""

    video_id: str
    stage: Stage
    tied_at: datetime | None = None
    published_at: datetime | None = None

    @property
    def state(self) -> str:
        """The state of the deliverable that this post is for."""
        if self.stage == "uploaded":
            return "uploaded"
        return "published" if self.video_id else "published_pending_id"


@dataclass(frozen=True)
class Lost:
    """A post that was tied and is not any more: refused in review, taken down, or still out but not tied."""

    video_id: str
    why: Why
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """A deliverable as it is known so far."""

    place: int
    state: str = "open"
    video_id: str = ""
    pinned: bool = False


@dataclass(frozen=True)
class Step:
    """What a deliverable becomes: open again because of `lost`, tied to `seen`, or both one after the other."""

    place: int
    state: str
    video_id: str = ""
    seen: Seen | None = None
    lost: Lost | None = None
    kept: bool = False  # it stays as it is, whatever this reading leaves out


@dataclass(frozen=True)
class Settled:
    """Where every deliverable stands; `extra` are posts without a place left, `waiting` those another order has."""

    steps: tuple[Step, ...]
    extra: tuple[Seen, ...] = ()
    waiting: tuple[Seen, ...] = ()


def read(reviews: Iterable[types.Review]) -> tuple[list[Seen], list[Lost]]:
    """TikTok's reviews of an order as posts that are tied and posts that were."""
    seen: list[Seen] = []
    lost: list[Lost] = []
    for review in reviews:
        video_id = str(review.get("video_id") or "")
        if why := _lost(review):
            lost.append(Lost(video_id, why, str(review.get("reject_reason") or "")))
        else:
            stage: Stage = "published" if review.get("review_status") == "SUCCEED" else "uploaded"
            published = told_time(review.get("publish_time"))
            seen.append(Seen(video_id, stage, told_time(review.get("upload_time")), published))
    return seen, lost


def settle(
    places: Sequence[Place],
    seen: Sequence[Seen],
    lost: Sequence[Lost] = (),
    *,
    elsewhere: Collection[str] = (),
    away: Collection[str] = (),
) -> Settled:
    """Which deliverable each tied post is for, and which are open.

    A post keeps its place. Ids that are new go first to places that waited for one, as far as there are fewer posts
    without an id than such places; then to open places. Nothing is counted twice: one post is at one place, and what is
    at a place of another order (`elsewhere`) waits until that order lets it go, unless a person moved it there from
    this one (`away`). A pinned place is left alone, unless TikTok itself ties its post to this order.
    """
    # The last of several rows about one post.
    named = {one.video_id: one for one in seen if one.video_id and one.video_id not in away}
    held = [named.pop(one) for one in list(named) if one in elsewhere]
    nameless = sorted((one for one in seen if not one.video_id), key=lambda one: one.stage != "published")
    taken = {one.place: named.pop(one.video_id) for one in places if one.video_id in named}
    kept = {one.place for one in places if one.pinned and one.place not in taken}
    waiting = [one.place for one in sorted(places, key=_pending_first) if one.state != "open" and not one.video_id]
    new = list(named.values())
    while new and len(waiting) > len(nameless) + len(held):
        taken[waiting.pop(0)] = new.pop(0)
    while nameless and waiting:
        taken[waiting.pop(0)] = nameless.pop(0)
    kept.update(waiting[: len(held)])  # what they wait for is here, at a place it is about to leave
    rest = [*new, *nameless]
    for one in places:
        if rest and one.place not in taken and one.place not in kept:
            taken[one.place] = rest.pop(0)
    gone = _gone(lost)
    steps = (_kept(one) if one.place in kept else _step(one, taken.get(one.place), gone) for one in places)
    return Settled(tuple(steps), extra=tuple(rest), waiting=tuple(held))


def follow(place: Place, seen: Sequence[Seen], lost: Sequence[Lost] = ()) -> Step:
    """A pinned place, by a reading of the order in which TikTok has its post: it stays while that lists it."""
    named = {one.video_id: one for one in seen if one.video_id}
    return _step(place, named.get(place.video_id), _gone(lost))


def order_state(now: str, deliverables: Sequence[str]) -> str:
    """The state of an order whose deliverables are in these states; `now` where they say nothing new."""
    done = sum(state in ("published", "published_pending_id") for state in deliverables)
    if deliverables and done == len(deliverables):
        return "fulfilled"
    if done:
        return "partially_fulfilled"
    handed_in = any(state != "open" for state in deliverables)
    return "joined" if handed_in or now in ("partially_fulfilled", "fulfilled") else now


def told_time(text: object) -> datetime | None:
    """TikTok's `YYYY-MM-DD HH:MM:SS`, UTC; None for nothing and for what is no time."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) if text else None
    except ValueError:
        return None


def _lost(review: types.Review) -> Why | None:
    if review.get("video_status") == "DELETE":
        return "removed"
    if review.get("review_status") in FAILED or review.get("is_advertiser_reject"):
        return "rejected"
    return "untied" if review.get("bind_status") == "UNBIND" else None


def _gone(lost: Sequence[Lost]) -> dict[str, Lost]:
    return {one.video_id: one for one in lost if one.video_id}


def _kept(place: Place) -> Step:
    return Step(place.place, place.state, place.video_id, kept=True)


def _pending_first(place: Place) -> bool:
    return place.state != "published_pending_id"


def _step(place: Place, seen: Seen | None, gone: dict[str, Lost]) -> Step:
    left = bool(place.video_id) if seen is not None else place.state != "open"
    same = seen is not None and seen.video_id == place.video_id
    lost = gone.get(place.video_id) or Lost(place.video_id, "untied") if left and not same else None
    if seen is None:
        return Step(place.place, "open", lost=lost)
    return Step(place.place, seen.state, seen.video_id, seen, lost)
