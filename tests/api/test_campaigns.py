"""Campaigns through the API: set up, ordered, delivered; what is refused says why, what is missing too."""

import pytest

from greenroom.api import site
from greenroom.campaigns import documents, ordering
from greenroom.campaigns.models import Campaign, Deliverable, Order
from greenroom.core import clock, work
from greenroom.core.models import Event
from greenroom.sandbox import orders as taking
from greenroom.sandbox import uploads
from tests.api.test_doors import problem

BODY = {"name": "Oat Season", "tiktok": True, "mode": "manual", "brand_name": "Pebblewick"}
NAMED = {"description": "Show one real breakfast with oat drink."}


@pytest.fixture
def mine(living, people, program):
    people.connect_marketplace(living.workspace, at=clock.now())
    return program()


@pytest.fixture
def campaign(mine):
    """The id of an active campaign."""
    made = mine.post("/campaigns", {**BODY, **NAMED})
    assert made.status_code == 201, made.content
    assert mine.post(f"/campaigns/{made.json()['id']}/moves", {"to": "active"}).json()["takes_orders"] is True
    return made.json()["id"]


def take_part(mine, living, campaign, *handles) -> list[str]:
    body = {"accounts": [str(living.account(handle).pk) for handle in handles]}
    return [one["id"] for one in mine.post(f"/campaigns/{campaign}/participants", body).json()["added"]]


def run() -> None:
    at = clock.now()
    while work.run_due(Order, at=at):
        pass
    Campaign.objects.update(due_at=at)
    work.run_due(Campaign, at=at)


class TestCampaigns:
    def test_a_draft_says_why_it_takes_no_orders(self, mine):
        told = mine.post("/campaigns", BODY).json()
        assert (told["state"], told["moves"], told["takes_orders"]) == ("draft", ["active", "archived"], False)
        assert told["refused"]["reason"] == "not_named"
        assert (told["spark_days"], told["starts_on"], told["required"]) == (None, None, 1)

    def test_settings_are_changed_and_taken_away(self, mine, campaign):
        at = f"/campaigns/{campaign}"
        told = mine.client.patch(
            mine.root + at, {"spark_days": 30, "ends_on": "2027-03-22"}, content_type="application/json"
        ).json()
        assert (told["spark_days"], told["ends_on"], told["name"]) == (30, "2027-03-22", "Oat Season")
        told = mine.client.patch(mine.root + at, {"spark_days": None}, content_type="application/json").json()
        assert (told["spark_days"], told["ends_on"]) == (None, "2027-03-22")
        assert mine.get(at).json() == told

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"starts_on": "2027-03-22", "ends_on": "2027-03-21"}, "ends_on"),
            ({"deliverables": ["Morning", "morning"]}, "deliverables"),
            ({"spark_days": 8}, "spark_days"),
            ({"required": 101}, "required"),
            ({"starts_on": "2027-02-30"}, "starts_on"),
        ],
    )
    def test_what_does_not_fit_is_named(self, mine, given, field):
        told = problem(mine.post("/campaigns", {**BODY, **given}), 422, "invalid")
        assert field in {part for one in told["errors"] for part in one["loc"]}
        assert not Campaign.objects.exists()

    def test_only_moves_of_the_table(self, mine, campaign):
        told = problem(mine.post(f"/campaigns/{campaign}/moves", {"to": "archived"}), 409, "illegal_move")
        assert "archived" in told["detail"]

    def test_a_repeat_under_one_key_makes_one(self, mine):
        first, again = (mine.post("/campaigns", BODY, **{"Idempotency-Key": "one"}) for _ in range(2))
        assert first.json()["id"] == again.json()["id"]
        assert again["Idempotent-Replayed"] == "true"
        assert Campaign.objects.count() == 1

    def test_lists_are_pages_of_one_state(self, mine, campaign):
        for number in range(3):
            mine.post("/campaigns", {**BODY, "name": f"Draft {number}"})
        drafts = mine.all("/campaigns", state="draft", limit=1)
        assert [one["name"] for one in drafts] == ["Draft 2", "Draft 1", "Draft 0"]
        assert [one["id"] for one in mine.all("/campaigns", state="active")] == [campaign]


