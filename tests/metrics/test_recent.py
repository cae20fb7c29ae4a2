"""An answer is given again only while nothing it depends on has changed."""

from datetime import timedelta

import pytest

from greenroom.core.models import Workspace
from greenroom.creators.models import Account, Post
from greenroom.metrics import recent
from greenroom.observations import availability


@pytest.fixture
def asked(books):
    """A figure asked for twice, so that the second answer is a remembered one."""
    ana = books.account("ana", auth=True)
    post = books.post(ana)
    books.read(post, views=5, likes=1)
    assert [books.figure("views").value, books.figure("views").value] == [5, 5]
    return ana, post


def test_the_same_question_is_worked_out_once(books, asked):
    assert books.figure("views") is books.figure("views")


def test_a_new_reading_is_seen_at_once(books, asked, at):
    books.read(asked[1], at + timedelta(minutes=1), views=8)
    assert books.figure("views").value == 8


@pytest.mark.parametrize("change", ["basis", "authenticated", "scopes", "table", "account", "post"])
def test_every_change_of_what_may_be_seen_is_seen_at_once(books, asked, at, change):
    ana, post = asked
    if change == "basis":
        Post.objects.filter(pk=post.pk).update(basis="legacy")
        assert books.ask("reach", "views", by=["basis"]).rows[0]["basis"] == "legacy"
    elif change == "authenticated":
        Account.objects.filter(pk=ana.pk).update(authenticated=False)
        assert books.figure("views").reason == "unsupported_account"
    elif change == "scopes":
        ana.connections.update(scopes=["user.info.stats"])
        assert books.figure("views").reason == "scope_missing"
    elif change == "table":
        availability.load("post", {"video_views": {"manual_auth": "none"}}, at)
        assert books.figure("views").reason == "not_in_entitlement"
    elif change == "account":
        Account.objects.filter(pk=ana.pk).update(handle="ana.new")
        assert books.ask("views", by=["account"]).rows[0]["account_name"] == "ana.new"
    else:
        books.post(ana)
        assert books.figure("views").of == 2


def test_what_a_caller_does_to_its_rows_stays_with_it(books, asked):
    books.ask("views").rows[0]["views"] = None
    assert books.figure("views").value == 5


def test_no_more_than_so_many_answers_are_kept(books, asked):
    for number in range(recent.KEPT + 5):
        books.ask("views", by=["post"], limit=number + 1)
    assert len(recent._given) == recent.KEPT


def test_the_same_question_of_another_workspace_is_another(books, asked, acme):
    other = type(books)(acme.rival, books.at)
    assert isinstance(acme.rival, Workspace)
    assert (other.figure("views").value, books.figure("views").value) == (None, 5)
