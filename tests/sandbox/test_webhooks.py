"""What the sandbox sends: signed, at least once, and on a bad day twice or out of order."""

import hmac
import json
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from greenroom.sandbox import webhooks

REDIRECT = "https://brand.example/callback/"
APP = {"app_id": "sandbox-app", "secret": "sandbox-secret"}


class Ear:
    """A listener on a real port that keeps what it hears; `refuse` answers 500 so many times."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.refuse = 0
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                ear.heard.append((dict(self.headers), body))
                refused, ear.refuse = ear.refuse > 0, ear.refuse - 1
                self.send_response(500 if refused else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks/"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def contents(self) -> list[dict]:
        return [json.loads(json.loads(body)["content"]) for _, body in self.heard]


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_the_signature_is_that_of_the_official_description():
    body = b'{"client_key":"k"}'
    expected = hmac.new(b"secret", b"1633174587." + body, sha256).hexdigest()
    assert webhooks.tiktok_signature("secret", "1633174587", body) == expected


def test_the_open_signature_escapes_every_accent_and_pair():
    raw = json.dumps({"name": "Zoë 😀"}, ensure_ascii=False).encode()
    escaped = json.dumps({"name": "Zoë 😀"}).encode()
    assert webhooks.open_signature("s", raw) == hmac.new(b"s", escaped, sha256).hexdigest()
    assert webhooks.open_signature("s", b"{}") == hmac.new(b"s", b"{}", sha256).hexdigest()


def test_withdrawn_consent_tells_the_app_signed_and_nested(hand, ear):
    listening = {**APP, "event_type": "LOGIN", "callback_url": ear.url}
    assert hand.post("business/webhook/update/", listening)["code"] == 0
    pair = hand.connect("ana")
    hand.world.withdraw("ana")
    assert hand.world.webhooks.wait()
    ((headers, body),) = ear.heard
    t, s = (part.split("=")[1] for part in headers["Tiktok-Signature"].split(","))
    assert s == webhooks.tiktok_signature("sandbox-secret", t, body)
    assert headers["webhook-schema-version"] == "v1.0"
    assert headers["User-Agent"] == "tiktok-webhook"
    event = json.loads(body)
    assert (event["event"], event["user_openid"]) == ("authorization.removed", pair["open_id"])
    assert json.loads(event["content"]) == {"reason": 1}


def test_comments_are_told_with_ids_as_numbers_too_big_for_a_float(hand, ear):
    hand.post("business/webhook/update/", {**APP, "event_type": "COMMENT", "callback_url": ear.url})
    pair, video = hand.connect("ana"), hand.world.posts_of(0)[3].item_id
    body = {"business_id": pair["open_id"], "video_id": video, "text": "Grüße"}
    made = hand.post("business/comment/create/", body, pair["access_token"])["data"]
    assert hand.world.webhooks.wait()
    (content,) = ear.contents()
    assert content["comment_id"] == int(made["comment_id"]) > 2**53
    assert (content["video_id"], content["comment_action"]) == (int(video), "insert")


def test_a_refused_delivery_comes_again(hand, ear):
    ear.refuse = 1
    hand.post("business/webhook/update/", {**APP, "event_type": "LOGIN", "callback_url": ear.url})
    hand.connect("ana")
    hand.world.withdraw("ana")
    assert hand.world.webhooks.wait()
    assert len(ear.heard) == 2
    assert ear.heard[0][1] == ear.heard[1][1]


def test_events_come_twice_or_out_of_order_on_demand(hand, ear):
    hand.post("business/webhook/update/", {**APP, "event_type": "LOGIN", "callback_url": ear.url})
    for handle in ("ana", "ben"):
        hand.connect(handle)
    hand.world.faults.set(shuffled_webhooks=1, duplicate_webhooks=1)
    hand.world.withdraw("ana")
    hand.world.withdraw("ben")
    assert hand.world.webhooks.wait()
    who = [json.loads(body)["user_openid"] for _, body in ear.heard]
    ana, ben = (hand.world.open_id(index, "sandbox-app") for index in (0, 1))
    assert who == [ben, ana, ana]


def test_subscriptions_are_kept_told_and_end_with_their_token(hand, ear):
    token = hand.brand()["access_token"]
    account = hand.data("tto/oauth2/tcm/", token, **APP)["tto_tcm_account_ids"][0]
    detail = {"access_token": token, "tto_tcm_account_id": account}
    body = {**APP, "subscribe_entity": "TCM_VIDEOS", "callback_url": ear.url, "subscription_detail": detail}
    made = hand.post("subscription/subscribe/", body)["data"]["subscription_id"]
    listed = hand.data("subscription/get/", **APP, subscribe_entity="TCM_VIDEOS")
    assert [one["subscription_id"] for one in listed["subscriptions"]] == [made]
    assert listed["page_info"]["total_number"] == 1
    entry = {
        "event_type": "tto_campaign_webhook",
        "tto_campaign_event_type": "tto_video_published",
        "handle_name": "zoë",
    }
    hand.world.webhooks.tell_subscribers("TCM_VIDEOS", 10, entry)
    assert hand.world.webhooks.wait()
    ((headers, raw),) = ear.heard
    assert headers["X-Open-Signature"] == webhooks.open_signature("sandbox-secret", raw)
    assert json.loads(raw)["object"] == 10
    assert json.loads(raw)["entry"] == [entry]
    hand.post("oauth2/revoke_token/", {**APP, "access_token": token})
    assert hand.data("subscription/get/", **APP, subscribe_entity="TCM_VIDEOS")["subscriptions"] == []
    assert hand.post("subscription/unsubscribe/", {**APP, "subscription_id": made})["code"] == 0
    assert hand.post("subscription/unsubscribe/", {**APP, "subscription_id": made})["code"] == 40007


def test_a_callback_is_listed_extended_and_deleted(hand):
    base = {**APP, "event_type": "COMMENT", "callback_url": "https://brand.example/hooks/"}
    hand.post("business/webhook/update/", {**base, "item_list": ["1", "2"]})
    hand.post("business/webhook/update/", {**base, "item_list": ["2", "3"]})
    (one,) = hand.data("business/webhook/list/", **APP)["webhooks"]
    assert one["item_list"] == ["1", "2", "3"]
    assert hand.post("business/webhook/update/", {**base, "secret": "wrong"})["code"] == 40101
    assert hand.post("business/webhook/delete/", {**APP, "event_type": "COMMENT"})["code"] == 0
    assert hand.data("business/webhook/list/", **APP)["webhooks"] == []


def test_no_thread_waits_while_nothing_is_queued(hand, ear):
    hand.post("business/webhook/update/", {**APP, "event_type": "LOGIN", "callback_url": ear.url})
    hand.connect("ana")
    hand.world.withdraw("ana")
    assert hand.world.webhooks.wait()
    assert not [thread for thread in threading.enumerate() if thread.name == "sandbox-webhooks"]