def test_another_workspaces_things_are_not_there(mine, campaign, living, program, acme):
    [ana] = take_part(mine, living, campaign, "ana")
    bulk = mine.post(f"/campaigns/{campaign}/orders", {"participants": [ana]}).json()["id"]
    mine.post(f"/campaigns/{campaign}/documents", {"document": {"kind": "brief", "text": "Be kind"}})
    order = str(Order.objects.get().pk)
    ids = {"campaign": campaign, "participant": ana, "order": order, "bulk": bulk}
    bodies = {"/moves": {"to": "active"}, "/orders": {"participants": [ana]}, "/participants": {"accounts": ["1"]}}
    bodies |= {"/documents": {"document": {"kind": "brief", "text": "Mine now"}}, "{participant}": {"required": 2}}
    stranger, asked = program(workspace=acme.rival), 0
    nouns = {f"greenroom.api.{noun}" for noun in ("campaigns", "participants", "documents", "orders", "bulks")}
    for method, path, view in site.operations():
        short = path.partition("{workspace}")[2]
        if view.__module__ in nouns and "{" in short:
            address, body = short.format(**ids), next((b for end, b in bodies.items() if short.endswith(end)), {})
            body = {"to": "cancelled"} if short == "/orders/{order}/moves" else body
            given = {} if method == "GET" else {"data": body, "content_type": "application/json"}
            problem(getattr(stranger.client, method.lower())(stranger.root + address, **given), 404, "not_found")
            asked += 1
    assert asked == 15
    for noun in ("campaigns", "orders", "deliverables"):
        assert stranger.get(f"/{noun}").json()["items"] == []
    assert stranger.get("/orders", campaign=campaign).json()["items"] == []


class TestParticipants:
    def test_creators_come_are_asked_for_more_and_go(self, mine, campaign, living):
        ana, _ = take_part(mine, living, campaign, "ana", "dov")
        assert take_part(mine, living, campaign, "ana") == []
        rows = {one["handle"]: one for one in mine.all(f"/campaigns/{campaign}/participants")}
        assert (rows["ana"]["required"], rows["ana"]["wanted"], rows["ana"]["warning"]) == (None, 1, None)
        assert "Not authenticated" in rows["dov"]["warning"]
        address, json = f"{mine.root}/participants/{ana}", {"content_type": "application/json"}
        assert mine.client.patch(address, {"required": 12}, **json).json()["wanted"] == 12
        assert mine.client.patch(address, {"required": None}, **json).json()["wanted"] == 1
        assert mine.client.delete(address).status_code == 204
        assert [one["handle"] for one in mine.all(f"/campaigns/{campaign}/participants")] == ["dov"]

    def test_a_brands_own_account_is_refused(self, mine, campaign, living):
        body = {"accounts": [str(living.account("brandco").pk)]}
        told = problem(mine.post(f"/campaigns/{campaign}/participants", body), 422, "invalid")
        assert told["errors"][0]["loc"] == ["body", "accounts"]


class TestDocuments:
    def test_what_nobody_published_is_null(self, mine, campaign):
        assert mine.get(f"/campaigns/{campaign}/documents").json() == {"brief": None, "agreement": None}

    def test_versions_count_up_and_acceptances_are_of_one(self, mine, campaign, living):
        [ana] = take_part(mine, living, campaign, "ana")
        address, body = f"/campaigns/{campaign}/documents", {"kind": "brief", "text": "Be kind", "checklist": ["Oat"]}
        assert mine.post(address, {"document": body}).json()["version"] == 1
        assert mine.post(address, {"document": body}).json()["version"] == 1
        row = Campaign.objects.get(pk=campaign)
        brief = documents.current(row, "brief")
        documents.accept(brief, row.participants.get(pk=ana), who="Ana", by="creator:1", at=clock.now())
        assert mine.get(address).json()["brief"]["accepted"] == 1
        (told,) = mine.all(f"/campaigns/{campaign}/participants")
        assert [(one["kind"], one["version"], one["who"]) for one in told["accepted"]] == [("brief", 1, "Ana")]
        assert mine.post(address, {"document": {**body, "text": "Be kinder"}}).json()["accepted"] == 0

    def test_an_agreement_needs_its_parts(self, mine, campaign):
        body = {"document": {"kind": "agreement", "terms": "Fair", "fee": "EUR 100"}}
        told = problem(mine.post(f"/campaigns/{campaign}/documents", body), 422, "invalid")
        assert {one["loc"][-1] for one in told["errors"]} == {"deliverables", "dates", "data_access"}


