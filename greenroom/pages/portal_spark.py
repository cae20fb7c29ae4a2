"""What a brand asked of a creator about advertising their videos, until when it may, and how to take it back."""

from dataclasses import dataclass
from datetime import datetime

from greenroom.campaigns.models import Participant
from greenroom.core import formats
from greenroom.spark.models import SparkAuthorization


@dataclass(frozen=True)
class Line:
    """One video: shape and words of its state, what to do. `works`: it may be advertised now."""

    title: str
    shape: str
    state: str
    words: str
    works: bool


def lines(participant: Participant, *, brand: str, at: datetime) -> list[Line]:
    """Every video of the creator in this campaign that the brand asked about, the newest first."""
    rows = SparkAuthorization.objects.within(participant.workspace_id).filter(
        post__entry__participant=participant, post__hidden_at=None
    )
    return [_line(one, brand, at) for one in rows.select_related("post").order_by("-post__posted_at")]


def _line(one: SparkAuthorization, brand: str, at: datetime) -> Line:
    title = one.post.caption[:60] or f"Video {one.post.item_id}"
    ended = formats.when(one.until)
    if one.works(at):
        words = f"{brand} may advertise it until {ended}."
        if one.more_asked_at:
            words += f" They ask for {one.days_asked} days more: answer in TikTok, under System Notifications."
        return Line(title, "live", "Running as an ad" if one.in_use else "Allowed", words, works=True)
    if one.state == "requested":
        words = f"{brand} asks to advertise it for {one.days_asked} days. Answer in TikTok, under System Notifications."
        return Line(title, "wait", "Your answer", f"{words} You may choose another time.", works=False)
    if one.state == "declined":
        words = f"{brand} may not advertise it."
        return Line(title, "", "Not answered" if one.refusal else "You said no", words, works=False)
    if one.state == "revoked":
        return Line(title, "", "Taken back", f"{brand} may not advertise it any more.", works=False)
    return Line(title, "done", "Over", f"{brand} could advertise it until {ended}.", works=False)
