"""From an event to a receiver: who is told, signed how, tried how often, sent again, forgotten."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from standardwebhooks import Webhook, WebhookVerificationError

from greenroom.core import addresses, events, outgoing, work
from greenroom.core.models import Event
from greenroom.hooks import actions as hooks
from greenroom.hooks import deliveries, schedule, sending, signing
from greenroom.hooks.models import Attempt, Delivery, Endpoint


def happen(acme, now, name="account.added", **data):
    return events.note(acme.workspace, name, subject="account:7", by="member:1", at=now, **data)


def told(endpoint) -> list[str]:
    return list(Delivery.objects.filter(endpoint=endpoint).order_by("pk").values_list("name", flat=True))


class TestFanOut:
    def test_an_event_makes_one_delivery_for_each_endpoint_that_wants_it(self, acme, receiver, allowed, now):
        def add(*names):
            return hooks.add_endpoint(acme.workspace, url=receiver.url, names=names, by="member:1", at=now)

        exact, noun, other = add("account.added"), add("account.*"), add("connection.*")
        happen(acme, now)
        happen(acme, now, "account.renamed")
        assert (told(exact), told(noun), told(other)) == (["account.added"], ["account.added", "account.renamed"], [])

    def test_the_delivery_is_there_exactly_when_the_event_is(self, acme, endpoint, now):
        with transaction.atomic():
            happen(acme, now)
            assert Delivery.objects.filter(name="account.added").exists()
            transaction.set_rollback(True)
        assert not Event.objects.filter(name="account.added").exists()
        assert not Delivery.objects.filter(name="account.added").exists()

    def test_another_workspace_hears_nothing(self, acme, endpoint, now):
        before = Delivery.objects.count()
        events.note(acme.rival, "account.added", by="member:1", at=now)
        assert Delivery.objects.count() == before

    def test_an_endpoint_that_is_off_is_not_told(self, acme, endpoint, now):
        hooks.move_endpoint(endpoint, "paused", by="member:1", at=now)
        happen(acme, now)
        assert "account.added" not in told(endpoint)

    def test_a_workspace_without_endpoints_pays_one_query(self, acme, now):
        with CaptureQueriesContext(connection) as asked:
            happen(acme, now)
        assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) == 2

    def test_the_same_event_cannot_be_told_twice(self, acme, endpoint, now):
        from django.db import IntegrityError

        event = happen(acme, now)
        with pytest.raises(IntegrityError), transaction.atomic():
            deliveries.fan_out(event)


class TestSending:
    def test_every_delivery_verifies_and_says_what_happened(self, acme, endpoint, receiver, send, now):
        happen(acme, now, handle="ana", text="Grüße 日本 🎭 </script>")
        assert send() == len(receiver.got) == 2  # endpoint.added is an event too
        got = receiver.got[-1]
        payload = got.verified(endpoint.secret)
        event = Event.objects.get(name="account.added")
        assert payload == {
            "type": "account.added",
            "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "data": {
                "event_id": event.pk,
                "workspace": "acme",
                "subject": {"type": "account", "id": 7},
                "by": "member:1",
                "handle": "ana",
                "text": "Grüße 日本 🎭 </script>",
            },
        }
        assert got.headers["webhook-id"] == f"evt_{event.pk}"
        assert got.headers["content-type"] == "application/json"
        assert got.headers["user-agent"].startswith("Greenroom/")
        assert b", " not in got.body.split(b'"text"')[0]

    def test_a_changed_byte_or_another_secret_does_not_verify(self, endpoint, receiver, send):
        send()
        got = receiver.got[0]
        with pytest.raises(WebhookVerificationError):
            Webhook(endpoint.secret).verify(got.body.replace(b"acme", b"acne"), got.headers)
        with pytest.raises(WebhookVerificationError):
            got.verified(signing.new_secret())

    def test_a_new_secret_and_the_old_one_both_verify_for_a_day(self, acme, endpoint, receiver, send, now):
        old = endpoint.secret
        hooks.rotate_secret(endpoint, by="member:1", at=now)
        send()
        assert endpoint.secret != old
        for got in receiver.got:
            assert got.verified(old) == got.verified(endpoint.secret)
            assert len(got.headers["webhook-signature"].split()) == 2
        assert endpoint.secrets(at=now + timedelta(hours=24)) == [endpoint.secret]
        assert "whsec_" not in json.dumps(list(Event.objects.values_list("data", flat=True)))

    def test_the_secret_is_not_readable_in_the_database(self, endpoint):
        with connection.cursor() as cursor:
            cursor.execute("select secret from hooks_endpoint")
            assert "whsec_" not in cursor.fetchone()[0]

    def test_data_that_is_too_large_is_left_out_and_that_is_said(self, acme, endpoint, receiver, send, now):
        happen(acme, now, rows=["x" * 100] * 1000)
        send()
        assert len(receiver.got[-1].body) < signing.LARGEST
        payload = receiver.got[-1].verified(endpoint.secret)
        assert payload["data"]["truncated"] is True
        assert "rows" not in payload["data"]

    def test_what_was_sent_and_what_came_back_is_kept(self, endpoint, receiver, send):
        receiver.always = (201, {"Content-Type": "text/plain", "X-Other": "no"}, b"ok \x00 \xff fine")
        send()
        attempt = Attempt.objects.get()
        assert (attempt.status, attempt.error, attempt.body) == (201, "", "ok \ufffd \ufffd fine")
        assert attempt.headers["content-type"] == "text/plain"
        assert "x-other" not in attempt.headers
        assert attempt.delivery.body.encode() == receiver.got[0].body

    def test_a_delivery_that_lost_its_worker_sends_the_same_id_again(self, endpoint, receiver, send, now):
        delivery = Delivery.objects.get()
        send()
        Delivery.objects.filter(pk=delivery.pk).update(state="waiting", due_at=now)  # killed before it was written down
        send()
        assert receiver.ids == [delivery.message_id] * 2
        assert receiver.got[0].body == receiver.got[1].body


class TestRetries:
    def test_a_failure_is_tried_again_after_the_schedule_and_then_given_up(self, endpoint, receiver, send, now):
        receiver.always = (400, {}, b"no")
        at, waits = now, []
        for n in range(schedule.ATTEMPTS):
            assert send(at) == 1
            delivery = Delivery.objects.get(name="endpoint.added")
            if delivery.due_at:
                waits.append(delivery.due_at - at)
                at = delivery.due_at
            assert delivery.state == ("failed" if n < schedule.ATTEMPTS - 1 else "parked")
        for wait, planned in zip(waits, schedule.WAITS, strict=True):
            assert planned * 0.89 <= wait <= planned * 1.11 + timedelta(seconds=2)
        assert delivery.attempts.count() == schedule.ATTEMPTS == len(receiver.got)
        assert delivery.said == "It answered 400; only 200 to 299 counts as delivered."
        assert send(at + timedelta(days=3)) == 0
        assert delivery.failures == 0, "given up stands in the endpoint's log, not among stopped jobs"

    def test_any_2xx_delivers(self, endpoint, receiver, send):
        receiver.always = (299, {}, b"")
        send()
        assert Delivery.objects.get().state == "delivered"

    def test_a_redirect_is_a_failure_with_words(self, endpoint, receiver, send):
        receiver.always = (308, {"Location": "http://127.0.0.1:1/inside"}, b"")
        send()
        delivery = Delivery.objects.get()
        assert delivery.state == "failed"
        assert "http://127.0.0.1:1/inside" in delivery.said
        assert delivery.said.endswith("redirects are not followed.")

    def test_retry_after_is_respected(self, endpoint, receiver, send, now):
        receiver.always = (503, {"Retry-After": "7200"}, b"")
        send(now)
        delivery = Delivery.objects.get()
        assert timedelta(hours=2) <= delivery.due_at - now < timedelta(hours=2, minutes=1)
        endpoint.refresh_from_db()
        assert endpoint.held_until >= now + timedelta(hours=2)

    def test_an_endpoint_that_is_down_is_knocked_at_by_one_delivery_at_a_time(
        self, acme, endpoint, receiver, send, now
    ):
        receiver.always = (500, {}, b"")
        for _ in range(20):
            happen(acme, now)
        send(now)
        knocks = len(receiver.got)
        assert knocks == schedule.UNWELL_AFTER
        assert Delivery.objects.filter(state="parked").count() == 0
        later = now + timedelta(minutes=1)
        send(later)
        assert len(receiver.got) == knocks + 1
        receiver.always = (200, {}, b"")
        for minute in range(2, 120):
            send(now + timedelta(minutes=minute))
        assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
        endpoint.refresh_from_db()
        assert (endpoint.failing_since, endpoint.failed_in_row, endpoint.held_until) == (None, 0, None)

    def test_one_message_the_receiver_dislikes_does_not_hold_up_others(self, acme, endpoint, receiver, send, now):
        receiver.always = (422, {}, b"")
        for _ in range(6):
            happen(acme, now)
        send(now)
        assert len(receiver.got) == 7


class TestTheEndOfAnEndpoint:
    def test_410_switches_it_off_at_once_and_gives_up_what_waits(self, acme, endpoint, receiver, send, now):
        happen(acme, now)
        receiver.always = (410, {}, b"")
        send(now)
        send(now + timedelta(seconds=20))
        endpoint.refresh_from_db()
        assert endpoint.state == "disabled"
        assert endpoint.disabled_because == "It answered 410 Gone."
        event = Event.objects.get(name="endpoint.disabled")
        assert (event.by, event.data["was"], event.data["url"]) == ("system", "enabled", endpoint.url)
        assert set(Delivery.objects.values_list("state", flat=True)) == {"parked"}
        assert len(receiver.got) == 1

    def test_five_days_without_a_success_switch_it_off(self, acme, endpoint, receiver, send, now):
        receiver.always = (500, {}, b"")
        at = now
        while Endpoint.objects.get().state == "enabled" and at < now + timedelta(days=8):
            happen(acme, at)
            send(at)
            at += timedelta(hours=6)
        assert timedelta(days=5) <= at - now <= timedelta(days=5, hours=12)
        assert "5 days" in Endpoint.objects.get().disabled_because
        send(at)
        assert not Delivery.objects.filter(state__in=Delivery.OPEN).exists()

    def test_one_success_starts_the_count_anew(self, acme, endpoint, receiver, send, now):
        receiver.always = (500, {}, b"")
        send(now)
        receiver.always = (200, {}, b"")
        send(now + timedelta(minutes=10))
        assert Endpoint.objects.get().failing_since is None

    def test_switched_on_again_everything_given_up_can_be_sent(self, acme, endpoint, receiver, send, now):
        hooks.move_endpoint(endpoint, "paused", by="member:1", at=now)
        assert set(Delivery.objects.values_list("state", flat=True)) == {"parked"}
        assert send() == 0
        hooks.move_endpoint(endpoint, "enabled", by="member:1", at=now)
        assert hooks.replay_untold(endpoint, by="member:1", at=now) == 1
        send()
        assert "evt_" in receiver.ids[0]
        assert Delivery.objects.get(name="endpoint.added").state == "delivered"

    def test_nobody_but_greenroom_disables(self, endpoint, now):
        from greenroom.core.state import IllegalMove

        with pytest.raises(IllegalMove):
            hooks.move_endpoint(endpoint, "disabled", by="member:1", at=now)

    def test_removed_it_is_told_nothing_and_its_row_goes_an_hour_later(self, acme, endpoint, receiver, send, now):
        hooks.remove_endpoint(endpoint, by="member:1", at=now)
        happen(acme, now)
        assert send() == 0
        assert Endpoint.of(acme.workspace).count() == 0
        # An event that was being stored while the endpoint was removed: its transaction must not fail on a missing row.
        late = happen(acme, now)
        Delivery.objects.create(
            workspace=acme.workspace, endpoint=endpoint, event=late, name=late.name, made_at=now, due_at=now
        )
        assert send() == 1
        assert receiver.got == []
        assert work.run_due(Endpoint, at=now + timedelta(hours=2)) == 1
        assert not Endpoint.objects.exists()
        assert not Delivery.objects.exists()

    def test_removed_while_it_is_being_told_leaves_nothing_behind(self, endpoint, receiver, now):
        class Slow(outgoing.Client):
            def post(self, *args, **kwargs):
                answer = super().post(*args, **kwargs)
                hooks.remove_endpoint(Endpoint.objects.get(), by="member:1", at=now)
                return answer

        allowed = addresses.Allowed.read(["127.0.0.1"])
        sending.attempt(Delivery.objects.get(), http=Slow(allowed=allowed), at=now)
        assert len(receiver.got) == 1
        assert not Delivery.objects.exists()
        assert not Attempt.objects.exists()

    def test_what_is_erased_while_it_is_being_told_is_not_kept(self, acme, endpoint, receiver, now):
        class Slow(outgoing.Client):
            def post(self, *args, **kwargs):
                answer = super().post(*args, **kwargs)
                Event.objects.filter(name="account.added").update(data={"handle": "[erased]"})
                deliveries.forget_copies(Event.objects.filter(name="account.added"))
                return answer

        happen(acme, now, handle="ana")
        allowed = addresses.Allowed.read(["127.0.0.1"])
        delivery = Delivery.objects.get(name="account.added")
        sending.attempt(delivery, http=Slow(allowed=allowed), at=now)
        assert b"ana" in receiver.got[-1].body
        assert Delivery.objects.get(pk=delivery.pk).body == ""
        assert (Attempt.objects.get(delivery=delivery).body, delivery.state) == ("", "delivered")


class TestSendingAgain:
    def test_a_replayed_event_is_recognised(self, endpoint, receiver, send, now):
        send()
        delivery = Delivery.objects.get()
        hooks.replay(delivery, by="member:1", at=now)
        send()
        again = [one for one in receiver.got if one.id == delivery.message_id]
        assert len(again) == 2
        assert again[0].body == again[1].body
        assert Event.objects.filter(name="delivery.replayed", subject=f"delivery:{delivery.pk}").count() == 1

    def test_what_is_under_way_cannot_be_sent_beside_itself(self, endpoint, now):
        delivery = Delivery.objects.get()
        work.claim(Delivery, by="w", at=now, limit=1)
        with pytest.raises(hooks.BeingSent):
            hooks.replay(delivery, by="member:1", at=now)

    def test_the_jobs_page_can_send_again_what_was_given_up(self, endpoint, receiver, send, now):
        Delivery.objects.update(state="parked", due_at=now, round=schedule.ATTEMPTS)
        send()
        assert Delivery.objects.get().state == "delivered"


class TestTheTest:
    def test_a_test_goes_to_this_endpoint_alone_even_while_it_is_off(
        self, acme, endpoint, receiver, allowed, send, now
    ):
        other = hooks.add_endpoint(acme.workspace, url=receiver.url, names=["*"], by="member:1", at=now)
        narrow = hooks.add_endpoint(acme.workspace, url=receiver.url, names=["sync.*"], by="member:1", at=now)
        hooks.move_endpoint(narrow, "paused", by="member:1", at=now)
        made = hooks.send_test(narrow, by="member:1", at=now)
        send()
        mine = [one for one in receiver.got if one.id == made.message_id]
        assert [one.verified(narrow.secret)["type"] for one in mine] == ["endpoint.test"]
        assert "endpoint.test" not in told(other)

    def test_a_test_is_tried_once(self, endpoint, receiver, send, now):
        send()
        receiver.always = (500, {}, b"")
        made = hooks.send_test(endpoint, by="member:1", at=now)
        send()
        assert Delivery.objects.get(pk=made.pk).state == "parked"


class TestForgetting:
    def test_bodies_go_after_a_week_and_deliveries_after_a_month(self, acme, endpoint, receiver, send, now):
        send(now)
        receiver.always = (500, {}, b"")
        happen(acme, now)
        Delivery.objects.filter(name="account.added").update(due_at=now + timedelta(days=60))  # still waits
        deliveries.forget(endpoint, at=now + timedelta(days=6))
        assert Delivery.objects.get(name="endpoint.added").body
        deliveries.forget(endpoint, at=now + timedelta(days=8))
        assert Delivery.objects.get(name="endpoint.added").body == ""
        assert Attempt.objects.get().body == ""
        assert Attempt.objects.get().status == 200
        assert deliveries.forget(endpoint, at=now + timedelta(days=31)) > 0
        assert told(endpoint) == ["account.added"]

    def test_the_endpoint_tidies_itself(self, endpoint, now):
        hooks.rotate_secret(endpoint, by="member:1", at=now)
        later = now + timedelta(hours=25)
        assert work.run_due(Endpoint, at=later) == 1
        endpoint.refresh_from_db()
        assert (endpoint.old_secret, endpoint.old_until) == ("", None)
        assert endpoint.due_at > later

    def test_a_replay_after_a_week_sends_the_same_message(self, endpoint, receiver, send, now):
        send(now)
        deliveries.forget(endpoint, at=now + timedelta(days=8))
        hooks.replay(Delivery.objects.get(), by="member:1", at=now)
        send(now + timedelta(seconds=1))
        assert receiver.got[0].body == receiver.got[1].body

    def test_copies_go_with_a_creator_who_is_deleted(self, acme, endpoint, receiver, send, now):
        from greenroom.creators import deletion, details
        from greenroom.creators.models import Creator

        ana = Creator.objects.create(workspace=acme.workspace, name="Ana", created_at=now)
        receiver.always = (200, {}, b"thank you, Ana Secretname")
        details.change(ana, {"name": "Ana Secretname"}, by="member:1", at=now)
        send()
        assert "Secretname" in Delivery.objects.get(name="creator.changed").body
        deletion.delete(ana, by="member:1", at=now)
        assert not Delivery.objects.filter(body__contains="Secretname").exists()
        assert not Attempt.objects.filter(delivery__name="creator.changed", body__contains="Secretname").exists()
        hooks.replay(Delivery.objects.get(name="creator.changed"), by="member:1", at=now)
        send()
        assert "Secretname" not in Delivery.objects.get(name="creator.changed").body
