"""What a brand keeps in TikTok One besides campaigns: brand profiles, and the anchors it hangs on videos."""

from datetime import datetime, timedelta

from greenroom.sandbox import brands, eligibility, marketplace, truth
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.routes import Call, Route

KEY = "tto_tcm_account_id"
MAX_NAME, MAX_PROFILES, MAX_PAGE = 60, 20, 100
SUB_TYPES = ("DESTINATION", "ECOMMERCE", "ENTERTAINMENT")
PROFILE_FIELDS = ("brand_name", "brand_industry_id", "brand_website", "logo_url", "tiktok_account_url")
ANCHOR_FIELDS = ("anchor_type", "anchor_sub_type", "country_code", "anchor_title", "anchor_name", "thumbnail_url")
CREATED, REVIEWED = timedelta(minutes=1), timedelta(minutes=10)


def create_profile(call: Call) -> Json:
    """`POST tto/tcm/brand/profile/create/`."""
    brand = brands.addressed(call, KEY)
    call.need("brand_name", "brand_industry_id", "brand_website", "logo_url")
    call.short("brand_name", MAX_NAME)
    if not call.text("brand_website").startswith("https://"):
        raise ApiError(40002, "brand_website: Must begin with https://.")
    tiktok = call.text("tiktok_account_url")
    if tiktok and not tiktok.startswith("https://www.tiktok.com/@"):
        raise ApiError(40002, "tiktok_account_url: Must begin with https://www.tiktok.com/@.")
    market = call.world.market
    made: Json = {name: call.text(name) for name in PROFILE_FIELDS if call.text(name)}
    with call.world.lock:
        made["brand_profile_id"] = market.new_id("profile")
        market.profiles.setdefault(brand.place, []).append(made)
    return made


def profiles(call: Call) -> Json:
    """`GET tto/tcm/brand/profile/get/`."""
    brand = brands.addressed(call, KEY)
    wanted = call.listing("brand_profile_ids", most=MAX_PROFILES)
    found = call.world.market.profiles.get(brand.place, [])
    page, info = marketplace.page_of(call, named(found, "brand_profile_id", wanted), most=MAX_PAGE)
    return {"brands": list(page), "page_info": info}


def create_anchor(call: Call) -> Json:
    """`POST tto/tcm/anchor/create/`: without a thumbnail it stays a draft, else it goes through review."""
    brand = brands.addressed(call, KEY)
    call.need("country_code", "call_to_action", "anchor_title", "anchor_name", "upload_type")
    call.choice("anchor_type", ("WEB_ANCHOR",), "WEB_ANCHOR")
    call.choice("anchor_sub_type", SUB_TYPES, "DESTINATION")
    call.choice("upload_type", ("UPLOAD_BY_FILE", "UPLOAD_BY_URL"), "UPLOAD_BY_URL")
    action = call.object("call_to_action")
    if not action.get("landing_page_url"):
        raise ApiError(40002, "Missing required field(s): call_to_action.landing_page_url.")
    market = call.world.market
    made: Json = {name: call.text(name) for name in ANCHOR_FIELDS if call.text(name)}
    if call.text("thumbnail_file"):
        made["thumbnail_url"] = truth.media(call.world, call.text("anchor_name"), at=call.at)
    with call.world.lock:
        made |= {"anchor_id": market.new_id("anchor"), "call_to_action": action, "made_at": call.at}
        market.anchors.setdefault(brand.place, []).append(made)
    return anchor_row(made, at=call.at)


def anchors(call: Call) -> Json:
    """`GET tto/tcm/anchor/get/`. A wrong `Country-Code` header is refused with HTTP 403, as somebody saw it."""
    brand, country = brands.addressed(call, KEY), call.request.header("Country-Code")
    if country and country not in eligibility.COUNTRIES:
        raise ApiError(40006, "The Country-Code does not fit the request.", status=403)
    found = named(call.world.market.anchors.get(brand.place, []), "anchor_id", call.listing("anchor_ids"))
    page, info = marketplace.page_of(call, found, most=MAX_PAGE)
    return {"anchors": [anchor_row(one, at=call.at) for one in page], "page_info": info}


def delete_anchor(call: Call) -> Json:
    """`POST tto/tcm/anchor/delete/`: drafts only."""
    brand = brands.addressed(call, KEY)
    call.need("anchor_id")
    mine = call.world.market.anchors.get(brand.place, [])
    with call.world.lock:
        found = next((one for one in mine if one["anchor_id"] == call.text("anchor_id")), None)
        if found is None:
            raise ApiError(40007, f"The anchor {call.text('anchor_id')} does not exist.")
        if anchor_status(found, at=call.at) != "DRAFT":
            raise ApiError(40002, "anchor_id: only a draft can be deleted.")
        mine.remove(found)
    return {}


def anchor_row(anchor: Json, *, at: datetime) -> Json:
    shown = {name: value for name, value in anchor.items() if name != "made_at"}
    return shown | {"status": anchor_status(anchor, at=at)}


def anchor_status(anchor: Json, *, at: datetime) -> str:
    """DRAFT, CREATED, IN_REVIEW or APPROVED, by its age."""
    if "thumbnail_url" not in anchor:
        return "DRAFT"
    age = at - anchor["made_at"]
    return "CREATED" if age < CREATED else "IN_REVIEW" if age < REVIEWED else "APPROVED"


def named(rows: list[Json], key: str, wanted: list[str]) -> list[Json]:
    """The rows with one of these ids, or all of them when no id was asked for."""
    return [row for row in rows if row[key] in wanted] if wanted else rows


ROUTES = (
    Route("POST", "tto/tcm/brand/profile/create/", create_profile, whose="brand", scope=13010000),
    Route("GET", "tto/tcm/brand/profile/get/", profiles, whose="brand", scope=13010000),
    Route("POST", "tto/tcm/anchor/create/", create_anchor, whose="brand", scope=13010000),
    Route("GET", "tto/tcm/anchor/get/", anchors, whose="brand", scope=13020000),
    Route("POST", "tto/tcm/anchor/delete/", delete_anchor, whose="brand", scope=13010000),
)
