"""By what right figures come in: a class for each connector, none for scraping, and each says what it serves."""

import pytest

from greenroom.core.models import Event
from greenroom.creators import client as clients
from greenroom.creators import connectors
from greenroom.creators.models import Account
from greenroom.observations import schema
from greenroom.syncs.streams import STREAMS, stream

EXPORT = {
    "key": "agency_export",
    "source_class": "user_entered",
    "surfaces": ["legacy"],
    "families": ["performance", "account"],
    "serves": "Figures typed in from a report",
}


@pytest.fixture(autouse=True)
def _as_shipped(monkeypatch):
    monkeypatch.setattr(connectors, "CONNECTORS", dict(connectors.CONNECTORS))


def test_one_that_scrapes_is_refused_and_the_refusal_is_kept(acme, at):
    """GOV-01."""
    with pytest.raises(connectors.BadConnector, match="scraped"):
        connectors.register({**EXPORT, "source_class": "scraped"}, workspace=acme.workspace, by=acme.olga.by, at=at)
    assert "agency_export" not in connectors.CONNECTORS
    kept = Event.objects.get(workspace=acme.workspace, name="connector.refused")
    assert (kept.by, kept.at, kept.data["manifest"]["source_class"]) == (acme.olga.by, at, "scraped")
    assert "GOV-01" in kept.data["reason"]


@pytest.mark.parametrize("allowed", ["official_api", "creator_consent", "brand_owned", "user_entered", "sandbox"])
def test_the_five_classes_are_let_in_and_kept(acme, at, allowed):
    made = connectors.register({**EXPORT, "source_class": allowed}, workspace=acme.workspace, by=acme.olga.by, at=at)
    assert connectors.CONNECTORS["agency_export"] == made
    assert Event.objects.get(name="connector.registered").data == {"key": "agency_export", "source_class": allowed}


@pytest.mark.parametrize(
    "wrong",
    [
        {"source_class": "legacy"},
        {"source_class": ""},
        {"surfaces": ["web_page"]},
        {"families": ["gossip"]},
        {"families": ["ads"]},
        {"key": "marketplace"},
        {"serves": ""},
        {"selector": "div.views"},
    ],
)
def test_one_that_makes_no_sense_is_refused_too(acme, at, wrong):
    with pytest.raises(connectors.BadConnector):
        connectors.register({**EXPORT, **wrong}, workspace=acme.workspace, by="system", at=at)
    assert Event.objects.filter(name="connector.refused").count() == 1


def test_a_manifest_without_a_class_is_refused(acme, at):
    manifest = {key: value for key, value in EXPORT.items() if key != "source_class"}
    with pytest.raises(connectors.BadConnector, match="source_class"):
        connectors.register(manifest, workspace=acme.workspace, by="system", at=at)


def test_no_stream_reads_a_surface_that_no_connector_serves():
    with pytest.raises(connectors.BadConnector):
        stream("scraper", label="x", surface="legacy", dialect="accounts", gives="posts")(lambda *asked: iter(()))
    assert "scraper" not in STREAMS
    assert all(connectors.serving(one.surface, one.dialect) for one in STREAMS.values())


def test_a_reading_carries_the_class_of_the_connector_behind_its_grant(settings):
    settings.TIKTOK_URL = ""
    creator, brand = Account(purpose="creator"), Account(purpose="brand")
    assert clients.source_class(creator) == "creator_consent"
    assert clients.source_class(brand) == "brand_owned"
    assert clients.source_class(creator, dialect="login_kit") == "creator_consent"
    assert clients.source_class(creator, dialect="marketplace") == "official_api"
    assert clients.source_class(None, dialect="marketplace") == "official_api"
    settings.TIKTOK_URL = "http://127.0.0.1:8400"
    assert clients.source_class(creator) == "sandbox"


def test_each_connector_declares_families_its_surfaces_give_and_all_five_are_served():
    """GOV-03."""
    declared = {family for one in connectors.CONNECTORS.values() for family in one.families}
    assert declared == set(schema.FAMILIES)
    assert set(connectors.CONNECTORS["sandbox"].families) == declared
