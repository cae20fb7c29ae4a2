"""Spark Ads by program: asking, the code and who gets it, the steps, boosts."""

from datetime import timedelta

import pytest

from greenroom.core import clock
from greenroom.creators.models import Post
from greenroom.spark import guide
from greenroom.spark.models import SparkAuthorization

CODE = "#AbCdEf+Gh/IjKlMnOpQrStUv=="


@pytest.fixture
def post(living):
    return Post.objects.filter(account__handle="ana").order_by("-posted_at").first()


@pytest.fixture
def row(post):
    """Authorized for 30 days, from yesterday on."""
    at = clock.now() - timedelta(days=1)
    return SparkAuthorization.objects.create(
        workspace_id=post.workspace_id, post=post, state="authorized", days_asked=60, days_given=30, code=CODE,
        since=at, until=at + timedelta(days=30), requests_left=29, read_at=at, asked_at=at, by="member:1",
    )  # fmt: skip


def test_the_code_is_told_to_keys_that_may_write_campaigns_and_to_no_other(program, row, post):
    told = program().get(f"/posts/{post.pk}/spark").json()
    assert (told["state"], told["code"], told["days_asked"], told["days_given"]) == ("authorized", CODE, 60, 30)
    assert told["reasons"] == {}
    for role in ("analyst", "client"):
        told = program(role).get(f"/posts/{post.pk}/spark").json()
        assert (told["code"], told["reasons"]["code"]) == (None, "not_yours")
        assert program(role).post(f"/posts/{post.pk}/spark", {"days": 30}).status_code == 403
    assert CODE not in program("analyst").get("/spark").content.decode()
    assert program(workspace=None).get("/spark").json()["items"][0]["id"] == str(row.pk)


def test_after_its_end_the_code_is_withheld_though_nobody_has_looked(program, row, post):
    SparkAuthorization.objects.update(until=clock.now() - timedelta(minutes=1))
    told = program().get(f"/posts/{post.pk}/spark").json()
    assert (told["state"], told["code"], told["reasons"]["code"]) == ("expired", None, "expired")
    assert [len(program().get("/spark", state=state).json()["items"]) for state in ("expired", "authorized")] == [1, 0]


def test_what_nobody_asked_for_is_not_there(program, post):
    mine = program()
    assert mine.get(f"/posts/{post.pk}/spark").status_code == 404
    assert mine.get("/spark").json()["items"] == []
    refused = mine.post(f"/posts/{post.pk}/spark", {"days": 30})
    assert (refused.status_code, refused.json()["reason"]) == (409, "not_tied")
    assert "Campaign Code" in refused.json()["detail"]
    assert mine.post(f"/posts/{post.pk}/spark", {"days": 14}).status_code == 422
    assert mine.post("/posts/999999/spark", {"days": 30}).status_code == 404


def test_steps_are_ticked(program, row, post):
    mine = program()
    told = mine.post(f"/posts/{post.pk}/spark/steps", {"step": 2}).json()["steps"]
    assert [one["done"] for one in told] == [False, True, False, False, False]
    assert told[1]["by"] == f"key:{mine.key.pk}"
    assert told[0]["words"] == "In TikTok Ads Manager open Asset > Creative."
    told = mine.post(f"/posts/{post.pk}/spark/steps", {"step": 2, "done": False}).json()["steps"]
    assert not any(one["done"] for one in told)
    assert mine.post(f"/posts/{post.pk}/spark/steps", {"step": 6}).status_code == 422
    assert len(told) == len(guide.STEPS)


def test_a_boost_is_noted_and_ended(program, row, post):
    mine, start = program(), max(post.posted_at, clock.now() - timedelta(days=2))
    body = {"started_at": (start + timedelta(seconds=1)).isoformat(timespec="seconds")}
    body |= {"spend_minor": 1234, "currency": "EUR"}
    made = mine.post(f"/posts/{post.pk}/boosts", body)
    assert made.status_code == 201, made.json()
    boost = made.json()
    assert (boost["spend_minor"], boost["currency"], boost["ended_at"], boost["told_by"]) == (
        1234,
        "EUR",
        None,
        "person",
    )
    assert mine.post(f"/posts/{post.pk}/boosts", body).json()["reason"] == "boosted_already"
    ended = mine.post(f"/boosts/{boost['id']}/end", {"ended_at": clock.now().isoformat(timespec="seconds")})
    assert ended.json()["ended_at"]
    assert [one["id"] for one in mine.get(f"/posts/{post.pk}/spark").json()["boosts"]] == [boost["id"]]
    wrong = mine.post(f"/posts/{post.pk}/boosts", {**body, "currency": "XXX"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["loc"] == ["body", "currency"]


def test_tiktok_is_asked_soon_when_somebody_wants_to_know(program, row, post):
    told = program().post(f"/posts/{post.pk}/spark/look")
    assert told.status_code == 200
    row.refresh_from_db()
    assert row.due_at <= clock.now()
