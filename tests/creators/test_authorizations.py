"""From TikTok's consent page to a connection, or to a refusal that says what to do."""

from datetime import timedelta

import pytest

from greenroom.core.models import Event
from greenroom.creators import actions as creators
from greenroom.creators import arrivals, authorizations, client
from greenroom.creators.models import Account, Authorization, Connection, Consent, Creator
from tests.consenting import finish


class TestConsent:
    def test_any_account_may_be_connected_member_or_not(self, people, workspace, at):
        ben = people.consent(workspace, "ben", at=at)
        assert ben.state == "active"
        assert (ben.account.handle, ben.account.authenticated, ben.account.in_marketplace) == ("ben", True, False)
        assert ben.account.supported
        assert ben.account.label == "Non-TTCM"
        assert ben.account.origin == "application"

    def test_the_applicant_becomes_the_creator_of_the_account(self, people, workspace, at):
        ana = people.consent(workspace, "ana", at=at)
        assert (ana.account.creator.name, ana.account.creator.email) == ("Ana", "ana@creators.example")
        assert ana.account.in_marketplace is True  # asked with the creator's own grant, no brand connection needed

    def test_a_consent_is_kept_with_who_what_when_how_and_until(self, people, workspace, at):
        ana = people.consent(workspace, "ana", at=at)
        [consent] = Consent.objects.within(workspace)
        assert consent.who == "Ana (@ana)"
        assert set(consent.scopes) == set(ana.scopes) >= {"video.list", "user.insights"}
        assert (consent.at, consent.how, consent.revoked_at) == (at, "application form", None)
        assert consent.until == at + timedelta(days=365)

    def test_fewer_scopes_than_asked_are_kept_as_granted(self, people, workspace, at):
        ana = people.consent(workspace, "ana", at=at, without=("user.insights", "video.insights"))
        assert "video.list" in ana.scopes
        assert not {"user.insights", "video.insights"} & set(ana.scopes)
        assert creators.scopes_of(ana.account) == set(ana.scopes)

    def test_only_the_chosen_groups_are_asked_for(self, people, workspace, at):
        ana = people.consent(workspace, "ana", at=at, groups=["videos"])
        assert "video.insights" in ana.scopes
        assert not {"user.insights", "biz.creator.info"} & set(ana.scopes)

    def test_login_kit_is_a_light_connection_of_the_same_account(self, people, workspace, at):
        full = people.consent(workspace, "ana", at=at)
        light = people.consent(workspace, "ana", at=at, dialect="login_kit")
        assert light.account == full.account
        assert light.open_id != full.open_id
        assert light.account.open_id == full.open_id

    def test_the_next_refresh_is_a_moment_of_the_last_quarter(self, people, workspace, at):
        due = {people.consent(workspace, "ana", at=at).due_at for _ in range(12)}
        assert len(due) > 6
        assert all(at + timedelta(hours=18) <= one < at + timedelta(hours=24) for one in due)

    def test_what_reacts_to_connections_is_told_in_the_same_transaction(self, people, workspace, at, monkeypatch):
        def fail(connection, at):
            assert connection.is_live
            raise RuntimeError("no room for syncs")

        told = people.come_back(workspace, at=at, handle="ana")
        monkeypatch.setattr(authorizations, "ON_CONNECTED", [fail])
        with pytest.raises(RuntimeError):
            finish(told, at=at)
        assert not Account.objects.within(workspace).exists()
        assert not people.world.grants.of(people.world.account("ana").index)  # nothing kept, so given back


class TestMarketplaceGrant:
    def test_it_belongs_to_the_workspace_and_knows_both_generations(self, people, workspace, at):
        grant = people.connect_marketplace(workspace, at=at)
        assert grant.account is None
        assert grant.expires_at is None
        assert grant.due_at is None
        assert len(grant.marketplace_ids["tto"]) == len(grant.marketplace_ids["tcm"]) == 1
        assert creators.brand_grant(workspace) == grant

    def test_another_workspace_does_not_get_it(self, people, acme, at):
        people.connect_marketplace(acme.workspace, at=at)
        assert creators.brand_grant(acme.rival) is None


