"""The controls under `/_sim/` and the page on which a tester plays a creator."""

from .conftest import NOON, Hand


def control(hand: Hand, path: str, **body: object):
    answer = hand.http.post(f"/_sim/{path}", json=body) if body else hand.http.get(f"/_sim/{path}")
    return answer.json()


def test_the_world_describes_itself_and_its_clock_turns(hand):
    assert control(hand, "world")["now"] == NOON.isoformat()
    assert control(hand, "clock", advance_seconds=86_400)["now"] == "2026-03-13T14:05:00+00:00"
    assert control(hand, "clock", set="2026-05-01T00:00:00+00:00")["now"] == "2026-05-01T00:00:00+00:00"
    assert control(hand, "clock", rate=60)["rate"] == 60
    assert hand.http.post("/_sim/clock", json={"set": "soon"}).status_code == 400


def test_faults_are_set_told_and_cleared(hand):
    assert control(hand, "faults", throttled=0.25, slow=[0.5, 2])["throttled"] == 0.25
    assert control(hand, "world")["faults"]["slow"] == [0.5, 2.0]
    assert control(hand, "faults", clear=True) == {"slow": [0.0, 0.0]}
    assert hand.http.post("/_sim/faults", json={"thunder": 1}).status_code == 400


def test_scripts_publish_remove_join_leave_and_withdraw(hand):
    made = control(hand, "publish", handle="ana", caption="By script", views=5_000)
    assert hand.world.posts_of(0)[0].item_id == made["item_id"]
    control(hand, "remove", item_id=made["item_id"])
    assert made["item_id"] not in hand.world.truth("ana")["posts"]
    assert control(hand, "join", handle="ben") == {"status": "IN"}
    assert control(hand, "leave", handle="ben") == {"status": "NOT_IN"}
    hand.connect("ana")
    assert control(hand, "withdraw", handle="ana") == {"ended": 1}
    assert hand.http.post("/_sim/withdraw", json={"handle": "nobody"}).status_code == 404
    assert hand.http.post("/_sim/withdraw", json={}).status_code == 404


def test_truth_accounts_and_ledger_can_be_read(hand):
    assert len(control(hand, "truth?handle=ana")["posts"]) == 30
    assert control(hand, "truth?handle=ana&at=2026-03-01T00:00:00%2B00:00")["profile"]["videos_count"] < 30
    listed = control(hand, "accounts?offset=1&limit=2")
    assert [one["handle"] for one in listed["accounts"]] == ["ben", "cyd"]
    assert listed["total"] == 5
    hand.get("business/get/")
    calls = control(hand, "ledger")["calls"]
    assert {"method": "GET", "path": "/open_api/v1.3/business/get/", "code": "40104", "count": 1} in calls


def test_a_further_app_can_be_registered(hand):
    control(hand, "apps", app_id="mine", secret="s", family="login", scopes=["user.info.basic"])
    back = hand.approve("ana", client_key="mine", scope="user.info.basic")
    assert back["code"]
    refused = hand.http.get("/v2/auth/authorize/", params=hand.ask(client_key="mine", scope="video.list"))
    assert "invalid_scope" in refused.headers["location"]


def test_a_tester_plays_a_creator_on_the_page(hand):
    hand.connect("ana")
    page = hand.http.get("/_sim/?handle=ana").text
    assert "You are Ana" in page
    assert "sandbox-app" in page
    assert "Sandbox: this is not TikTok." in page
    form = {"handle": "ana", "caption": "<b>From the page</b>"}
    assert hand.http.post("/_sim/creator/publish", data=form).status_code == 303
    page = hand.http.get("/_sim/?handle=ana").text
    assert "&lt;b&gt;From the page&lt;/b&gt;" in page
    assert "<b>From the page" not in page
    hand.http.post("/_sim/creator/withdraw", data={"handle": "ana", "app_id": "sandbox-app"})
    assert "No app may see this account." in hand.http.get("/_sim/?handle=ana").text
    hand.http.post("/_sim/creator/leave", data={"handle": "ana"})
    assert "is not in the Creator Marketplace" in hand.http.get("/_sim/?handle=ana").text
    hand.http.post("/_sim/creator/join", data={"handle": "ana"})
    assert "is in the Creator Marketplace" in hand.http.get("/_sim/?handle=ana").text


def test_nobody_by_that_handle_is_said_plainly(hand):
    page = hand.http.get("/_sim/?handle=<script>")
    assert "Nobody here has the handle &lt;script&gt;" in page.text
    assert hand.http.get("/_sim/elsewhere/").status_code == 404


def test_pages_allow_no_script_and_no_foreign_host(hand):
    for path in ("/_sim/", "/v2/auth/authorize/?client_key=x"):
        answer = hand.http.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        assert "<script" not in answer.text
        assert "http://" not in answer.text
        assert "https://" not in answer.text
        assert "style=" not in answer.text
