"""The dimension `campaign`: a campaign's posts, also removed ones, never hidden ones."""

from datetime import timedelta

import pytest

from greenroom.campaigns.models import Campaign, CampaignPost
from greenroom.creators.models import Post
from greenroom.metrics import sources
from greenroom.metrics.query import BadQuery, Query
from greenroom.metrics.tabulate import as_json
from greenroom.metrics.where import UnknownSubject


@pytest.fixture
def season(books):
    """Two campaigns: three posts in one, one of them removed; one in the other; one post in none."""
    ana = books.account("ana", auth=True)
    made = {name: campaign(books, name) for name in ("Oat Season", "Spring")}
    for views, name in ((100, "Oat Season"), (20, "Oat Season"), (3, "Oat Season"), (1000, "Spring"), (9999, "")):
        post = books.post(ana)
        books.read(post, books.at - timedelta(days=2), views=views, likes=1, comments=0, shares=0)
        if name:
            enter(books, made[name], post)
    CampaignPost.objects.filter(post__in=Post.objects.order_by("pk")[1:2]).update(removed_at=books.at)
    return made


def campaign(books, name):
    return Campaign.objects.create(workspace=books.workspace, name=name, made_at=books.at, by="member:1")


def enter(books, campaign, post, **more):
    told = {"how": "hand", "posted_at": post.posted_at, "added_at": books.at - timedelta(days=5), "by": "member:1"}
    return CampaignPost.objects.create(workspace=books.workspace, campaign=campaign, post=post, **told | more)


def test_figures_of_one_campaign_by_id_and_by_name(books, season):
    for named in (season["Oat Season"].pk, "oat season", season["Oat Season"]):
        figures = books.ask("views", "posts", "organic_views", where=(("campaign", named),)).only
        assert {name: figure.value for name, figure in figures.items()} == {
            "views": 123,
            "posts": 3,
            "organic_views": 123,
        }
    with pytest.raises(UnknownSubject):
        books.ask("views", where=(("campaign", "Winter"),))


def test_split_by_campaign(books, season):
    answer = books.ask("views", "engagement", by=("campaign",), order="-views")
    assert [(row["campaign_name"], row["views"].value) for row in answer.rows] == [
        ("Spring", 1000),
        ("Oat Season", 123),
    ]
    assert [row["campaign"] for row in as_json(answer)["rows"]] == ["Spring", "Oat Season"]
    both = books.ask("views", by=("campaign", "account"), since=books.at - timedelta(days=40), grain="week")
    assert {row["campaign_name"] for row in both.rows} == {"Spring", "Oat Season"}
    of = sources.behind(answer, books.workspace)
    assert [of(row, "views") for row in answer.rows] == [["sandbox"], ["sandbox"]]


def test_accounts_are_not_split_by_campaign(books, season):
    with pytest.raises(BadQuery):
        books.ask("followers", by=("campaign",))


def test_what_came_in_later_was_not_in_it_then(books, season):
    assert (
        books.ask("views", where=(("campaign", "Spring"),), as_of=books.at - timedelta(days=1)).only["views"].value
        == 1000
    )
    CampaignPost.objects.filter(campaign=season["Spring"]).update(added_at=books.at)
    assert (
        books.ask("posts", where=(("campaign", "Spring"),), as_of=books.at - timedelta(days=1)).only["posts"].value != 1
    )


def test_a_hidden_post_is_in_no_figure_and_no_source(books, season):
    hidden = Post.objects.order_by("pk").first()
    books.read(hidden, books.at - timedelta(hours=1), source_class="legacy", surface="legacy", views=5000)
    Post.objects.filter(pk=hidden.pk).update(hidden_at=books.at)
    for by in ((), ("account",), ("campaign",), ("basis",), ("creator",)):
        answer = books.ask("views", "posts", by=by)
        of = sources.behind(answer, books.workspace)
        assert all("legacy" not in of(row, "views") for row in answer.rows), by
    assert books.ask("views", where=(("campaign", "Oat Season"),)).only["views"].value == 23
    with pytest.raises(UnknownSubject):
        books.ask("views", where=(("post", hidden.item_id),))
    assert Query(("views",)).checked()
