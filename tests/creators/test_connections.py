"""A grant through its life: fresh, renewed, lapsed, withdrawn, connected anew."""

import threading
from datetime import timedelta

import pytest
from django.db import connection as database

from greenroom.core import work
from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import connections
from greenroom.creators.models import Connection, Consent
from greenroom.tiktok import errors


@pytest.fixture
def ana(people, workspace, at):
    return people.consent(workspace, "ana", at=at)


def run(connection, at):
    """The worker comes by at `at`."""
    Connection.objects.filter(pk=connection.pk).update(due_at=at, leased_by="w", leased_until=at)
    connection.refresh_from_db()
    done = work.run(connection, by="w", now=lambda: at)
    connection.refresh_from_db()
    return done


class TestRefresh:
    def test_the_due_row_renews_both_tokens_and_plans_the_next_time(self, people, ana, at):
        before = (ana.access_token, ana.refresh_token)
        later = people.later(at, hours=20)
        assert run(ana, later)
        assert ana.access_token != before[0]
        assert ana.refresh_token != before[1]
        assert ana.expires_at == later + timedelta(days=1)
        assert later + timedelta(hours=18) <= ana.due_at < later + timedelta(hours=24)
        assert people.world.grants.find(ana.access_token)

    def test_a_token_that_is_over_is_renewed_where_it_is_needed(self, people, ana, at):
        assert creators.token(ana, at=at + timedelta(hours=1)) == ana.access_token
        later = people.later(at, hours=23, minutes=59)
        before = ana.access_token
        assert creators.token(ana, at=later) != before

    def test_of_two_that_want_to_one_does_and_no_token_is_burned(self, people, ana, at):
        later = people.later(at, hours=20)
        people.world.faults.set(rotate_at_once=True)  # the strictest TikTok: a refresh token works once
        Connection.objects.filter(pk=ana.pk).update(swapping_until=later + timedelta(seconds=60))
        with pytest.raises(work.Later):
            creators.refresh(ana, at=later)
        Connection.objects.filter(pk=ana.pk).update(swapping_until=None)
        creators.refresh(ana, at=later)
        assert people.world.ledger["POST", "/open_api/v1.3/tt_user/oauth2/refresh_token/", "0"] == 1

    def test_a_process_that_died_while_renewing_does_not_block_for_ever(self, people, ana, at):
        Connection.objects.filter(pk=ana.pk).update(swapping_until=at + timedelta(seconds=90))
        later = people.later(at, seconds=91)
        creators.refresh(ana, at=later)
        assert ana.swapping_until is None

    @pytest.mark.parametrize("fault", ["throttled", "busy", "bad_gateway"])
    def test_a_bad_day_at_tiktok_changes_nothing_and_is_tried_again(self, people, ana, at, fault, monkeypatch):
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        later = people.later(at, hours=20)
        people.world.faults.set(**{fault: 1.0})
        assert not run(ana, later)
        assert ana.state == "active"
        assert ana.due_at > later
        assert ana.last_error
        assert ana.swapping_until is None
        people.world.faults.clear()
        assert run(ana, later)
        assert (ana.last_error, ana.failures) == ("", 0)

    def test_a_connection_made_anew_meanwhile_wins(self, people, ana, workspace, at, monkeypatch):
        """The answer to a refresh arrives after the creator connected again: it must not overwrite the newer grant."""
        from greenroom.tiktok import auth

        really = auth.AccountsOAuth.refresh
        newer = []

        def slow(oauth, token):
            answer = really(oauth, token)
            newer.append(people.consent(workspace, "ana", at=at))
            return answer

        monkeypatch.setattr(auth.AccountsOAuth, "refresh", slow)
        creators.refresh(ana, at=at)
        assert ana.refresh_token == newer[0].refresh_token

    def test_thirty_days_before_its_end_a_grant_is_expiring(self, people, ana, at):
        assert run(ana, people.later(at, days=334))
        assert ana.state == "active"
        assert run(ana, people.later(at, days=336))
        assert ana.state == "expiring"
        assert ana.is_live
        assert ana.account.authenticated


class TestLapse:
    def test_past_the_end_of_the_refresh_token_it_lapses(self, people, ana, at):
        later = people.later(at, days=366)
        assert not run(ana, later)
        assert (ana.state, ana.access_token, ana.refresh_token, ana.due_at) == ("lapsed", "", "", None)
        assert "Refresh token is expired" in ana.last_error
        ana.account.refresh_from_db()
        assert not ana.account.authenticated
        assert Consent.objects.get().revoked_at is None  # it ended by itself

    def test_a_consent_taken_back_in_the_tiktok_app_is_noticed(self, people, ana, at):
        people.world.withdraw("ana")
        later = people.later(at, hours=20)
        run(ana, later)
        ana.account.refresh_from_db()
        assert ana.state == "lapsed"
        assert not ana.account.authenticated
        assert creators.account_at(ana.account, at) == (True, True)
        assert creators.account_at(ana.account, later) == (False, True)
        assert Consent.objects.get().revoked_at == later
        assert "refused to renew" in Event.objects.get(name="connection.lapsed").data["reason"]

    def test_a_refused_token_that_was_merely_over_is_recovered(self, people, ana, at):
        later = people.later(at, hours=25)
        expired = errors.TokenExpired("Access token has expired.", code=40102, endpoint="business/get/")
        assert creators.recover(ana, expired, used=ana.access_token, at=later)
        assert ana.state == "active"
        assert ana.expires_at > later

    def test_a_refused_token_that_is_not_the_newest_any_more_is_just_tried_again(self, people, ana, at):
        revoked = errors.Revoked("Access token is incorrect.", code=40105, endpoint="business/get/")
        before = ana.access_token
        assert creators.recover(ana, revoked, used="act.the-one-before", at=at)
        assert ana.access_token == before

    def test_a_withdrawn_token_lapses(self, people, ana, at):
        people.world.withdraw("ana")
        revoked = errors.Revoked("Access token is incorrect.", code=40105, endpoint="business/get/")
        assert not creators.recover(ana, revoked, used=ana.access_token, at=at)
        assert ana.state == "lapsed"

    def test_a_missing_scope_is_no_reason_to_lapse(self, ana, at):
        missing = errors.ScopeMissing("no permission", code=40001, endpoint="business/get/")
        assert not creators.recover(ana, missing, used=ana.access_token, at=at)
        assert ana.state == "active"

    def test_the_marketplace_grant_lapses_at_once_having_nothing_to_renew(self, people, marketplace, at):
        revoked = errors.Revoked("Access token is incorrect.", code=40105, endpoint="x/")
        assert not creators.recover(marketplace, revoked, used=marketplace.access_token, at=at)
        assert marketplace.state == "lapsed"


