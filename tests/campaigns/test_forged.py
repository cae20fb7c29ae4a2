"""Webhooks that TikTok did not send now: forged, replayed, stale, of the future, re-serialised. All over real HTTP."""

import json
import threading
from datetime import timedelta

import httpx2
import pytest

from greenroom.campaigns import following, told, views
from greenroom.campaigns.models import Campaign, Heard
from greenroom.core import clock
from greenroom.creators.models import Connection
from greenroom.sandbox import webhooks
from greenroom.tiktok import webhooks as reading
from tests.campaigns.conftest import BY, run, take_part

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "sandbox-secret"


@pytest.fixture(autouse=True)
def _now(at):
    clock.shift(at - clock.now())
    yield
    clock.unshift()


@pytest.fixture
def post(live_server, campaign, world, at):
    """Send bytes as TikTok would, signed rightly unless told otherwise. A campaign with an order waits to be told."""
    from greenroom.campaigns import ordering

    ordering.create_orders(campaign, take_part(campaign, "ana", at=at), ordering.Asked(videos=2), by=BY, at=at)
    run(at)
    assert world.apps["sandbox-app"].secret == SECRET
    assert waits()

    def send(raw, signature=None, **headers):
        signed = webhooks.open_signature(SECRET, raw) if signature is None else signature
        told = {"Content-Type": "application/json", "X-Open-Signature": signed, **headers}
        answer = httpx2.post(f"{live_server.url}/hooks/tiktok/", content=raw, headers=told)
        assert answer.content == b"", "nobody learns by trying"
        return answer.status_code

    return send


def body(**more) -> bytes:
    """An event about Ana's post, told now; `moved` seconds later or earlier."""
    account = Connection.objects.get(account=None).marketplace_ids["tto"][0]
    entry = {"tto_campaign_event_type": "tto_video_published", "tto_tcm_account_id": account, "handle_name": "ana"}
    seconds = int(clock.now().timestamp()) + more.pop("moved", 0)
    sent = {"request_id": "1", "object": 10, "time": seconds, "entry": [{**entry, **more}]}
    return json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()


def waits() -> bool:
    """Has nobody told the campaign to look at once?"""
    return Campaign.objects.get().due_at > clock.now() + timedelta(minutes=5)


def test_what_tiktok_signs_now_is_taken_once(post):
    raw = body()
    assert post(raw) == 200
    assert not waits()
    run(clock.now())
    assert waits()
    assert [post(raw), post(raw)] == [409, 409]
    assert waits(), "a replay has no effect"
    assert post(body(video_id="7301")) == 200


def test_a_forged_or_missing_signature_is_refused(post):
    raw = body()
    right = webhooks.open_signature(SECRET, raw)
    wrong = ["", "0" * 64, right[:-1] + ("0" if right[-1] != "0" else "1"), right.upper(), right[:32], "é"]
    assert [post(raw, one.encode()) for one in wrong] == [401] * len(wrong)
    assert waits()
    assert not Heard.objects.exists()
    assert post(raw, right) == 200


def test_another_secret_is_refused(post, settings):
    raw = body()
    assert post(raw, webhooks.open_signature("another-secret", raw)) == 401
    settings.TIKTOK_APP = ("", "")
    assert post(raw, webhooks.open_signature("", raw)) == 401
    assert waits()


def test_the_signature_of_another_scheme_is_refused(post):
    raw, t = body(), str(int(clock.now().timestamp()))
    signed = webhooks.tiktok_signature(SECRET, t, raw)
    assert post(raw, signed) == 401
    assert post(raw, "", **{"TikTok-Signature": f"t={t},s={signed}"}) == 401


@pytest.mark.parametrize("moved", [-74 * 3600, -365 * 86400, 6 * 60, 365 * 86400])
def test_what_is_of_long_ago_or_of_the_future_is_refused_though_tiktok_signed_it(post, moved):
    assert post(body(moved=moved)) == 403
    assert waits()
    assert not Heard.objects.exists()


@pytest.mark.parametrize("moved", [-72 * 3600, -60, 4 * 60])
def test_what_tiktok_may_still_be_trying_to_deliver_is_taken(post, moved):
    assert post(body(moved=moved)) == 200


def test_a_reserialised_body_is_refused(post):
    raw = body()
    right = webhooks.open_signature(SECRET, raw)
    again = [json.dumps(json.loads(raw)).encode(), json.dumps(json.loads(raw), sort_keys=True).encode(), raw + b" "]
    assert [post(one, right) for one in again] == [401] * 3
    assert waits()


def test_escapes_are_signed_like_the_characters_so_they_are_the_same_delivery(post):
    """TikTok's scheme can't tell these two bodies apart; whoever rewrites one into the other replays it."""
    raw = body(handle_name="zoë 😀 \x7f")
    right = webhooks.open_signature(SECRET, raw)
    escaped = raw.decode().replace("ë", "\\u00eb").replace("😀", "\\ud83d\\ude00").encode()
    assert post(raw, right) == 200
    assert post(escaped, right) == 409


def test_two_at_once_are_taken_once(post):
    raw, answers, barrier = body(), [], threading.Barrier(4)

    def send():
        barrier.wait()
        answers.append(post(raw))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [200, 409, 409, 409]


def test_what_failed_here_is_no_replay_when_tiktok_sends_it_again(post, monkeypatch):
    raw = body()

    def broken(*_, **__):
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(following, "nudge", broken)
        with pytest.raises(OSError, match="disk"):
            told.hear(raw, signature=webhooks.open_signature(SECRET, raw), at=clock.now())
    assert not Heard.objects.exists()
    assert post(raw) == 200


def test_only_what_would_be_too_old_is_forgotten(post):
    raw = body()
    post(raw)
    told.forget(at=clock.now() + reading.OLDEST)
    assert post(raw) == 409
    clock.shift(reading.OLDEST + timedelta(minutes=6))
    told.forget(at=clock.now())
    assert not Heard.objects.exists()
    assert post(raw) == 403


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"entry": 7, "time": 1773324300}', b'{"entry": [7, null], "time": 1773324300}',
     b'{"entry": [{}], "time": 1773324300}', b'{"entry": [{}], "time": 1e400}', b'{"entry": [{}], "time": "now"}',
     b'{"entry": [{}], "time": 99999999999999999999}',
     b'{"entry": [{"tto_tcm_account_id": {"a": 1}, "handle_name": ["x"]}], "time": 1773324300}'],
)  # fmt: skip
def test_what_is_signed_and_strange_is_taken_and_does_nothing(post, raw):
    assert post(raw) == 200
    assert waits()


def test_bytes_that_are_no_text_and_bodies_that_are_too_large_are_refused_unread(post, live_server):
    assert post(b"\xff\xfe", "0" * 64) == 401
    large = b'"' + b"x" * views.LARGEST + b'"'
    assert post(large) == 413
    assert httpx2.get(f"{live_server.url}/hooks/tiktok/").status_code == 405
    assert post(b"--x--\r\n", "0" * 64, **{"Content-Type": "multipart/form-data; boundary=x"}) in (400, 401)


def test_nothing_is_read_before_the_signature_is_right(post, monkeypatch):
    def parsed(raw):
        raise AssertionError("a forged body was read")

    monkeypatch.setattr(reading, "parse", parsed)
    with pytest.raises(reading.BadSignature):
        told.hear(body(), signature="0" * 64, at=clock.now())
    assert post(body(), "0" * 64) == 401
