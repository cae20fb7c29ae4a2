"""A pretend TikTok in-process, standing still at a known moment, and a small hand to hold it with."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from greenroom.sandbox import Clock, World, create_app

NOON = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
REDIRECT = "https://brand.example/callback/"


class Hand:
    """Talks to one world as a browser and as an app would."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.http = httpx2.Client(transport=httpx2.WSGITransport(app=create_app(world)), base_url="http://sandbox.test")

    def ask(self, **parameters: str) -> dict[str, str]:
        """The query of an authorise address."""
        scope = ",".join(self.world.apps["sandbox-app"].scopes)
        base = {
            "client_key": "sandbox-app",
            "response_type": "code",
            "scope": scope,
            "redirect_uri": REDIRECT,
            "state": "s1",
        }
        return base | {"scope": scope} | parameters

    def approve(self, handle: str, *, scopes: list[str] | None = None, **parameters: str) -> dict[str, str]:
        """The callback's query after a creator approved."""
        query = self.ask(**parameters)
        answer = self.http.post(
            "/v2/auth/authorize/",
            params=query,
            data={"handle": handle, "decision": "approve", "scope": scopes or query["scope"].split(",")},
        )
        assert answer.status_code == 302, answer.text
        return query_of(answer.headers["location"])

    def exchange(self, code: str, **body: str) -> dict[str, Any]:
        """The envelope of `tt_user/oauth2/token/`."""
        base = {
            "client_id": "sandbox-app", "client_secret": "sandbox-secret", "grant_type": "authorization_code",
            "auth_code": code, "redirect_uri": REDIRECT,
        }  # fmt: skip
        return self.post("tt_user/oauth2/token/", base | body)

    def connect(self, handle: str, *, scopes: list[str] | None = None) -> dict[str, Any]:
        """The token pair of a creator's TikTok account."""
        return self.exchange(self.approve(handle, scopes=scopes)["code"])["data"]

    def brand(self, place: int = 0) -> dict[str, Any]:
        """The long-lived token of the brand at a place of the portal."""
        query = {"app_id": "sandbox-app", "redirect_uri": REDIRECT, "state": "s2"}
        answer = self.http.post("/portal/auth", params=query, data={"brand": str(place), "decision": "approve"})
        code = query_of(answer.headers["location"])["auth_code"]
        return self.post(
            "oauth2/access_token/", {"app_id": "sandbox-app", "secret": "sandbox-secret", "auth_code": code}
        )["data"]

    def brand_account(self, place: int = 0) -> tuple[str, str]:
        """The long-lived token of a brand and the id of its marketplace account."""
        token = self.brand(place)["access_token"]
        accounts = self.data("tto/oauth2/tcm/", token, app_id="sandbox-app", secret="sandbox-secret")
        return token, accounts["tto_tcm_account_ids"][0]

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        body = {"client_id": "sandbox-app", "client_secret": "sandbox-secret", "grant_type": "refresh_token"}
        return self.post("tt_user/oauth2/refresh_token/", body | {"refresh_token": refresh_token})

    def get(self, path: str, token: str = "", **parameters: Any) -> dict[str, Any]:
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
        return self.http.get(f"/open_api/v1.3/{path}", params=texts, headers=_header(token)).json()

    def data(self, path: str, token: str = "", **parameters: Any) -> dict[str, Any]:
        return self.get(path, token, **parameters)["data"]

    def code(self, path: str, token: str = "", **parameters: Any) -> int:
        return self.get(path, token, **parameters)["code"]

    def post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        return self.http.post(f"/open_api/v1.3/{path}", json=body, headers=_header(token)).json()

    def posts(self, pair: dict[str, Any], fields: list[str], **parameters: Any) -> list[dict[str, Any]]:
        """Every post of an account, page by page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        while True:
            data = self.get(
                "business/video/list/", pair["access_token"], business_id=pair["open_id"], fields=fields, max_count=20,
                **cursor, **parameters,
            )["data"]  # fmt: skip
            found += data["videos"]
            if not data["has_more"]:
                return found
            cursor = {"cursor": data["cursor"]}


def _header(token: str) -> dict[str, str]:
    return {"Access-Token": token} if token else {}


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOON, rate=0), throttle=False, posts=30)


@pytest.fixture
def hand(world: World) -> Iterator[Hand]:
    made = Hand(world)
    yield made
    made.http.close()


def hold(world: World) -> Hand:
    """A hand on a world that a test made for itself."""
    return Hand(world)
