"""What the CRM takes, what it refuses, and what it offers instead."""

import contextlib

import pytest

from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators.accounts import clean_handle
from greenroom.creators.models import Account, Creator, StateChange

BY = "member:1"


def add(workspace, handle, at):
    return creators.add_account(workspace, handle=handle, by=BY, at=at)


def refused(workspace, handle, at):
    with pytest.raises(creators.NotTrackable) as told:
        add(workspace, handle, at)
    return told.value


class TestAdding:
    def test_a_member_of_the_marketplace_is_taken(self, workspace, marketplace, at):
        cyd = add(workspace, "@cyd", at)
        assert (cyd.authenticated, cyd.in_marketplace, cyd.supported) == (False, True, True)
        assert (cyd.label, cyd.account_type, cyd.access) == ("Marketplace", "tiktok_creator", "unauth_ttcm")
        assert Event.objects.get(name="account.added").by == BY

    def test_a_non_member_is_refused_with_the_reason_and_exactly_two_ways_out(self, workspace, marketplace, at):
        told = refused(workspace, "ben", at)
        assert "not in TikTok's Creator Marketplace" in told.words
        assert [step.label for step in told.steps] == ["Send Invite", "Ask creator to authenticate"]
        assert not Account.objects.exists()
        assert not Creator.objects.exists()

    def test_the_refusal_is_kept(self, workspace, marketplace, at):
        refused(workspace, "ben", at)
        event = Event.objects.within(workspace).get(name="account.refused")
        assert (event.by, event.data["handle"], event.data["code"]) == (BY, "ben", "not_trackable")

    def test_an_unknown_handle_is_not_offered_ways_out(self, workspace, marketplace, at):
        told = refused(workspace, "nobody.at.all", at)
        assert (told.code, told.steps) == ("unknown_handle", ())
        assert "Check the spelling" in told.words

    def test_an_empty_handle_is_refused(self, workspace, marketplace, at):
        assert refused(workspace, " @ ", at).code == "unknown_handle"

    def test_without_a_marketplace_connection_it_says_to_connect_it(self, workspace, people, at):
        told = refused(workspace, "cyd", at)
        assert told.code == "marketplace_not_connected"
        assert "Connections page" in told.words

    def test_when_tiktok_does_not_answer_nothing_is_added(self, people, workspace, marketplace, at, monkeypatch):
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        people.world.faults.set(busy=1.0)
        assert refused(workspace, "cyd", at).code == "tiktok_silent"
        assert not Account.objects.exists()

    def test_adding_again_returns_the_same_account(self, workspace, marketplace, at):
        assert add(workspace, "cyd", at) == add(workspace, "https://www.tiktok.com/@CYD?lang=en", at)

    def test_a_former_account_becomes_trackable_once_it_is_a_member(self, people, workspace, marketplace, at):
        dov = creators.record_legacy(workspace, handle="dov", by=BY, at=at)
        people.world.join_marketplace("dov")
        later = people.later(at, hours=1)
        assert add(workspace, "dov", later) == dov
        assert creators.account_at(dov, at) == (False, False)
        assert creators.account_at(dov, later) == (False, True)

    def test_the_crm_never_makes_an_authenticated_account(self, people, workspace, marketplace, at):
        for handle in ("ana", "cyd", "ben", "dov", "brandco"):
            with contextlib.suppress(creators.NotTrackable):
                assert add(workspace, handle, at).authenticated is False
        assert not StateChange.objects.filter(attribute="authenticated").exists()

    def test_workspaces_do_not_share_accounts(self, people, acme, marketplace, at):
        ours = add(acme.workspace, "cyd", at)
        assert creators.find(acme.rival, "cyd") is None
        people.connect_marketplace(acme.rival, at=at)
        assert add(acme.rival, "cyd", at) != ours


class TestWaysOut:
    """The four fixtures of requirements 0.3."""

    @pytest.fixture
    def four(self, people, workspace, marketplace, at):
        return {
            "ana": people.consent(workspace, "ana", at=at).account,
            "ben": people.consent(workspace, "ben", at=at).account,
            "cyd": add(workspace, "cyd", at),
            "dov": creators.record_legacy(workspace, handle="dov", by=BY, at=at),
        }

    def test_all_four_combinations_exist(self, four):
        for account in four.values():
            account.refresh_from_db()
        assert {name: account.access for name, account in four.items()} == {
            "ana": "auth_ttcm",
            "ben": "auth_non_ttcm",
            "cyd": "unauth_ttcm",
            "dov": "unauth_non_ttcm",
        }
        assert {name for name, account in four.items() if account.supported} == {"ana", "ben", "cyd"}

    def test_only_the_unsupported_one_has_steps_and_there_are_two(self, four):
        assert [step.key for step in creators.next_steps(four["dov"])] == ["send_invite", "request_authentication"]
        assert [creators.next_steps(four[name]) for name in ("ana", "ben", "cyd")] == [(), (), ()]

    def test_send_invite_is_offered_only_outside_the_marketplace(self, four):
        for account in four.values():
            account.refresh_from_db()
        assert {name for name, account in four.items() if creators.can_send_invite(account)} == {"ben", "dov"}


@pytest.mark.parametrize(
    "typed", ["ana", "@ana", " @ana ", "https://www.tiktok.com/@ana", "www.tiktok.com/@ana/video/7301?x=1"]
)
def test_a_handle_may_be_typed_or_pasted(typed):
    assert clean_handle(typed) == "ana"
