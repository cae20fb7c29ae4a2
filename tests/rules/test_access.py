"""Every URL says who may open it, and means it."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from greenroom.api import site
from greenroom.core.access import ROLES, Can


def routes(patterns=None, prefix=""):
    """Every (route, view) of the site."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.callback


# Any value fits a parameter here: a stranger must be turned away before anything is looked up.
SAMPLES = {"metric": "followers", "by": "account", "key": "1", "token": "token", "slug": "acme"}


def address(route: str) -> str:
    path = re.sub(r"<(?:(\w+):)?(\w+)>", lambda m: SAMPLES.get(m[2], "acme" if m[2] == "workspace" else "1"), route)
    return "/" + path.replace("^", "").replace("$", "").replace("\\Z", "")


GUARDED = sorted(route for route, view in routes() if isinstance(getattr(view, "needs", None), Can))


def test_every_url_declares_what_it_needs():
    assert [route for route, view in routes() if not getattr(view, "needs", None)] == []


def test_workspace_pages_are_guarded_by_a_permission():
    open_ones = [route for route, view in routes() if route.startswith("w/") and not isinstance(view.needs, Can)]
    assert open_ones == []
    assert len(GUARDED) >= 8


@pytest.mark.parametrize("route", GUARDED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_gets_404(acme, client, route, method):
    client.force_login(acme.eve.user)
    assert getattr(client, method)(address(route)).status_code == 404


@pytest.mark.parametrize("route", GUARDED)
def test_who_is_not_signed_in_is_asked_to(acme, client, route):
    answer = client.get(address(route))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize(
    "route", sorted({route for route, view in routes() if getattr(view, "needs", "") in set(Can) - ROLES["client"]})
)
def test_a_client_gets_403_on_what_a_client_may_not(acme, client, route):
    client.force_login(acme.vic.user)
    assert client.post(address(route)).status_code == 403


@pytest.mark.parametrize("route", [r for r, v in routes() if getattr(v, "needs", "") in ROLES["client"]])
def test_pages_a_client_may_open_take_no_writes(acme, client, route):
    client.force_login(acme.vic.user)
    assert client.post(address(route)).status_code in {403, 404, 405}


def test_every_permission_is_documented():
    from pathlib import Path

    told = set(re.findall(r"`([a-z]+:[a-z]+)`", (Path(__file__).parents[2] / "docs/permissions.md").read_text()))
    assert {str(can) for can in Can if can is not Can.SYSTEM} <= told


def test_roles_are_nested_as_said():
    assert ROLES["client"] < ROLES["analyst"] <= ROLES["finance"] < ROLES["manager"] < ROLES["owner"]
    assert all(Can.SYSTEM not in cans for cans in ROLES.values())


def test_every_operation_of_the_api_is_guarded_by_a_permission():
    """What strangers and clients get from each of them, `tests/api/test_doors.py` tries."""
    open_ones = [f"{method} {path}" for method, path, view in site.operations() if not isinstance(view.needs, Can)]
    assert open_ones == []
    below = {path for _, path, _ in site.operations() if "{workspace}" not in path}
    assert below == {"/api/v1/workspaces"}
