"""GOV-13: what auditors ask for stands in the log exactly once. PLT-03: the matrix of roles is told as it is."""

import re
from pathlib import Path

from greenroom.core import clock, work
from greenroom.core.access import CAN_WORDS, ROLE_WORDS, ROLES, Can
from greenroom.creators.models import Connection
from greenroom.observations import erasure
from greenroom.people import audit
from greenroom.syncs.models import Sync

LOG = "/w/acme/settings/audit/"


def told(acme, name):
    return audit.page(acme.workspace, audit.Wanted(name=name)).lines


class TestAuditLog:
    def test_each_act_appears_once_with_who_when_before_and_after(self, acme, people, client):
        """A consent, its withdrawal, a purge, an export. Orders, payouts and share links come with their releases."""
        begun = clock.now()
        ana = people.consent(acme.workspace, "ana", at=clock.now())
        work.run_due(Sync, at=clock.now())
        client.force_login(acme.mia.user)
        client.post(f"/w/acme/connections/{ana.pk}/withdraw/")
        asked = {"reason": "the creator asked", "by": acme.mia.by, "at": clock.now()}
        purged = erasure.carry_out(erasure.ask(acme.workspace, ana.account_id, **asked), at=clock.now())
        client.force_login(acme.fin.user)
        client.post(f"{LOG}export/", {"format": "csv"})
        creator = f"creator:{ana.account.creator_id}"
        assert sum(purged.values())
        expected = {
            "connection.active": (creator, "Ana", "pending", "active"),
            "connection.revoked": (acme.mia.by, "Mia", "active", "revoked"),
            "account.data_erased": (acme.mia.by, "Mia", purged, None),
            "audit.exported": (acme.fin.by, "Fin", None, None),
        }
        for name, (by, actor, before, after) in expected.items():
            [line] = told(acme, name)
            assert (line.event.by, line.actor, line.before, line.after) == (by, actor, before, after), name
            assert begun <= line.event.at <= clock.now()

    def test_the_page_shows_them_to_who_may_read_it(self, acme, people, client):
        people.consent(acme.workspace, "ana", at=clock.now())
        client.force_login(acme.fin.user)
        page = client.get(LOG).content.decode()
        assert "Connection: active" in page
        assert "<b>active</b>" in page
        for member, status in ((acme.mia, 200), (acme.ana_lyst, 403), (acme.vic, 403)):
            client.force_login(member.user)
            assert client.get(LOG).status_code == status

    def test_tokens_are_in_no_event(self, acme, people):
        people.consent(acme.workspace, "ana", at=clock.now())
        grant = Connection.objects.get()
        kept = str([line.record for line in audit.every(acme.workspace, audit.Wanted())])
        assert grant.access_token
        assert grant.access_token not in kept
        assert grant.refresh_token not in kept


class TestRoles:
    def test_every_permission_has_its_words_and_the_document_says_the_same(self):
        document = (Path(__file__).parents[2] / "docs/permissions.md").read_text()
        rows = dict(re.findall(r"^\| `([a-z]+:[a-z]+)` \| (.+) \|$", document, re.M))
        assert rows == {str(can): words[0].lower() + words[1:] for can, words in CAN_WORDS.items()}
        assert set(CAN_WORDS) == set(Can) - {Can.SYSTEM}

    def test_the_page_is_the_table(self, acme, client):
        client.force_login(acme.ana_lyst.user)
        shown = client.get("/w/acme/settings/roles/").context
        roles = [role for role, *_ in shown["roles"]]
        assert roles == list(ROLES)
        for words, can, cells in shown["rows"]:
            assert words == CAN_WORDS[can]
            assert cells == [can in ROLES[role] for role in roles]
        assert len(shown["of_creators"]) >= 3

    def test_every_role_of_the_requirement_is_there(self):
        assert {"owner", "manager", "analyst", "finance", "client"} == set(ROLES) == set(ROLE_WORDS)
