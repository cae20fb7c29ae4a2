"""The transport on TikTok's bad days, and what it never tells."""

import logging
import threading
import time
import traceback

import pytest

from greenroom.tiktok import accounts, client, display, errors, pages, quota
from tests.tiktok.conftest import REDIRECT


def read(tiktok, grant, fields=("display_name",)):
    return accounts.profile(tiktok, grant.access_token, business_id=grant.open_id, fields=list(fields))


class TestFaults:
    def test_a_storm_of_40100_is_outlasted(self, tiktok, ana, world, slept):
        world.faults.set(throttled=3)
        assert read(tiktok, ana) == {"display_name": "Ana"}
        assert slept == [0.5, 1.0, 2.0]

    def test_a_storm_without_an_end_asks_for_five_minutes(self, tiktok, ana, world):
        world.faults.set(throttled=True)
        with pytest.raises(errors.Throttled) as caught:
            read(tiktok, ana)
        assert caught.value.retry_after == 300.0
        assert world.ledger["GET", "/open_api/v1.3/business/get/", "40100"] == 6

    @pytest.mark.parametrize(("fault", "seen"), [("busy", "50002"), ("bad_gateway", "502"), ("lost_answer", "0 lost")])
    def test_a_broken_service_is_outlasted_by_a_read(self, tiktok, ana, world, fault, seen):
        world.faults.set(**{fault: 2})
        assert read(tiktok, ana) == {"display_name": "Ana"}
        assert world.ledger["GET", "/open_api/v1.3/business/get/", seen] == 2

    @pytest.mark.parametrize("fault", ["busy", "bad_gateway", "lost_answer"])
    def test_a_broken_service_is_not_asked_twice_to_write(self, accounts_oauth, ana, world, slept, fault):
        world.faults.set(**{fault: True})
        with pytest.raises(errors.Unavailable):
            accounts_oauth.revoke(ana.access_token)
        assert slept == []

    def test_a_throttled_write_is_repeated(self, accounts_oauth, ana, world, slept):
        world.faults.set(throttled=1)
        accounts_oauth.revoke(ana.access_token)
        assert len(slept) == 1

    def test_an_answer_lost_on_the_way_back_costs_no_refresh(self, accounts_oauth, ana, world):
        world.faults.set(lost_answer=1)
        with pytest.raises(errors.Unavailable):
            accounts_oauth.refresh(ana.refresh_token)
        assert accounts_oauth.refresh(ana.refresh_token).access_token

    def test_a_plain_404_is_rejected_at_once(self, tiktok, slept):
        with pytest.raises(errors.Rejected, match="404 page not found") as caught:
            tiktok.open_get("nowhere", {}, token="t")
        assert (caught.value.code, slept) == (404, [])

    def test_an_unknown_endpoint_with_its_slash_is_rejected_by_code(self, tiktok, ana):
        with pytest.raises(errors.Rejected) as caught:
            tiktok.get("no/such", token=ana.access_token)
        assert caught.value.code == 40008

    def test_a_missing_token_is_our_mistake(self, tiktok):
        with pytest.raises(errors.Rejected) as caught:
            tiktok.get("business/get", token="")
        assert caught.value.code == 40104

    def test_nobody_listening_is_unavailable(self, world, slept):
        nowhere = client.Hosts.at("http://127.0.0.1:9")
        with (
            client.Client(nowhere, clock=world.clock.now, sleep=slept.append) as tiktok,
            pytest.raises(errors.Unavailable) as caught,
        ):
            tiktok.post("business/get", {}, token="t")
        assert not caught.value.sent
        assert len(slept) == 5

    def test_a_cursor_that_does_not_move_ends_in_an_error_not_in_a_loop(self):
        def stuck(cursor):
            return pages.Page(["post"], cursor=7, has_more=True)

        walk = pages.walk(stuck, cursor=None, endpoint="x/")
        assert [next(walk), next(walk)] == [["post"], ["post"]]
        with pytest.raises(errors.Unavailable, match="does not move"):
            next(walk)

    def test_many_threads_lose_nothing_on_a_bad_day(self, talk, connect, world):
        grants = {handle: connect(handle) for handle in ("ana", "ben", "cyd", "dov")}
        tiktok, found = talk(sleep=lambda seconds: None), {}
        world.faults.set(throttled=0.1, busy=0.05, bad_gateway=0.02, short_pages=0.5)

        def gather(handle, grant):
            fields = list(accounts.VIDEO_FIELDS)
            asked = accounts.post_pages(tiktok, grant.access_token, business_id=grant.open_id, fields=fields)
            found[handle] = {post["item_id"]: post for page in asked for post in page}

        threads = [threading.Thread(target=gather, args=item) for item in grants.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {handle: world.truth(handle)["posts"] for handle in grants}

    def test_cookies_of_one_account_do_not_travel_with_the_next(self, tiktok, accounts_oauth, browser, ana):
        url = accounts_oauth.authorize_url(redirect_uri=REDIRECT, state="s")
        assert browser.cookies
        tiktok._http.post(url, data={"decision": "approve", "handle": "ana", "scope": "user.info.basic"})
        assert not tiktok._http.cookies


class TestExchanges:
    def test_an_answer_is_handed_over_as_it_came(self, tiktok, ana, exchanges, world):
        read(tiktok, ana)
        [exchange] = exchanges
        assert (exchange.method, exchange.path) == ("GET", "/open_api/v1.3/business/get/")
        assert (exchange.endpoint, exchange.status, exchange.account) == ("business/get/", 200, ana.open_id)
        assert exchange.at == world.clock.now()
        assert exchange.params["fields"] == ["display_name"]
        assert exchange.body.startswith(b'{"code":0,')

    def test_a_failure_is_not_handed_over(self, tiktok, ana, exchanges, world):
        world.faults.set(throttled=1, busy=1)
        read(tiktok, ana)
        assert len(exchanges) == 1

    def test_the_query_and_the_body_of_a_read_by_post_are_both_there(self, tiktok, signed_in_ana, exchanges):
        next(iter(display.video_pages(tiktok, signed_in_ana.access_token, fields=["id"])))
        assert exchanges[-1].params == {"fields": "id", "max_count": 20}


class TestSecrets:
    """No token and no secret leaves by exchange, error, repr, traceback or log."""

    def test_nothing_of_a_whole_consent_and_reading_is_told(
        self, tiktok, accounts_oauth, marketplace_oauth, ana, brand, exchanges, caplog, business_app
    ):
        for library in ("httpx2", "httpcore2"):
            caplog.set_level(logging.DEBUG, logger=library)
        read(tiktok, ana)
        fresh = accounts_oauth.refresh(ana.refresh_token)
        marketplace_oauth.advertisers(brand.access_token)
        marketplace_oauth.tto_account_ids(brand.access_token)
        marketplace_oauth.tcm_account_ids(brand.access_token)
        accounts_oauth.token_info(fresh.access_token)
        accounts_oauth.revoke(fresh.access_token)
        secrets = [ana.access_token, ana.refresh_token, fresh.access_token, fresh.refresh_token, brand.access_token]
        secrets.append(business_app.secret)
        shown = [repr(exchanges), caplog.text, repr([ana, fresh, brand, business_app, accounts_oauth, tiktok])]
        assert "HTTP Request" in caplog.text
        assert not [secret for secret in secrets for text in shown if secret in text]

    @pytest.mark.parametrize("fault", ["throttled", "busy", "bad_gateway", "expired_token"])
    def test_no_error_tells_it(self, tiktok, ana, world, fault):
        world.faults.set(**{fault: True})
        with pytest.raises(errors.TikTokError) as caught:
            read(tiktok, ana)
        text = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(vars(caught.value))
        assert ana.access_token not in text


class TestQuota:
    PATH = "tto/tcm/creator/public"

    def test_fifty_a_second_from_one_process(self, talk, world):
        tiktok = talk(quota=quota.LocalQuota(quota.ULTIMATE))
        threads = [threading.Thread(target=self.ask, args=(tiktok, 10)) for _ in range(10)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - began
        assert world.ledger["GET", f"/open_api/v1.3/{self.PATH}/", "40104"] == 100
        assert 1.9 <= took <= 3.0

    def ask(self, tiktok, times):
        for _ in range(times):
            with pytest.raises(errors.Rejected):
                tiktok.get(self.PATH, token="")

    def test_a_place_too_far_away_is_not_waited_for(self, talk, world, slept):
        once_in_ten_seconds = quota.LocalQuota(quota.Ceilings("Test", 1, 6, 6), longest_wait=60)
        tiktok = talk(quota=once_in_ten_seconds, sleep=slept.append)
        with pytest.raises(errors.Rejected):
            tiktok.get(self.PATH, token="")
        with pytest.raises(errors.Throttled) as caught:
            tiktok.get(self.PATH, token="")
        assert caught.value.retry_after == pytest.approx(10, abs=0.5)
        assert (caught.value.window, slept) == ("ours", [])
        assert sum(world.ledger.values()) == 1


def test_the_sandbox_is_one_address_and_tiktok_is_three():
    assert set(vars(client.Hosts.at("http://x/")).values()) == {"http://x"}
    assert len(set(vars(client.Hosts()).values())) == 3
