"""Making orders in bulk at TikTok's pace: over real HTTP, against limits that bite."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
import pytest

from greenroom.sandbox import serve
from greenroom.tiktok import client, orders, quota
from tests.tiktok import consent
from tests.tiktok.conftest import REDIRECT

ORDERS = 120


def test_marketplace_calls_draw_from_the_limits_of_the_app():
    paces = quota.BASIC.paces("app", "7100", "tcm/order/create/v2/")
    assert paces == {("app", "second"): quota.Pace(10, 1), ("app", "minute"): quota.Pace(600, 60)}
    assert quota.BASIC.paces("app", "7100", "tto/tcm/campaign/") == paces


@pytest.mark.slow
def test_bulk_orders_use_nine_tenths_of_the_limit_without_a_storm():
    with serve.Running(accounts=200, throttle=True) as sandbox:
        app = {"app_id": "sandbox-app", "secret": "sandbox-secret"}
        query = httpx2.QueryParams(app_id="sandbox-app", state="s", redirect_uri=REDIRECT)
        with httpx2.Client() as browser:
            code = consent.play(browser, f"{sandbox.url}/portal/auth?{query}", brand="0")["auth_code"]
        token = sandbox.ask("/open_api/v1.3/oauth2/access_token/", {**app, "auth_code": code})["data"]["access_token"]
        handles = [one["handle"] for one in sandbox.ask("/_sim/accounts?limit=200")["accounts"]]
        with client.Client(
            client.Hosts.at(sandbox.url),
            app_id="sandbox-app",
            quota=quota.LocalQuota(longest_wait=5.0),
            clock=lambda: datetime.now(UTC),
        ) as tiktok:
            told = tiktok.get("tto/oauth2/tcm/", app, token=token, private=True)
            account_id = told["tto_tcm_account_ids"][0]

            def make(place: int) -> str:
                made = orders.create(
                    tiktok, token, account_id=account_id, brand_name="Northgate", description=f"No {place}",
                    handles=[handles[place]],
                )  # fmt: skip
                return made["invite_link"]

            began = time.monotonic()
            with ThreadPoolExecutor(8) as pool:
                links = list(pool.map(make, range(ORDERS)))
            pace = ORDERS / (time.monotonic() - began)
        assert len(set(links)) == ORDERS
        assert 9.0 <= pace <= 10.5
        codes = Counter()
        for one in sandbox.ask("/_sim/ledger")["calls"]:
            if one["path"].endswith("tcm/order/create/v2/"):
                codes[one["code"]] += one["count"]
        assert codes["0"] == ORDERS
        assert codes["40100"] <= ORDERS // 20
