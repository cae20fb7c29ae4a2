"""Jobs: queue, last and next run, failures in TikTok's words, quota, retry (PLT-07)."""

import re
from datetime import timedelta

from greenroom.core import clock
from greenroom.core.models import Event
from greenroom.core.work import QUEUES
from greenroom.hooks import actions as hooks
from greenroom.hooks.models import Delivery
from greenroom.syncs.models import QuotaBucket, Run, Sync
from tests.living import words

PAGE = "/w/acme/jobs/"


def job(response, label: str) -> str:
    html = response.content.decode()
    return next(part for part in html.split("<tr>") if label in part)


def test_everything_that_waits_is_listed_with_its_next_run(living, olga):
    answer = olga.get(PAGE)
    told = words(answer)
    waiting = Sync.objects.filter(workspace=living.workspace, due_at__isnull=False)
    assert all(sync.queue_label in told for sync in waiting.select_related("account", "workspace"))
    assert "Keep the token fresh: TikTok for Business API of @ana" in told
    assert "Store new readings of posts" in told
    assert "@dov" not in told
    first = waiting.order_by("due_at").first()
    assert f"{first.due_at:%H:%M} UTC" in job(answer, first.queue_label)


def test_a_failure_is_told_in_tiktoks_words_and_can_be_retried(living, olga):
    sync = Sync.objects.get(stream="organic_posts", account__handle="ana")
    Sync.objects.filter(pk=sync.pk).update(
        failures=2, last_error="Unavailable: System error (50002)", due_at=clock.now() + timedelta(minutes=20)
    )
    row = job(olga.get(PAGE), sync.queue_label)
    assert "System error (50002)" in row
    assert 'data-s="wait">Retrying' in row
    assert ">Retry</button>" in row
    told = words(olga.post(f"{PAGE}retry/", {"queue": "sync", "id": sync.pk}, follow=True))
    assert "runs with the next free worker" in told
    sync.refresh_from_db()
    assert sync.due_at <= clock.now()
    assert Event.objects.filter(name="sync.retried", subject=f"sync:{sync.pk}").count() == 1


def test_what_runs_right_now_cant_be_started_again(living, olga):
    sync = Sync.objects.get(stream="organic_posts", account__handle="ana")
    Sync.objects.filter(pk=sync.pk).update(leased_until=clock.now() + timedelta(seconds=10), leased_by="someone")
    assert 'data-s="live">Running' in job(olga.get(PAGE), sync.queue_label)
    assert "Working now" in words(olga.get(PAGE))
    assert "is running now" in words(olga.post(f"{PAGE}retry/", {"queue": "sync", "id": sync.pk}, follow=True))


def test_filters_are_chips(living, olga):
    answer = olga.get(f"{PAGE}?queue=connection")
    assert "Keep the token fresh" in words(answer)
    assert "Read posts and their analytics" not in words(answer)
    assert re.findall(r'<a class="x" href="([^"]*)"', answer.content.decode()) == ["?"]
    assert "No job fits" in words(olga.get(f"{PAGE}?state=stopped"))


def test_nobody_working_is_said(living, olga):
    Sync.objects.filter(workspace=living.workspace).update(due_at=clock.now() - timedelta(hours=1))
    told = words(olga.get(PAGE))
    assert "No worker is running." in told
    assert "Nobody works:" in told


def test_the_ceilings_show_what_is_used(living, olga):
    bucket = QuotaBucket.objects.get(name__endswith="/minute")
    QuotaBucket.objects.filter(pk=bucket.pk).update(
        used_today=1234, today=clock.now().date(), blocked_until=clock.now() + timedelta(minutes=3)
    )
    row = job(olga.get(PAGE), "All requests, by the minute")
    assert "1,234" in row
    assert "TikTok asked to wait" in row


def test_the_attempts_of_a_reading(living, olga):
    sync = Sync.objects.get(stream="organic_posts", account__handle="ana")
    Run.objects.create(
        workspace=living.workspace, sync=sync, started_at=clock.now(), finished_at=clock.now(), outcome="throttled",
        error="Too many requests (40100)", request_id="2026031214050001",
    )  # fmt: skip
    html = olga.get(f"{PAGE}runs/{sync.pk}/").content.decode()
    outcomes = re.findall(r'<span class="status" data-s="(\w+)">(.*?)</span>', html)
    assert outcomes[0] == ("bad", "TikTok asked to wait")
    assert outcomes.count(("live", "Read")) == Run.objects.filter(sync=sync, outcome="ok").count() >= 2
    assert "Too many requests (40100)" in html
    assert "2026031214050001" in html


def test_who_only_reads_may_look_and_not_run(living, acme, client):
    client.force_login(acme.fin.user)
    assert "Read posts and their analytics of @ana" in words(client.get(PAGE))
    assert "Run now" not in words(client.get(PAGE))
    sync = Sync.objects.filter(workspace=living.workspace).first()
    assert client.post(f"{PAGE}retry/", {"queue": "sync", "id": sync.pk}).status_code == 403


def test_another_workspaces_jobs_are_not_there(living, acme, client):
    client.force_login(acme.eve.user)
    sync = Sync.objects.filter(workspace=living.workspace).first()
    assert "@ana" not in words(client.get("/w/rival/jobs/"))
    assert client.get(f"/w/rival/jobs/runs/{sync.pk}/").status_code == 404
    assert client.post("/w/rival/jobs/retry/", {"queue": "sync", "id": sync.pk}).status_code == 404
    assert client.post("/w/rival/jobs/retry/", {"queue": "user", "id": 1}).status_code == 404
    assert client.post("/w/rival/jobs/retry/", {"queue": "sync", "id": "x"}).status_code == 404


def test_an_empty_queue_says_when_jobs_appear(acme, olga):
    for model in QUEUES:  # some rows are made with the database, which may be long ago
        model._default_manager.filter(due_at__isnull=False).update(due_at=clock.now())
    assert "Nothing has run yet" in words(olga.get(PAGE))


def test_what_has_nothing_left_to_do_is_no_job(acme, client, at):
    made = hooks.add_endpoint(acme.workspace, url="https://example.com/h", names=["*"], by=acme.olga.by, at=at)
    told = hooks.send_test(made, by=acme.olga.by, at=at)
    Delivery.objects.filter(pk=told.pk).update(state="delivered", due_at=None)
    client.force_login(acme.mia.user)  # a manager runs jobs; sending an event again is for who manages webhooks
    assert client.post(f"{PAGE}retry/", {"queue": "delivery", "id": told.pk}).status_code == 404
    assert Delivery.objects.get(pk=told.pk).due_at is None
