"""Which accounts a query string asks for, and in what order (ACC-19)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from greenroom.creators import details, facets, fields, labels, listing, lists
from greenroom.creators.models import Account, Connection, Creator
from greenroom.syncs.models import Sync
from greenroom.tiktok import auth

BY = "member:1"
STATES = {"ana": (True, True), "ben": (True, False), "cyd": (False, True), "dov": (False, False)}


@pytest.fixture
def four(workspace, at):
    """ANA, BEN, CYD and DOV: every kind of account once."""
    made = {}
    for handle, (authenticated, member) in STATES.items():
        creator = Creator.objects.create(workspace=workspace, name=handle.title(), created_at=at)
        made[handle] = Account.objects.create(
            workspace=workspace, creator=creator, handle=handle, origin="crm", created_at=at,
            authenticated=authenticated, in_marketplace=member,
        )  # fmt: skip
    return made


def asked(workspace, query: str, at):
    told = dict(QueryDict(query).lists())
    return listing.parse(told, listing.offered(workspace), at=at)


def handles(workspace, query: str, at) -> list[str]:
    one = asked(workspace, query, at)
    return [account.handle for account in listing.ordered(listing.accounts(workspace, one, at=at), one)]


BY_STATE = {
    "": ["ana", "ben", "cyd", "dov"],
    "support=cannot": ["dov"],
    "reason=unsupported_account": ["dov"],
    "support=can": ["ana", "ben", "cyd"],
    "authentication=yes&membership=non_ttcm": ["ben"],
    "reason=not_in_entitlement": ["ben", "cyd"],
    "reason=not_in_entitlement&reason=unsupported_account": ["ben", "cyd", "dov"],
    "q=CY": ["cyd"],
    "q=@ana": ["ana"],
    "authentication=perhaps": ["ana", "ben", "cyd", "dov"],
    "sort=-handle": ["dov", "cyd", "ben", "ana"],
    "sort=-authentication": ["ben", "ana", "dov", "cyd"],
    "sort=support": ["dov", "ana", "ben", "cyd"],
    "sort=membership": ["ben", "dov", "ana", "cyd"],
    "sort=reason": ["dov", "ben", "cyd", "ana"],
    "origin=crm&purpose=creator": ["ana", "ben", "cyd", "dov"],
}


@pytest.mark.parametrize("query", BY_STATE)
def test_states_narrow_and_order_the_list(four, workspace, at, query):
    assert handles(workspace, query, at) == BY_STATE[query]


def test_what_means_nothing_is_left_out_and_told(four, workspace, at):
    one = asked(workspace, "authentication=perhaps&support=can&colour=red", at)
    assert one.values == {"support": ["can"]}
    assert one.unknown == (("authentication", "perhaps"),)


def test_by_label_and_list(four, workspace, at):
    food, vegan = (labels.make(workspace, name=name, by=BY, at=at) for name in ("food", "vegan"))
    spring = lists.make(workspace, name="Spring", by=BY, at=at)
    labels.put(food, [four["cyd"].creator, four["ana"].creator], by=BY, at=at)
    labels.put(vegan, [four["ben"].creator, four["ana"].creator], by=BY, at=at)
    lists.add(spring, [four["cyd"].creator, four["ana"].creator], by=BY, at=at)
    assert handles(workspace, f"label={food.pk}", at) == ["ana", "cyd"]
    assert handles(workspace, f"label={food.pk}&label={vegan.pk}", at) == ["ana", "ben", "cyd"]
    assert handles(workspace, "label=none", at) == ["dov"]
    assert handles(workspace, f"list={spring.pk}&sort=place", at) == ["cyd", "ana"]
    assert handles(workspace, f"label={vegan.pk}&list=none", at) == ["ben"]
    assert handles(workspace, "sort=label", at) == ["ana", "cyd", "ben", "dov"]
    assert handles(workspace, "sort=-label", at)[-1] == "dov"


def test_a_label_of_another_workspace_is_no_filter(four, acme, at):
    theirs = labels.make(acme.rival, name="food", by=BY, at=at)
    one = asked(acme.workspace, f"label={theirs.pk}", at)
    assert one.picked == ()


def test_by_fields_of_the_workspaces_own(four, workspace, at):
    told = [("Rate", "number"), ("Since", "date"), ("Vegan", "yes_no"), ("Tier", "choice"), ("Agency", "text")]
    own = {
        name: fields.make(workspace, name=name, kind=kind, choices=("Gold", "Silver"), by=BY, at=at)
        for name, kind in told
    }
    for handle, values in {
        "ana": (Decimal(10), date(2026, 1, 1), True, "Gold", "North Star"),
        "ben": (Decimal("20.5"), date(2026, 2, 1), False, "Silver", "South"),
    }.items():
        details.change(four[handle].creator, {}, values=dict(zip(own.values(), values, strict=True)), by=BY, at=at)
    for query, found in {
        "Rate=10": ["ana"],
        "Rate=..20": ["ana"],
        "Rate=10.1..": ["ben"],
        "Rate=0..100": ["ana", "ben"],
        "Rate=none": ["cyd", "dov"],
        "Since=2026-01-15..2026-02-15": ["ben"],
        "Vegan=no": ["ben"],
        "Vegan=none": ["cyd", "dov"],
        "Tier=Gold&Tier=Silver": ["ana", "ben"],
        "Agency=star": ["ana"],
    }.items():
        name = query.partition("=")[0]
        assert handles(workspace, query.replace(f"{name}=", f"field_{own[name].pk}="), at) == found, query
    nonsense = asked(workspace, f"field_{own['Rate'].pk}=cheap..dear", at)
    assert nonsense.picked == ()
    assert len(nonsense.unknown) == 1


def test_by_when_and_how_it_was_read(four, workspace, at):
    grant = Connection.objects.create(workspace=workspace, dialect="marketplace", state="active")
    for handle, read, failures in (("ana", timedelta(hours=1), 0), ("ben", timedelta(days=9), 3), ("cyd", None, 0)):
        Sync.objects.create(
            workspace=workspace, account=four[handle], connection=grant, stream="organic_posts", failures=failures,
            last_ok_at=at - read if read else None,
        )  # fmt: skip
    assert {told: handles(workspace, f"read={told}", at) for told in ("day", "week", "older", "never")} == {
        "day": ["ana"],
        "week": ["ana"],
        "older": ["ben"],
        "never": ["cyd", "dov"],
    }
    assert handles(workspace, "reason=fetch_failed", at) == ["ben"]
    assert handles(workspace, "reason=not_yet_available", at) == ["cyd"]
    assert handles(workspace, "sort=-last_read", at)[:2] == ["ana", "ben"]
    assert handles(workspace, "sort=last_read", at)[:2] == ["ben", "ana"]


def test_by_what_a_creator_holds_back(four, workspace, at):
    every = list(auth.ACCOUNTS_SCOPES)
    for handle, held in (("ana", every), ("ben", every[:-1])):
        Connection.objects.create(
            workspace=workspace, account=four[handle], dialect="accounts", state="active", scopes=held
        )
    assert handles(workspace, "reason=scope_missing", at) == ["ben"]


def test_every_order_has_a_word_and_works(four, workspace, at):
    for key in facets.SORTS:
        assert facets.SORT_WORDS[key]
        for sort in (key, f"-{key}"):
            assert sorted(handles(workspace, f"sort={sort}", at)) == ["ana", "ben", "cyd", "dov"], sort
