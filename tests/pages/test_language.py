"""PLT-05: another language changes what is shown, nothing else."""

import re

from greenroom.core import clock
from greenroom.creators import links
from greenroom.keys import actions as keys
from greenroom.metrics import actions as metrics
from greenroom.metrics.query import Query
from tests.living import words


def test_what_is_stored_stays(living, acme, client):
    client.force_login(acme.olga.user)
    before = metrics.measure(Query(("views", "engagement_rate")), acme.workspace).rows
    english = words(client.get("/w/acme/"))
    (row,) = before
    shown = f"{row['views'].value:,}"
    assert shown in english
    client.post("/language/", {"language": "de"})
    german = words(client.get("/w/acme/"))
    assert shown.replace(",", ".") in german
    assert shown not in german
    assert metrics.measure(Query(("views", "engagement_rate")), acme.workspace).rows == before


def test_widths_and_addresses_are_never_localised(living, acme, client):
    client.force_login(acme.olga.user)
    client.post("/language/", {"language": "de"})
    for page in ("", "creators/", f"creators/{living.account('ana').creator_id}/", "connections/", "jobs/"):
        html = client.get(f"/w/acme/{page}").content.decode()
        assert re.findall(r'style="--\w+:\d+,\d', html) == []
        assert re.findall(r'value="\d{1,3}\.\d{3}"', html) == []


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_files_read_the_same_in_every_language(living, acme, client):
    client.force_login(acme.olga.user)

    def downloaded() -> bytes:
        return body(client.post("/w/acme/creators/actions/?sort=handle", {"all": "1", "do": "csv"}))

    english = downloaded()
    assert b"TikTok does not report this" in english
    client.post("/language/", {"language": "de"})
    assert downloaded() == english


def test_the_api_speaks_one_language_whoever_is_signed_in(living, acme, client):
    told = {"permissions": acme.olga.permissions, "by": acme.olga.by, "at": clock.now()}
    made = keys.make_key(acme.workspace, name="Reports", role="analyst", **told)
    client.force_login(acme.olga.user)
    headers = {"authorization": f"Bearer {made.text}"}
    path = "/api/v1/w/acme/measure?metrics=completion_rate&by=account"
    english = client.get(path, headers=headers).json()
    assert english["rows"]
    client.post("/language/", {"language": "de"})
    type(acme.workspace).objects.filter(pk=acme.workspace.pk).update(language="de")
    german = client.get(path, headers=headers).json()
    assert german["rows"] == english["rows"]


def test_a_creators_page_is_english_through_and_through(living, acme, client):
    type(acme.workspace).objects.filter(pk=acme.workspace.pk).update(language="de")
    ana = living.account("ana").creator
    client.post(f"/me/{links.portal_token(ana, at=clock.now())}/")
    for page in ("/me/", "/me/help/", "/me/help/stop-sharing/"):
        answer = client.get(page)
        assert '<html lang="en"' in answer.content.decode()
        assert "hilfreich" not in words(answer)
    assert "found this helpful" in words(client.get("/me/help/stop-sharing/"))
