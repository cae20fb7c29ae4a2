"""The posts of a campaign through the API: the same as the pages, with the same refusals."""

import pytest

from greenroom.campaigns.models import CampaignPost
from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.creators.models import Post
from tests.api.test_doors import problem


@pytest.fixture
def mine(living, program):
    return program()


@pytest.fixture
def campaign(mine):
    return mine.post("/campaigns", {"name": "Oat Season", "tiktok": True, "mode": "manual"}).json()["id"]


def post_of(living, handle="ana") -> Post:
    return Post.objects.filter(account=living.account(handle)).first()


def test_a_post_is_added_by_hand_and_listed_with_all_that_is_known(mine, living, campaign):
    post = post_of(living)
    answer = mine.post(f"/campaigns/{campaign}/posts", {"post": str(post.pk), "branded": True})
    assert answer.status_code == 201
    [told] = mine.get(f"/campaigns/{campaign}/posts").json()["items"]
    assert told == answer.json()
    kept = ("how", "mode", "compliance", "deliverable", "order", "participant", "branded", "removed_at")
    assert [told[key] for key in kept] == ["hand", "Manual", "at_risk_unlinked", None, None, None, True, None]
    assert (told["post"], told["item_id"], told["handle"]) == (str(post.pk), post.item_id, "ana")
    assert Event.objects.get(name="campaignpost.added").by == mine.key.by


def test_what_is_no_advertising_has_no_compliance_and_says_why(mine, living, campaign):
    told = mine.post(f"/campaigns/{campaign}/posts", {"post": str(post_of(living).pk), "branded": False}).json()
    assert (told["compliance"], told["compliance_words"]) == (None, "Not branded content")


def test_a_post_is_in_one_campaign_at_most(mine, living, campaign):
    body = {"post": str(post_of(living).pk), "branded": True}
    mine.post(f"/campaigns/{campaign}/posts", body)
    other = mine.post("/campaigns", {"name": "LAUNCH"}).json()["id"]
    told = problem(mine.post(f"/campaigns/{other}/posts", body), 409, "refused")
    assert told["reason"] == "post_taken"
    assert "Oat Season" in told["detail"]


def test_the_list_is_narrowed_and_hidden_posts_are_not_in_it(mine, living, campaign):
    for handle in ("ana", "ben"):
        mine.post(f"/campaigns/{campaign}/posts", {"post": str(post_of(living, handle).pk), "branded": handle == "ana"})
    at = f"/campaigns/{campaign}/posts"
    assert len(mine.get(at, how="hand").json()["items"]) == 2
    assert mine.get(at, how="link").json()["items"] == []
    [one] = mine.get(at, compliance="at_risk_unlinked").json()["items"]
    assert one["handle"] == "ana"
    assert len(mine.all(at, limit=1)) == 2
    problem(mine.get(at, compliance="fine"), 422, "invalid")
    Post.objects.filter(pk=one["post"]).update(hidden_at=clock.now())
    assert [row["handle"] for row in mine.get(at).json()["items"]] == ["ben"]


def test_it_moves_and_is_taken_out(mine, living, campaign):
    entry = mine.post(f"/campaigns/{campaign}/posts", {"post": str(post_of(living).pk), "branded": True}).json()["id"]
    other = mine.post("/campaigns", {"name": "LAUNCH"}).json()["id"]
    told = mine.post(f"/campaign-posts/{entry}/moves", {"campaign": other}).json()
    assert (told["id"], told["campaign"]) == (entry, other)
    at = f"/campaign-posts/{entry}/moves"
    problem(mine.post(at, {"campaign": other}), 422, "invalid")
    problem(mine.post(at, {}), 422, "invalid")
    problem(mine.post(at, {"campaign": other, "deliverable": "1"}), 422, "invalid")
    problem(mine.post(at, {"deliverable": "1"}), 404, "not_found")
    assert mine.client.delete(f"{mine.root}/campaign-posts/{entry}").status_code == 204
    assert mine.client.delete(f"{mine.root}/campaign-posts/{entry}").status_code == 404
    assert not CampaignPost.objects.exists()


def test_nobody_elses_campaign_or_post(mine, living, campaign, acme, program):
    body = {"post": str(post_of(living).pk), "branded": True}
    problem(mine.post("/campaigns/99999/posts", body), 404, "not_found")
    problem(mine.post(f"/campaigns/{campaign}/posts", {"post": "9" * 19, "branded": True}), 404, "not_found")
    problem(mine.post("/campaign-posts/7/moves", {"campaign": campaign}), 404, "not_found")
