"""Events on their way to subscribers: signed, delivered at least once, retried, and by fault twice or out of order."""

import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from greenroom.sandbox import outgoing

if TYPE_CHECKING:
    from greenroom.sandbox.world import World

RETRY_SECONDS = (0.2, 1.0, 5.0, 25.0)
TIMEOUT = 3.0
DELAY = 3.0


@dataclass
class Delivery:
    """One body to one address. `scheme` says how it is signed."""

    url: str
    body: bytes
    secret: str
    scheme: str
    attempts: int = 0
    due: float = 0.0
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)


def tiktok_signature(secret: str, t: str, raw: bytes) -> str:
    """Login Kit and Accounts: hex HMAC-SHA256 over `t.` and the raw body."""
    return hmac.new(secret.encode(), t.encode() + b"." + raw, sha256).hexdigest()


def open_signature(secret: str, raw: bytes) -> str:
    """Subscription API: hex HMAC-SHA256 over the body with every non-ASCII character as a lower-case \\uXXXX escape."""
    text = raw.decode("utf-8")
    escaped = "".join(one if ord(one) < 128 else _escape(one) for one in text)
    return hmac.new(secret.encode(), escaped.encode("ascii"), sha256).hexdigest()


def _escape(one: str) -> str:
    wide = one.encode("utf-16-be")
    return "".join(f"\\u{int.from_bytes(wide[n : n + 2], 'big'):04x}" for n in range(0, len(wide), 2))


