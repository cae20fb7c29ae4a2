"""Webhooks as the sandbox really sends them: signed, twice, out of order, over HTTP."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from greenroom.tiktok import webhooks


@pytest.fixture
def callback():
    """An address that keeps what arrives as (headers, raw body)."""
    arrived = []

    class Keep(BaseHTTPRequestHandler):
        def do_POST(self):
            arrived.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Keep)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", arrived
    server.shutdown()
    server.server_close()


def test_a_withdrawn_consent_arrives_signed_and_its_repeat_is_known(world, ana, business_app, callback):
    url, arrived = callback
    world.webhooks.listen("sandbox-app", "LOGIN", url)
    world.faults.set(duplicate_webhooks=True)
    world.withdraw("ana")
    assert world.webhooks.wait()
    for headers, raw in arrived:
        webhooks.verify_tiktok_signature(business_app.secret, headers["TikTok-Signature"], raw, at=world.clock.now())
    told = [webhooks.parse(raw) for _, raw in arrived]
    assert [(one.event, one.user_openid, one.content) for one in told] == [
        ("authorization.removed", ana.open_id, {"reason": 1})
    ] * 2
    assert len({webhooks.delivery_key(one) for one in told}) == 1


def test_a_comments_numeric_ids_arrive_whole(world, ana, business_app, callback):
    url, arrived = callback
    world.webhooks.listen("sandbox-app", "COMMENT", url)
    content = {"comment_id": 7380066284010030891, "video_id": 7380066284010030893, "comment_action": "insert"}
    world.webhooks.tell_app("sandbox-app", "comment.update", content, open_id=ana.open_id, event_type="COMMENT")
    assert world.webhooks.wait()
    [(headers, raw)] = arrived
    webhooks.verify_tiktok_signature(business_app.secret, headers["TikTok-Signature"], raw, at=world.clock.now())
    assert webhooks.parse(raw).content == {
        "comment_id": "7380066284010030891",
        "video_id": "7380066284010030893",
        "comment_action": "insert",
    }


def test_a_subscription_with_accents_arrives_signed(world, brand, business_app, callback):
    url, arrived = callback
    world.webhooks.subscribe("sandbox-app", "TCM_VIDEOS", url, {"access_token": brand.access_token})
    entry = {
        "tto_campaign_event_type": "tto_video_published",
        "handle_name": "zoë😀",
        "video_id": "7412345678901234567",
    }
    world.webhooks.tell_subscribers("TCM_VIDEOS", 10, entry)
    assert world.webhooks.wait()
    [(headers, raw)] = arrived
    webhooks.verify_open_signature(business_app.secret, headers["X-Open-Signature"], raw)
    delivery = webhooks.parse(raw)
    assert (delivery.event, delivery.object, delivery.entries) == ("tto_video_published", 10, (entry,))
    forged = json.dumps({**json.loads(raw), "time": 1}).encode()
    with pytest.raises(webhooks.BadSignature):
        webhooks.verify_open_signature(business_app.secret, headers["X-Open-Signature"], forged)
