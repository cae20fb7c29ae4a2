"""Comments, publishing and properties of the Accounts API."""

import pytest

from .conftest import Hand


@pytest.fixture
def ana(hand: Hand):
    """(hand, token, business id, id of a post with comments)."""
    pair = hand.connect("ana")
    return hand, pair["access_token"], pair["open_id"], hand.world.posts_of(0)[6].item_id


def test_comments_come_in_pages_and_can_be_sorted(ana):
    hand, token, mine, video = ana
    base = {"business_id": mine, "video_id": video}
    first = hand.get("business/comment/list/", token, **base, max_count="2", sort_field="likes", sort_order="desc")[
        "data"
    ]
    assert len(first["comments"]) == 2
    assert first["has_more"]
    rest = hand.get(
        "business/comment/list/", token, **base, cursor=str(first["cursor"]), max_count="30", sort_field="likes"
    )["data"]
    everyone = first["comments"] + rest["comments"]
    likes = [one["likes"] for one in everyone]
    assert likes == sorted(likes, reverse=True)
    assert len({one["comment_id"] for one in everyone}) == len(everyone)
    assert all(one["parent_comment_id"] == "" for one in everyone)
    assert hand.code("business/comment/list/", token, business_id=mine, video_id="1") == 40053
    assert hand.code("business/comment/list/", token, **base, max_count="31") == 40002


def test_a_comment_is_written_answered_liked_pinned_hidden_and_deleted(ana):
    hand, token, mine, video = ana
    base = {"business_id": mine, "video_id": video}

    def find(comment_id: str) -> dict:
        found = hand.get("business/comment/list/", token, **base, comment_ids=[comment_id], include_replies="true")[
            "data"
        ]
        return found["comments"][0]

    made = hand.post("business/comment/create/", {**base, "text": "Thank you all"}, token)["data"]
    assert made["owner"]
    one = {**base, "comment_id": made["comment_id"]}
    reply = hand.post("business/comment/reply/create/", {**one, "text": "and more"}, token)["data"]
    assert reply["parent_comment_id"] == made["comment_id"]
    assert hand.data("business/comment/reply/list/", token, **one)["comments"] == [reply]
    assert find(made["comment_id"])["reply_list"] == [reply]
    assert hand.post("business/comment/like/", {**one, "action": "LIKE"}, token)["code"] == 0
    assert hand.post("business/comment/pin/", {**one, "action": "PIN"}, token)["code"] == 0
    assert hand.post("business/comment/hide/", {**one, "action": "HIDE"}, token)["code"] == 0
    shown = find(made["comment_id"])
    assert (shown["liked"], shown["likes"], shown["pinned"], shown["status"]) == (True, 1, True, "HIDDEN")
    public = hand.data("business/comment/list/", token, **base, status="PUBLIC", max_count="30")["comments"]
    assert made["comment_id"] not in {comment["comment_id"] for comment in public}
    foreign = next(comment for comment in public if not comment["owner"])
    assert (
        hand.post("business/comment/delete/", {"business_id": mine, "comment_id": foreign["comment_id"]}, token)["code"]
        == 40001
    )
    assert (
        hand.post("business/comment/delete/", {"business_id": mine, "comment_id": made["comment_id"]}, token)["code"]
        == 0
    )
    assert hand.data("business/comment/list/", token, **base, comment_ids=[made["comment_id"]])["comments"] == []
    assert hand.post("business/comment/create/", {**base, "text": "x" * 151}, token)["code"] == 40002


def test_publishing_is_accepted_first_and_visible_later(ana):
    hand, token, mine, _ = ana
    body = {
        "business_id": mine,
        "video_url": "https://brand.example/a.mp4",
        "post_info": {"caption": "Made by hand #diy"},
    }
    share_id = hand.post("business/video/publish/", body, token)["data"]["share_id"]
    assert share_id.startswith("v_pub_url~v1.")
    ask = {"business_id": mine, "publish_id": share_id}
    assert hand.data("business/publish/status/", token, **ask) == {"status": "PROCESSING_DOWNLOAD"}
    hand.world.clock.advance(seconds=30)
    done = hand.data("business/publish/status/", token, **ask)
    assert done["status"] == "PUBLISH_COMPLETE"
    assert hand.data("business/publish/status/", token, **ask) == done, "asking twice publishes once"
    assert hand.world.posts_of(0)[0].item_id == done["post_ids"][0]
    assert hand.world.posts_of(0)[0].caption == "Made by hand #diy"


def test_publishing_may_fail_or_go_to_the_drafts(ana):
    hand, token, mine, _ = ana
    ends = []
    for url, info in (("https://brand.example/a.gif", {}), ("https://brand.example/a.mp4", {"upload_to_draft": True})):
        body = {"business_id": mine, "video_url": url, "post_info": info}
        share_id = hand.post("business/video/publish/", body, token)["data"]["share_id"]
        hand.world.clock.advance(seconds=30)
        ends.append(hand.data("business/publish/status/", token, business_id=mine, publish_id=share_id))
    assert ends == [{"status": "FAILED", "reason": "file_format_check_failed"}, {"status": "SEND_TO_USER_INBOX"}]
    long = {"business_id": mine, "video_url": "https://brand.example/a.mp4", "post_info": {"caption": "😀" * 1_101}}
    assert hand.post("business/video/publish/", long, token)["code"] == 40002
    assert len(hand.world.posts_of(0)) == 30


def test_a_property_is_added_verified_listed_and_deleted(ana):
    hand, token, _, _ = ana
    body = {"app_id": "sandbox-app", "url_property_meta": {"property_type": 1, "url": "brand.example"}}
    added = hand.post("business/property/add/", body, token)["data"]["url_property_info"]
    assert added["property_status"] == 0
    assert hand.post("business/property/verify/", body, token)["data"]["url_property_info"]["property_status"] == 1
    listed = hand.data("business/property/list/", token, app_id="sandbox-app")["url_property_info_list"]
    assert [one["url"] for one in listed] == ["brand.example"]
    assert hand.post("business/property/delete/", body, token)["code"] == 0
    assert hand.post("business/property/delete/", body, token)["code"] == 40007
