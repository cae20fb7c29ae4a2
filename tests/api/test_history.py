"""GET /posts/{post}/history, and that a hidden post is behind no door of the API."""

import pytest
from django.utils import timezone

from greenroom.api import openapi
from greenroom.api.site import api
from greenroom.campaigns.models import Campaign, CampaignPost
from greenroom.creators.models import Post
from greenroom.metrics.snapshots import snapshots

MARK, ITEM = "markedcaptionofahiddenpost", "7199999999999999999"


@pytest.fixture
def post(living):
    return Post.objects.filter(account__handle="ana").order_by("-posted_at").last()


def test_the_history_is_that_of_snapshots(living, program, post):
    told = program().get(f"/posts/{post.pk}/history", metrics="views,organic_views,engagement_rate").json()
    keys = ("views", "organic_views", "engagement_rate")
    rows = snapshots(post, keys, living.workspace, at=timezone.now())
    assert told["post"] == str(post.pk)
    assert [one["values"] for one in told["snapshots"] if not one["gap"]] == [
        {key: row.figures[key].value for key in row.figures} for row in rows if not row.gap
    ]
    assert len([one for one in told["snapshots"] if one["values"].get("views")]) >= 2
    for one in told["snapshots"]:
        for key, value in one["values"].items():
            assert (value is None) <= (key in one["reasons"])


@pytest.mark.parametrize("metrics", ["followers", "posts", "nothing", "views," * 13, "audience_gender", "\0"])
def test_what_has_no_history_is_refused_in_words(living, program, post, metrics):
    answer = program().get(f"/posts/{post.pk}/history", metrics=metrics)
    assert answer.status_code in (400, 404, 422)
    assert answer.json()["detail"]


def test_a_post_of_another_workspace_has_none(living, program, acme, post):
    assert program().get("/posts/99999999/history").status_code == 404
    stranger = program(workspace=acme.rival) if hasattr(acme, "rival") else None
    assert stranger is None or stranger.get(f"/posts/{post.pk}/history").status_code == 404


def test_a_hidden_post_is_behind_no_door(living, program, post, acme):
    """Planted once shown and once hidden: every list and every figure of the API loses exactly it."""
    now = timezone.now()
    campaign = Campaign.objects.create(workspace=living.workspace, name="Oat Season", made_at=now, by="member:1")
    Post.objects.filter(pk=post.pk).update(caption=MARK, item_id=ITEM)
    CampaignPost.objects.create(
        workspace=living.workspace, campaign=campaign, post=post, how="hand", posted_at=post.posted_at, added_at=now,
        by="member:1",
    )  # fmt: skip
    mine = program()
    shown = {path for path, text in answers(mine, campaign, post) if MARK in text or ITEM in text}
    assert {"/posts", f"/posts/{post.pk}"} <= shown
    Post.objects.filter(pk=post.pk).update(hidden_at=now)
    for path, text in answers(mine, campaign, post):
        assert MARK not in text, path
        assert ITEM not in text, path
    assert mine.get(f"/posts/{post.pk}").status_code == mine.get(f"/posts/{post.pk}/history").status_code == 404
    narrowed = mine.post("/measure", {"metrics": ["views"], "where": {"campaign": ["Oat Season"]}}).json()
    assert narrowed["rows"][0]["figures"]["views"]["value"] is None
    assert acme.workspace == living.workspace


def answers(mine, campaign, post):
    """What each GET of the description answers, with our ids where it wants some, and figures by post and campaign."""
    ids = {"post": post.pk, "campaign": campaign.pk, "account": post.account_id, "creator": post.account.creator_id}
    for path, made in openapi.document(api)["paths"].items():
        _, _, rest = path.partition("/w/{workspace}")
        known = rest
        for name, pk in ids.items():
            known = known.replace("{" + name + "}", str(pk))
        if "get" in made and rest and "{" not in known and not known.startswith("/events"):
            yield known, mine.get(known).content.decode()
    for by in (["post"], ["campaign"], ["account", "post"]):
        yield f"/measure {by}", mine.post("/measure", {"metrics": ["views", "likes"], "by": by}).content.decode()
