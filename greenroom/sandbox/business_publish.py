"""Publishing to an account, asking how it went, and proving that a web address is the app's own."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from greenroom.sandbox import chance, marketplace, uploads
from greenroom.sandbox.http import ApiError, Json
from greenroom.sandbox.market import Upload as HandedIn
from greenroom.sandbox.routes import Call, Route

DOWNLOADING = timedelta(seconds=20)
CAPTION_LIMIT = 2_200
MENTION_LIMIT = 30
ENDINGS = (".mp4", ".mov", ".webm")


@dataclass
class Upload:
    """One publishing task: the post exists from `done` on, unless it failed or went to the drafts."""

    publish_id: str
    index: int
    done: Any
    caption: str
    draft: bool = False
    reason: str = ""
    post_ids: list[str] = field(default_factory=list)
    handed_in: HandedIn | None = None


def publish_video(call: Call) -> Json:
    """`POST business/video/publish/`: success means accepted, not published."""
    call.own()
    call.need("video_url")
    url = call.text("video_url").split("?")[0].lower()
    return _accept(call, reason="" if url.endswith(ENDINGS) else "file_format_check_failed")


def publish_photo(call: Call) -> Json:
    """`POST business/photo/publish/`."""
    call.own()
    call.need("photo_images")
    if len(call.listing("photo_images")) > 35:
        raise ApiError(40002, "photo_images: Longer than maximum length 35.")
    return _accept(call, reason="")


def _accept(call: Call, *, reason: str) -> Json:
    info = call.object("post_info")
    caption = str(info.get("caption", ""))
    if len(caption.encode("utf-16-le")) // 2 > CAPTION_LIMIT:
        raise ApiError(40002, f"post_info.caption: Longer than maximum length {CAPTION_LIMIT}.")
    if sum(word.startswith("@") for word in caption.split()) > MENTION_LIMIT:
        raise ApiError(40002, f"post_info.caption: more than {MENTION_LIMIT} mentions.")
    link = str(info.get("tto_invite_link", ""))
    if link:
        _must_be_linkable(call, info)
    refused = call.world.throttle.publish(call.app.app_id, call.open_id) if call.world.throttle else ""
    if refused:
        raise ApiError(40100, refused)
    tasks = _uploads(call)
    key = chance.digest("publish", call.world.seed, len(tasks)).hex()[:20]
    made = Upload(
        f"v_pub_url~v1.{int(key, 16) % 10**19}", call.account.index, call.at + DOWNLOADING, caption,
        draft=bool(info.get("upload_to_draft")), reason=reason,
    )  # fmt: skip
    if link and not reason:
        made.handed_in = uploads.upload(call.world, handle=call.account.handle, link=link, caption=caption)
        call.world.market.at(made.done, "post", made.handed_in)
    tasks[made.publish_id] = made
    return {"share_id": made.publish_id}


def _must_be_linkable(call: Call, info: Json) -> None:
    """A post for a campaign is branded content of a member who has joined, and no draft. Raises 40002 or 40121."""
    if info.get("is_branded_content") is not True:
        raise ApiError(40002, "post_info.is_branded_content: Must be true when tto_invite_link is given.")
    if info.get("upload_to_draft"):
        raise ApiError(40002, "post_info.upload_to_draft: Must be false when tto_invite_link is given.")
    marketplace.must_be_member(call, call.account)


def status(call: Call) -> Json:
    """`GET business/publish/status/`."""
    call.own()
    call.need("publish_id")
    upload = _uploads(call).get(call.text("publish_id"))
    if upload is None or upload.index != call.account.index:
        raise ApiError(40007, f"The publishing task {call.text('publish_id')} does not exist.")
    if call.at < upload.done:
        return {"status": "PROCESSING_DOWNLOAD"}
    first, upload.done = not upload.post_ids, min(upload.done, call.at)
    if upload.reason:
        return {"status": "FAILED", "reason": upload.reason}
    if upload.draft:
        return {"status": "SEND_TO_USER_INBOX"}
    if first:
        item_id = _out(call, upload)
        upload.post_ids.append(item_id)
        content = {"publish_id": upload.publish_id, "post_id": item_id, "publish_type": "DIRECT_PUBLISH"}
        for event in ("post.publish.complete", "post.publish.publicly_available"):
            call.world.webhooks.tell_app(call.app.app_id, event, content, open_id=call.open_id, event_type="VIDEO")
    return {"status": "PUBLISH_COMPLETE", "post_ids": list(upload.post_ids)}


def _out(call: Call, upload: Upload) -> str:
    """The post's id, now that it is out; one for a campaign came out by itself."""
    if upload.handed_in is not None:
        return upload.handed_in.video_id
    return call.world.publish(call.account.handle, caption=upload.caption or None, at=upload.done).item_id


def _uploads(call: Call) -> dict[str, Upload]:
    return call.world.record("uploads", dict)


def add_property(call: Call) -> Json:
    """`POST business/property/add/`: a file to put on the site proves that it is the app's own."""
    kind, url = _property(call)
    found = _properties(call).setdefault((kind, url), _described(call, kind, url))
    return {"url_property_info": found}


def verify_property(call: Call) -> Json:
    """`POST business/property/verify/`. The sandbox looks at no foreign site: asking is enough."""
    found = _known(call)
    found["property_status"] = 1
    return {"url_property_info": found}


def delete_property(call: Call) -> Json:
    """`POST business/property/delete/`."""
    _known(call)
    del _properties(call)[_property(call)]
    return {}


def list_properties(call: Call) -> Json:
    """`GET business/property/list/`."""
    return {"url_property_info_list": list(_properties(call).values())}


def _property(call: Call) -> tuple[int, str]:
    call.need("app_id", "url_property_meta")
    meta = call.object("url_property_meta")
    if meta.get("property_type") not in (1, 2) or not str(meta.get("url", "")):
        raise ApiError(
            40002, "url_property_meta: property_type must be 1 (domain) or 2 (URL prefix), url must be given."
        )
    return int(meta["property_type"]), str(meta["url"])


def _known(call: Call) -> Json:
    found = _properties(call).get(_property(call))
    if found is None:
        raise ApiError(40007, "The property does not exist.")
    return found


def _described(call: Call, kind: int, url: str) -> Json:
    signature = chance.digest("property", call.world.seed, call.text("app_id"), kind, url).hex()[:32]
    return {
        "property_type": kind, "url": url, "property_status": 0,
        "signature": f"tiktok-developers-site-verification={signature}",
        "file_name": f"tiktok{signature}.txt",
    }  # fmt: skip


def _properties(call: Call) -> dict[tuple[int, str], Json]:
    call.need("app_id")
    if call.text("app_id") != call.grant.app_id:
        raise ApiError(
            40113, "The app_id is inconsistent with the token's app information. Please retry after correcting it."
        )
    return call.world.record(f"properties {call.text('app_id')}", dict)


ROUTES = (
    Route("POST", "business/video/publish/", publish_video, scope="video.publish", limited=True),
    Route("POST", "business/photo/publish/", publish_photo, scope="video.publish", limited=True),
    Route("GET", "business/publish/status/", status, scope="video.publish", limited=True),
    Route("POST", "business/property/add/", add_property, scope="video.publish", limited=True),
    Route("POST", "business/property/verify/", verify_property, scope="video.publish", limited=True),
    Route("POST", "business/property/delete/", delete_property, scope="video.publish", limited=True),
    Route("GET", "business/property/list/", list_properties, scope="video.publish", limited=True),
)
