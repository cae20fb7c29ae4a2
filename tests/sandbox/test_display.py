"""The Display API v2: Bearer, its own names, its own errors with their own HTTP status."""

import pytest

from greenroom.sandbox import Clock, World, display
from greenroom.sandbox.throttle import Throttle

from .conftest import NOON, REDIRECT, Hand, hold

USER = ",".join(display.USER_FIELDS)
VIDEO = ",".join(display.VIDEO_FIELDS)


def bearer(hand: Hand, scope: str = "user.info.basic,user.info.profile,user.info.stats,video.list") -> dict[str, str]:
    code = hand.approve("ana", client_key="sandbox-key", scope=scope)["code"]
    body = {
        "client_key": "sandbox-key", "client_secret": "sandbox-key-secret", "grant_type": "authorization_code",
        "code": code, "redirect_uri": REDIRECT,
    }  # fmt: skip
    return {"Authorization": "Bearer " + hand.http.post("/v2/oauth/token/", data=body).json()["access_token"]}


def test_user_and_videos_equal_the_truth_in_display_names(hand):
    head, true = bearer(hand), hand.world.truth("ana")["display"]
    answer = hand.http.get(f"/v2/user/info/?fields={USER}", headers=head).json()
    assert answer["error"] == {"code": "ok", "message": "", "log_id": answer["error"]["log_id"]}
    assert answer["data"]["user"] == true["user"]
    found, cursor = [], 0
    while True:
        body = {"max_count": 20, "cursor": cursor} if cursor else {"max_count": 20}
        data = hand.http.post(f"/v2/video/list/?fields={VIDEO}", headers=head, json=body).json()["data"]
        found += data["videos"]
        cursor = data["cursor"]
        if not data["has_more"]:
            break
    assert {one["id"]: one for one in found} == true["videos"]
    assert len(found) == 30


def test_figures_are_live_here(hand):
    head = bearer(hand)
    made = hand.world.publish("ana", views=900_000)
    hand.world.clock.advance(hours=3)
    body = {"filters": {"video_ids": [made.item_id, "1"]}}
    (one,) = hand.http.post("/v2/video/query/?fields=id,view_count", headers=head, json=body).json()["data"]["videos"]
    assert one["view_count"] > 0


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v2/user/info/", 400, "invalid_params"),
        ("/v2/user/info/?fields=display_name,followers_count", 400, "invalid_params"),
        ("/v2/user/info/?fields=follower_count", 401, "scope_not_authorized"),
    ],
)
def test_refusals_have_their_own_status(hand, path, status, code):
    answer = hand.http.get(path, headers=bearer(hand, "user.info.basic"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["data"] == {}


def test_a_missing_or_business_token_is_invalid(hand):
    assert hand.http.get("/v2/user/info/?fields=open_id").status_code == 401
    token = hand.connect("ana")["access_token"]
    answer = hand.http.get("/v2/user/info/?fields=open_id", headers={"Access-Token": token})
    assert answer.json()["error"]["code"] == "access_token_invalid"


def test_withdrawn_consent_is_an_invalid_token(hand):
    head = bearer(hand)
    hand.world.withdraw("ana", "sandbox-key")
    answer = hand.http.get("/v2/user/info/?fields=open_id", headers=head)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "access_token_invalid")


def test_600_calls_in_a_sliding_minute_for_each_endpoint():
    now = [0.0]
    hand = hold(World(clock=Clock(NOON, rate=0), throttle=Throttle(timer=lambda: now[0])))
    head = bearer(hand)
    codes = [hand.http.get("/v2/user/info/?fields=open_id", headers=head).status_code for _ in range(601)]
    assert codes == [200] * 600 + [429]
    assert hand.http.post("/v2/video/list/?fields=id", headers=head, json={}).status_code == 200
    now[0] = 59.9
    assert hand.http.get("/v2/user/info/?fields=open_id", headers=head).status_code == 429
    now[0] = 60.1
    assert hand.http.get("/v2/user/info/?fields=open_id", headers=head).status_code == 200
