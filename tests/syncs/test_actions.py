"""What people ask for: read now, try again, read more often."""

from datetime import timedelta

import pytest

from greenroom.core import work
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators.models import Account
from greenroom.syncs import actions, health
from greenroom.syncs.models import Run, Sync


@pytest.fixture
def four(people, workspace, at):
    """ANA and BEN consented, CYD is known by the marketplace, DOV by the former source only."""
    people.connect_marketplace(workspace, at=at)
    people.consent(workspace, "ana", at=at)
    people.consent(workspace, "ben", at=at)
    creators.add_account(workspace, handle="cyd", by="member:1", at=at)
    creators.record_legacy(workspace, handle="dov", by="system", at=at)
    return workspace


class TestReadingNow:
    def test_reads_every_stream_and_tells_of_each(self, four, at):
        steps = list(actions.sync_now(four, at=at))
        assert all(step.ok for step in steps)
        assert [step.done for step in steps] == list(range(1, len(steps) + 1))
        assert steps[-1].total == len(steps)
        assert {step.account for step in steps} == {"Acme", "@ana", "@ben", "@cyd"}
        assert sum(step.rows for step in steps) == sum(Run.objects.values_list("rows", flat=True)) > 130

    def test_asks_who_is_in_the_marketplace_first(self, four, world, at):
        world.leave_marketplace("cyd")
        steps = list(actions.sync_now(four, at=at))
        assert steps[0].stream == "marketplace_status_tto"
        assert "@cyd" not in {step.account for step in steps}

    def test_reads_posts_again_although_they_are_not_due(self, four, world, at):
        list(actions.sync_now(four, at=at))
        world.clock.advance(hours=0.1)
        later = at + timedelta(minutes=6)
        again = {(step.account, step.stream): step for step in actions.sync_now(four, at=later)}
        assert again["@ana", "organic_posts"].rows >= 40

    def test_leaves_alone_what_a_worker_is_running(self, four, at):
        Sync.objects.filter(account__handle="ana").update(leased_until=at + timedelta(seconds=9), leased_by="worker")
        steps = list(actions.sync_now(four, at=at))
        assert "@ana" not in {step.account for step in steps}
        assert steps[-1].done == steps[-1].total == len(steps)

    def test_says_in_tiktoks_words_what_went_wrong(self, four, world, at):
        world.withdraw("ben")
        steps = list(actions.sync_now(four, at=at))
        assert {step.account for step in steps if not step.ok} == {"@ben"}
        assert "revoked" in next(step.words for step in steps if not step.ok)


def test_dov_is_never_polled(four, world, at):
    for days in range(3):
        list(actions.sync_now(four, at=at + timedelta(days=days)))
        work.run_due(Sync, at=at + timedelta(days=days, hours=1))
    assert not Sync.objects.filter(account__handle="dov").exists()
    assert not Run.objects.filter(sync__account__handle="dov").exists()
    cyd = Account.objects.get(handle="cyd")
    assert Run.objects.filter(sync__account=cyd, outcome="ok").count() >= 4


class TestTryingAgain:
    def test_makes_a_stopped_row_due_and_keeps_who_asked(self, four, at):
        row = Sync.objects.filter(stream="organic_posts").first()
        Sync.objects.filter(pk=row.pk).update(due_at=None, failures=3, last_error="No")
        actions.retry(row, by="member:1", at=at)
        row.refresh_from_db()
        assert row.due_at == at
        assert Event.objects.get(name="sync.retried").by == "member:1"

    def test_is_refused_while_the_row_runs(self, four, at):
        row = Sync.objects.filter(stream="organic_posts").first()
        Sync.objects.filter(pk=row.pk).update(leased_until=at + timedelta(seconds=5))
        with pytest.raises(actions.NotWaiting):
            actions.retry(row, by="member:1", at=at)


class TestASchedule:
    def test_of_the_workspace_decides_when_posts_are_read(self, four, take, at):
        ana = Account.objects.get(handle="ana").connections.get()
        actions.change_schedule(four, [[24 * 400, 24 * 60]], by="member:1", at=at)
        take(ana, "organic_posts")
        row = Sync.objects.get(connection=ana, stream="organic_posts")
        assert set(row.cursor["read"]) == {"9600h"}

    def test_that_makes_no_sense_changes_nothing(self, four, at):
        with pytest.raises(ValueError, match="step"):
            actions.change_schedule(four, [[24, 60], [12, 60]], by="member:1", at=at)
        assert not Event.objects.filter(name="schedule.changed").exists()


class TestHealth:
    def states(self, workspace, at):
        return {one.surface: one.state for one in health.source_health(workspace, at=at)}

    def test_is_never_before_the_first_reading_and_on_time_after_it(self, four, at):
        assert set(self.states(four, at).values()) == {"never"}
        list(actions.sync_now(four, at=at))
        assert set(self.states(four, at).values()) == {"on_time"}

    def test_is_late_when_nobody_works(self, four, at):
        list(actions.sync_now(four, at=at))
        assert set(self.states(four, at + timedelta(days=2)).values()) == {"late"}

    def test_is_failing_for_the_surface_that_fails_and_says_why(self, four, world, at):
        list(actions.sync_now(four, at=at))
        world.withdraw("ben")
        list(actions.sync_now(four, at=at + timedelta(minutes=1)))
        first = health.source_health(four, at=at)[0]
        assert (first.surface, first.state) == ("accounts_api", "failing")
        assert "could not be read" in first.words

    def test_of_another_workspace_is_none_of_ours(self, four, acme, at):
        assert health.source_health(acme.rival, at=at) == []
        assert [job for job in health.queue(acme.rival, at=at) if job.queue == "sync"] == []


class TestTheQueue:
    def test_shows_troubles_first(self, four, at):
        list(actions.sync_now(four, at=at))
        bad = Sync.objects.filter(stream="organic_posts").first()
        Sync.objects.filter(pk=bad.pk).update(due_at=None, failures=2, last_error="TikTok said no")
        jobs = health.queue(four, at=at)
        assert (jobs[0].id, jobs[0].state, jobs[0].failures, jobs[0].error) == (bad.pk, "stopped", 2, "TikTok said no")
        assert {job.state for job in jobs[1:]} == {"waiting"}
        assert len([job for job in jobs if job.queue == "sync"]) == Sync.objects.exclude(due_at=None).count() + 1

    def test_finds_the_row_behind_a_job_for_its_own_workspace_only(self, four, acme, at):
        job = next(job for job in health.queue(four, at=at) if job.queue == "sync")
        assert health.find(four, job.queue, job.id).pk == job.id
        assert health.find(acme.rival, job.queue, job.id) is None
        assert health.find(four, "nonsense", job.id) is None
