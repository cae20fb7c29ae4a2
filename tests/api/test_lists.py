"""Lists: pages by key, filters, chosen fields, a constant number of queries, and quick."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenroom.core import clock
from greenroom.creators.models import Account, Creator, Post
from tests.rules.test_queries import fill

LISTS = [
    "/members",
    "/creators",
    "/accounts",
    "/connections",
    "/posts",
    "/metrics",
    "/jobs",
    "/events",
    "/keys",
    "/labels",
]


@pytest.mark.parametrize("path", ["/accounts", "/posts", "/members", "/jobs", "/metrics"])
def test_pages_tell_everything_once(acme, program, path):
    fill(acme.workspace, 7)
    mine = program()
    whole = [row["id"] for row in mine.all(path, limit=200)]
    assert len(whole) == len(set(whole)) > 2
    assert [row["id"] for row in mine.all(path, limit=2)] == whole


def test_what_is_added_meanwhile_moves_nothing(acme, program):
    fill(acme.workspace, 6)
    mine = program()
    first = mine.get("/posts", limit=3).json()
    told = [row["id"] for row in first["items"]]
    newest, oldest = Post.objects.order_by("-posted_at").first(), Post.objects.order_by("posted_at").first()
    for item, at in (("new", newest.posted_at + timedelta(hours=1)), ("old", oldest.posted_at - timedelta(hours=1))):
        Post.objects.create(
            workspace=acme.workspace, account=newest.account, item_id=item, posted_at=at, first_seen_at=at,
            last_seen_at=at,
        )  # fmt: skip
    seen = mine.all("/posts", limit=3, cursor=first["next"])
    ids = told + [row["id"] for row in seen]
    assert len(ids) == len(set(ids)) == 7
    assert seen[-1]["item_id"] == "old"


def test_any_cursor_is_a_place(acme, program):
    fill(acme.workspace, 3)
    mine = program()
    for cursor in ("0" * 32, "f" * 32, "0" * 16 + "f" * 16):
        for path in LISTS:
            assert mine.get(path, cursor=cursor).status_code == 200
    assert mine.get("/accounts", cursor="0" * 31).status_code == 422


def test_fields_narrow_what_is_told(acme, program):
    fill(acme.workspace, 2)
    mine = program()
    for row in mine.get("/accounts", fields="handle,account_type").json()["items"]:
        assert list(row) == ["id", "handle", "account_type"]
    pk = Account.objects.first().pk
    assert list(mine.get(f"/accounts/{pk}", fields="handle").json()) == ["id", "handle"]
    refused = mine.get("/accounts", fields="handel")
    assert refused.status_code == 422
    assert "handle" in refused.json()["detail"]


def test_filters_narrow_to_what_fits(living, program):
    mine = program()

    def handles(**asked):
        return sorted(row["handle"] for row in mine.all("/accounts", **asked))

    assert handles(account_type="tiktok_business") == ["brandco"]
    assert handles(authenticated="true", in_marketplace="false", account_type="tiktok_creator") == ["ben"]
    assert handles(access="unauth_ttcm") == ["cyd"]
    assert handles(access="unauth_non_ttcm") == ["dov"]
    assert handles(handle="@ANA") == ["ana"]
    ana = living.account("ana")
    assert handles(creator=str(ana.creator_id)) == ["ana"]
    assert {row["account"] for row in mine.all("/posts", account=str(ana.pk))} == {str(ana.pk)}
    assert mine.all("/posts", until="2000-01-01T00:00:00Z") == []
    assert [row["name"] for row in mine.all("/creators", search="AN")] == ["Ana", "Brandco"]
    assert {row["state"] for row in mine.all("/connections", dialect="marketplace")} == {"active"}
    assert {row["role"] for row in mine.all("/members", role="owner")} == {"owner"}


@pytest.mark.parametrize("path", ["/creators", "/accounts", "/connections", "/posts", "/jobs", "/events"])
def test_more_rows_cost_no_more_queries(acme, program, path):
    mine = program()

    def cost() -> int:
        mine.get(path, limit=200)
        with CaptureQueriesContext(connection) as asked:
            assert mine.get(path, limit=200).status_code == 200
        return len(asked)

    fill(acme.workspace, 4)
    few = cost()
    fill(acme.workspace, 20)
    assert cost() == few <= 25


def test_five_hundred_accounts_come_quickly(acme, program):
    at = clock.now()
    people = [Creator(workspace=acme.workspace, name=f"C{n}", created_at=at) for n in range(500)]
    Creator.objects.bulk_create(people)
    Account.objects.bulk_create(
        Account(workspace=acme.workspace, creator=one, handle=f"c{n}", origin="crm", created_at=at)
        for n, one in enumerate(people)
    )
    mine = program()
    mine.get("/accounts")
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        assert len(mine.all("/accounts", limit=200)) == 500
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.15, taken
