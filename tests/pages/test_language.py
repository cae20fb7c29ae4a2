"""PLT-05: another language changes what is shown, nothing else."""

import re

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
