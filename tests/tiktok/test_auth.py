"""The three OAuth dialects against the sandbox's consent pages."""

from datetime import timedelta

import pytest

from greenroom.tiktok import accounts, auth, display, errors
from tests.tiktok import consent
from tests.tiktok.conftest import REDIRECT

OTHER_ADDRESS = "https://elsewhere.example/callback/"


class TestAccounts:
    def code(self, oauth, browser, **form):
        url = oauth.authorize_url(redirect_uri=REDIRECT, state="xyz", ask_again=True)
        return consent.play(browser, url, handle="ana", **form)

    def test_a_code_becomes_a_grant(self, ana, world):
        assert ana.scopes == auth.ACCOUNTS_SCOPES
        assert ana.open_id == world.open_id(0, "sandbox-app")
        assert ana.expires_at == world.clock.now() + timedelta(days=1)
        assert ana.refresh_expires_at == world.clock.now() + timedelta(days=365)

    def test_the_callback_carries_the_state(self, accounts_oauth, browser):
        assert self.code(accounts_oauth, browser)["state"] == "xyz"

    def test_a_creator_may_grant_less_than_asked(self, accounts_oauth, browser):
        back = self.code(accounts_oauth, browser, scope=["user.info.basic", "user.info.stats"])
        assert accounts_oauth.exchange(back["code"], redirect_uri=REDIRECT).scopes == (
            "user.info.basic",
            "user.info.stats",
        )

    def test_a_creator_may_say_no(self, accounts_oauth, browser):
        assert self.code(accounts_oauth, browser, decision="deny")["error"] == "access_denied"

    def test_a_scope_the_app_was_not_given_fails_it_all(self, accounts_oauth, browser):
        url = accounts_oauth.authorize_url(redirect_uri=REDIRECT, scopes=["user.info.basic", "no.such"], state="s")
        assert consent.told(browser.get(url))["error"] == "invalid_scope"

    def test_someone_who_consented_before_is_skipped_through_unless_asked_again(self, accounts_oauth, browser, ana):
        asked = {"redirect_uri": REDIRECT, "state": "s"}
        assert "code" in consent.told(browser.get(accounts_oauth.authorize_url(**asked)))
        assert browser.get(accounts_oauth.authorize_url(**asked, ask_again=True)).status_code == 200

    def test_a_code_works_once(self, accounts_oauth, browser):
        code = self.code(accounts_oauth, browser)["code"]
        accounts_oauth.exchange(code, redirect_uri=REDIRECT)
        with pytest.raises(errors.Unauthorized) as caught:
            accounts_oauth.exchange(code, redirect_uri=REDIRECT)
        assert caught.value.code == 40110

    def test_a_code_lives_ten_minutes(self, accounts_oauth, browser, world):
        code = self.code(accounts_oauth, browser)["code"]
        world.clock.advance(seconds=601)
        with pytest.raises(errors.Unauthorized):
            accounts_oauth.exchange(code, redirect_uri=REDIRECT)

    def test_another_address_than_before_is_rejected(self, accounts_oauth, browser):
        code = self.code(accounts_oauth, browser)["code"]
        with pytest.raises(errors.Rejected):
            accounts_oauth.exchange(code, redirect_uri=OTHER_ADDRESS)

    def test_a_wrong_secret_is_rejected(self, tiktok, accounts_oauth, browser, business_app):
        code = self.code(accounts_oauth, browser)["code"]
        wrong = auth.AccountsOAuth(tiktok, type(business_app)(business_app.id, "guess"))
        with pytest.raises(errors.Rejected) as caught:
            wrong.exchange(code, redirect_uri=REDIRECT)
        assert caught.value.code == 40101

    def test_an_expired_token_is_refreshed(self, tiktok, accounts_oauth, ana, world):
        def read(grant):
            return accounts.profile(tiktok, grant.access_token, business_id=ana.open_id, fields=["display_name"])

        world.clock.advance(days=1, seconds=1)
        with pytest.raises(errors.TokenExpired):
            read(ana)
        fresh = accounts_oauth.refresh(ana.refresh_token)
        assert read(fresh) == {"display_name": "Ana"}
        assert fresh.refresh_token != ana.refresh_token
        assert fresh.refresh_expires_at == ana.refresh_expires_at

    def test_a_refresh_token_ends_after_a_year(self, accounts_oauth, ana, world):
        world.clock.advance(days=366)
        with pytest.raises(errors.Unauthorized) as caught:
            accounts_oauth.refresh(ana.refresh_token)
        assert caught.value.code == 40103

    def test_a_token_tells_whose_it_is(self, accounts_oauth, ana):
        assert accounts_oauth.token_info(ana.access_token) == {
            "app_id": "sandbox-app",
            "scope": ",".join(auth.ACCOUNTS_SCOPES),
            "creator_id": ana.open_id,
        }

    @pytest.mark.parametrize("who", ["we", "creator"])
    def test_a_grant_given_back_or_withdrawn_is_revoked(self, tiktok, accounts_oauth, ana, world, who):
        if who == "we":
            accounts_oauth.revoke(ana.access_token)
        else:
            world.withdraw("ana")
        with pytest.raises(errors.Revoked):
            accounts.profile(tiktok, ana.access_token, business_id=ana.open_id, fields=["display_name"])


