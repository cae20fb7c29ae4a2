"""Apps, authorisation codes and grants: who may read what, for how long. Everything lives on the sandbox clock."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from urllib.parse import urlsplit

ACCESS_LIFE = timedelta(seconds=86_400)
REFRESH_LIFE = timedelta(seconds=31_536_000)
ACCOUNT_CODE_LIFE = timedelta(minutes=10)
BRAND_CODE_LIFE = timedelta(hours=1)
LOOPBACK = ("127.0.0.1", "localhost", "::1")

ACCOUNT_SCOPES = (
    "user.info.basic", "user.info.username", "user.info.profile", "user.info.stats", "user.account.type",
    "user.insights",
    "video.list", "video.insights", "video.publish", "video.upload", "comment.list", "comment.list.manage",
    "message.list.read", "message.list.send", "message.list.manage", "biz.spark.auth", "biz.ads.recommend",
    "biz.brand.insights", "biz.creator.info", "biz.creator.insights", "tcm.order.update",
)  # fmt: skip
LOGIN_SCOPES = (
    "user.info.basic",
    "user.info.profile",
    "user.info.stats",
    "video.list",
    "video.publish",
    "video.upload",
)
BRAND_SCOPES = (
    13000000, 13010000, 13020000, 13030000, 13040000, 14000000, 14010000, 14010100, 14010200, 14020000, 14030000,
    18000000, 18010000, 18020000, 18030000, 18030100, 18030200, 690, 691, 693, 44,
)  # fmt: skip


class Refused(Exception):
    """A token request that cannot be granted. `reason` is one of the OAuth words; the families translate it."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason, text)
        self.reason = reason
        self.text = text


@dataclass
class App:
    """A developer's app. `redirects` empty means: any address that keeps the redirect rules."""

    app_id: str
    secret: str
    family: str
    name: str
    scopes: tuple[str, ...]
    redirects: tuple[str, ...] = ()
    level: str = "basic"


def usual_apps(level: str) -> list[App]:
    """The apps every world has, one of each family."""
    return [
        App("sandbox-app", "sandbox-secret", "business", "Greenroom", ACCOUNT_SCOPES, level=level),
        App("sandbox-key", "sandbox-key-secret", "login", "Greenroom", LOGIN_SCOPES, level=level),
    ]


@dataclass
class Code:
    """A code on its way to a grant: `kind` account, display or brand; `subject` an index or a brand's place."""

    value: str
    kind: str
    app_id: str
    subject: int
    scopes: tuple[str, ...]
    redirect_uri: str
    until: datetime
    challenge: str = ""
    used: bool = False


@dataclass
class Grant:
    """What one subject allowed one app. A brand's grant has no refresh token and no end."""

    kind: str
    app_id: str
    subject: int
    scopes: tuple[str, ...]
    began: datetime
    refresh: str = ""
    next_refresh: str = ""
    revoked: bool = False
    ended: datetime | None = None
    tokens: dict[str, datetime | None] = field(default_factory=dict)

    def refresh_until(self) -> datetime:
        return self.began + REFRESH_LIFE


