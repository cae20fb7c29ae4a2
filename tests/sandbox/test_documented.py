"""What can be turned is written down, and what TikTok documents is there."""

from pathlib import Path

import pytest

from greenroom.sandbox import (
    app_pages,
    brands,
    business,
    faults,
    marketplace_brand,
    marketplace_campaigns,
    marketplace_creators,
    marketplace_orders,
    marketplace_reports,
    marketplace_spark,
    people,
    sim,
)

PAGE = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text()
MARKET = (
    marketplace_campaigns,
    marketplace_orders,
    marketplace_reports,
    marketplace_brand,
    marketplace_creators,
    marketplace_spark,
)
READ, WRITE, INVITE, SPARK, CREATOR, MEDIA = 13020000, 13010000, 13030000, 13040000, 14010000, 14020000
INFO, INSIGHTS, ORDERS = "biz.creator.info", "biz.creator.insights", "tcm.order.update"

# Every endpoint of the marketplace that TikTok documents: method, path, whose token, the permission it needs.
DOCUMENTED = [
    ("GET", "tto/oauth2/tcm/", "brand", READ),
    ("GET", "tto/oauth2/info/", "brand", READ),
    ("GET", "tto/tcm/creator/status/get/", "brand", READ),
    ("GET", "tto/tcm/creator/public/", "brand", CREATOR),
    ("GET", "tto/tcm/creator/public/video/list/", "brand", MEDIA),
    ("GET", "tto/tcm/creator/discover/", "brand", READ),
    ("GET", "tto/tcm/rank/", "brand", READ),
    ("GET", "tto/tcm/category/label/", "brand", READ),
    ("POST", "tto/tcm/brand/profile/create/", "brand", WRITE),
    ("GET", "tto/tcm/brand/profile/get/", "brand", WRITE),
    ("POST", "tto/tcm/campaign/create/", "brand", WRITE),
    ("POST", "tto/tcm/campaign/update/", "brand", WRITE),
    ("GET", "tto/tcm/campaign/", "brand", READ),
    ("POST", "tto/tcm/campaign/link/", "brand", WRITE),
    ("GET", "tto/tcm/campaign/link/status/", "brand", READ),
    ("GET", "tto/tcm/report/", "brand", READ),
    ("POST", "tcm/tt_video/apply/", "brand", SPARK),
    ("GET", "tcm/tt_video/status/", "brand", SPARK),
    ("POST", "tto/tcm/anchor/create/", "brand", WRITE),
    ("GET", "tto/tcm/anchor/get/", "brand", READ),
    ("POST", "tto/tcm/anchor/delete/", "brand", WRITE),
    ("GET", "tto/creator/authorized/", "account", INFO),
    ("GET", "tto/creator/authorized/video/list/", "account", INSIGHTS),
    ("POST", "tto/creator/campaign/join/", "account", ORDERS),
    ("POST", "tto/creator/campaign/video/link/", "account", ORDERS),
    ("GET", "tto/creator/link/request/get/", "account", ORDERS),
    ("POST", "tto/creator/link/request/confirm/", "account", ORDERS),
    ("POST", "business/video/publish/", "account", "video.publish"),
    ("POST", "subscription/subscribe/", "nobody", None),
    ("GET", "subscription/get/", "nobody", None),
    ("POST", "subscription/unsubscribe/", "nobody", None),
    ("POST", "tcm/creator/invite/", "brand", INVITE),
    ("GET", "tcm/creator/status/get/", "brand", INVITE),
    ("POST", "tcm/creator/discover/", "brand", READ),
    ("GET", "tcm/creator/public/", "brand", CREATOR),
    ("GET", "tcm/creator/public/video/list/", "brand", MEDIA),
    ("GET", "tcm/similar/creator/", "brand", READ),
    ("GET", "tcm/creator/authorized/", "account", INFO),
    ("GET", "tcm/creator/authorized/video/list/", "account", INSIGHTS),
    ("POST", "tcm/order/create/v2/", "brand", WRITE),
    ("GET", "tcm/order/get/v2/", "brand", READ),
    ("GET", "tcm/video/audit_status/get/", "brand", READ),
    ("POST", "tcm/video/audit_status/update/", "brand", WRITE),
    ("GET", "tcm/report/get/v2/", "brand", READ),
]


@pytest.mark.parametrize(("method", "path", "whose", "scope"), DOCUMENTED)
def test_a_documented_endpoint_is_served_as_documented(hand, method, path, whose, scope):
    route = business.ROUTES[path]
    assert (route.method, route.whose, route.scope) == (method, whose, scope)
    other = hand.post(path, {}) if method == "GET" else hand.get(path)
    assert other["code"] == 40117
    first = hand.get(path) if method == "GET" else hand.post(path, {})
    assert first["code"] == (40002 if whose == "nobody" else 40104)
    assert hand.http.get(f"/open_api/v1.3/{path.rstrip('/')}").text == "404 page not found"


def test_nothing_of_the_marketplace_is_served_that_is_not_documented():
    served = {path for path in business.ROUTES if path.startswith(("tto/", "tcm/"))}
    assert served == {path for _, path, _, _ in DOCUMENTED if path.startswith(("tto/", "tcm/"))}


def test_faults_controls_fixtures_brands_and_market_endpoints_are_written_down():
    assert [name for name in faults.RATES if f"`{name}`" not in PAGE] == []
    assert [path for method, path in sim.CONTROLS if f"`{method} /_sim/{path}`" not in PAGE] == []
    assert [one[0] for one in people.FIXTURES if f"`{one[0]}`" not in PAGE] == []
    assert [one[0] for one in brands.NAMES if one[0] not in PAGE] == []
    assert [route.path for family in MARKET for route in family.ROUTES if f"`{route.path}`" not in PAGE] == []
    assert [name for name in app_pages.SCREENS if f"`/_sim/{name}`" not in PAGE] == []