class Webhooks:
    """Who listens, and what is still to be delivered. A thread lives only while something waits."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._lock = threading.Condition()
        self._queue: deque[Delivery] = deque()
        self._thread: threading.Thread | None = None
        self._made = 0
        self._held: list[Delivery] | None = None
        self.delivered: deque[Delivery] = deque(maxlen=500)
        self.callbacks: dict[tuple[str, str], dict[str, Any]] = {}
        self.subscriptions: dict[str, dict[str, Any]] = {}

    def listen(
        self, app_id: str, event_type: str, callback_url: str, item_list: list[str] | None = None
    ) -> dict[str, Any]:
        """One callback per app and event type; `item_list` adds to the earlier list."""
        with self._lock:
            entry = self.callbacks.setdefault((app_id, event_type), {"event_type": event_type, "item_list": []})
            entry["callback_url"] = callback_url
            entry["item_list"] = list(dict.fromkeys([*entry["item_list"], *(item_list or [])]))
            return dict(entry)

    def subscribe(self, app_id: str, entity: str, callback_url: str, detail: dict[str, Any]) -> str:
        with self._lock:
            self._made += 1
            key = str(7_000_000_000_000_000_000 + self._made)
            self.subscriptions[key] = {
                "subscription_id": key, "app_id": app_id, "subscribe_entity": entity,
                "callback_url": callback_url, "subscription_detail": detail,
            }  # fmt: skip
            return key

    def living(self, app_id: str) -> list[dict[str, Any]]:
        """An app's subscriptions; one whose token was revoked has ended without notice."""
        with self._lock:
            found = [one for one in self.subscriptions.values() if one["app_id"] == app_id]
        tokens = [one["subscription_detail"].get("access_token", "") for one in found]
        return [one for one, token in zip(found, tokens, strict=True) if not token or self._world.grants.find(token)]

    def tell_app(
        self, app_id: str, event: str, content: dict[str, Any], *, open_id: str, event_type: str = "LOGIN"
    ) -> None:
        """An event of 10.1 to an app's callback: `content` is JSON inside a string."""
        entry = self.callbacks.get((app_id, event_type)) or self.callbacks.get((app_id, "LOGIN"))
        app = self._world.apps.get(app_id)
        if entry is None or app is None:
            return
        body = {
            "client_key": app_id, "event": event, "create_time": int(self._world.clock.now().timestamp()),
            "user_openid": open_id, "content": json.dumps(content, separators=(",", ":"), ensure_ascii=False),
        }  # fmt: skip
        self._queue_up(Delivery(entry["callback_url"], _bytes(body), app.secret, "TikTok-Signature"))

    def tell_subscribers(self, entity: str, number: int, entry: dict[str, Any], *, account: str = "") -> None:
        """An event of the Subscription API to everyone who subscribed to its entity, for `account` if it is of one."""
        now = self._world.clock.now()
        everyone = [one for app_id in self._world.apps for one in self.living(app_id)]
        for one in everyone:
            if one["subscribe_entity"] != entity:
                continue
            if account and one["subscription_detail"].get("tto_tcm_account_id") != account:
                continue
            self._made += 1
            body = {
                "request_id": f"{now:%Y%m%d%H%M%S}{self._made:018X}",
                "object": number,
                "time": int(now.timestamp()),
                "entry": [entry],
            }
            secret = self._world.apps[one["app_id"]].secret
            self._queue_up(Delivery(one["callback_url"], _bytes(body), secret, "X-Open-Signature"))

    def wait(self, timeout: float = 10.0) -> bool:
        """Wait until everything is delivered or given up; False when time ran out."""
        until = time.monotonic() + timeout
        with self._lock:
            while self._queue or self._thread is not None:
                if not self._lock.wait(until - time.monotonic()) and time.monotonic() >= until:
                    return False
        return True

    def hold(self) -> None:
        """From now on keep events back until `release`."""
        with self._lock:
            self._held = [] if self._held is None else self._held

    def held(self) -> list[Delivery]:
        """What is kept back, oldest first."""
        with self._lock:
            return list(self._held or ())

    def release(self, order: Sequence[int] | None = None) -> int:
        """Deliver what was kept back and keep nothing back any more; returns how many deliveries that makes.

        `order` lists places, as often as each is to come (`[1, 0, 0]`: the second first, the first twice); what it
        does not list is lost. One after the other: each waits until the one before was delivered or given up.
        """
        with self._lock:
            kept, self._held = self._held or [], None
        chosen = [kept[place] for place in (range(len(kept)) if order is None else order)]
        for one in chosen:
            with self._lock:
                self._put(Delivery(one.url, one.body, one.secret, one.scheme), late=0.0)
            self.wait()
        return len(chosen)

    def _queue_up(self, delivery: Delivery) -> None:
        faults = self._world.faults
        with self._lock:
            if self._held is not None:
                self._held.append(delivery)
                return
            late = 1.0 if faults.strikes("shuffled_webhooks") else 0.0
            late += DELAY if faults.strikes("delayed_webhooks") else 0.0
            for _ in range(2 if faults.strikes("duplicate_webhooks") else 1):
                self._put(Delivery(delivery.url, delivery.body, delivery.secret, delivery.scheme), late=late)

    def _put(self, one: Delivery, *, late: float) -> None:
        one.due = time.monotonic() + late
        self._queue.append(one)
        if self._thread is None:
            self._thread = threading.Thread(target=self._deliver, name="sandbox-webhooks", daemon=True)
            self._thread.start()
        self._lock.notify_all()

    def _deliver(self) -> None:
        while True:
            with self._lock:
                if not self._queue:
                    self._thread = None
                    self._lock.notify_all()
                    return
                one = min(self._queue, key=lambda waiting: waiting.due)
                pause = one.due - time.monotonic()
                if pause > 0:
                    self._lock.wait(pause)
                    continue
                self._queue.remove(one)
            self._attempt(one)

    def _attempt(self, one: Delivery) -> None:
        one.attempts += 1
        one.headers = self._headers(one)
        try:
            one.status, _ = outgoing.call(one.url, body=one.body, headers=one.headers, timeout=TIMEOUT)
        except OSError:
            one.status = 0
        if one.status != 200 and one.attempts <= len(RETRY_SECONDS):
            one.due = time.monotonic() + RETRY_SECONDS[one.attempts - 1]
            with self._lock:
                self._queue.append(one)
        else:
            self.delivered.append(one)

    def _headers(self, one: Delivery) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "tiktok-webhook",
            "x-tt-logid": sha256(one.body).hexdigest()[:32],
        }
        if one.scheme == "X-Open-Signature":
            return {**headers, "X-Open-Signature": open_signature(one.secret, one.body)}
        t = str(int(self._world.clock.now().timestamp()))
        signature = f"t={t},s={tiktok_signature(one.secret, t, one.body)}"
        return {**headers, "Tiktok-Signature": signature, "webhook-schema-version": "v1.0"}


def _bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