class TestWithdraw:
    def test_it_ends_at_tiktok_and_here(self, people, ana, at):
        access = ana.access_token
        creators.withdraw(ana, by=f"creator:{ana.account.creator_id}", at=at)
        assert people.world.grants.find(access) is None
        assert (ana.state, ana.access_token, ana.refresh_token, ana.due_at) == ("revoked", "", "", None)
        [consent] = Consent.objects.all()
        assert (consent.revoked_at, consent.revoked_by) == (at, f"creator:{ana.account.creator_id}")
        ana.account.refresh_from_db()
        assert not ana.account.authenticated
        assert creators.scopes_of(ana.account) == frozenset()

    def test_twice_is_once(self, ana, at):
        creators.withdraw(ana, by="creator:1", at=at)
        creators.withdraw(ana, by="creator:1", at=at)
        assert Event.objects.filter(name="connection.revoked").count() == 1

    def test_while_tiktok_is_away_reading_stops_and_the_token_is_given_back_later(self, people, ana, at, monkeypatch):
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        access = ana.access_token
        people.world.faults.set(bad_gateway=1.0)
        creators.withdraw(ana, by="creator:1", at=at)
        assert ana.state == "revoked"
        assert not ana.is_live
        assert ana.due_at == at + connections.TRY_AGAIN
        assert not run(ana, at + connections.TRY_AGAIN)
        assert people.world.grants.find(access)
        people.world.faults.clear()
        assert run(ana, at + 2 * connections.TRY_AGAIN)
        assert people.world.grants.find(access) is None
        assert (ana.access_token, ana.due_at) == ("", None)

    def test_another_workspace_of_the_same_creator_is_not_cut_off(self, people, acme, ana, at):
        theirs = people.consent(acme.rival, "ana", at=at)
        creators.withdraw(ana, by="creator:1", at=at)
        theirs.refresh_from_db()
        assert theirs.state == "active"
        assert people.world.grants.find(theirs.access_token)
        assert theirs.account.authenticated

    def test_what_tiktok_ended_already_can_be_withdrawn(self, people, ana, at):
        people.world.withdraw("ana")
        creators.withdraw(ana, by="creator:1", at=at)
        assert ana.state == "revoked"


class TestReconnect:
    """CON-10: connecting anew really clears the state."""

    @pytest.mark.parametrize("ending", ["lapsed", "revoked"])
    def test_every_trace_of_the_failure_is_gone(self, people, ana, workspace, at, ending):
        if ending == "revoked":
            creators.withdraw(ana, by="creator:1", at=at)
        later = people.later(at, days=366)
        if ending == "lapsed":
            run(ana, later)
        Connection.objects.filter(pk=ana.pk).update(failures=5, last_error="TikTok said no")
        again = people.consent(workspace, "ana", at=later)
        assert again == ana
        ana.refresh_from_db()
        assert (ana.state, ana.failures, ana.last_error) == ("active", 0, "")
        assert ana.due_at > later
        assert ana.account.authenticated
        assert Consent.objects.count() == 2
        assert creators.consent_of(ana).at == later
        assert creators.consent_of(ana, at=at + timedelta(days=1)) == (
            None if ending == "revoked" else Consent.objects.earliest("at")
        )

    def test_while_live_it_replaces_the_consent(self, people, ana, workspace, at):
        later = people.later(at, hours=1)
        again = people.consent(workspace, "ana", at=later, without=("user.insights",))
        assert again.state == "active"
        assert "user.insights" not in creators.consent_of(again).scopes
        assert Consent.objects.earliest("at").until == later
        assert Event.objects.filter(name="connection.renewed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_threads_renew_once(people, workspace, at, settings):
    """A strict TikTok, eight threads, one refresh token: one exchange, one live pair."""
    ana = people.consent(workspace, "ana", at=at)
    later = people.later(at, hours=20)
    people.world.faults.set(rotate_at_once=True)
    outcomes = []

    def want():
        try:
            creators.refresh(Connection.objects.get(pk=ana.pk), at=later)
            outcomes.append("renewed")
        except work.Later:
            outcomes.append("later")
        finally:
            database.close()

    threads = [threading.Thread(target=want) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ana.refresh_from_db()
    assert ana.state == "active"
    assert people.world.grants.find(ana.access_token)
    assert outcomes.count("renewed") + outcomes.count("later") == 8
    assert outcomes.count("renewed") >= 1
    assert creators.refresh(ana, at=later) is None
