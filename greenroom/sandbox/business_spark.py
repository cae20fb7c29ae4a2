"""Letting one's own post be advertised, by API: `business/post/authorize/…` with the creator's token."""

from greenroom.sandbox import spark
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.marketplace_campaigns import told_time
from greenroom.sandbox.routes import Call, Route

SCOPE = "biz.spark.auth"
DEFAULT_DAYS = 30


def setting(call: Call) -> Json:
    """`POST business/post/authorize/setting/`: the switch itself."""
    call.own()
    call.need("item_id", "is_ad_promotable")
    on = call.flag("is_ad_promotable", True)
    days = call.one_of("authorization_days", spark.DAYS, DEFAULT_DAYS)
    return _told(call, spark.switch(call.world, call.account, video_id=call.text("item_id"), on=on, days=days))


def extend(call: Call) -> Json:
    """`POST business/post/authorize/`: the same code for longer."""
    call.own()
    call.need("item_id")
    days = call.one_of("authorization_days", spark.DAYS, DEFAULT_DAYS)
    return _told(call, spark.lengthen(call.world, call.account, video_id=call.text("item_id"), days=days))


def status(call: Call) -> Json:
    """`GET business/post/authorize/status/`."""
    call.own()
    call.need("item_id")
    return _told(call, spark.of_creator(call.world, call.account, video_id=call.text("item_id")))


def delete(call: Call) -> Json:
    """`POST business/post/authorize/delete/`."""
    call.own()
    call.need("item_id")
    spark.of_creator(call.world, call.account, video_id=call.text("item_id"))
    return _told(call, spark.switch(call.world, call.account, video_id=call.text("item_id"), on=False))


def _told(call: Call, found: spark.Spark) -> Json:
    if not found.code or found.began_at is None or found.until is None:
        raise ApiError(40007, f"The post {found.video_id} has no authorization.")
    return {
        "item_id": found.video_id,
        "auth_code": found.code,
        "auth_code_start_time": told_time(found.began_at),
        "auth_code_end_time": told_time(found.until),
        "authorization_days": (found.until - found.began_at).days,
        "auth_code_status": found.code_status(call.at),
    }


ROUTES = (
    Route("POST", "business/post/authorize/setting/", setting, scope=SCOPE, limited=True),
    Route("POST", "business/post/authorize/", extend, scope=SCOPE, limited=True),
    Route("GET", "business/post/authorize/status/", status, scope=SCOPE, limited=True),
    Route("POST", "business/post/authorize/delete/", delete, scope=SCOPE, limited=True),
)
