"""GOV-03 and PLT-02: what connectors declare, the sandbox delivers, family by family, for the accounts of the story."""

from datetime import timedelta

import pytest

from greenroom.core import clock
from greenroom.creators import actions as creators
from greenroom.creators import connectors
from greenroom.observations import schema, view

KINDS = {"account": "account_readings", "account_day": "account_days", "post": "post_readings"}


def delivered(living, surface):
    """The families of which the sandbox gave at least one value through a surface."""
    found = set()
    for kind, relation in KINDS.items():
        if kind == "account_day" and surface != "accounts_api":
            continue
        only = f" where surface = '{surface}'" if kind != "account_day" else ""
        rows = view.open_view(living.workspace).query(f"select * from {relation}{only}").to_pylist()
        for key in schema.KINDS[kind].fields:
            if any(row[key] is not None for row in rows):
                found.add(schema.family(kind, key))
    return found


@pytest.mark.parametrize("family", sorted(set(schema.FAMILIES) - {"ads"}))
def test_the_sandbox_delivers_the_family_through_each_connector_that_declares_it(living, family):
    at = clock.now()
    creators.lapse(living.account("ben").connections.get(), reason="ended", at=at)
    living.people.consent(living.workspace, "ben", at=at, dialect="login_kit")
    living.read(at + timedelta(minutes=1))
    declared = [one for one in connectors.CONNECTORS.values() if family in one.families]
    assert declared
    for one in declared:
        assert any(family in delivered(living, surface) for surface in one.surfaces), one.key


def test_figures_from_ads_are_claimed_only_where_orders_are_reported_on():
    """That the sandbox delivers them, once a post is advertised, is in the tests of those reports."""
    assert "ads" in schema.families_of("order_report")
    claiming = {one.key for one in connectors.CONNECTORS.values() if "ads" in one.families}
    assert claiming == {one.key for one in connectors.CONNECTORS.values() if "order_report" in one.surfaces}


def test_the_story_has_every_kind_of_account(living):
    """ACC-01, ACC-02: two attributes, four combinations; three are supported."""
    told = {
        handle: (account.authenticated, account.in_marketplace, account.supported, account.label)
        for handle in ("ana", "ben", "cyd", "dov")
        if (account := living.account(handle))
    }
    assert told == {
        "ana": (True, True, True, "Marketplace"),
        "ben": (True, False, True, "Non-TTCM"),
        "cyd": (False, True, True, "Marketplace"),
        "dov": (False, False, False, "Non-TTCM"),
    }
    assert living.account("brandco").purpose == "brand"
