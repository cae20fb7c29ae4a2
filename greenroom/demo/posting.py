"""LAUNCH after its posts are out: a post by hand, Spark Ads for other days than asked, an old source that is left."""

import io
from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from rich.table import Table

from greenroom.campaigns.models import Campaign, CampaignPost
from greenroom.core import clock, events
from greenroom.core.models import Workspace
from greenroom.creators.models import Post
from greenroom.demo.launch import NAME, wait_until
from greenroom.demo.processes import Stage
from greenroom.demo.visitor import Visitor
from greenroom.imports import actions as imports
from greenroom.metrics import actions as metrics
from greenroom.metrics.definitions import METRICS, of_row
from greenroom.metrics.query import Query
from greenroom.metrics.tabulate import words
from greenroom.observations import availability
from greenroom.purges.models import Purge, Tombstone
from greenroom.spark.models import SparkAuthorization

ASKED, GIVEN = 30, 7  # days for which ANA is asked to let her post be advertised, and for which she does
OLD_ID = "6800000000000000001"
OLD_FILE = (
    "handle,post id,posted at,views,likes,comments,shares\n"
    f"dov,{OLD_ID},2023-11-05 10:00:00,48211,3120,95,210\n"
)  # fmt: skip


class Posting:
    """The acts; staff is signed in, every stream was read once. Each raises Stuck, or RuntimeError."""

    def __init__(self, stage: Stage, workspace: Workspace, staff: Visitor) -> None:
        self.stage, self.workspace, self.staff = stage, workspace, staff

    def acts(self) -> Iterator[tuple[str, Callable[[], object]]]:
        yield "What the former source knew of DOV's post comes in", self.bring_the_old
        yield "A post of CYD is added to LAUNCH by hand", self.add_by_hand
        yield f"ANA is asked for Spark Ads for {ASKED} days and gives {GIVEN}", self.ask_for_spark
        yield "The former source is left: its post is hidden, purged, certified", self.leave_the_old

    def bring_the_old(self) -> None:
        made = imports.upload(
            self.workspace, kind="posts", file=io.BytesIO(OLD_FILE.encode()), name="former-source.csv", former=True,
            campaign=self._campaign, by=events.SYSTEM, at=clock.now(), here=True,
        )  # fmt: skip
        imports.start(made, by=events.SYSTEM, at=clock.now())
        wait_until(lambda: CampaignPost.objects.filter(how="former").exists(), "the former source's post")

    def add_by_hand(self) -> None:
        wait_until(lambda: self._posts("cyd").exists(), "a post of CYD")
        post = self._posts("cyd").filter(entry=None).latest("posted_at")
        page = f"{self._here}posts/{post.pk}/add/?campaign={self._campaign.pk}"
        self.staff.open(page).submit(f"Add to {NAME}", branded="yes")

    def ask_for_spark(self) -> None:
        post = Post.objects.get(account__handle="ana", entry__campaign=self._campaign)
        self.staff.open(f"{self._here}posts/{post.pk}/?tab=spark").submit("Request Spark Ads", days=str(ASKED))
        phone = Visitor(self.stage.sandbox)
        phone.open(f"/_sim/spark?handle=ana&key={post.item_id}").submit("Approve", days=str(GIVEN))
        self.staff.open(f"{self._here}posts/{post.pk}/?tab=spark").submit("Ask TikTok now")
        mine = SparkAuthorization.objects.filter(post=post, state="authorized", days_given=GIVEN)
        wait_until(mine.exists, "the authorization")

    def leave_the_old(self) -> None:
        self.staff.open(f"{self._here}settings/old-source/").submit("Count what there is")
        self.staff.open(f"{self._here}settings/old-source/").submit("Purge the former source", name=self.workspace.name)
        wait_until(lambda: Purge.objects.within(self.workspace).filter(state="done").exists(), "the certificate")

    def table(self) -> Table:
        """The campaign's posts across, the sixteen post metrics down; a value, or a dash and the reason."""
        keys = [of_row("post", row.key).key for row in availability.shipped("post").rows]
        entries = list(self._campaign.posts.select_related("post__account").order_by("post__account__handle"))
        made = Table(title=f"{NAME}: posts", title_justify="left")
        made.add_column("")
        for entry in entries:
            made.add_column(f"@{entry.post.account.handle}", justify="right")
        made.add_row("Tracked by", *(entry.get_how_display() for entry in entries))
        made.add_row("Spark Ads", *(_spark(entry.post) for entry in entries), end_section=True)
        answer = metrics.measure(
            Query(tuple(dict.fromkeys(keys)), by=("post",), where=(("campaign", self._campaign.pk),)), self.workspace
        )
        known = {row["post"]: row for row in answer.rows}
        for key in dict.fromkeys(keys):
            made.add_row(METRICS[key].label, *(words(METRICS[key], known[one.post_id][key]) for one in entries))
        gone = ", ".join(
            f"{one.item_id} of {one.account} ({one.reason})" for one in Tombstone.objects.within(self.workspace)
        )
        made.caption = f"Purged, and in no figure: {gone}"
        made.caption_justify = "left"
        return made

    @property
    def _campaign(self) -> Campaign:
        return Campaign.objects.within(self.workspace).get(name=NAME)

    @property
    def _here(self) -> str:
        return f"/w/{self.workspace.slug}/"

    def _posts(self, handle: str) -> "QuerySet[Post]":
        found: QuerySet[Post] = Post.objects.within(self.workspace).filter(account__handle=handle)
        return found


def _spark(post: Post) -> str:
    found = SparkAuthorization.objects.filter(post=post).first()
    if found is None:
        return "Not requested"
    asked = "" if found.days_given in (None, found.days_asked) else f", {found.days_asked} days were asked"
    return f"{found.state_label}{f' until {found.until:%d %b}' if found.until else ''}{asked}"
