"""What single operations do: the same as the pages, with the same refusals."""

from greenroom.core import clock, work
from greenroom.core.models import Event
from greenroom.creators.models import Connection
from greenroom.imports import reading, running
from greenroom.imports.models import Import
from tests.api.test_doors import problem


class TestAccounts:
    def test_a_creators_account_is_tiktok_creator_and_the_brands_is_tiktok_business(self, living, program):
        mine = program()
        ana, brand = living.account("ana"), living.account("brandco")
        assert mine.get(f"/accounts/{ana.pk}").json()["account_type"] == "tiktok_creator"
        assert mine.get(f"/accounts/{brand.pk}").json()["account_type"] == "tiktok_business"

    def test_a_known_account_is_given_back(self, living, program):
        told = program().post("/accounts", {"handle": "@cyd"})
        assert (told.status_code, told.json()["id"]) == (200, str(living.account("cyd").pk))

    def test_who_is_not_in_the_marketplace_is_refused_with_the_ways_out(self, living, program):
        told = problem(program().post("/accounts", {"handle": "dov"}), 409, "refused")
        assert [way["key"] for way in told["ways_out"]] == ["send_invite", "request_authentication"]
        assert told["reason"] == "not_trackable"

    def test_a_creator_is_asked_to_authenticate(self, living, program):
        told = program().post(f"/accounts/{living.account('ana').pk}/authentication-requests")
        assert told.status_code == 201
        assert told.json()["link"] in told.json()["text"]
        assert told.json()["mailed_to"] == "ana@creators.example"

    def test_availability_says_what_an_account_gives_and_would_gain(self, living, program):
        mine = program()
        told = mine.get(f"/accounts/{living.account('dov').pk}/availability").json()
        assert {cell["reason"] for cell in told["metrics"]} == {"unsupported_account"}
        assert told["if_authenticated"] != []
        assert mine.get(f"/accounts/{living.account('ana').pk}/availability").json()["if_authenticated"] == []


class TestConnections:
    def test_a_grant_is_withdrawn_by_a_move(self, living, program):
        mine = program()
        grant = Connection.objects.get(account=living.account("ana"))
        assert mine.get(f"/connections/{grant.pk}").json()["moves"] == ["revoked"]
        told = mine.post(f"/connections/{grant.pk}/moves", {"to": "revoked"})
        assert told.json()["state"] == "revoked"
        assert Event.objects.filter(name="connection.revoked", by=mine.key.by).count() == 1
        problem(mine.post(f"/connections/{grant.pk}/moves", {"to": "revoked"}), 409, "illegal_move")
        problem(mine.post(f"/connections/{grant.pk}/moves", {"to": "active"}), 422, "invalid")

    def test_no_token_is_ever_told(self, living, program):
        grant = Connection.objects.get(account=living.account("ana"))
        said = program().get("/connections").content.decode()
        assert grant.access_token
        assert grant.access_token not in said
        assert grant.refresh_token not in said

    def test_connecting_begins_at_tiktok(self, living, program):
        mine = program()
        told = mine.post("/authorizations", {"dialect": "accounts", "handle": "brandco"})
        assert told.status_code == 201
        assert "tiktok.com" in told.json()["url"]
        ben = Connection.objects.get(account=living.account("ben"))
        assert "/join/i/" in mine.post(f"/connections/{ben.pk}/authorizations").json()["url"]


class TestJobs:
    def test_a_waiting_job_runs_at_once(self, living, program):
        mine = program()
        job = next(row for row in mine.all("/jobs") if row["queue"] == "sync" and row["state"] == "waiting")
        assert mine.post(f"/jobs/{job['id']}/runs").status_code == 202
        again = next(row for row in mine.all("/jobs") if row["id"] == job["id"])
        assert again["due_at"] < job["due_at"]
        problem(mine.post("/jobs/sync-999999/runs"), 404, "not_found")


class TestKeys:
    def test_a_key_may_end_itself_and_none_is_told(self, acme, program):
        mine = program()
        told = mine.get("/keys").content.decode()
        assert mine.text not in told
        assert mine.key.digest not in told
        assert mine.post(f"/keys/{mine.key.pk}/moves", {"to": "revoked"}).json()["state"] == "revoked"
        problem(mine.get(""), 401, "unauthenticated")


