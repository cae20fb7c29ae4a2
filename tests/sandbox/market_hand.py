"""A brand's hand on one world: its token, its account, and the calls of the marketplace."""

from typing import Any
from urllib.parse import urlsplit

from .conftest import Hand


class BrandHand:
    """A brand at a place of the portal, calling for its own marketplace account."""

    def __init__(self, hand: Hand, place: int = 0) -> None:
        self.hand, self.world = hand, hand.world
        self.token, self.account = hand.brand_account(place)

    def key(self, path: str) -> dict[str, str]:
        return {"tto_tcm_account_id" if path.startswith("tto/") else "tcm_account_id": self.account}

    def get(self, path: str, **asked: Any) -> dict[str, Any]:
        return self.hand.get(path, self.token, **self.key(path), **asked)

    def data(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = self.get(path, **asked)
        assert answer["code"] == 0, answer
        return answer["data"]

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        return self.hand.post(path, {**self.key(path), **body}, self.token)

    def done(self, path: str, **body: Any) -> dict[str, Any]:
        answer = self.post(path, **body)
        assert answer["code"] == 0, answer
        return answer["data"]

    def order(self, *handles: str, **body: Any) -> dict[str, Any]:
        """Orders of the older generation."""
        base = {"brand_name": "Northgate", "description": "Trail shoes", "handle_names": list(handles)}
        return self.done("tcm/order/create/v2/", **{**base, **body})

    def campaign(self, *handles: str, **body: Any) -> dict[str, Any]:
        """A campaign of TikTok One."""
        base = {"brand_name": "Northgate", "campaign_name": "Spring", "handle_names": list(handles)}
        return self.done("tto/tcm/campaign/create/", **{**base, **body})

    def orders_behind(self, link: str) -> list[dict[str, Any]]:
        return self.data("tcm/order/get/v2/", query_type="INVITE_LINK", invite_link=link)["orders"]

    def reviews(self, order_id: str) -> list[dict[str, Any]]:
        return self.data("tcm/video/audit_status/get/", v2_order_id=order_id)["audit_status_list"]


def control(hand: Hand, path: str, **body: Any) -> dict[str, Any]:
    """A control under `/_sim/`: a POST when there is a body."""
    answer = hand.http.post(f"/_sim/{path}", json=body) if body else hand.http.get(f"/_sim/{path}")
    return answer.json()


def path_of(link: str) -> str:
    return urlsplit(link).path
