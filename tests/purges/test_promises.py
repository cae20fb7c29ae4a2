"""What a purge must not touch, and what may come back."""

import pytest
from django.db import transaction

from greenroom.campaigns import tying
from greenroom.campaigns.models import CampaignPost, Deliverable, Order
from greenroom.creators.models import Post
from greenroom.imports import actions as imports
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from greenroom.observations import models, view
from greenroom.purges import actions as purges
from greenroom.purges.models import Tombstone

from .conftest import MARKS, ROWS, purge

pytestmark = pytest.mark.django_db(transaction=True)


def legacy(workspace) -> int:
    rows = view.unwithheld(workspace.pk).rows(
        "select count(*) as n from (select source_class from account_readings union all"
        " select source_class from account_day_readings union all select source_class from post_readings)"
        " where source_class = 'legacy'"
    )
    return rows[0]["n"]


def test_it_is_hidden_the_moment_the_purge_starts(old):
    """Before a worker has removed anything (MIG-03), also values on accounts that stay (MIG-02)."""
    made = purges.make_plan(old.workspace, by=old.by, at=old.at)
    assert Post.objects.filter(item_id="P-OLD").exists()
    purges.start(made, by=old.by, at=old.at)
    assert not Post.objects.filter(item_id="P-OLD").exists()
    assert legacy(old.workspace) > 0
    seen = view.open_view(old.workspace)
    classes = {row["source_class"] for row in seen.rows("select distinct source_class from account_readings")}
    assert classes == {"sandbox"}
    [latest] = seen.rows(f"select followers, bio from account_latest where account = {old.cyd.pk}")
    assert latest == {"followers": 11, "bio": None}
    posts = metrics.measure(Query(("views",), by=("post",)), old.workspace, at=old.at)
    assert int(MARKS["number"]) not in [row["views"].value for row in posts.rows]


def test_accounts_their_state_and_official_readings_stay(old):
    accounts = [(one.handle, one.authenticated, one.in_marketplace, one.access) for one in (old.cyd, old.dov)]
    purge(old)
    for one in (old.cyd, old.dov):
        one.refresh_from_db()
    assert [(one.handle, one.authenticated, one.in_marketplace, one.access) for one in (old.cyd, old.dov)] == accounts
    assert legacy(old.workspace) == 0
    both = Post.objects.get(item_id="P-BOTH")
    assert (both.basis, both.caption, both.share_url, both.hidden_at) == ("manual", "", "", None)
    [row] = view.open_view(old.workspace).rows(f"select views from post_readings where subject = {both.pk}")
    assert row["views"] == 5


def test_a_tombstone_carries_no_figure_and_a_code_brings_the_post_back_with_new_values_only(old):
    done = purge(old)
    stone = purges.find(old.workspace, "P-OLD")
    assert (stone.account, stone.campaign, stone.purge) == (old.dov, old.campaign, done)
    assert len(stone.digest) == 64
    assert stone.tied_again_at is None
    participant = old.campaign.participants.get(account=old.dov)
    order = Order.objects.create(
        workspace=old.workspace, campaign=old.campaign, participant=participant, account=old.dov, number=9, videos=1,
        made_at=old.at, by=old.by, state="created",
    )  # fmt: skip
    slot = Deliverable.objects.create(
        workspace=old.workspace, order=order, place=1, number=1, name="Video 1", set_by="code"
    )
    post = Post.objects.create(
        workspace=old.workspace, account=old.dov, item_id="P-OLD", posted_at=old.at, first_seen_at=old.at,
        last_seen_at=old.at,
    )  # fmt: skip
    with transaction.atomic():
        entry = tying.tie(order, slot, post, by="system", at=old.at)
    assert (entry.how, Post.objects.get(item_id="P-OLD").caption) == ("code", "")
    assert purges.find(old.workspace, "P-OLD").tied_again_at == old.at
    assert legacy(old.workspace) == 0


def test_ties_by_code_of_a_running_campaign_stay(old):
    """MIG-13: what an order holds is no former source's, whatever else goes."""
    post = Post.objects.create(
        workspace=old.workspace, account=old.cyd, item_id="P-CODE", posted_at=old.at, first_seen_at=old.at,
        last_seen_at=old.at, basis="order",
    )  # fmt: skip
    CampaignPost.objects.create(
        workspace=old.workspace, campaign=old.campaign, post=post, how="code", posted_at=old.at, added_at=old.at, by="x"
    )
    purge(old)
    assert list(CampaignPost.objects.values_list("post__item_id", "how")) == [("P-CODE", "code")]


def test_doing_it_twice_changes_nothing(old):
    purge(old)
    stones = list(Tombstone.objects.order_by("pk").values_list("item_id", "digest", "purged_at"))
    again = purge(old)
    assert {one["before"] for one in again.certificate["stores"]} == {0}
    assert list(Tombstone.objects.order_by("pk").values_list("item_id", "digest", "purged_at")) == stones


def test_another_workspace_keeps_its_own(old, acme):
    from .conftest import Old

    other = Old(acme.rival, acme.eve.by, old.at)
    other.cyd = other.dov = None
    from greenroom.creators import actions as creators

    account = creators.record_legacy(acme.rival, handle="zed", by="system", at=old.at)
    other.read("account", account, followers=3, source_class="legacy", surface="legacy")
    purge(old)
    assert legacy(acme.rival) == 1
    assert models.Latest.objects.filter(workspace=acme.rival, surface="legacy").count() == 1


def test_nothing_of_the_source_may_come_in_while_it_is_purged(old):
    from io import BytesIO

    made = purges.make_plan(old.workspace, by=old.by, at=old.at)
    purges.start(made, by=old.by, at=old.at)
    told = {"kind": "posts", "name": "late.csv", "by": old.by, "at": old.at, "former": True}
    with pytest.raises(imports.BadFile, match="being purged"):
        imports.upload(old.workspace, file=BytesIO(ROWS.encode()), **told)
    with pytest.raises(purges.Refused, match="running"):
        purges.make_plan(old.workspace, by=old.by, at=old.at)
