"""Asking creators to let their posts be advertised (`tcm/tt_video/…`, the old name of the account key kept)."""

from greenroom.sandbox import brands, spark
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.market import Upload
from greenroom.sandbox.marketplace_campaigns import told_time
from greenroom.sandbox.routes import Call, Route

KEY = "tcm_account_id"
DEFAULT_DAYS = 30


def apply(call: Call) -> Json:
    """`POST tcm/tt_video/apply/`: ask, remind, or with `action` EXTEND ask for more time."""
    made = _linked(call)
    days = call.one_of("authorization_days", spark.DAYS, DEFAULT_DAYS)
    extend = bool(call.text("action")) and call.choice("action", ("EXTEND",), "EXTEND") == "EXTEND"
    spark.ask(call.world, made=made, days=days, extend=extend)
    return {}


def status(call: Call) -> Json:
    """`GET tcm/tt_video/status/`: what nobody asked for or granted yet is left out."""
    made = _linked(call)
    found = call.world.market.sparks.get(made.video_id)
    if found is None:
        return {"video_id": made.video_id, "num_remaining_request": spark.MOST_REQUESTS}
    spelling = "auth_status_update_time" if call.world.faults.strikes("uneven_shapes") else "auth_status_updated_time"
    told: Json = {"video_id": made.video_id, "num_remaining_request": spark.MOST_REQUESTS - found.requests}
    if found.status:
        told |= {
            "auth_status": found.status,
            spelling: told_time(found.updated_at),
            "requested_authorization_days": found.days,
        }
    if found.code and found.began_at and found.until:
        told |= {
            "auth_code": found.code,
            "auth_code_start_time": told_time(found.began_at),
            "auth_code_end_time": told_time(found.until),
            "auth_code_status": found.code_status(call.at),
        }
    return told


def _linked(call: Call) -> Upload:
    """The brand's linked post a call names. Raises 40002 or 40007."""
    brand = brands.addressed(call, KEY)
    call.need("video_id")
    video_id = call.text("video_id")
    made = call.world.market.ties.get(video_id)
    if made is None or made.order.campaign.brand != brand.place or made.known_at > call.at:
        raise ApiError(40007, f"The video {video_id} does not exist.")
    if made.posted_at is None:
        raise ApiError(40002, "The video must be uploaded, marked as branded content and linked to an order.")
    return made


ROUTES = (
    Route("POST", "tcm/tt_video/apply/", apply, whose="brand", scope=13040000),
    Route("GET", "tcm/tt_video/status/", status, whose="brand", scope=13040000),
)