class Grants:
    """The registry of apps, codes and grants. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.apps: dict[str, App] = {}
        self._codes: dict[str, Code] = {}
        self._by_access: dict[str, Grant] = {}
        self._by_refresh: dict[str, Grant] = {}
        self._grants: list[Grant] = []

    def register(self, app: App) -> App:
        with self._lock:
            self.apps[app.app_id] = app
        return app

    def issue_code(
        self,
        app: App,
        *,
        kind: str,
        subject: int,
        scopes: Iterable[str],
        redirect_uri: str,
        at: datetime,
        challenge: str = "",
    ) -> Code:
        """A code that works once: for 10 minutes, or for 1 hour when it stands for a brand."""
        life = BRAND_CODE_LIFE if kind == "brand" else ACCOUNT_CODE_LIFE
        with self._lock:
            code = Code(
                self._name("code"), kind, app.app_id, subject, tuple(scopes), redirect_uri, at + life, challenge
            )
            self._codes[code.value] = code
        return code

    def exchange(
        self, app: App, value: str, *, kind: str, at: datetime, redirect_uri: str | None = None, verifier: str = ""
    ) -> tuple[Grant, str]:
        """A grant and its access token for a code. Raises `Refused`; a code is burned by its first use."""
        with self._lock:
            code = self._codes.get(value)
            if code is None or code.app_id != app.app_id or code.kind != kind or code.used or at > code.until:
                raise Refused("invalid_grant", "Authorization code is expired, used or unknown.")
            if redirect_uri is not None and redirect_uri != code.redirect_uri:
                raise Refused("invalid_request", "Redirect_uri is not matched with the uri when requesting code.")
            if code.challenge and not proves(verifier, code.challenge):
                raise Refused("invalid_request", "Code verifier or code challenge is invalid.")
            code.used = True
            grant = Grant(kind, code.app_id, code.subject, code.scopes, began=at)
            if kind != "brand":
                grant.refresh = self._name("rft")
                self._by_refresh[grant.refresh] = grant
            self._grants.append(grant)
            return grant, self._access(grant, at=at)

    def renew(self, app: App, refresh: str, *, at: datetime, rotate_at_once: bool = False) -> tuple[Grant, str]:
        """A new pair for a refresh token. Raises `Refused`.

        The old refresh token goes on working until the new pair is used for the first time, so that an answer lost on
        the way does not end the connection; with `rotate_at_once` it ends here.
        """
        with self._lock:
            grant = self._by_refresh.get(refresh)
            if grant is None or grant.app_id != app.app_id or grant.revoked:
                raise Refused("invalid_grant", "Refresh token is invalid or has been revoked.")
            if at > grant.refresh_until():
                raise Refused("expired", "Refresh token is expired.")
            if refresh == grant.next_refresh:
                self._settle(grant)
            self._by_refresh.pop(grant.next_refresh, None)
            grant.next_refresh = self._name("rft")
            self._by_refresh[grant.next_refresh] = grant
            if rotate_at_once:
                self._settle(grant)
            return grant, self._access(grant, at=at)

    def find(self, access: str) -> Grant | None:
        """The grant behind an access token, or None when it never was or has been revoked."""
        grant = self._by_access.get(access)
        return None if grant is None or grant.revoked else grant

    def used(self, grant: Grant, access: str) -> None:
        """Note that the newest access token arrived at its owner: the refresh token before it ends."""
        if grant.next_refresh and access == next(reversed(grant.tokens)):
            with self._lock:
                self._settle(grant)

    def expire(self, grant: Grant, access: str, *, at: datetime) -> None:
        """End an access token now; the refresh token goes on."""
        with self._lock:
            grant.tokens[access] = at - timedelta(seconds=1)

    def revoke(self, grant: Grant, *, at: datetime) -> None:
        with self._lock:
            if not grant.revoked:
                grant.revoked, grant.ended = True, at

    def of(self, subject: int, *, app_id: str | None = None) -> list[Grant]:
        """The living grants of a TikTok account, oldest first."""
        with self._lock:
            return [
                grant
                for grant in self._grants
                if grant.subject == subject
                and grant.kind != "brand"
                and not grant.revoked
                and app_id in (None, grant.app_id)
            ]

    def subjects(self, app_id: str) -> list[int]:
        """The accounts that have authorised an app and not taken it back."""
        with self._lock:
            found = (
                one.subject
                for one in self._grants
                if one.app_id == app_id and one.kind == "account" and not one.revoked
            )
            return list(dict.fromkeys(found))

    def _access(self, grant: Grant, *, at: datetime) -> str:
        token = self._name("act")
        grant.tokens[token] = None if grant.kind == "brand" else at + ACCESS_LIFE
        self._by_access[token] = grant
        return token

    def _settle(self, grant: Grant) -> None:
        if grant.next_refresh:
            self._by_refresh.pop(grant.refresh, None)
            grant.refresh, grant.next_refresh = grant.next_refresh, ""

    def _name(self, kind: str) -> str:
        return f"{kind}.{token_hex(20)}!sandbox"  # not drawn from the seed: a world begun anew must not know old tokens


def proves(verifier: str, challenge: str) -> bool:
    """TikTok's PKCE: the challenge is the hex, not base64url, SHA-256 of a verifier of 43 to 128 characters."""
    return 43 <= len(verifier) <= 128 and sha256(verifier.encode()).hexdigest() == challenge


def redirect_problem(uri: str) -> str:
    """Why TikTok would not take a redirect address; an empty text when it would.

    Our exception: a loopback address may be http and carry a port, so that everything runs on one machine.
    """
    parts = urlsplit(uri)
    if not 10 <= len(uri) <= 512:
        return "redirect_uri must have 10 to 512 characters."
    if parts.query or parts.fragment or "?" in uri or "#" in uri:
        return "redirect_uri must not contain a query or a fragment."
    if not parts.path.endswith("/"):
        return "redirect_uri must end with /."
    if parts.hostname in LOOPBACK and parts.scheme in ("http", "https"):
        return ""
    if parts.scheme != "https":
        return "redirect_uri must begin with https."
    if parts.port is not None:
        return "redirect_uri must not contain a port."
    return ""
