"""How many of TikTok's webhooks a second one core proves, beside what the bare HMAC takes on the same bytes.

Run: python bench/webhooks.py [seconds]. Measured in one process: proving a signature, plain and with accents; then all
that is done before an answer (prove, read, check the time). The ratios compare runs of the same minute, so they hold on
any machine.
"""

import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from greenroom.sandbox.webhooks import open_signature
from greenroom.tiktok import webhooks

SECRET = "sandbox-secret"
NEEDED = 2_000
NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def delivery(number: int, handle: str) -> bytes:
    """A delivery as section 3.7 of TikTok's documentation shows it."""
    entry = {
        "event_type": "tto_campaign_webhook", "tto_campaign_event_type": "tto_video_published",
        "event_time": "2026-03-12T14:05:00.070272Z", "video_id": str(7_400_000_000_000_000_000 + number),
        "handle_name": handle, "campaign_id": "7370000000000000001", "tto_tcm_account_id": "7360000000000000001",
        "log_id": f"20260312140500{number:018X}",
    }  # fmt: skip
    told = {"request_id": f"{number:032X}", "object": 10, "time": int(NOW.timestamp()), "entry": [entry]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def rate(do: Callable[[bytes, str], object], sent: list[tuple[bytes, str]], seconds: float) -> float:
    """How often a second of this thread's processor time."""
    count, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        for raw, signature in sent:
            do(raw, signature)
        count += len(sent)
    return count / spent


def bare(raw: bytes, signature: str) -> object:
    return hmac.compare_digest(hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest(), signature)


def prove(raw: bytes, signature: str) -> None:
    webhooks.verify_open_signature(SECRET, signature, raw)


def read(raw: bytes, signature: str) -> None:
    webhooks.verify_open_signature(SECRET, signature, raw)
    webhooks.check_time(webhooks.parse(raw), at=NOW)


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    plain = [(raw, open_signature(SECRET, raw)) for raw in (delivery(n, "ana.bakes") for n in range(500))]
    accents = [(raw, open_signature(SECRET, raw)) for raw in (delivery(n, "zoë 😀 çà") for n in range(500))]
    floor = rate(bare, plain, seconds)
    print(f"bare HMAC              {floor:10,.0f} a second")
    slowest = floor
    for words, do, sent in (
        ("proved", prove, plain),
        ("proved, with accents", prove, accents),
        ("proved, read, in time", read, plain),
    ):
        found = rate(do, sent, seconds)
        slowest = min(slowest, found)
        print(f"{words:22} {found:10,.0f} a second, {floor / found:.2f} times the bare HMAC's time")
    if slowest < NEEDED:
        raise SystemExit(f"fewer than {NEEDED:,} a second")


if __name__ == "__main__":
    main()
