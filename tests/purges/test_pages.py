"""Leaving an old source on its pages and over the API: plan, typed name, progress, certificate, before and after."""

import json

import pytest
from django.test import Client

from greenroom.core import work
from greenroom.purges import certificate
from greenroom.purges.models import Purge

from .conftest import MARKS, purge

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "/w/acme/settings/old-source/"


@pytest.fixture
def olga(acme) -> Client:
    client = Client()
    client.force_login(acme.olga.user)
    return client


def text(answer) -> str:
    assert answer.status_code == 200, answer.content[:400]
    return answer.content.decode()


def test_a_purge_from_the_plan_to_the_certificate(old, olga):
    assert "Nothing counted yet" in text(olga.get(HERE))
    assert olga.post(HERE, {"to": "plan"}).status_code == 302
    page = text(olga.get(HERE))
    assert "Lake, older versions on disk" in page
    assert "export-killed" in page
    made = Purge.objects.get()
    wrong = olga.post(HERE, {"to": "run", "purge": made.pk, "name": "acme?"})
    assert wrong.status_code == 422
    assert Purge.objects.get().state == "planned"
    assert olga.post(HERE, {"to": "run", "purge": made.pk, "name": "Acme"})["Location"] == f"{HERE}{made.pk}/"
    assert "it goes on by itself" in text(olga.get(f"{HERE}{made.pk}/"))
    assert olga.get(f"{HERE}{made.pk}/certificate.json").status_code == 404
    made.refresh_from_db()
    while made.state == "running":
        work.run_due(Purge, at=made.due_at)
        made.refresh_from_db()
    told = json.loads(olga.get(f"{HERE}{made.pk}/certificate.json").content)
    assert certificate.check(told) == []
    assert certificate.fingerprint(told) in text(olga.get(f"{HERE}{made.pk}/"))


def test_the_report_has_a_section_per_area_and_links_to_what_changes(old, olga):
    done = purge(old)
    page = text(olga.get(f"{HERE}{done.pk}/report/"))
    for area in ("CRM", "Campaigns", "Business API"):
        assert f">{area}</h2>" in page
    assert f'href="/w/acme/creators/{old.cyd.pk}/"' in page
    assert f'href="/w/acme/campaigns/{old.campaign.pk}/"' in page
    assert "These 10 figures vanish for everybody" in page
    assert "Average likes (derived)" in page
    assert "P-OLD" in page
    assert not any(mark in page for mark in MARKS.values())


def test_only_an_owner_may(old, acme):
    mia = Client()
    mia.force_login(acme.mia.user)
    assert mia.post(HERE, {"to": "plan"}).status_code == (200 if "workspace:manage" in acme.mia.permissions else 403)
    assert not Purge.objects.filter(by=acme.mia.by).exists() or "workspace:manage" in acme.mia.permissions


def test_the_api_does_the_same(old, acme):
    from greenroom.core import clock
    from greenroom.keys import actions as keys

    key = keys.make_key(
        acme.workspace, name="leaver", role="owner", permissions=acme.olga.permissions, expires_at=None,
        by=acme.olga.by, at=clock.now(),
    ).text  # fmt: skip
    client = Client(headers={"Authorization": f"Bearer {key}"})
    made = client.post("/api/v1/w/acme/purges", content_type="application/json")
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    runs = f"/api/v1/w/acme/purges/{number}/runs"
    assert client.post(runs, {"name": "no"}, content_type="application/json").status_code == 409
    assert client.post(runs, {"name": "Acme"}, content_type="application/json").status_code == 202
    assert client.get(f"/api/v1/w/acme/purges/{number}/certificate").status_code == 404
    work.run_due(Purge, at=clock.now())
    told = client.get(f"/api/v1/w/acme/purges/{number}").json()
    assert (told["state"], told["tombstones"]) == ("done", 2), told
    proof = client.get(f"/api/v1/w/acme/purges/{number}/certificate").json()["certificate"]
    assert certificate.check(proof) == []
    assert [one["id"] for one in client.get("/api/v1/w/acme/purges").json()["items"]] == [number]