class TestOrders:
    def test_refused_with_the_reason(self, mine, campaign, living):
        [ana] = take_part(mine, living, campaign, "ana")
        mine.post(f"/campaigns/{campaign}/moves", {"to": "paused"})
        told = problem(mine.post(f"/campaigns/{campaign}/orders", {"participants": [ana]}), 409, "refused")
        assert told["reason"] == "not_active"
        assert mine.get(f"/campaigns/{campaign}").json()["refused"]["reason"] == "not_active"

    def test_a_bulk_touches_each_by_itself(self, mine, campaign, living):
        ids = take_part(mine, living, campaign, "ana", "dov")
        json = {"content_type": "application/json"}
        mine.client.patch(f"{mine.root}/campaigns/{campaign}", {"strict": True}, **json)
        told = mine.post(f"/campaigns/{campaign}/orders", {"participants": ids, "videos": 2, "spark_days": 7}).json()
        assert told["orders"] == {"not_created": 1}
        assert [(one["handle"], one["reason"]) for one in told["errors"]] == [("dov", "not_trackable")]
        assert told["asked"] == {"videos": 2, "deliverables": [], "spark_days": 7, "due_on": None}
        (order,) = mine.all("/orders", bulk=told["id"])
        assert (order["invite_link"], order["reasons"]["invite_link"]) == (None, "not_created_yet")
        mine.client.patch(f"{mine.root}/campaigns/{campaign}", {"strict": False}, **json)
        again = mine.post(f"/bulks/{told['id']}/retries").json()
        assert (again["waiting"], again["errors"]) == (2, [])
        gone = mine.post(f"/bulks/{told['id']}/cancellations").json()
        assert (gone["waiting"], gone["orders"]) == (0, {"cancelled": 2})
        assert mine.get(f"/bulks/{told['id']}").json() == gone

    def test_nothing_to_order_is_an_error_of_the_row(self, mine, campaign, living):
        [ana] = take_part(mine, living, campaign, "ana")
        mine.post(f"/campaigns/{campaign}/orders", {"participants": [ana]})
        told = mine.post(f"/campaigns/{campaign}/orders", {"participants": [ana]}).json()
        assert [one["reason"] for one in told["errors"]] == ["nothing_to_order"]

    def test_from_link_to_delivered_with_a_reason_for_all_that_is_missing(self, mine, campaign, living, people):
        ids = take_part(mine, living, campaign, "ana")
        mine.post(f"/campaigns/{campaign}/orders", {"participants": ids, "videos": 2, "deliverables": ["Breakfast"]})
        run()
        (order,) = mine.all("/orders", campaign=campaign)
        assert (order["state"], order["moves"]) == ("created", ["joined", "declined", "cancelled"])
        assert order["invite_link"].startswith("https://")
        first, second = order["deliverables"]
        assert (first["name"], second["name"], first["video_id"]) == ("Breakfast", "Video 2", None)
        assert set(first["reasons"].values()) == {"not_handed_in"}
        assert first["branded"] is None
        world = people.world
        taking.join(world, handle="ana", link=order["invite_link"])
        made = uploads.upload(world, handle="ana", link=order["invite_link"])
        uploads.post(world, video_id=made.video_id)
        uploads.approve(world, video_id=made.video_id)
        run()
        told = mine.get(f"/orders/{order['id']}").json()
        assert told["state"] == "partially_fulfilled"
        assert told["deliverables"][0]["video_id"] == made.video_id
        assert told["deliverables"][0]["branded"] is True
        published = mine.all("/deliverables", campaign=campaign, state="published")
        assert [one["id"] for one in published] == [told["deliverables"][0]["id"]]
        assert [one["id"] for one in mine.all("/deliverables", order=order["id"], state="open")] == [second["id"]]

    def test_one_post_too_many_is_told_and_counted_nowhere(self, mine, campaign, living, people):
        from greenroom.campaigns import following
        from greenroom.campaigns.interfaces import Standing
        from greenroom.campaigns.settling import Seen

        mine.post(f"/campaigns/{campaign}/orders", {"participants": take_part(mine, living, campaign, "ana")})
        run()
        order, seen = Order.objects.get(), tuple(Seen(str(10**18 + n), "uploaded") for n in range(2))
        for _ in range(2):
            following.note_standing(order, Standing(seen), read_at=clock.now())
        (event,) = mine.all("/events", name="order.order_full")
        assert event["data"]["video"] == seen[1].video_id
        assert Deliverable.objects.exclude(video_id="").count() == 1

    def test_what_was_heard_is_noted_and_what_tiktok_tells_is_not(self, mine, campaign, living):
        mine.post(f"/campaigns/{campaign}/orders", {"participants": take_part(mine, living, campaign, "ana")})
        run()
        at = f"/orders/{Order.objects.get().pk}/moves"
        assert mine.post(at, {"to": "joined"}).json()["state"] == "joined"
        problem(mine.post(at, {"to": "joined"}), 409, "illegal_move")
        problem(mine.post(at, {"to": "not_created"}), 409, "illegal_move")
        problem(mine.post(at, {"to": "fulfilled"}), 422, "invalid")
        assert mine.post(at, {"to": "declined"}).json()["moves"] == []
        assert Event.objects.filter(name="order.declined", by=mine.key.by).count() == 1

    def test_refused_by_tiktok_in_its_words_and_tried_again(self, mine, campaign, living):
        [ana] = take_part(mine, living, campaign, "ana")
        account = living.account("ana")
        type(account).objects.filter(pk=account.pk).update(handle="nobody_at_all")
        mine.post(f"/campaigns/{campaign}/orders", {"participants": [ana]})
        run()
        (order,) = mine.all("/orders", state="refused")
        assert "does not exist" in order["refusal"]
        assert order["reasons"]["invite_link"] == "refused"
        assert mine.post(f"/orders/{order['id']}/moves", {"to": "not_created"}).json()["state"] == "not_created"
        assert ordering.why_not(Campaign.objects.get()) is None
