"""Through whom a post's creator can be asked: the marketplace for posts of orders, else the creator's own grant."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar, cast

from greenroom.campaigns import calls
from greenroom.campaigns.models import CampaignPost, Deliverable
from greenroom.creators import client as clients
from greenroom.creators import connections, marketplace
from greenroom.creators.models import Connection, Post
from greenroom.spark import codes, settling
from greenroom.spark.refusals import NotPossible
from greenroom.spark.settling import Told
from greenroom.tiktok import client as tiktok
from greenroom.tiktok import errors, orders, spark
from greenroom.tiktok.spark_types import Days

SCOPE = "biz.spark.auth"
T = TypeVar("T")


class Way(Protocol):
    """One post, asked about with one grant. Both methods raise tiktok.errors.TikTokError."""

    def read(self, *, at: datetime) -> Told:
        """How its authorization stands."""
        ...

    def ask(self, days: int, *, told: Told, at: datetime) -> None:
        """Ask the creator, remind them, or ask for more time, whichever fits what was told."""
        ...


@dataclass(frozen=True)
class ThroughOrder:
    """The marketplace asks the creator, who answers in TikTok."""

    post: Post
    grant: Connection
    generation: str

    def read(self, *, at: datetime) -> Told:
        """See Way.read. A post that TikTok does not know as ours has no authorization."""
        try:
            told = self._call(lambda client, token, account: orders.spark_status(
                client, token, account_id=account, video_id=self.post.item_id), at=at)  # fmt: skip
        except errors.NotFound:
            return Told(gone=True)
        return Told(
            answer=told.get("auth_status", ""),
            code=codes.clean(told.get("auth_code", "")),
            since=settling.moment(told.get("auth_code_start_time", "")),
            until=settling.moment(told.get("auth_code_end_time", "")),
            use=told.get("auth_code_status", ""),
            requests_left=told.get("num_remaining_request"),
        )

    def ask(self, days: int, *, told: Told, at: datetime) -> None:
        """See Way.ask. TikTok wants to be told which it is: what was granted is extended, also after its end."""
        extend = told.answer == "ACCEPTED" and told.use != "DELETED"
        self._call(lambda client, token, account: orders.apply_for_spark(
            client, token, account_id=account, video_id=self.post.item_id, days=cast(Days, days), extend=extend
        ), at=at)  # fmt: skip

    def _call(self, ask: Callable[[tiktok.Client, str, str], T], *, at: datetime) -> T:
        return calls.asking(self.grant, self.generation, ask, at=at)


@dataclass(frozen=True)
class ThroughCreator:
    """The creator let us switch posts on for ads; asking is having."""

    post: Post
    grant: Connection

    def read(self, *, at: datetime) -> Told:
        """See Way.read."""
        try:
            told = self._call(lambda client, token, account: spark.status(
                client, token, business_id=account, item_id=self.post.item_id), at=at)  # fmt: skip
        except errors.NotFound:
            return Told()
        return Told(
            code=codes.clean(told.get("auth_code", "")),
            since=settling.moment(told.get("auth_code_start_time", "")),
            until=settling.moment(told.get("auth_code_end_time", "")),
            use=told.get("auth_code_status", ""),
        )

    def ask(self, days: int, *, told: Told, at: datetime) -> None:
        """See Way.ask. A code that is over is switched on anew; one that works is lengthened."""
        item_id, chosen = self.post.item_id, cast(Days, days)
        if told.works(at):
            self._call(lambda client, token, account: spark.extend(
                client, token, business_id=account, item_id=item_id, days=chosen), at=at)  # fmt: skip
        else:
            self._call(lambda client, token, account: spark.switch(
                client, token, business_id=account, item_id=item_id, on=True, days=chosen), at=at)  # fmt: skip

    def _call(self, ask: Callable[[tiktok.Client, str, str], T], *, at: datetime) -> T:
        """With the creator's token, which is renewed once on the way if TikTok says it is over."""
        client, token = clients.pooled(self.grant.dialect), connections.token(self.grant, at=at)
        try:
            return ask(client, token, self.grant.open_id)
        except errors.Unauthorized as error:
            if not connections.recover(self.grant, error, used=token, at=at):
                raise
            return ask(client, self.grant.access_token, self.grant.open_id)


def of(post: Post) -> Way:
    """Through whom this post's creator can be asked. Raises NotPossible."""
    tied = Deliverable.objects.filter(post=post).select_related("order").first()
    own = connections.live_connection(post.account, Connection.Dialect.ACCOUNTS)
    entry = CampaignPost.objects.filter(post=post).first()
    return choose(post, entry, tied, brand=marketplace.brand_grant(post.workspace), own=own)


def choose(
    post: Post,
    entry: CampaignPost | None,
    tied: Deliverable | None,
    *,
    brand: Connection | None,
    own: Connection | None,
) -> Way:
    """The same from rows at hand: where the post is in a campaign, whose deliverable it is with its order, the
    workspace's marketplace grant, the account's own live grant. Raises NotPossible."""
    if post.hidden_at is not None or (entry is not None and entry.removed_at is not None):
        raise NotPossible("The post is not public any more, so there is nothing to advertise.", code="post_removed")
    if tied is not None and tied.state == "published" and brand is not None:
        generation = tied.order.generation
        if brand.marketplace_ids.get(generation):
            return ThroughOrder(post, brand, generation)
    if own is not None and SCOPE in own.scopes:
        return ThroughCreator(post, own)
    raise _not_possible(post, tied, brand)


def _not_possible(post: Post, tied: Deliverable | None, brand: Connection | None) -> NotPossible:
    handle = f"@{post.account.handle}"
    if tied is not None and tied.state != "published":
        return NotPossible(
            "TikTok's review of the post is not through yet. Ask when it is published.", code="in_review"
        )
    if tied is not None and brand is None:
        words = "The post is tied to an order, and TikTok is asked through the marketplace, which is not connected."
        return NotPossible(f"{words} Connect it on the Connections page.", code="marketplace_not_connected")
    if tied is not None:
        return NotPossible(
            "The marketplace connection has no account that can ask for this order's posts. Connect it again.",
            code="not_offered",
        )
    return NotPossible(
        f"Nobody can be asked: the post is tied to no order, and {handle} has not given us the permission for ads. "
        "Send the creator the order's Campaign Code: a post that is tied can be requested here.",
        code="not_tied",
    )
