"""The state of the pretend TikTok.

Accounts and posts are computed where they are looked at; only what was touched is kept.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from greenroom.sandbox import boosts, chance, display, invitations, marketplace, oauth, orders, people, truth, uploads
from greenroom.sandbox import posts as posts_module
from greenroom.sandbox.clock import Clock
from greenroom.sandbox.faults import Faults
from greenroom.sandbox.market import Market
from greenroom.sandbox.throttle import Throttle
from greenroom.sandbox.webhooks import Webhooks

T = TypeVar("T")
Posts = int | tuple[int, int]
KEPT_POSTS = 12_000
KEPT_TOTALS = 40_000
CHANGEABLE = ("adult", "suitable", "business", "country", "followers")
TURNS: dict[str, Callable[["World", Any, datetime], None]] = {
    "content": uploads.pass_content,
    "ad": uploads.pass_ad,
    "tell": uploads.tell_published,
    "post": uploads.post_by_itself,
    "order": orders.lapse,
    "invitation": invitations.lapse,
}


class World:
    """A world of `accounts` TikTok accounts with `posts` each (a number, or the least and the most).

    Without `delays` every figure is live; without `throttle` nothing is ever too frequent. `level` is the rate-limit
    level of the apps, `began` the moment the accounts' past is counted from (default: the clock's start), `origin` the
    address that pictures are served from. Thread-safe.
    """

    def __init__(
        self,
        *,
        seed: int = 7,
        accounts: int = 5,
        posts: Posts = (12, 60),
        clock: Clock | None = None,
        began: datetime | None = None,
        throttle: bool | Throttle = True,
        level: str = "basic",
        delays: bool = True,
        origin: str = "https://sandbox.invalid",
    ) -> None:
        self.seed, self.size, self.posts, self.delays, self.origin = seed, max(accounts, 4), posts, delays, origin
        self.clock = clock or Clock()
        self.began = began or self.clock.now()
        self.faults = Faults(seed)
        self.throttle = (Throttle() if throttle is True else throttle) or None
        self.grants = oauth.Grants()
        self.webhooks = Webhooks(self)
        self.market = Market(seed, self.began, origin)
        self.ledger: Counter[tuple[str, str, str]] = Counter()
        self.boosts: dict[str, boosts.Boost] = {}
        self.lock = threading.RLock()
        self.records: dict[str, Any] = {}
        self._changed: dict[int, dict[str, Any]] = {}
        self._joined: dict[int, str] = {}
        self._published: dict[int, list[posts_module.Post]] = {}
        self._removed: set[str] = set()
        self._written: OrderedDict[int, list[posts_module.Post]] = OrderedDict()
        self._kept = 0
        self._totals: OrderedDict[tuple[int, int], tuple[int, int, int, int]] = OrderedDict()
        for app in oauth.usual_apps(level):
            self.grants.register(app)

    @property
    def apps(self) -> dict[str, oauth.App]:
        """The developer apps by app id or client key."""
        return self.grants.apps

    # accounts

    def account_at(self, index: int) -> people.Account:
        """The account at an index. Raises `IndexError` beyond the size of the world."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        found, changed = people.account(self.seed, index), self._changed.get(index)
        return replace(found, **changed) if changed else found

    def account(self, key: str) -> people.Account:
        """The account with a handle or an open id. Raises `KeyError` when nobody has it."""
        index = people.index_of(key.removeprefix("@").lower())
        if index is None:
            index = next((found for app_id in self.apps if (found := self.index_behind(key, app_id)) is not None), None)
        if index is None or index >= self.size:
            raise KeyError(key)
        return self.account_at(index)

    def open_id(self, index: int, app_id: str) -> str:
        """The id under which an app knows an account: another for every app, the same for ever."""
        mask = int.from_bytes(chance.digest("open_id", self.seed, app_id)[:4], "big")
        tail = chance.digest("open_id", self.seed, app_id, index).hex()[:28]
        return f"_000{index ^ mask:08x}{tail}"

    def index_behind(self, open_id: str, app_id: str) -> int | None:
        """The account an open id stands for, or None when it is not one of this app's."""
        if not open_id.startswith("_000") or len(open_id) != 40:
            return None
        mask = int.from_bytes(chance.digest("open_id", self.seed, app_id)[:4], "big")
        try:
            index = int(open_id[4:12], 16) ^ mask
        except ValueError:
            return None
        return index if index < self.size and self.open_id(index, app_id) == open_id else None

    def membership(self, account: people.Account) -> str:
        """Where an account stands with the marketplace: `IN`, `INVITED` or `NOT_IN`."""
        known = self._joined.get(account.index) or ("IN" if account.in_marketplace else "NOT_IN")
        return "INVITED" if known == "NOT_IN" and invitations.open_one(self, account.handle) else known

    def join_marketplace(self, handle: str) -> None:
        """The creator accepts the marketplace's terms."""
        self._joined[self.account(handle).index] = "IN"

    def leave_marketplace(self, handle: str) -> None:
        self._joined[self.account(handle).index] = "NOT_IN"

    def change(self, handle: str, **facts: object) -> people.Account:
        """Change what is true of an account: `adult`, `suitable`, `business`, `country`, `followers`.

        Raises `ValueError` for anything else.
        """
        unknown = sorted(set(facts) - set(CHANGEABLE))
        if unknown:
            raise ValueError(f"cannot change {', '.join(unknown)}; there are {', '.join(CHANGEABLE)}")
        index = self.account(handle).index
        with self.lock:
            self._changed[index] = {**self._changed.get(index, {}), **facts}
        return self.account_at(index)

    # posts

    def posts_of(self, index: int, *, at: datetime | None = None) -> list[posts_module.Post]:
        """The visible posts of an account, newest first."""
        now = (at or self.clock.now()).timestamp()
        everything = self._everything(index)
        if not self._removed and (not everything or everything[0].created <= now):
            return everything
        return [post for post in everything if post.created <= now and post.item_id not in self._removed]

    def publish(
        self,
        handle: str,
        *,
        caption: str | None = None,
        views: float | None = None,
        at: datetime | None = None,
        branded: bool = False,
        item_id: str = "",
    ) -> posts_module.Post:
        """A new post, now unless `at` says otherwise; `views` sets what it will have in the end.

        `branded`: with its branded content toggle on. `item_id`: the id it was given when it was uploaded.
        """
        account = self.account(handle)
        created = int((at or self.clock.now()).timestamp())
        with self.lock:
            mine = self._published.setdefault(account.index, [])
            taken = {one.created for one in self._everything(account.index)}
            while created in taken:  # cursors are times, so no two posts of an account may share one
                created -= 1
            place = posts_module.SINCE + len(mine)
            post = posts_module.make(
                self.seed, account, place=place, created=created, caption=caption, views=views, known_id=item_id
            )
            self._published[account.index] = sorted([post, *mine], key=lambda one: -one.created)
            self._totals.clear()
            if branded:
                self.market.branded.setdefault(post.item_id, "creator")
        return post

    def new_item_id(self, index: int) -> str:
        """The id of a video that is uploaded now and posted later."""
        return posts_module.item_id(int(self.clock.now().timestamp()), "upload", self.seed, index, self.market.next())

    def remove(self, item_id: str, *, by: str = "creator") -> None:
        """A post stops being visible: deleted or made private by the creator, or taken off by the moderators."""
        uploads.remove(self, video_id=item_id, by=by)

    def hide(self, item_id: str) -> None:
        with self.lock:
            self._removed.add(item_id)

    def forget_totals(self) -> None:
        """What posts count has changed, also in the past."""
        with self.lock:
            self._totals.clear()

    def total_likes(self, index: int, at: int) -> int:
        return self.totals(index, at)[1]

    def totals(self, index: int, at: int) -> tuple[int, int, int, int]:
        """(views, likes, comments, shares) of all posts of an account up to a moment, in epoch seconds."""
        known = self._totals.get((index, at))
        if known is None:
            counts = [boosts.counters(self, post, at) for post in self._everything(index) if post.created < at]
            known = tuple(sum(count[n] for count in counts) for n in range(4))  # type: ignore[assignment]
            assert known is not None
            with self.lock:
                self._totals[index, at] = known
                while len(self._totals) > KEPT_TOTALS:
                    self._totals.popitem(last=False)
        return known

    def _everything(self, index: int) -> list[posts_module.Post]:
        written = self._written.get(index)
        if written is None:
            account = people.account(self.seed, index)
            written = posts_module.written(
                self.seed, account, began=int(self.began.timestamp()), count=self._count(index)
            )
            with self.lock:
                self._kept += 0 if index in self._written else len(written)
                self._written[index] = written
                while self._kept > KEPT_POSTS and len(self._written) > 1:
                    self._kept -= len(self._written.popitem(last=False)[1])
        mine = self._published.get(index)
        return sorted([*mine, *written], key=lambda post: -post.created) if mine else written

    def _count(self, index: int) -> int:
        if isinstance(self.posts, int):
            return self.posts
        least, most = self.posts
        return int(least + (most - least + 1) * chance.draws("count", self.seed, index)[0])

    def settle(self) -> None:
        """Bring about what the clock has made due: reviews end, orders and invitations lapse, late ids are told."""
        if not self.market.is_due(self.clock.now()):
            return
        with self.lock:
            while due := self.market.pop_due(self.clock.now()):
                moment, what, thing = due
                TURNS[what](self, thing, moment)

    # consent

    def withdraw(self, handle: str, app_id: str | None = None) -> int:
        """The creator takes consent back in the TikTok app, from one app or from all; returns how many grants ended."""
        account, at = self.account(handle), self.clock.now()
        ended = self.grants.of(account.index, app_id=app_id)
        for grant in ended:
            self.grants.revoke(grant, at=at)
        for app in sorted({grant.app_id for grant in ended}):
            self.webhooks.tell_app(
                app, "authorization.removed", {"reason": 1}, open_id=self.open_id(account.index, app)
            )
        return len(ended)

    # truth

    def truth(self, handle: str, at: datetime | None = None) -> dict[str, Any]:
        """What a perfect reader with every scope would have of an account now, or would have had `at` a moment.

        `profile`: the top-level fields of `business/get/`; `metrics`: its days of the last 60, by date; `posts`: the
        fields of `business/video/list/` by item id. `marketplace`: the public profile and posts of a member, in the
        names of `creator/public/`; nothing for others. `display`: the Display API's user and videos. What TikTok leaves
        out at that moment is not there.
        """
        account, at = self.account(handle), at or self.clock.now()
        days = truth.metrics(self, account, first=truth.oldest_day(at), last=at.date(), at=at)
        visible = self.posts_of(account.index, at=at)
        return {
            "profile": truth.profile(self, account, at=at),
            "metrics": {day["date"]: day for day in days},
            "posts": {post.item_id: truth.read(truth.post(self, account, post, at=at)) for post in visible},
            "marketplace": self._marketplace(account, visible, at) if self.membership(account) == "IN" else {},
            "display": {
                "user": display.user_figures(self, account, app_id="sandbox-key", at=at),
                "videos": {post.item_id: display.video_figures(self, account, post, at=at) for post in visible},
            },
        }

    def _marketplace(self, account: people.Account, visible: list[posts_module.Post], at: datetime) -> dict[str, Any]:
        shown = {post.item_id: marketplace.public_post(self, account, post, at=at) for post in visible}
        return {"profile": marketplace.public_profile(self, account, at=at), "posts": shown}

    def record(self, key: str, make: Callable[[], T]) -> T:
        """Small state of an endpoint family, such as comments or properties, made on first use."""
        with self.lock:
            if key not in self.records:
                self.records[key] = make()
            found: T = self.records[key]
            return found
