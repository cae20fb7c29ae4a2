"""Posts an ad account may run as Spark Ads (`tt_video/…`), by the codes that creators gave."""

from greenroom.sandbox import brands, chance, marketplace, spark, truth
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.marketplace_campaigns import told_time
from greenroom.sandbox.people import Account
from greenroom.sandbox.posts import Post
from greenroom.sandbox.routes import Call, Route

QUERY, AUTHORIZE = 690, 691
MOST_POSTS = 10_000
MOST_PER_PAGE = 50
USUAL_PER_PAGE = 20
KINDS = ("VIDEO", "CAROUSEL")


def authorize(call: Call) -> Json:
    """`POST tt_video/authorize/`. No post here is a stitch or a duet, so a second code is never needed."""
    advertiser = addressed(call)
    call.need("auth_code")
    code = call.text("auth_code")
    mine = of_advertiser(call, advertiser)
    if len(mine) >= MOST_POSTS and all(one.code != code for one in mine):
        raise ApiError(40002, f"The ad account has {MOST_POSTS} Spark Ads posts, which is the most it can have.")
    spark.use(call.world, code=code, advertiser=advertiser)
    return {}


def info(call: Call) -> Json:
    """`GET tt_video/info/`: one post by its code."""
    advertiser = addressed(call)
    call.need("auth_code")
    found = next((one for one in of_advertiser(call, advertiser) if one.code == call.text("auth_code")), None)
    if found is None:
        raise ApiError(40002, "auth_code: The authorization code is invalid or not authorized by this ad account.")
    return _row(call, advertiser, found)


def listing(call: Call) -> Json:
    """`GET tt_video/list/`: all posts of the ad account, the newest authorisation first."""
    advertiser = addressed(call)
    kinds = call.names("item_types", KINDS) or list(KINDS)
    words = call.short("keyword", 500)
    rows = [_row(call, advertiser, one) for one in of_advertiser(call, advertiser)]
    fits = [row for row in rows if row["item_info"]["item_type"] in kinds and _fits(row["item_info"], words)]
    call.parameters.setdefault("page_size", str(USUAL_PER_PAGE))
    page, told = marketplace.page_of(call, fits, most=MOST_PER_PAGE)
    return {"list": list(page), "page_info": told}


def unbind(call: Call) -> Json:
    """`POST tt_video/unbind/`: forget a post whose authorisation is over."""
    advertiser = addressed(call)
    call.need("item_id")
    found = next((one for one in of_advertiser(call, advertiser) if one.video_id == call.text("item_id")), None)
    if found is None:
        raise ApiError(40007, f"The post {call.text('item_id')} does not exist.")
    if found.works(call.at):
        raise ApiError(40002, "Only posts whose authorization has expired or was cancelled can be unbound.")
    del found.used_by[advertiser]
    return {}


def addressed(call: Call) -> str:
    """The ad account a call speaks for. Raises 40002, or 40001 when it is not the token's."""
    call.need("advertiser_id")
    advertiser = call.text("advertiser_id")
    if advertiser not in brands.at(call.world.seed, call.grant.subject).advertiser_ids:
        raise ApiError(40001, f"Permission error: no permission to operate advertiser {advertiser}.")
    return advertiser


def of_advertiser(call: Call, advertiser: str) -> list[spark.Spark]:
    """What an ad account has authorised, the newest first."""
    mine = [one for one in list(call.world.market.sparks.values()) if advertiser in one.used_by]
    return sorted(mine, key=lambda one: (one.used_by[advertiser], one.video_id), reverse=True)


def seen(call: Call, found: spark.Spark) -> tuple[Account, Post | None]:
    """Author and post of an authorisation; no post when it is not visible any more."""
    account = call.world.account(found.handle)
    posts = call.world.posts_of(account.index, at=call.at)
    return account, next((one for one in posts if one.item_id == found.video_id), None)


def identity_of(call: Call, advertiser: str, account: Account) -> str:
    """The author as an identity of an ad account: the same for all of their posts."""
    return chance.digest("identity", call.world.seed, advertiser, account.index).hex()[:32]


def item(found: spark.Spark, post: Post | None) -> Json:
    """The post as ads know it."""
    return {
        "auth_code": found.code,
        "item_id": found.video_id,
        "item_type": "CAROUSEL" if post is not None and post.photo else "VIDEO",
        "text": post.caption if post is not None else "",
        "status": "ITEM_STATUS_HESITATE_RECOMMEND" if post is not None else "USER_DELETE",
        "stitch_original_item_id": None, "duet_original_item_id": None, "is_multi_duet_stitch": False,
        "mentioned_item_ids": [], "anchor_list": [], "carousel_info": None,
    }  # fmt: skip


def video(call: Call, post: Post) -> Json:
    """The film itself."""
    picture = truth.media(call.world, post.item_id, at=call.at)
    return {
        "bit_rate": 1_200_000, "duration": post.curve.duration, "size": int(post.curve.duration * 150_000),
        "width": 720, "height": 1280, "poster_url": picture, "preview_url": picture, "format": "mp4",
        "signature": chance.digest("film", call.world.seed, post.item_id).hex()[:32],
    }  # fmt: skip


def _row(call: Call, advertiser: str, found: spark.Spark) -> Json:
    account, post = seen(call, found)
    assert found.began_at is not None
    assert found.until is not None
    return {
        "auth_info": {
            "ad_auth_status": "AUTHORIZED" if found.works(call.at) else "UNAUTHORIZED",
            "auth_start_time": told_time(found.began_at),
            "auth_end_time": told_time(found.until),
            "invite_start_time": told_time(found.used_by[advertiser]),
        },
        "item_info": item(found, post),
        "user_info": {
            "tiktok_name": account.display_name,
            "identity_id": identity_of(call, advertiser, account),
            "identity_type": "AUTH_CODE",
        },
        "video_info": video(call, post) if post is not None and not post.photo else None,
    }


def _fits(told: Json, words: str) -> bool:
    """An item id is compared exactly, anything else with the text."""
    if words.isdigit() and len(words) >= 19:
        return bool(told["item_id"] == words)
    return words.casefold() in str(told["text"]).casefold()


ROUTES = (
    Route("POST", "tt_video/authorize/", authorize, whose="brand", scope=AUTHORIZE),
    Route("GET", "tt_video/info/", info, whose="brand", scope=QUERY),
    Route("GET", "tt_video/list/", listing, whose="brand", scope=AUTHORIZE),
    Route("POST", "tt_video/unbind/", unbind, whose="brand", scope=AUTHORIZE),
)
