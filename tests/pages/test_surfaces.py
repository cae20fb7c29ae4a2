"""GOV-07: TikTok's five surfaces, what each is for, how it stands and its scopes; local ones beside them."""

import re

import pytest

from greenroom.creators import connectors, surfaces
from greenroom.observations import schema
from tests.living import words

PAGE = "/w/acme/connections/surfaces/"
FIVE = ["Content Posting API", "Research API", "Login Kit", "TikTok for Business API", "TikTok Shop API"]


@pytest.fixture(autouse=True)
def _as_shipped(monkeypatch):
    monkeypatch.setattr(surfaces, "SURFACES", dict(surfaces.SURFACES))


def titles(answer) -> list[str]:
    return re.findall(r'<div class="head"><h2 id="h-\w+">([^<]+)</h2>', answer.content.decode())


def section(answer, key: str) -> str:
    html = answer.content.decode()
    start = html.index(f'id="{key}"')
    return html[start : html.index("</section>", start)]


@pytest.fixture
def desk(acme, client):
    client.force_login(acme.olga.user)
    return client


def test_exactly_the_five_with_the_last_two_for_marketers(desk):
    answer = desk.get(PAGE)
    assert titles(answer) == FIVE
    marked = [key for key in surfaces.SURFACES if "Most relevant to marketers" in section(answer, key)]
    assert marked == ["business", "shop"] == list(surfaces.SURFACES)[-2:]
    for key, surface in surfaces.SURFACES.items():
        assert surface.purpose.replace("'", "&#x27;") in section(answer, key)


def test_one_that_is_added_here_is_listed_behind_them(desk):
    surfaces.add(surfaces.Surface("agency", "Agency export", "Monthly reports of an agency."))
    answer = desk.get(PAGE)
    assert titles(answer) == [*FIVE, "Agency export"]
    assert "No connector reads it yet." in section(answer, "agency")
    with pytest.raises(surfaces.BadSurface):
        surfaces.add(surfaces.Surface("agency", "Again", "The same."))
    with pytest.raises(surfaces.BadSurface):
        surfaces.Surface("nameless", "", "Nothing.")


def test_state_and_scopes_follow_the_grants(desk, living):
    answer = desk.get(PAGE)
    business, login = section(answer, "business"), section(answer, "login_kit")
    assert "Connected" in business
    assert "<code>user.insights</code> <span" in business
    assert "Not connected" in login
    assert "granted" not in login
    assert "Not used" in section(answer, "research")
    assert "<code>video.publish</code>" in section(answer, "content_posting")


def test_each_connector_names_its_surface_and_what_it_serves(desk):
    answer = desk.get(PAGE)
    for connector in connectors.CONNECTORS.values():
        behind = [one.key for one in surfaces.SURFACES.values() if connector in one.connectors]
        if connector.source_class == "sandbox":
            assert behind == []
        else:
            assert len(behind) == 1, connector.key
            assert connector.serves.replace("'", "&#x27;") in section(answer, behind[0])


def test_every_way_of_reading_tiktok_belongs_to_one_surface():
    ways = [way for one in surfaces.SURFACES.values() for way in one.reads]
    assert sorted(ways) == sorted(set(schema.SURFACES) - {schema.FILE, "legacy"})


def test_connections_leads_there(desk):
    assert f'href="{PAGE}"' in desk.get("/w/acme/connections/").content.decode()
    assert "Most relevant" in words(desk.get(PAGE))