class TestDoubledCallback:
    def test_it_returns_the_same_connection_and_does_not_burn_the_code(self, people, workspace, at):
        told = people.come_back(workspace, at=at, handle="ana")
        first, second = finish(told, at=at), finish(told, at=at)
        assert first == second
        assert second.state == "active"
        assert Consent.objects.count() == 1
        assert people.world.ledger["POST", "/open_api/v1.3/tt_user/oauth2/token/", "0"] == 1

    def test_a_refusal_is_told_again_without_asking_tiktok(self, people, workspace, at):
        told = people.come_back(workspace, at=at, handle="brandco")
        words = set()
        for _ in range(2):
            with pytest.raises(creators.ConsentRefused) as refused:
                finish(told, at=at)
            words.add(str(refused.value))
        assert len(words) == 1

    def test_one_that_comes_while_the_first_is_answered_waits(self, people, workspace, at):
        told = people.come_back(workspace, at=at, handle="ana")
        Authorization.objects.update(taken_at=at)
        with pytest.raises(creators.StillFinishing):
            finish(told, at=at + timedelta(seconds=2))
        assert finish(told, at=at + timedelta(seconds=61)).state == "active"  # whoever held it died


class TestTikTokAway:
    """A code works once; a bad minute at TikTok must not cost the creator another round."""

    @pytest.mark.parametrize("fault", ["throttled", "busy", "bad_gateway"])
    def test_the_exchange_can_be_tried_again(self, people, workspace, at, fault, monkeypatch):
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        told = people.come_back(workspace, at=at, handle="ana")
        people.world.faults.set(**{fault: 1.0})
        with pytest.raises(creators.NoAnswer):
            finish(told, at=at)
        people.world.faults.clear()
        assert finish(told, at=at).account.handle == "ana"

    def test_after_the_exchange_the_grant_is_kept_until_tiktok_says_whose_it_is(
        self, people, workspace, at, monkeypatch
    ):
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        told = people.come_back(workspace, at=at, handle="ana")
        really = arrivals.who_came

        def just_then(*args):
            people.world.faults.set(bad_gateway=1.0)
            return really(*args)

        monkeypatch.setattr(arrivals, "who_came", just_then)
        with pytest.raises(creators.NoAnswer):
            finish(told, at=at)
        assert Authorization.objects.get().grant
        people.world.faults.clear()
        monkeypatch.setattr(arrivals, "who_came", really)
        ana = finish(told, at=at + timedelta(minutes=2))
        assert ana.account.handle == "ana"
        assert people.world.grants.find(ana.access_token)
        assert people.world.ledger["POST", "/open_api/v1.3/tt_user/oauth2/token/", "0"] == 1
        assert Authorization.objects.get().grant == ""


class TestRefused:
    def refusal(self, told, at):
        with pytest.raises(creators.ConsentRefused) as refused:
            finish(told, at=at)
        return refused.value

    def test_access_denied_says_that_nothing_is_shared(self, people, workspace, at):
        told = people.come_back(workspace, at=at, handle="ana", decision="deny")
        refused = self.refusal(told, at)
        assert refused.code == "access_denied"
        assert "Nothing was connected" in refused.words
        assert not Connection.objects.exists()
        assert Event.objects.get(name="authorization.refused").data["code"] == "access_denied"

    def test_invalid_scope_says_whose_fault_it_is(self, people, workspace, at):
        people.world.apps["sandbox-app"].scopes = ("user.info.basic",)
        visit, url = creators.begin_authorization(
            workspace, dialect="accounts", how="application form", redirect_uri="https://g.example/cb/", at=at
        )
        import httpx2

        from tests.tiktok import consent

        with httpx2.Client(transport=people.transport) as http:
            told = consent.told(http.get(url))
        refused = self.refusal({**told, "state": visit.state}, at)
        assert refused.code == "invalid_scope"
        assert "tell the team that invited you" in refused.words

    def test_an_unknown_state_is_refused(self, db, at):
        assert self.refusal({"state": "made-up", "code": "x"}, at).code == "unknown_state"

    def test_an_old_visit_is_refused(self, people, workspace, at):
        told = people.come_back(workspace, at=at, handle="ana")
        assert self.refusal(told, at + timedelta(minutes=61)).code == "too_late"

    def test_a_code_that_is_over_is_refused(self, people, workspace, at):
        told = people.come_back(workspace, at=at, handle="ana")
        refused = self.refusal(told, people.later(at, minutes=11))
        assert refused.code == "code_over"

    def test_without_the_username_nobody_knows_whose_figures_they_are(self, people, workspace, at):
        told = people.come_back(workspace, at=at, handle="ana", without=("user.info.username",))
        assert self.refusal(told, at).code == "unnamed"

    def test_a_returning_account_is_known_without_its_username(self, people, workspace, at):
        first = people.consent(workspace, "ana", at=at)
        again = people.consent(workspace, "ana", at=at, without=("user.info.username",))
        assert again == first
        assert again.account.handle == "ana"

    def test_an_applicant_who_is_refused_leaves_no_trace_of_name_or_address(self, people, workspace, at):
        told = people.come_back(
            workspace, at=at, handle="brandco", applicant={"name": "Bea Brand", "email": "bea@brandco.example"}
        )
        self.refusal(told, at)
        assert not Creator.objects.exists()
        assert Authorization.objects.get().applicant == {}


