"""Who an ad speaks as (`identity/…`): names an advertiser made up, and authors whose codes it authorised.

No account here is bound to an ad account, so TT_USER and BC_AUTH_TT are empty.
"""

from greenroom.sandbox import chance, marketplace, spark, spark_posts, truth
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.routes import Call, Route

SCOPE = 693
KINDS = ("CUSTOMIZED_USER", "AUTH_CODE", "TT_USER", "BC_AUTH_TT")
WITH_POSTS = ("AUTH_CODE", "TT_USER", "BC_AUTH_TT")
MOST_ITEMS = 20
LONGEST_NAME = 100


def get(call: Call) -> Json:
    """`GET identity/get/`."""
    advertiser = spark_posts.addressed(call)
    kind = call.choice("identity_type", KINDS, "") if call.text("identity_type") else ""
    rows = [*_made(call, advertiser), *_authors(call, advertiser)]
    call.parameters.setdefault("page_size", "20")
    page, told = marketplace.page_of(call, [row for row in rows if kind in ("", row["identity_type"])], most=100)
    return {"identity_list": list(page), "page_info": told}


def create(call: Call) -> Json:
    """`POST identity/create/`: a made-up name; it has no posts."""
    advertiser = spark_posts.addressed(call)
    call.need("display_name", "image_uri")
    name = call.short("display_name", LONGEST_NAME)
    made = _made(call, advertiser)
    identity = chance.digest("custom identity", call.world.seed, advertiser, len(made), name).hex()[:32]
    made.append(_row(identity, "CUSTOMIZED_USER", name, "", ""))
    return {"identity_id": identity}


def video_info(call: Call) -> Json:
    """`GET identity/video/info/`: one post (`item_id`) or up to 20 (`item_ids`) of an identity."""
    posts = _posts(call)
    many = call.listing("item_ids", most=MOST_ITEMS)
    if not many:
        call.need("item_id")
    found = [told for one in posts if (told := _detail(call, one))["item_info"]["item_id"] in (many or _one(call))]
    if many:
        return {"video_details": found}
    if not found:
        raise ApiError(40007, f"The post {call.text('item_id')} does not exist.")
    return {"video_detail": found[0]}


def video_get(call: Call) -> Json:
    """`GET identity/video/get/`: more than 20 at once are not given, whatever is asked."""
    posts = _posts(call)
    call.need("item_type")
    kind = call.choice("item_type", spark_posts.KINDS, "VIDEO")
    words = call.short("keyword", 500)
    rows = [_detail(call, one) for one in posts]
    fits = [
        row["item_info"] | {"video_info": row["video_info"], "auth_info": row["auth_info"]}
        for row in rows
        if row["item_info"]["item_type"] == kind and words.casefold() in row["item_info"]["text"].casefold()
    ]
    first = call.number("cursor", 0, least=0, most=10**9)
    count = min(call.number("count", MOST_ITEMS, least=1, most=10**9), MOST_ITEMS)
    more = len(fits) > first + count
    return {"video_list": fits[first : first + count], "cursor": str(first + count), "has_more": more}


def _one(call: Call) -> list[str]:
    return [call.text("item_id")]


def _posts(call: Call) -> list[spark.Spark]:
    """The posts of the identity a call names. Raises 40002 or 40007."""
    advertiser = spark_posts.addressed(call)
    call.need("identity_type", "identity_id")
    call.choice("identity_type", WITH_POSTS, "")
    mine = [
        one
        for one in spark_posts.of_advertiser(call, advertiser)
        if spark_posts.identity_of(call, advertiser, call.world.account(one.handle)) == call.text("identity_id")
    ]
    if not mine or call.text("identity_type") != "AUTH_CODE":
        raise ApiError(40007, f"The identity {call.text('identity_id')} does not exist.")
    return [one for one in mine if one.works(call.at)]


def _detail(call: Call, found: spark.Spark) -> Json:
    _, post = spark_posts.seen(call, found)
    assert found.began_at is not None
    assert found.until is not None
    return {
        "item_info": spark_posts.item(found, post),
        "auth_info": {  # unlike those of `tt_video/…` these times are ISO
            "ad_auth_status": "AUTHORIZED",
            "auth_start_time": f"{found.began_at:%Y-%m-%dT%H:%M:%SZ}",
            "auth_end_time": f"{found.until:%Y-%m-%dT%H:%M:%SZ}",
        },
        "video_info": spark_posts.video(call, post) if post is not None and not post.photo else None,
    }


def _made(call: Call, advertiser: str) -> list[Json]:
    return call.world.record(f"identities {advertiser}", list)


def _authors(call: Call, advertiser: str) -> list[Json]:
    handles = dict.fromkeys(one.handle for one in spark_posts.of_advertiser(call, advertiser) if one.works(call.at))
    accounts = [call.world.account(handle) for handle in handles]
    return [
        _row(spark_posts.identity_of(call, advertiser, one), "AUTH_CODE", one.display_name, one.handle,
             truth.media(call.world, one.handle, at=call.at))
        for one in accounts
    ]  # fmt: skip


def _row(identity: str, kind: str, name: str, handle: str, picture: str) -> Json:
    return {
        "identity_id": identity, "identity_type": kind, "identity_authorized_bc_id": None, "display_name": name,
        "username": handle or None, "profile_image": picture or None, "can_push_video": False,
        "can_pull_video": kind == "AUTH_CODE", "can_use_live_ads": False, "can_manage_message": False,
        "available_status": "AVAILABLE", "is_gpppa": False, "ads_only_mode": False,
    }  # fmt: skip


ROUTES = (
    Route("GET", "identity/get/", get, whose="brand", scope=SCOPE),
    Route("GET", "identity/video/info/", video_info, whose="brand", scope=SCOPE),
    Route("GET", "identity/video/get/", video_get, whose="brand", scope=SCOPE),
    Route("POST", "identity/create/", create, whose="brand", scope=SCOPE),
)
