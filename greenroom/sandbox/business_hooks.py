"""Who wants to be told: Accounts webhooks per app and event type, and the Subscription API."""

from greenroom.sandbox import brands
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.routes import Call, Route

EVENT_TYPES = ("VIDEO", "COMMENT", "LOGIN")
ENTITIES = (
    "TCM_VIDEOS", "REPORT_DATA_CHANGE", "AD_ACCOUNT_SUSPENSION", "LEAD", "AD_GROUP", "AD", "CREATIVE_FATIGUE",
    "API_SERVICE_STATUS",
    "TCM_SPARK_ADS",
)  # fmt: skip
MOST_ITEMS = 100


def update(call: Call) -> Json:
    """`POST business/webhook/update/`: one callback per app and event type; `item_list` adds to the earlier one."""
    call.need("app_id", "secret", "event_type", "callback_url")
    _known_app(call)
    kind = call.choice("event_type", EVENT_TYPES, "VIDEO")
    items = call.listing("item_list")
    if len(items) > MOST_ITEMS or (items and kind != "COMMENT"):
        raise ApiError(40002, f"item_list: at most {MOST_ITEMS}, and for COMMENT only.")
    return {
        "app_id": call.text("app_id"),
        **call.world.webhooks.listen(call.text("app_id"), kind, call.text("callback_url"), items),
    }


def listing(call: Call) -> Json:
    """`GET business/webhook/list/`."""
    call.need("app_id", "secret")
    _known_app(call)
    found = call.world.webhooks.callbacks.items()
    return {"webhooks": [entry for (app_id, _), entry in found if app_id == call.text("app_id")]}


def delete(call: Call) -> Json:
    """`POST business/webhook/delete/`."""
    call.need("app_id", "secret", "event_type")
    _known_app(call)
    if call.world.webhooks.callbacks.pop((call.text("app_id"), call.text("event_type")), None) is None:
        raise ApiError(40007, "The webhook does not exist.")
    return {}


def subscribe(call: Call) -> Json:
    """`POST subscription/subscribe/`."""
    call.need("app_id", "secret", "subscribe_entity", "callback_url")
    _known_app(call)
    entity, detail = call.choice("subscribe_entity", ENTITIES, "TCM_VIDEOS"), call.object("subscription_detail")
    token = str(detail.get("access_token", ""))
    if entity == "TCM_VIDEOS" and not (token and detail.get("tto_tcm_account_id")):
        raise ApiError(40002, "Missing required field(s): subscription_detail.access_token, tto_tcm_account_id.")
    grant = call.world.grants.find(token) if token else None
    if token and grant is None:
        raise ApiError(40105, "Access token is incorrect or has been revoked.")
    if entity == "TCM_VIDEOS":
        account = str(detail["tto_tcm_account_id"])
        if grant is None or grant.kind != "brand" or brand_account(call, grant.subject) != account:
            raise ApiError(40001, f"Permission error: no permission to access tto_tcm_account_id {account}.")
    subscription_id = call.world.webhooks.subscribe(call.text("app_id"), entity, call.text("callback_url"), detail)
    return {"subscription_id": subscription_id}


def brand_account(call: Call, place: int) -> str:
    return brands.at(call.world.seed, place).tto_tcm_account_id


def subscriptions(call: Call) -> Json:
    """`GET subscription/get/`: a subscription whose token was revoked is gone without a word."""
    call.need("app_id", "secret", "subscribe_entity")
    _known_app(call)
    page, size = call.number("page", 1, least=1, most=10**6), call.number("page_size", 10, least=1, most=100)
    found = [
        one
        for one in call.world.webhooks.living(call.text("app_id"))
        if one["subscribe_entity"] == call.text("subscribe_entity")
    ]
    shown = [{key: one[key] for key in ("subscription_id", "callback_url", "subscription_detail")} for one in found]
    info = {"page": page, "page_size": size, "total_number": len(found), "total_page": -(-len(found) // size)}
    return {"subscriptions": shown[(page - 1) * size : page * size], "page_info": info}


def unsubscribe(call: Call) -> Json:
    """`POST subscription/unsubscribe/`."""
    call.need("app_id", "secret", "subscription_id")
    _known_app(call)
    if call.world.webhooks.subscriptions.pop(call.text("subscription_id"), None) is None:
        raise ApiError(40007, f"The subscription {call.text('subscription_id')} does not exist.")
    return {"subscription_id": call.text("subscription_id")}


def _known_app(call: Call) -> None:
    app = call.world.apps.get(call.text("app_id"))
    if app is None:
        raise ApiError(40113, "The app does not exist.")
    if app.secret != call.text("secret"):
        raise ApiError(40101, "The secret does not match the app.")


ROUTES = (
    Route("POST", "business/webhook/update/", update, whose="nobody"),
    Route("GET", "business/webhook/list/", listing, whose="nobody"),
    Route("POST", "business/webhook/delete/", delete, whose="nobody"),
    Route("POST", "subscription/subscribe/", subscribe, whose="nobody"),
    Route("GET", "subscription/get/", subscriptions, whose="nobody"),
    Route("POST", "subscription/unsubscribe/", unsubscribe, whose="nobody"),
)
