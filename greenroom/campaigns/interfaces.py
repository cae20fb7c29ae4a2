"""TikTok's two interfaces to orders behind three questions: make one, find one that was made, how do they stand.

`Older` (tcm) knows orders, codes and reviews. `Newer` (tto) knows campaigns: one of them is one order here, without a
code, and tells only what passed review.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from greenroom.campaigns import settling
from greenroom.tiktok import campaign_types as types
from greenroom.tiktok import campaigns, errors, orders
from greenroom.tiktok import client as tiktok

LONGEST_TEXT = orders.LONGEST_TEXT


@dataclass(frozen=True)
class Wanted:
    """All TikTok is told of an order. `description` is like no other's (see `placing.description`)."""

    handle: str
    brand_name: str
    name: str
    description: str
    deliverables: tuple[str, ...]
    spark_days: int | None


@dataclass(frozen=True)
class Made:
    """An order as TikTok has it."""

    tiktok_id: str
    invite_link: str
    code: str = ""


@dataclass(frozen=True)
class Standing:
    """What TikTok tells of an order: posts tied now and posts that were."""

    seen: tuple[settling.Seen, ...]
    lost: tuple[settling.Lost, ...] = ()


@dataclass(frozen=True)
class Known:
    """What we know of an order, so that TikTok is asked for details of those only where something has changed."""

    tiktok_id: str
    video_ids: frozenset[str]  # of posts that passed review
    busy: bool  # has deliverables between open and published


class Interface(Protocol):
    """One generation, spoken by one brand account. Every method raises tiktok.errors.TikTokError."""

    generation: str

    def make(self, client: tiktok.Client, token: str, account_id: str, wanted: Wanted) -> Made:
        """Create the order. Never sent twice by itself."""
        ...

    def find(
        self, client: tiktok.Client, token: str, account_id: str, descriptions: Collection[str]
    ) -> dict[str, Made]:
        """The orders that were made with these descriptions, as far as there are any, by description."""
        ...

    def standings(
        self, client: tiktok.Client, token: str, account_id: str, known: Sequence[Known]
    ) -> Iterator[tuple[str, Standing]]:
        """How those orders stand of which there may be something new, by TikTok's id, each as soon as it is known."""
        ...


class Older:
    """`tcm/order/…`. To list orders one must know them, so a lost one is found through TikTok One's list."""

    generation = "tcm"

    def make(self, client: tiktok.Client, token: str, account_id: str, wanted: Wanted) -> Made:
        """See Interface.make."""
        made = orders.create(
            client,
            token,
            account_id=account_id,
            brand_name=wanted.brand_name,
            description=wanted.description,
            handles=[wanted.handle],
            deliverables=[{"deliverable_name": name} for name in wanted.deliverables],
            spark_days=wanted.spark_days,
        )
        order = next(iter(made.get("orders") or ()), None)
        if order is None:
            raise _unclear("TikTok's answer had no order", "tcm/order/create/v2/")
        return Made(
            order["order_id"],
            order.get("invite_link") or made.get("invite_link", ""),
            order.get("campaign_code") or made.get("campaign_code", ""),
        )

    def find(
        self, client: tiktok.Client, token: str, account_id: str, descriptions: Collection[str]
    ) -> dict[str, Made]:
        """See Interface.find."""
        found: dict[str, Made] = {}
        for description, one in _listed(client, token, account_id, descriptions):
            for page in orders.by_link_pages(client, token, account_id=account_id, link=one.get("invite_link", "")):
                for order in page:
                    told = Made(order["order_id"], one["invite_link"], order.get("campaign_code", ""))
                    found.setdefault(description, told)
        return found

    def standings(
        self, client: tiktok.Client, token: str, account_id: str, known: Sequence[Known]
    ) -> Iterator[tuple[str, Standing]]:
        """See Interface.standings. One question lists 20 orders; reviews are asked for where the list has news."""
        by_id = {one.tiktok_id: one for one in known}
        for page in orders.by_id_pages(client, token, account_id=account_id, order_ids=list(by_id)):
            for order in page:
                one = by_id.get(order["order_id"])
                if one is None or not _news(one, order):
                    continue
                reviews = orders.reviews(client, token, account_id=account_id, order_id=one.tiktok_id)
                seen, lost = settling.read(reviews)
                yield one.tiktok_id, Standing(tuple(seen), tuple(lost))


class Newer:
    """`tto/tcm/campaign/…`: a campaign for one creator. There is no code, no review and no upload before it passed."""

    generation = "tto"

    def make(self, client: tiktok.Client, token: str, account_id: str, wanted: Wanted) -> Made:
        """See Interface.make."""
        made = campaigns.create(
            client,
            token,
            account_id=account_id,
            name=wanted.name,
            handles=[wanted.handle],
            brand_name=wanted.brand_name,
            description=wanted.description,
            spark_days=wanted.spark_days,
        )
        campaign_id = made.get("campaign_id")
        if not campaign_id:
            raise _unclear("TikTok's answer had no campaign", "tto/tcm/campaign/create/")
        link = made.get("invite_link") or self._link(client, token, account_id, campaign_id)
        return Made(campaign_id, link)

    def find(
        self, client: tiktok.Client, token: str, account_id: str, descriptions: Collection[str]
    ) -> dict[str, Made]:
        """See Interface.find."""
        listed = _listed(client, token, account_id, descriptions)
        return {description: Made(one["campaign_id"], one.get("invite_link", "")) for description, one in listed}

    def standings(
        self, client: tiktok.Client, token: str, account_id: str, known: Sequence[Known]
    ) -> Iterator[tuple[str, Standing]]:
        """See Interface.standings."""
        ids = [one.tiktok_id for one in known]
        for first in range(0, len(ids), campaigns.MOST_PER_PAGE):
            part = ids[first : first + campaigns.MOST_PER_PAGE]
            for page in campaigns.campaign_pages(client, token, account_id=account_id, campaign_ids=part):
                for one in page:
                    seen = tuple(settling.Seen(video, "published") for video in one.get("video_ids") or ())
                    yield one["campaign_id"], Standing(seen)

    def _link(self, client: tiktok.Client, token: str, account_id: str, campaign_id: str) -> str:
        for page in campaigns.campaign_pages(client, token, account_id=account_id, campaign_ids=[campaign_id]):
            for one in page:
                return one.get("invite_link", "")
        return ""


INTERFACES: dict[str, Interface] = {one.generation: one for one in (Older(), Newer())}
"""By generation, the one that tells more first."""


def _listed(
    client: tiktok.Client, token: str, account_id: str, descriptions: Collection[str]
) -> Iterator[tuple[str, types.Campaign]]:
    """The campaigns with one of these descriptions. TikTok has no search: this reads its whole list, 100 a question."""
    for page in campaigns.campaign_pages(client, token, account_id=account_id):
        for one in page:
            if one.get("campaign_description") in descriptions:
                yield one["campaign_description"], one


def _news(known: Known, order: object) -> bool:
    """May the order's reviews say something we do not know? Its list tells which posts there are, not how they are."""
    told = order if isinstance(order, dict) else {}
    count = (told.get("quota") or {}).get("current_video_count")
    listed = frozenset(map(str, told.get("video_ids") or ()))
    return known.busy or listed != known.video_ids or (count is not None and count != len(known.video_ids))


def _unclear(words: str, endpoint: str) -> errors.Unavailable:
    """An answer that says yes but not what: it may have been done, so it is looked for before anything is repeated."""
    return errors.Unavailable(words, code="unclear", endpoint=endpoint, sent=True)
