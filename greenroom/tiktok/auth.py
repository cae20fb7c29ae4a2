"""TikTok's three OAuth dialects: where to send the person, and what their code, refresh and leave become.

AccountsOAuth: a creator connects an account to a Business app (short-lived token, refresh token).
LoginKitOAuth: the same on the developer platform, with a PKCE challenge in hex.
MarketplaceOAuth: a brand connects its marketplace account (one token without an end, nothing to refresh).
None of their exchanges is archived and none is repeated by itself: a code works once, a refresh may rotate.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from greenroom.tiktok import calls, errors, types
from greenroom.tiktok import client as transport

ACCOUNTS_SCOPES: tuple[str, ...] = (
    "user.info.basic",
    "user.info.username",
    "user.info.profile",
    "user.info.stats",
    "user.account.type",
    "user.insights",
    "video.list",
    "video.insights",
    "biz.creator.info",
    "biz.creator.insights",
)
"""What a creator is asked for on the Business side. One scope the app was not given fails the whole authorisation."""

LOGIN_KIT_SCOPES: tuple[str, ...] = ("user.info.basic", "user.info.profile", "user.info.stats", "video.list")


@dataclass(frozen=True)
class Grant:
    """What somebody granted: tokens (never shown in a repr), scopes, whose account, and until when (None: no end)."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    scopes: tuple[str, ...]
    open_id: str | None
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    advertiser_ids: tuple[str, ...] = ()


class AccountsOAuth:
    """A creator's consent on API for Business."""

    def __init__(self, client: transport.Client, app: transport.App) -> None:
        self._client = client
        self._app = app

    def authorize_url(
        self, *, redirect_uri: str, scopes: Collection[str] = ACCOUNTS_SCOPES, state: str, ask_again: bool = False
    ) -> str:
        """The page on which the creator consents; `ask_again` shows it even to someone who consented before."""
        query = {
            "client_key": self._app.id,
            "response_type": "code",
            "scope": ",".join(scopes),
            "redirect_uri": redirect_uri,
            "state": state,
            "disable_auto_auth": 1 if ask_again else None,
        }
        return f"{self._client.hosts.www}/v2/auth/authorize?{calls.encode(query)}"

    def exchange(self, code: str, *, redirect_uri: str) -> Grant:
        """The grant behind a callback's code (10 minutes, once); `redirect_uri` must be the one used before."""
        body = {"grant_type": "authorization_code", "auth_code": code, "redirect_uri": redirect_uri}
        return self._granted("tt_user/oauth2/token/", body)

    def refresh(self, refresh_token: str) -> Grant:
        """A new grant; store both of its tokens, the refresh token may have changed. Unauthorized: ask again."""
        body = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._granted("tt_user/oauth2/refresh_token/", body)

    def revoke(self, access_token: str) -> None:
        """Give the grant back."""
        body = {"client_id": self._app.id, "client_secret": self._app.secret, "access_token": access_token}
        self._client.post("tt_user/oauth2/revoke/", body, private=True)

    def token_info(self, access_token: str) -> types.TokenInfo:
        """Which app, scopes and creator an access token belongs to."""
        body = {"app_id": self._app.id, "access_token": access_token}
        return cast(types.TokenInfo, self._client.post("tt_user/token_info/get/", body, private=True))

    def _granted(self, path: str, body: dict[str, str]) -> Grant:
        keys = {"client_id": self._app.id, "client_secret": self._app.secret}
        told = self._client.post(path, keys | body, private=True)
        return _grant(told, at=self._client.clock(), refresh_life="refresh_token_expires_in")


