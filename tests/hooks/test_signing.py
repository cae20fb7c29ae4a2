"""What is pure: signatures against the reference library, the schedule, the documentation's own example."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from greenroom.hooks import schedule, signing
from greenroom.hooks.schedule import Outcome

DOCS = Path(__file__).parents[2] / "docs/webhooks.md"
AT = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


def example(name: str):
    """A function of the documentation's Python, as a reader would copy it."""
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.S)
    found: dict = {}
    exec(next(one for one in blocks if f"def {name}(" in one), found)
    return found[name]


@given(st.text(max_size=200), st.integers(1, 2**40), st.integers(0, 2**32))
def test_signatures_are_those_of_the_reference_library(body, number, moment):
    secret, at = signing.new_secret(), datetime.fromtimestamp(moment, UTC)
    sent = signing.headers(f"evt_{number}", body, [secret], at=at)
    assert sent["webhook-signature"] == Webhook(secret).sign(f"evt_{number}", at, body)


def test_the_example_without_a_library_accepts_what_we_send_and_nothing_else():
    is_ours, secret, old = example("is_ours"), signing.new_secret(), signing.new_secret()
    body = signing.payload("a.b", event=1, workspace="acme", subject="", by="system", at=AT, data={"n": "ü"})
    sent = signing.headers("evt_1", body, [secret, old], at=AT)
    assert is_ours(secret, sent, body.encode())
    assert is_ours(old, sent, body.encode())
    assert not is_ours(signing.new_secret(), sent, body.encode())
    assert not is_ours(secret, sent, body.encode() + b" ")


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=9000), max_size=6))
def test_a_payload_is_never_larger_than_said_and_never_loses_what_every_event_has(data):
    told = signing.payload("a.b", event=1, workspace="acme", subject="post:12", by="system", at=AT, data=data)
    assert len(told.encode()) <= signing.LARGEST
    kept = json.loads(told)["data"]
    assert (kept["event_id"], kept["workspace"], kept["subject"], kept["by"]) == (
        1, "acme", {"type": "post", "id": 12}, "system",
    )  # fmt: skip
    assert kept.get("truncated") is True or set(data) <= set(kept)


def test_a_secret_is_256_bits_and_never_the_same():
    assert len(signing.key_of(signing.new_secret())) == 32
    assert len({signing.new_secret() for _ in range(100)}) == 100
    with pytest.raises(ValueError, match="whsec_"):
        signing.key_of("whsec_not base64")


@given(st.integers(1, 30), st.floats(0, 1, exclude_max=True), st.integers(0, 10**6))
def test_waits_stay_near_the_schedule_and_never_before_what_was_asked(attempts, dice, seconds):
    asked = timedelta(seconds=seconds)
    wait = schedule.next_wait(attempts, Outcome(503, "busy", asked), dice=dice)
    if attempts >= schedule.ATTEMPTS:
        assert wait is None
    else:
        assert wait >= min(asked, timedelta(hours=24))
        assert wait >= schedule.WAITS[attempts - 1] * 0.9
        assert wait <= max(asked, schedule.WAITS[attempts - 1] * 1.1, timedelta())


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), ("0", 0), ("99999999999999", 86_400), ("Thu, 12 Mar 2026 14:06:00 GMT", 60),
        ("Thu, 12 Mar 2026 14:00:00 GMT", 0), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("١٢", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(header, seconds):
    assert schedule.asked_to_wait(header, at=AT) == (None if seconds is None else timedelta(seconds=seconds))


def test_peace_grows_to_five_minutes_and_only_for_what_is_the_receivers():
    rests = [schedule.peace(n, Outcome(None, "no answer")) for n in range(1, 12)]
    assert rests[:2] == [None, None]
    assert [rest.total_seconds() for rest in rests[2:8]] == [10, 20, 40, 80, 160, 300]
    assert rests[-1] == schedule.LONGEST_PEACE
    assert schedule.peace(50, Outcome(422, "no")) is None
    assert schedule.peace(1, Outcome(429, "slow down", timedelta(hours=2))) == timedelta(hours=2)
    assert schedule.peace(1, Outcome(400, "no", timedelta(hours=2))) is None


def test_an_endpoint_is_given_up_after_five_days_or_when_it_says_so():
    began = AT - timedelta(days=5)
    assert schedule.given_up(AT, Outcome(410, "gone"), at=AT) == "It answered 410 Gone."
    assert schedule.given_up(began + timedelta(seconds=1), Outcome(500, "no"), at=AT) == ""
    assert schedule.given_up(began, Outcome(500, "It answered 500."), at=AT).startswith("Nothing has been accepted")