class TestPeople:
    def test_somebody_is_invited_and_the_invitation_is_taken_back(self, acme, program):
        mine = program()
        told = mine.post("/invitations", {"email": "New@acme.example", "role": "analyst"})
        assert told.status_code == 201
        made = told.json()
        assert (made["email"], made["state"]) == ("new@acme.example", "open")
        assert "/invitation/" in made["link"]
        assert mine.get(f"/invitations/{made['id']}").json()["link"] is None
        problem(mine.post("/invitations", {"email": "new@acme.example", "role": "analyst"}), 409, "refused")
        assert mine.post(f"/invitations/{made['id']}/moves", {"to": "withdrawn"}).json()["state"] == "withdrawn"

    def test_roles_change_and_somebody_stays_an_owner(self, acme, program):
        mine = program()
        changed = mine.client.patch(f"{mine.root}/members/{acme.mia.pk}", {"role": "analyst"}, "application/json")
        assert changed.json()["role"] == "analyst"
        problem(mine.client.delete(f"{mine.root}/members/{acme.olga.pk}"), 409, "refused")
        assert mine.client.delete(f"{mine.root}/members/{acme.mia.pk}").status_code == 204
        problem(mine.get(f"/members/{acme.mia.pk}"), 404, "not_found")


class TestCreators:
    def test_what_is_kept_about_a_creator_changes(self, living, program):
        mine = program()
        field = mine.post("/fields", {"name": "Size", "kind": "number"}).json()
        label = mine.post("/labels", {"name": "Top", "hue": 2}).json()
        ana = str(living.account("ana").creator_id)
        assert mine.post(f"/labels/{label['id']}/creators", {"add": [ana]}).json() == {"added": [ana], "removed": []}
        told = mine.client.patch(
            f"{mine.root}/creators/{ana}", {"country": "de", "fields": {field["id"]: "12.5"}}, "application/json"
        ).json()
        assert (told["country"], told["labels"], told["fields"]) == ("DE", [label["id"]], {field["id"]: "12.5"})
        refused = mine.client.patch(
            f"{mine.root}/creators/{ana}", {"fields": {field["id"]: "tall"}}, "application/json"
        )
        problem(refused, 409, "refused")
        assert [row["id"] for row in mine.all("/creators", label=label["id"])] == [ana]

    def test_a_note_is_signed_by_the_key_and_only_it_may_change_it(self, living, program):
        mine, other = program(), program("manager")
        ana = living.account("ana").creator_id
        note = mine.post(f"/creators/{ana}/notes", {"text": "Likes mornings."}).json()
        assert (note["author"], note["by"]) == ("owner", mine.key.by)
        problem(other.client.delete(f"{other.root}/notes/{note['id']}"), 403, "forbidden")
        assert mine.client.delete(f"{mine.root}/notes/{note['id']}").status_code == 204

    def test_two_are_merged_and_taken_apart(self, living, program):
        mine = program()
        ana, cyd = (living.account(handle).creator_id for handle in ("ana", "cyd"))
        merged = mine.post(f"/creators/{ana}/merges", {"other": str(cyd)}).json()
        assert len(merged["accounts"]) == 2
        problem(mine.get(f"/creators/{cyd}"), 404, "not_found")
        back = mine.post(f"/creators/{ana}/merges/{cyd}/moves", {"to": "undone"}).json()
        assert back["id"] == str(cyd)

    def test_a_deleted_creator_is_gone(self, living, program):
        mine = program()
        dov = living.account("dov").creator_id
        assert mine.client.delete(f"{mine.root}/creators/{dov}").status_code == 204
        problem(mine.get(f"/creators/{dov}"), 404, "not_found")


class TestImports:
    def test_a_file_is_brought_tried_started_and_undone(self, acme, program):
        mine = program()
        rows = "handle,followers\nann,1200\nbob,3.4K\n"
        path = f"{mine.root}/imports?kind=creators&file_name=people.csv"
        made = mine.client.post(path, rows.encode(), content_type="application/octet-stream")
        assert made.status_code == 201, made.content
        told = made.json()
        assert (told["state"], told["total"], told["questions"]) == ("new", 2, [])
        tried = mine.post(f"/imports/{told['id']}/dry-runs").json()
        assert tried["counts"]["new"] == 2
        started = mine.post(f"/imports/{told['id']}/moves", {"to": "started"}).json()
        assert (started["state"], started["moves"]) == ("started", ["cancelled"])
        problem(mine.client.delete(f"{mine.root}/imports/{told['id']}"), 409, "refused")

    def test_a_large_file_and_many_rows_are_told_of_in_the_same_shape(self, acme, program, monkeypatch):
        monkeypatch.setattr(reading, "PLAIN_AT_ONCE", 10)
        monkeypatch.setattr(running, "TRIED_HERE", 10)
        rows = "handle,followers\n" + "".join(f"c{n},{n}\n" for n in range(20))
        mine = program()
        path = f"{mine.root}/imports?kind=creators&file_name=people.csv"
        told = mine.client.post(path, rows.encode(), content_type="application/octet-stream").json()
        assert (told["state"], told["total"], told["moves"], told["dry_run"]) == ("reading", 0, [], None)
        work.run_due(Import, at=clock.now())
        told = mine.get(f"/imports/{told['id']}").json()
        assert (told["state"], told["total"], told["moves"]) == ("new", 20, ["started"])
        tried = mine.post(f"/imports/{told['id']}/dry-runs").json()
        assert (tried["state"], tried["done"], tried["counts"]) == ("running", 0, {})
        work.run_due(Import, at=clock.now())
        tried = mine.get(f"/imports/{told['id']}").json()["dry_run"]
        assert (tried["state"], tried["done"], tried["counts"]["new"]) == ("done", 20, 20)

    def test_a_file_is_a_file(self, acme, program):
        mine = program()
        path = f"{mine.root}/imports?kind=creators&file_name=people.csv"
        problem(mine.client.post(path, "{}", content_type="application/json"), 415, "unsupported_media_type")
        problem(mine.client.post(path, b"\x00\x01\x02", content_type="application/octet-stream"), 422, "invalid")