class LoginKitOAuth:
    """A creator's sign-in with Login Kit on the developer platform."""

    def __init__(self, client: transport.Client, app: transport.App) -> None:
        self._client = client
        self._app = app

    def authorize_url(
        self,
        *,
        redirect_uri: str,
        scopes: Collection[str] = LOGIN_KIT_SCOPES,
        state: str,
        verifier: str | None = None,
        ask_again: bool = False,
    ) -> str:
        """The page on which the creator consents; `verifier` (see make_verifier) switches PKCE on."""
        query = {
            "client_key": self._app.id,
            "scope": ",".join(scopes),
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": make_challenge(verifier) if verifier else None,
            "code_challenge_method": "S256" if verifier else None,
            "disable_auto_auth": 1 if ask_again else None,
        }
        return f"{self._client.hosts.www}/v2/auth/authorize/?{calls.encode(query)}"

    def exchange(self, code: str, *, redirect_uri: str, verifier: str | None = None) -> Grant:
        """The grant behind a callback's code; `verifier` when the authorise page was given its challenge."""
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        return self._granted(fields | ({"code_verifier": verifier} if verifier else {}))

    def refresh(self, refresh_token: str) -> Grant:
        """A new grant; store both of its tokens, the refresh token may have changed. Unauthorized: ask again."""
        return self._granted({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def revoke(self, access_token: str) -> None:
        """Give the grant back."""
        keys = {"client_key": self._app.id, "client_secret": self._app.secret}
        self._client.open_form("v2/oauth/revoke/", keys | {"token": access_token})

    def _granted(self, fields: dict[str, str]) -> Grant:
        keys = {"client_key": self._app.id, "client_secret": self._app.secret}
        told = self._client.open_form("v2/oauth/token/", keys | fields)
        return _grant(told, at=self._client.clock(), refresh_life="refresh_expires_in")


class MarketplaceOAuth:
    """A brand's consent for its marketplace account: a token that lives until it is revoked."""

    def __init__(self, client: transport.Client, app: transport.App) -> None:
        self._client = client
        self._app = app

    def authorize_url(self, *, redirect_uri: str, scopes: Collection[str] = (), state: str) -> str:
        """The page on which the brand consents. Its scopes are those of the app, so `scopes` is not sent."""
        query = {"app_id": self._app.id, "state": state, "redirect_uri": redirect_uri}
        return f"{self._client.hosts.business}/portal/auth?{calls.encode(query)}"

    def exchange(self, code: str, *, redirect_uri: str = "") -> Grant:
        """The grant behind a callback's `auth_code` (1 hour, once). TikTok does not ask for `redirect_uri` here."""
        told = self._client.post("oauth2/access_token/", self._keys() | {"auth_code": code}, private=True)
        return Grant(
            access_token=told["access_token"],
            refresh_token=None,
            scopes=tuple(transport.as_id(scope) for scope in told.get("scope") or ()),
            open_id=None,
            expires_at=None,
            refresh_expires_at=None,
            advertiser_ids=tuple(transport.as_id(one) for one in told.get("advertiser_ids") or ()),
        )

    def revoke(self, access_token: str) -> None:
        """Give the grant back; this silently ends its webhook subscriptions too."""
        self._client.post("oauth2/revoke_token/", self._keys() | {"access_token": access_token}, private=True)

    def advertisers(self, token: str) -> list[types.Advertiser]:
        """The ad accounts the token may use."""
        told = self._client.get("oauth2/advertiser/get/", self._keys(), token=token, private=True)
        return list(told.get("list") or ())

    def tto_account_ids(self, token: str) -> tuple[str, ...]:
        """The marketplace accounts of today's generation (TikTok One) the token may use."""
        told = self._client.get("tto/oauth2/tcm/", self._keys(), token=token, private=True)
        return tuple(transport.as_id(one) for one in told.get("tto_tcm_account_ids") or ())

    def tto_account_info(self, token: str, *, account_id: str) -> types.MarketplaceAccount:
        """Name, country, time zone and verification of one marketplace account."""
        params = {"tto_tcm_account_id": account_id}
        return cast(
            types.MarketplaceAccount, self._client.get("tto/oauth2/info/", params, token=token, account=account_id)
        )

    def tcm_account_ids(self, token: str) -> tuple[str, ...]:
        """The marketplace accounts of the older generation the token may use, from all pages."""
        found: list[str] = []
        page, last = 1, 1
        while page <= last:
            params = self._keys() | {"page": page, "page_size": 100}
            told = self._client.get("oauth2/tcm/get/", params, token=token, private=True)
            found.extend(transport.as_id(one) for one in told.get("tcm_account_ids") or ())
            page, last = page + 1, int((told.get("page_info") or {}).get("total_page", 1))
        return tuple(found)

    def _keys(self) -> dict[str, Any]:
        return {"app_id": self._app.id, "secret": self._app.secret}


def callback_code(query: Mapping[str, str], *, at: datetime) -> str:
    """The code a callback brings, under either of its names (`code`, `auth_code`).

    Raises what it brings instead: errors.Unauthorized when the person said no, errors.ScopeMissing when the app was not
    given a scope it asked for, errors.Rejected for everything else and for a callback without any code.
    """
    code = query.get("code") or query.get("auth_code")
    if code:
        return code
    word = query.get("error") or "no_code"
    message = query.get("error_description") or "The callback brought no code."
    raise errors.for_word(word, message, endpoint="callback", request_id=query.get("log_id", ""), at=at)


def make_verifier() -> str:
    """A fresh PKCE verifier: 64 characters from the allowed alphabet."""
    return secrets.token_hex(32)


def make_challenge(verifier: str) -> str:
    """The challenge of a verifier. TikTok wants the hex SHA-256, not the base64url every library sends."""
    return hashlib.sha256(verifier.encode("ascii")).hexdigest()


def _grant(told: dict[str, Any], *, at: datetime, refresh_life: str) -> Grant:
    return Grant(
        access_token=told["access_token"],
        refresh_token=told.get("refresh_token"),
        scopes=_scopes(told.get("scope") or ""),
        open_id=told.get("open_id"),
        expires_at=_later(at, told.get("expires_in")),
        refresh_expires_at=_later(at, told.get(refresh_life)),
    )


def _scopes(told: str | Sequence[str]) -> tuple[str, ...]:
    parts = told.split(",") if isinstance(told, str) else told
    return tuple(part.strip() for part in parts if part.strip())


def _later(at: datetime, seconds: int | None) -> datetime | None:
    return None if seconds is None else at + timedelta(seconds=int(seconds))