class TestPurpose:
    """C-09, ACC-20: one account is a creator's or the brand's, and each purpose has its own kind of account."""

    def test_a_business_account_as_creator_is_told_to_switch(self, people, workspace, at):
        told = people.come_back(workspace, at=at, handle="brandco")
        with pytest.raises(creators.ConsentRefused, match="Switch to Personal Account") as refused:
            finish(told, at=at)
        assert refused.value.code == "personal_account_needed"
        assert not Account.objects.exists()
        assert not people.world.grants.of(people.world.account("brandco").index)  # what is not kept is given back

    def test_a_personal_account_as_brand_is_told_to_switch(self, people, workspace, at):
        with pytest.raises(creators.ConsentRefused, match="Switch to Business Account"):
            people.connect_brand(workspace, "ana", at=at)

    def test_brandco_connects_as_brand_owned(self, people, workspace, at):
        brandco = people.connect_brand(workspace, at=at).account
        assert (brandco.purpose, brandco.origin, brandco.account_type) == ("brand", "brand", "tiktok_business")
        assert brandco.authenticated
        assert brandco.is_business

    def test_a_connected_creator_account_cannot_be_brand_owned_too(self, people, workspace, at):
        people.consent(workspace, "ana", at=at)
        told = people.come_back(
            workspace, at=at, handle="ana", purpose="brand", how="connections page", without=("user.account.type",)
        )
        with pytest.raises(creators.ConsentRefused) as refused:
            finish(told, at=at)
        assert refused.value.code == "one_purpose"
        assert Account.objects.get().purpose == "creator"

    def test_a_refusal_does_not_end_the_connection_that_stands_on_the_same_grant(self, people, workspace, at):
        kept = people.consent(workspace, "ana", at=at)
        told = people.come_back(workspace, at=at, handle="ana", purpose="brand", how="connections page")
        with pytest.raises(creators.ConsentRefused):
            finish(told, at=at)
        assert people.world.grants.find(kept.access_token)

    def test_once_disconnected_an_account_may_change_its_purpose(self, people, workspace, at):
        first = people.connect_brand(workspace, at=at)
        creators.withdraw(first, by="member:1", at=at)
        told = people.come_back(workspace, at=at, handle="brandco", without=("user.account.type",))
        second = finish(told, at=at)
        assert second.account == first.account
        assert second.account.purpose == "creator"
        assert Event.objects.filter(name="account.repurposed").exists()


class TestExpected:
    """CON-04: who has to be signed in is checked against who was."""

    def test_somebody_else_is_told_to_sign_in_as_the_brand(self, people, workspace, at):
        told = people.come_back(
            workspace, at=at, handle="ana", purpose="brand", how="connections page", handle_wanted="brandco"
        )
        with pytest.raises(creators.ConsentRefused) as refused:
            finish(told, at=at)
        assert refused.value.title == "Sign in as @brandco"
        assert "@ana is signed in" in refused.value.words

    def test_capitals_do_not_matter(self, people, workspace, at):
        told = people.come_back(
            workspace, at=at, handle="brandco", purpose="brand", how="connections page", handle_wanted="BrandCo"
        )
        assert finish(told, at=at).account.handle == "brandco"

    def test_an_invited_account_can_only_be_connected_by_itself(self, people, workspace, marketplace, at):
        cyd = creators.add_account(workspace, handle="cyd", by="member:1", at=at)
        told = people.come_back(workspace, at=at, handle="ana", account=cyd, how="invited link")
        with pytest.raises(creators.ConsentRefused, match="Switch to @cyd"):
            finish(told, at=at)
        cyd.refresh_from_db()
        assert not cyd.authenticated