class TestEndpoints:
    def test_an_endpoint_is_added_switched_tested_and_removed(self, acme, program):
        mine = program()
        made = mine.post("/endpoints", {"url": "https://198.51.100.7/hooks", "names": ["connection.*"]})
        if made.status_code == 409:  # an address that may not be called is refused with words
            assert "address" in made.json()["detail"].lower() or made.json()["detail"]
        problem(mine.post("/endpoints", {"url": "https://10.0.0.1/", "names": ["*"]}), 409, "refused")
        problem(mine.post("/endpoints", {"url": "https://example.com/", "names": ["nothing.known"]}), 409, "refused")

    def test_a_removed_endpoint_is_for_nobody_to_see(self, acme, program):
        mine = program()
        pk = mine.post("/endpoints", {"url": "https://example.com/", "names": ["*"]}).json()["id"]
        assert mine.client.delete(f"{mine.root}/endpoints/{pk}").status_code == 204
        assert mine.get("/endpoints").json()["items"] == []
        for path in ("", "/deliveries"):
            problem(mine.get(f"/endpoints/{pk}{path}"), 404, "not_found")
        problem(mine.post(f"/endpoints/{pk}/secrets"), 404, "not_found")


class TestMarketplaceInvites:
    def test_the_rules_are_asked_vouched_for_sent_and_answered(self, living, people, program):
        mine = program()
        ben = living.account("ben").pk
        told = mine.get(f"/accounts/{ben}/eligibility").json()
        assert [one["rule"] for one in told["verdicts"]][:3] == ["followers", "country", "age"]
        assert told["verdicts"][2]["outcome"] == "unknown"
        vouched = mine.post(f"/accounts/{ben}/attestations", {"about": "age", "holds": False, "method": "creator"})
        assert vouched.status_code == 201
        refused = mine.post(f"/accounts/{ben}/marketplace-invites", {})
        problem(refused, 409, "refused")
        assert (refused.json()["reason"], refused.json()["failing"]) == ("ttcm_ineligible", ["age"])
        sent = mine.post(f"/accounts/{ben}/marketplace-invites", {"override": True})
        assert (sent.status_code, sent.json()["state"], sent.json()["overridden"]) == (201, "sent", True)
        again = mine.post(f"/accounts/{ben}/marketplace-invites", {})
        assert (again.status_code, again.json()["id"]) == (200, sent.json()["id"])
        path = f"/marketplace-invites/{sent.json()['id']}"
        assert mine.post(f"{path}/moves", {"to": "viewed"}).json()["state"] == "viewed"
        people.world.join_marketplace("ben")
        assert mine.post(f"{path}/looks").json()["state"] == "accepted"
        problem(mine.post(f"{path}/moves", {"to": "cancelled"}), 409, "illegal_move")
        assert mine.get(f"/accounts/{ben}").json()["label"] == "Marketplace"
        assert [one["state"] for one in mine.all("/marketplace-invites")] == ["accepted", "rejected_ineligible"]

    def test_a_minimum_makes_a_version(self, living, program):
        mine = program()
        made = mine.post("/marketplace-rules/minimums", {"country": "CA", "followers": 5000})
        assert (made.status_code, made.json()["minimum_followers"]["CA"]) == (201, 5000)
        told = mine.get("/marketplace-rules").json()
        assert (told["in_force"], len(told["versions"])) == ("v1.1", 2)
        v2 = {**told["versions"][0], "version": "v2", "effective_from": "2026-04-01", "programme": "TikTok One"}
        assert mine.post("/marketplace-rules", v2).json()["programme"] == "TikTok One"
        problem(mine.post("/marketplace-rules", v2), 409, "refused")
        problem(
            program("manager").post("/marketplace-rules/minimums", {"country": "CA", "followers": 1}), 403, "forbidden"
        )
