"""PLT-03: each role against each page, as the table of roles says."""

import pytest

from greenroom.core.access import ROLES
from tests.rules.test_access import address, routes

PEOPLE = {"owner": "olga", "manager": "mia", "finance": "fin", "analyst": "ana_lyst", "client": "vic"}


def test_everybody_has_a_role_and_every_role_somebody(acme):
    assert {getattr(acme, who).role for who in PEOPLE.values()} == set(ROLES)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_page_is_closed_exactly_to_those_without_its_permission(acme, client, role):
    client.force_login(getattr(acme, PEOPLE[role]).user)
    guarded = {route: view.needs for route, view in routes() if route.startswith("w/")}
    closed = {route for route in guarded if client.get(address(route)).status_code == 403}
    assert closed == {route for route, needed in guarded.items() if needed not in ROLES[role]}


def test_a_member_of_staff_is_no_creator_and_a_creator_no_member(acme, client):
    client.force_login(acme.olga.user)
    assert client.get("/me/").status_code in (302, 403)
    client.logout()
    assert client.get("/w/acme/")["Location"].startswith("/accounts/login/")