class TestOneRecord:
    def test_an_account_of_the_crm_keeps_its_record_when_it_authenticates(self, people, workspace, marketplace, at):
        cyd = creators.add_account(workspace, handle="CYD", by="member:1", at=at)
        later = people.later(at, hours=1)
        connected = people.consent(workspace, "cyd", at=later)
        assert connected.account == cyd
        assert connected.account.origin == "crm"
        assert creators.account_at(cyd, at) == (False, True)
        assert creators.account_at(cyd, later) == (True, True)
        assert connected.account.creator.email == "cyd@creators.example"

    def test_two_workspaces_keep_two_records(self, people, acme, at):
        ours, theirs = (people.consent(one, "ana", at=at) for one in (acme.workspace, acme.rival))
        assert ours.account != theirs.account
        assert ours.account.workspace == acme.workspace

    def test_an_account_added_in_the_portal_joins_the_creator(self, people, workspace, marketplace, at):
        cyd = creators.add_account(workspace, handle="cyd", by="member:1", at=at)
        ana = people.consent(workspace, "ana", at=at).account.creator
        joined = people.consent(workspace, "cyd", at=at, creator=ana, how="creator portal")
        assert joined.account == cyd
        assert joined.account.creator == ana
        assert not Creator.objects.filter(name="cyd").exists()

    def test_an_account_of_a_known_creator_stays_theirs(self, people, workspace, at):
        cyd = people.consent(workspace, "cyd", at=at).account
        ana = people.consent(workspace, "ana", at=at).account.creator
        people.consent(workspace, "cyd", at=at, creator=ana, how="creator portal")
        cyd.refresh_from_db()
        assert cyd.creator.name == "Cyd"
        assert Event.objects.filter(name="account.claimed", subject=f"account:{cyd.pk}").exists()

    def test_a_handle_that_went_to_somebody_else_is_not_the_same_account(self, people, workspace, at):
        old = people.consent(workspace, "ben", at=at).account
        Connection.objects.filter(account=old).update(open_id="_000ffffffffsomebodyelse")
        new = people.consent(workspace, "ben", at=at).account
        old.refresh_from_db()
        assert new != old
        assert new.handle == "ben"
        assert old.handle == f"ben-former-{old.pk}"


class TestLive:
    """GOV-08: nothing live before a policy version is on record. Nobody is asked: begin makes no request."""

    def begin(self, workspace, at):
        return creators.begin_authorization(
            workspace, dialect="accounts", how="application form", redirect_uri="https://g.example/cb/", at=at
        )

    @pytest.fixture(autouse=True)
    def _live(self, settings):
        settings.TIKTOK_URL = ""
        settings.TIKTOK_APP = ("7000000000000000001", "secret")

    def test_it_needs_a_policy_version(self, workspace, at):
        assert client.TRANSPORT is None
        with pytest.raises(creators.PolicyMissing, match="developer policies"):
            self.begin(workspace, at)

    def test_with_one_the_way_leads_to_tiktok(self, workspace, at):
        from greenroom.core.actions import accept_policy

        accept_policy(workspace, version="Developer Terms 2026-03", by="member:1", at=at)
        _, url = self.begin(workspace, at)
        assert url.startswith("https://www.tiktok.com/v2/auth/authorize?client_key=7000000000000000001")

    def test_without_keys_it_says_which_to_set(self, workspace, at, settings):
        from greenroom.core.actions import accept_policy

        accept_policy(workspace, version="Developer Terms 2026-03", by="member:1", at=at)
        settings.TIKTOK_APP = ("", "")
        with pytest.raises(creators.NotConfigured, match="GREENROOM_TIKTOK_APP_ID"):
            self.begin(workspace, at)
