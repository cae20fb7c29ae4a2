"""Being told of marketplace videos (`TCM_VIDEOS`). Calls name app and secret, so they are kept out of the archive.

Revoking the token ends a subscription without a word: compare `subscribed` with what should be there every day.
"""

from __future__ import annotations

from greenroom.tiktok import campaign_types as types
from greenroom.tiktok import pages
from greenroom.tiktok.client import App, Client

TCM_VIDEOS = "TCM_VIDEOS"
OBJECT = 10
UPLOADED = "tto_video_uploaded"
PUBLISHED = "tto_video_published"
MOST_PER_PAGE = 100


def subscribe(client: Client, app: App, *, token: str, account_id: str, callback_url: str) -> str:
    """Have the videos of a marketplace account told to an address; gives the subscription's id.

    A repeat makes a second subscription, so look into `subscribed` first.
    """
    body = {
        "app_id": app.id, "secret": app.secret, "subscribe_entity": TCM_VIDEOS, "callback_url": callback_url,
        "subscription_detail": {"access_token": token, "tto_tcm_account_id": account_id},
    }  # fmt: skip
    return str(client.post("subscription/subscribe/", body, private=True)["subscription_id"])


def subscribed(client: Client, app: App) -> list[types.Subscription]:
    """Every living subscription of the app."""
    params = {"app_id": app.id, "secret": app.secret, "subscribe_entity": TCM_VIDEOS}

    def fetch(page: int) -> pages.Page[types.Subscription]:
        told = {**params, "page": page, "page_size": MOST_PER_PAGE}
        return pages.numbered(client.get("subscription/get/", told, token="", private=True), "subscriptions")

    return [one for page in pages.walk_numbered(fetch) for one in page]


def unsubscribe(client: Client, app: App, *, subscription_id: str) -> None:
    """End a subscription. Raises errors.NotFound when it is gone already."""
    body = {"app_id": app.id, "secret": app.secret, "subscription_id": subscription_id}
    client.post("subscription/unsubscribe/", body, private=True)
