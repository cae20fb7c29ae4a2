"""Deliveries: proof first, then reading."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom.tiktok import webhooks

SECRET = "topsecret"
SENT = datetime.fromtimestamp(1633174587, UTC)
EVENT = (
    rb'{"client_key":"bwo2m45353a6k85","event":"video.publish.completed","create_time":1615338610,'
    rb'"user_openid":"act.example12345Example12345Example",'
    rb'"content":"{\"share_id\":\"video.6974245311675353080.VDCxrcMJ\"}"}'
)
# Both digests below were computed with the openssl command, not with this code.
EVENT_HEADER = "t=1633174587,s=f7c12c50979ae54b62e2c17a43394556945a677e13e2edc0c3c05ac454e723a5"
SUBSCRIPTION = '{"request_id":"r1","object":10,"time":1731966840,"entry":[{"handle_name":"andré_😀"}]}'.encode()
SUBSCRIPTION_HEADER = "31fdcdbcce4d3f5061c4dc02984a2f488301b36dc445cdb5cc2c34145b016994"


class TestTikTokSignature:
    def verify(self, *, secret=SECRET, header=EVENT_HEADER, raw=EVENT, after=timedelta(0), **more):
        webhooks.verify_tiktok_signature(secret, header, raw, at=SENT + after, **more)

    @pytest.mark.parametrize("after", [timedelta(0), timedelta(minutes=5), -timedelta(minutes=5)])
    def test_a_true_signature_passes_within_five_minutes(self, after):
        self.verify(after=after)

    @pytest.mark.parametrize("after", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
    def test_an_old_or_future_one_does_not(self, after):
        with pytest.raises(webhooks.BadSignature, match="too old"):
            self.verify(after=after)

    def test_the_tolerance_is_a_setting(self):
        self.verify(after=timedelta(hours=72), tolerance=timedelta(hours=73))

    @pytest.mark.parametrize(
        "header",
        ["", "nonsense", "t=1633174587", EVENT_HEADER.replace("t=1633174587", "t=1633174588"), "t=x,s=é", "s=,t=,="],
    )
    def test_another_header_is_refused(self, header):
        with pytest.raises(webhooks.BadSignature):
            self.verify(header=header)

    def test_another_secret_or_body_is_refused(self):
        with pytest.raises(webhooks.BadSignature):
            self.verify(secret="other")
        with pytest.raises(webhooks.BadSignature):
            self.verify(raw=EVENT + b" ")


class TestOpenSignature:
    def test_a_true_signature_passes_over_accents_and_emoji(self):
        webhooks.verify_open_signature(SECRET, SUBSCRIPTION_HEADER, SUBSCRIPTION)

    @given(st.dictionaries(st.text(), st.text(), max_size=4))
    def test_it_is_the_signature_of_the_ascii_form_of_the_same_json(self, told):
        ascii_form = json.dumps(told, ensure_ascii=True).replace("\\u007f", "\x7f").encode()
        header = hmac.new(SECRET.encode(), ascii_form, hashlib.sha256).hexdigest()
        webhooks.verify_open_signature(SECRET, header, json.dumps(told, ensure_ascii=False).encode())

    @pytest.mark.parametrize("header", ["", "é", SUBSCRIPTION_HEADER.upper(), "0" * 64])
    def test_another_header_is_refused(self, header):
        with pytest.raises(webhooks.BadSignature):
            webhooks.verify_open_signature(SECRET, header, SUBSCRIPTION)

    def test_a_body_that_is_no_text_is_refused(self):
        with pytest.raises(webhooks.BadSignature):
            webhooks.verify_open_signature(SECRET, SUBSCRIPTION_HEADER, b"\xff\xfe")


class TestParse:
    def event(self, name="comment.update", content=None):
        told = {
            "client_key": "app1",
            "event": name,
            "create_time": 1615338610,
            "user_openid": "open-1",
            "content": json.dumps(content if content is not None else {}),
        }
        return webhooks.parse(json.dumps(told).encode())

    def test_content_is_parsed_twice(self):
        delivery = webhooks.parse(EVENT)
        assert delivery.event == "video.publish.completed"
        assert delivery.content == {"share_id": "video.6974245311675353080.VDCxrcMJ"}
        assert delivery.created_at == datetime(2021, 3, 10, 1, 10, 10, tzinfo=UTC)

    @given(st.integers(min_value=1, max_value=10**19))
    def test_numeric_ids_keep_every_digit(self, number):
        delivery = self.event(content={"comment_id": number, "video_id": number, "comment_action": "insert"})
        assert delivery.content == {"comment_id": str(number), "video_id": str(number), "comment_action": "insert"}

    @pytest.mark.parametrize("word", ["publicly", "publicaly"])
    def test_both_spellings_are_one_event(self, word):
        event = self.event(f"post.publish.no_longer_{word}_available").event
        assert event == "post.publish.no_longer_publicly_available"

    def test_a_subscription_is_read_with_all_its_entries(self):
        entry = {
            "event_type": "tto_campaign_webhook",
            "tto_campaign_event_type": "tto_video_uploaded",
            "video_id": 7412345678901234567,
        }
        told = {"request_id": "r1", "object": 10, "time": 1731966840, "entry": [entry, entry]}
        delivery = webhooks.parse(json.dumps(told).encode())
        assert (delivery.event, delivery.object, delivery.request_id) == ("tto_video_uploaded", 10, "r1")
        assert [one["video_id"] for one in delivery.entries] == ["7412345678901234567"] * 2

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"null",
            b"[]",
            b"7",
            b'"x"',
            b"{}",
            b'{"event": "x"}',
            b'{"entry": []}',
            b'{"entry": 7, "time": 1}',
            b'{"event": "x", "create_time": "soon"}',
            b'{"event": "x", "create_time": 1, "content": "no json"}',
            b'{"event": "x", "create_time": 99999999999999999999}',
            b'{"entry": [7], "time": 1}',
            b'{"event": ["x"], "create_time": 1}',
            b'{"event": "x", "create_time": 1, "content": "7"}',
        ],
    )
    def test_what_is_no_delivery_is_said_to_be_unreadable(self, raw):
        with pytest.raises(webhooks.Unreadable):
            webhooks.parse(raw)


class TestDeliveryKey:
    def test_a_repeat_has_the_same_key_however_it_is_spaced(self):
        again = json.dumps(json.loads(EVENT), indent=1).encode()
        assert webhooks.delivery_key(webhooks.parse(again)) == webhooks.delivery_key(webhooks.parse(EVENT))

    def test_another_request_or_entry_has_another_key(self):
        told = json.loads(SUBSCRIPTION)
        others = [told, told | {"request_id": "r2"}, told | {"entry": [{"handle_name": "x"}]}, told | {"time": 1}]
        keys = {webhooks.delivery_key(webhooks.parse(json.dumps(other).encode())) for other in others}
        assert len(keys) == len(others)
