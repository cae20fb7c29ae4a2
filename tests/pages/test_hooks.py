"""The pages of webhooks, without script."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from greenroom.core import clock, events, work
from greenroom.core.models import Event
from greenroom.hooks import actions as hooks
from greenroom.hooks.models import Delivery, Endpoint
from tests.hooks.receiver import listening

PUBLIC = "https://8.8.8.8/hooks"  # written as a number, so that no test asks a name server


@pytest.fixture
def receiver():
    with listening() as found:
        yield found


@pytest.fixture
def olga(acme, client):
    client.force_login(acme.olga.user)
    return client


@pytest.fixture
def endpoint(acme, receiver, settings):
    settings.GREENROOM_ALLOW_PRIVATE_HOOKS = ["127.0.0.1"]
    return hooks.add_endpoint(acme.workspace, url=receiver.url, names=["*"], by=acme.olga.by, at=clock.now())


def page(name, *args):
    return reverse(name, args=["acme", *args])


def test_an_endpoint_is_added_with_the_events_that_were_ticked(olga, acme):
    form = {"url": PUBLIC, "description": "CRM", "names": ["account.added", "account.*", "sync.finished"]}
    answer = olga.post(page("hook_add"), form, follow=True)
    made = Endpoint.objects.get()
    assert answer.request["PATH_INFO"] == page("hook", made.pk)
    assert (made.url, made.names, made.state) == (PUBLIC, ["account.*", "sync.finished"], "enabled")
    assert made.secret in answer.content.decode()
    event = Event.objects.get(name="endpoint.added")
    assert (event.by, event.data) == (acme.olga.by, {"url": PUBLIC, "names": made.names})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://8.8.8.8/", "Use https"),
        ("https://127.0.0.1/", "not on the public internet"),
        ("https://0x7f.1/", "neither a name"),
        ("https://a:b@8.8.8.8/", "Leave name and password out"),
        ("", "This field is required"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused_in_words(olga, url, words):
    answer = olga.post(page("hook_add"), {"url": url, "names": ["*"]})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_without_an_event_or_with_a_strange_one_nothing_is_added(olga):
    for names, words in (([], "Choose at least one event."), (["nothing.ever"], "There is no event nothing.ever.")):
        answer = olga.post(page("hook_add"), {"url": PUBLIC, "names": names})
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_what_is_changed_is_told_with_before_and_after(olga, endpoint):
    form = {"url": endpoint.url, "description": "Alerts", "names": ["account.*"]}
    olga.post(page("hook_edit", endpoint.pk), form)
    event = Event.objects.get(name="endpoint.changed")
    assert event.data == {
        "before": {"description": "", "names": ["*"]},
        "after": {"description": "Alerts", "names": ["account.*"]},
    }


def test_a_test_leads_to_its_delivery_and_shows_what_came_back(olga, endpoint, receiver):
    receiver.always = (200, {"Content-Type": "text/html"}, b"<script>alert('hello')</script>")
    answer = olga.post(page("hook_test", endpoint.pk), follow=True)
    assert "The first attempt is made with the next free worker" in answer.content.decode()
    work.run_due(Delivery, at=clock.now())
    html = olga.get(answer.request["PATH_INFO"]).content.decode()
    assert "&lt;script&gt;alert(&#x27;hello&#x27;)&lt;/script&gt;" in html
    assert "endpoint.test" in html
    assert "Delivered" in html
    assert 'hx-trigger="every 2s"' not in html


def test_the_log_is_filtered_by_state_and_event(olga, acme, endpoint, receiver):
    receiver.answers = [(200, {}, b""), (500, {}, b"")]
    events.note(acme.workspace, "account.added", by="member:1", at=clock.now())
    work.run_due(Delivery, at=clock.now())
    whole = olga.get(page("hook", endpoint.pk)).content.decode()
    assert len(re.findall(r'<th scope="row">', whole)) == 2
    failed = olga.get(page("hook", endpoint.pk), {"state": "failed"}).content.decode()
    assert len(re.findall(r'<th scope="row">', failed)) == 1
    assert "It answered 500" in failed
    named = olga.get(page("hook", endpoint.pk), {"name": "endpoint.added"}).content.decode()
    assert len(re.findall(r'<th scope="row">', named)) == 1


def test_all_that_failed_is_sent_again_by_one_button(olga, endpoint, receiver):
    receiver.always = (404, {}, b"")
    work.run_due(Delivery, at=clock.now())
    receiver.always = (200, {}, b"")
    assert "Send all 1 failed again" in olga.get(page("hook", endpoint.pk)).content.decode()
    answer = olga.post(page("hook_replay", endpoint.pk), follow=True)
    assert "1 on their way again." in answer.content.decode()
    work.run_due(Delivery, at=clock.now())
    assert not Delivery.objects.filter(state__in=Delivery.UNTOLD).exists()


def test_one_delivery_is_sent_again(olga, endpoint, receiver):
    work.run_due(Delivery, at=clock.now())
    delivery = Delivery.objects.get()
    olga.post(page("hook_delivery_replay", endpoint.pk, delivery.pk))
    work.run_due(Delivery, at=clock.now())
    assert receiver.ids.count(delivery.message_id) == 2


def test_switching_off_and_on(olga, endpoint):
    olga.post(page("hook_move", endpoint.pk), {"to": "paused"})
    assert "Switched off." in olga.get(page("hook", endpoint.pk)).content.decode()
    olga.post(page("hook_move", endpoint.pk), {"to": "enabled"})
    endpoint.refresh_from_db()
    assert endpoint.is_enabled
    answer = olga.post(page("hook_move", endpoint.pk), {"to": "disabled"}, follow=True)
    assert "It was switched meanwhile" in answer.content.decode()
    told = Event.objects.filter(name__in=["endpoint.paused", "endpoint.enabled"]).order_by("pk")
    assert [one.name for one in told] == ["endpoint.paused", "endpoint.enabled"]


def test_a_new_secret_is_asked_for_first(olga, endpoint):
    old = endpoint.secret
    assert "New secret for" in olga.get(page("hook_secret", endpoint.pk)).content.decode()
    endpoint.refresh_from_db()
    assert endpoint.secret == old
    html = olga.post(page("hook_secret", endpoint.pk), follow=True).content.decode()
    endpoint.refresh_from_db()
    assert endpoint.secret in html
    assert old not in html
    assert "The one before signs too until" in html


def test_deleting_asks_first_and_takes_the_log_along(olga, endpoint):
    assert "Delete 127.0.0.1" in olga.get(page("hook_remove", endpoint.pk)).content.decode()
    assert Endpoint.objects.exists()
    olga.post(page("hook_remove", endpoint.pk))
    assert olga.get(page("hook", endpoint.pk)).status_code == 404
    assert "Nobody is told yet" in olga.get(page("settings_hooks")).content.decode()
    assert not Delivery.objects.exists()
    assert Endpoint.objects.get().secret == ""
    event = Event.objects.get(name="endpoint.removed")
    assert (event.subject, event.data["url"]) == (f"endpoint:{endpoint.pk}", endpoint.url)


def test_an_endpoint_of_another_workspace_is_not_there(client, acme, endpoint):
    client.force_login(acme.eve.user)
    delivery = Delivery.objects.get()
    rival = acme.rival.slug
    for name, args in (("hook", ()), ("hook_edit", ()), ("hook_remove", ()), ("hook_delivery", (delivery.pk,))):
        assert client.get(reverse(name, args=[rival, endpoint.pk, *args])).status_code == 404
    for name in ("hook_test", "hook_move", "hook_replay", "hook_remove", "hook_secret"):
        assert client.post(reverse(name, args=[rival, endpoint.pk])).status_code == 404
    assert Endpoint.objects.get().secret == endpoint.secret


def test_only_owners_open_these_pages(client, acme, endpoint):
    client.force_login(acme.mia.user)
    assert client.get(page("settings_hooks")).status_code == 403
    assert client.get(page("hook", endpoint.pk)).status_code == 403


def test_home_tells_of_an_endpoint_that_was_given_up(olga, acme, client, endpoint, receiver):
    receiver.always = (410, {}, b"")
    work.run_due(Delivery, at=clock.now())
    html = olga.get(reverse("home", args=["acme"])).content.decode()
    assert "is told nothing any more" in html
    assert page("hook", endpoint.pk) in html
    client.force_login(acme.mia.user)
    assert page("hook", endpoint.pk) not in client.get(reverse("home", args=["acme"])).content.decode()


def test_more_deliveries_cost_no_more_queries(olga, acme, endpoint):
    def cost(path):
        with CaptureQueriesContext(connection) as asked:
            olga.get(path)
        return len(asked)

    paths = [page("settings_hooks"), page("hook", endpoint.pk)]
    olga.get(paths[0])  # what a process looks up once is not counted
    few = [cost(path) for path in paths]
    for n in range(20):
        events.note(acme.workspace, "account.added", by="member:1", at=clock.now(), n=n)
    for n in range(5):
        hooks.add_endpoint(acme.workspace, url=f"{PUBLIC}/{n}", names=["sync.*"], by="member:1", at=clock.now())
    assert [cost(path) for path in paths] == few
