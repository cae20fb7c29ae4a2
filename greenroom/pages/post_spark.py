"""The Spark Ads tab of a post, read from the rows that TikTok's answers were written into."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cached_property

from greenroom.core import formats
from greenroom.core.access import Can
from greenroom.creators.models import Post
from greenroom.pages.post_split import Split
from greenroom.pages.spark_forms import BoostForm
from greenroom.people import naming
from greenroom.spark import asking, guide
from greenroom.spark.models import Boost, SparkAuthorization

SHAPES = {"requested": "wait", "authorized": "live", "declined": "bad", "expired": "done", "revoked": "bad"}
DAY = timedelta(days=1)


class Spark:
    """What is known of the permission to advertise a post. `permissions` are those of whoever looks."""

    def __init__(self, post: Post, *, permissions: Collection[Can], at: datetime) -> None:
        self.post, self.permissions, self.at = post, permissions, at
        self.authorization: SparkAuthorization | None = getattr(post, "spark", None)
        self.split = Split(post, at=at)

    @property
    def may_write(self) -> bool:
        return Can.CAMPAIGNS_WRITE in self.permissions

    @property
    def is_running(self) -> bool:
        """May the post be advertised at this moment?"""
        mine = self.authorization
        return mine is not None and mine.state == "authorized" and (mine.until is None or mine.until > self.at)

    @property
    def is_over(self) -> bool:
        """Was it given and has it ended by now? TikTok may not have been asked since."""
        mine = self.authorization
        return mine is not None and (mine.state == "expired" or (mine.state == "authorized" and not self.is_running))

    @property
    def state(self) -> tuple[str, str]:
        """Shape and words."""
        mine = self.authorization
        if mine is None:
            return "", "Not asked for"
        return (SHAPES["expired"], "Expired") if self.is_over else (SHAPES[mine.state], mine.state_label)

    @property
    def code(self) -> str:
        """Whoever has the code can promote the post: only who runs campaigns is shown it."""
        mine = self.authorization
        return mine.code if mine is not None and self.may_write else ""

    @property
    def days(self) -> tuple[int, int] | None:
        """(left, of) in whole days; None while nothing was given."""
        mine = self.authorization
        if mine is None or mine.since is None or mine.until is None:
            return None
        whole = max(round((mine.until - mine.since) / DAY), 1)
        left = -(-max(mine.until - self.at, timedelta()) // DAY)
        return min(left, whole), whole

    @property
    def percent_left(self) -> int:
        return round(100 * self.days[0] / self.days[1]) if self.days else 0

    @property
    def differs(self) -> bool:
        """Did the creator give other days than were asked?"""
        mine = self.authorization
        return mine is not None and mine.days_given is not None and mine.days_given != mine.days_asked

    @property
    def may_ask(self) -> bool:
        """Only for a live post, and not while one runs or waits for its answer."""
        mine = self.authorization
        waits = mine is not None and mine.state == "requested"
        return self.may_write and self.is_live and not self.is_running and not waits

    @cached_property
    def why_not(self) -> str:
        """Why nobody can be asked now, and what would help; empty: they can."""
        return asking.why_not(self.post, at=self.at)

    @property
    def choices(self) -> tuple[int, ...]:
        """For how many days one may ask."""
        return SparkAuthorization.DAYS

    @cached_property
    def steps(self) -> list[tuple[guide.Line, str]]:
        """The guide's steps, each with the name of whoever ticked it."""
        lines = guide.progress(self.authorization)
        who = naming.names(self.post.workspace, [one.by for one in lines if one.by])
        return [(one, who.get(one.by, "")) for one in lines]

    @property
    def done(self) -> int:
        """How many of the steps are ticked."""
        return sum(line.done for line, _ in self.steps)

    @property
    def boost_form(self) -> BoostForm:
        return BoostForm(initial={"currency": self.post.workspace.currency})

    @property
    def open_boosts(self) -> list[Boost]:
        """Boosts somebody may say are over; of one in use TikTok says it."""
        in_use = self.authorization is not None and self.authorization.in_use
        return [] if in_use else [one for one, _ in self.boosts if one.ended_at is None]

    @property
    def is_live(self) -> bool:
        entry = getattr(self.post, "entry", None)
        return entry is None or entry.removed_at is None

    @cached_property
    def boosts(self) -> list[tuple[Boost, str]]:
        """The newest first, each with what was spent where a person noted it."""
        rows = Boost.objects.within(self.post.workspace_id).filter(post=self.post).order_by("-started_at", "-pk")
        return [(one, formats.money(one.spend_minor, one.currency)) for one in rows]