class TestCallback:
    @pytest.mark.parametrize("name", ["code", "auth_code"])
    def test_the_code_is_found_under_either_name(self, world, name):
        assert auth.callback_code({name: "abc", "state": "s"}, at=world.clock.now()) == "abc"

    def test_a_no_says_whom_to_ask(self, accounts_oauth, browser, world):
        url = accounts_oauth.authorize_url(redirect_uri=REDIRECT, state="s", ask_again=True)
        back = consent.play(browser, url, handle="ana", decision="deny")
        with pytest.raises(errors.Unauthorized, match="denied"):
            auth.callback_code(back, at=world.clock.now())

    def test_a_scope_the_app_was_not_given_is_named(self, accounts_oauth, browser, world):
        url = accounts_oauth.authorize_url(redirect_uri=REDIRECT, scopes=["no.such"], state="s")
        with pytest.raises(errors.ScopeMissing, match=r"no\.such"):
            auth.callback_code(consent.told(browser.get(url)), at=world.clock.now())

    def test_a_callback_with_nothing_is_rejected(self, world):
        with pytest.raises(errors.Rejected, match="no code"):
            auth.callback_code({"state": "s"}, at=world.clock.now())


class TestLoginKit:
    def url(self, oauth, **more):
        return oauth.authorize_url(redirect_uri=REDIRECT, state="xyz", ask_again=True, **more)

    def test_a_code_becomes_a_grant(self, signed_in_ana, world):
        assert signed_in_ana.scopes == auth.LOGIN_KIT_SCOPES
        assert signed_in_ana.open_id == world.open_id(0, "sandbox-key")
        assert signed_in_ana.refresh_expires_at == world.clock.now() + timedelta(days=365)

    def test_pkce_proves_itself_in_hex(self, login_oauth, browser):
        verifier = auth.make_verifier()
        code = consent.play(browser, self.url(login_oauth, verifier=verifier), handle="ben")["code"]
        assert login_oauth.exchange(code, redirect_uri=REDIRECT, verifier=verifier).open_id

    @pytest.mark.parametrize("verifier", [None, "a" * 64])
    def test_without_the_right_verifier_there_is_no_grant(self, login_oauth, browser, verifier):
        code = consent.play(browser, self.url(login_oauth, verifier=auth.make_verifier()), handle="ben")["code"]
        with pytest.raises(errors.Rejected) as caught:
            login_oauth.exchange(code, redirect_uri=REDIRECT, verifier=verifier)
        assert caught.value.code == "invalid_request"

    def test_the_challenge_is_the_hex_digest_of_the_verifier(self):
        # printf %s abc | sha256sum
        assert auth.make_challenge("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    def test_verifiers_are_long_enough_and_all_different(self):
        made = {auth.make_verifier() for _ in range(100)}
        assert len(made) == 100
        assert all(43 <= len(verifier) <= 128 and verifier.isalnum() for verifier in made)

    def test_a_bad_code_is_seen_although_the_status_is_200(self, login_oauth):
        with pytest.raises(errors.Unauthorized) as caught:
            login_oauth.exchange("made-up", redirect_uri=REDIRECT)
        assert caught.value.code == "invalid_grant"
        assert caught.value.request_id

    def test_refresh_and_revoke(self, tiktok, login_oauth, signed_in_ana):
        fresh = login_oauth.refresh(signed_in_ana.refresh_token)
        assert display.user_info(tiktok, fresh.access_token, fields=["display_name"]) == {"display_name": "Ana"}
        login_oauth.revoke(fresh.access_token)
        with pytest.raises(errors.Unauthorized):
            display.user_info(tiktok, fresh.access_token, fields=["display_name"])


class TestMarketplace:
    def test_a_code_becomes_a_grant_without_an_end(self, brand):
        assert (brand.refresh_token, brand.open_id, brand.expires_at) == (None, None, None)
        assert "13020000" in brand.scopes
        assert len(brand.advertiser_ids) == 2

    def test_its_advertisers_and_accounts_have_19_digit_ids(self, marketplace_oauth, brand):
        named = marketplace_oauth.advertisers(brand.access_token)
        assert [one["advertiser_id"] for one in named] == list(brand.advertiser_ids)
        [account_id] = marketplace_oauth.tto_account_ids(brand.access_token)
        assert (len(account_id), account_id.isdecimal()) == (19, True)
        assert marketplace_oauth.tcm_account_ids(brand.access_token) == (account_id,)

    def test_an_account_tells_its_name_and_country(self, marketplace_oauth, brand):
        [account_id] = marketplace_oauth.tto_account_ids(brand.access_token)
        told = marketplace_oauth.tto_account_info(brand.access_token, account_id=account_id)
        assert (told["account_name"], told["country"]) == ("Brandco", "GB")

    def test_a_code_works_once(self, marketplace_oauth, browser):
        url = marketplace_oauth.authorize_url(redirect_uri=REDIRECT, state="s")
        code = consent.play(browser, url, brand="1")["auth_code"]
        marketplace_oauth.exchange(code)
        with pytest.raises(errors.Unauthorized):
            marketplace_oauth.exchange(code)

    def test_revoked_is_revoked(self, marketplace_oauth, brand):
        marketplace_oauth.revoke(brand.access_token)
        with pytest.raises(errors.Revoked):
            marketplace_oauth.tto_account_ids(brand.access_token)

    def test_a_creators_token_does_not_open_the_brands_door(self, marketplace_oauth, ana):
        with pytest.raises(errors.ScopeMissing):
            marketplace_oauth.tto_account_ids(ana.access_token)
