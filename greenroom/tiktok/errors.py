"""Every way TikTok can refuse, as one tree in which the class says what to do.

`for_code` turns a code of API for Business, `for_word` a word of the developer platform, `for_status` a bare
HTTP status into the right class. These three tables are the only place that knows codes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Literal

Window = Literal["second", "minute", "day", "ours", "unknown"]

MINUTE_PAUSE = 300.0  # the waiting rule of the rate-limit page: past a per-minute limit, pause five minutes
MAINTENANCE_PAUSE = 1800.0


class TikTokError(Exception):
    """A refusal: TikTok's words (`message`), its `code`, the `endpoint` asked and its `request_id` ("" if none)."""

    what_to_do: ClassVar[str] = "Read TikTok's message."

    def __init__(self, message: str, *, code: int | str, endpoint: str, request_id: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.endpoint = endpoint
        self.request_id = request_id

    def __str__(self) -> str:
        told = f"{self.message} (code {self.code}, {self.endpoint}"
        return f"{told}, request {self.request_id})" if self.request_id else f"{told})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class Unauthorized(TikTokError):
    """The grant does not open this door."""

    what_to_do = "Ask the creator to connect the account again."


class TokenExpired(Unauthorized):
    """The access token's time is over (or the platform does not say whether it is that or a withdrawal)."""

    what_to_do = "Refresh the token and ask once more; if the refresh is refused, ask the creator to connect again."


class ScopeMissing(Unauthorized):
    """The token is good but was not granted this."""

    what_to_do = "Ask the creator for the missing permission."


class Revoked(Unauthorized):
    """The creator took the consent back, or the token was never good."""

    what_to_do = "Mark the connection broken and ask the creator to connect again."


class Throttled(TikTokError):
    """Too often. TikTok did nothing, so even a write may be repeated after `retry_after` seconds.

    `window` names the limit that was passed: TikTok's per second, minute or day, one of our own ceilings ("ours"),
    or "unknown" where TikTok does not say.
    """

    what_to_do = "Ask again later: move the due time by retry_after."

    def __init__(
        self,
        message: str,
        *,
        code: int | str,
        endpoint: str,
        request_id: str = "",
        retry_after: float,
        window: Window = "unknown",
    ) -> None:
        super().__init__(message, code=code, endpoint=endpoint, request_id=request_id)
        self.retry_after = retry_after
        self.window = window


class Rejected(TikTokError):
    """TikTok understood and said no; asking again gives the same answer."""

    what_to_do = "Show TikTok's words and the request id; change the request before asking again."


class NotACreator(Rejected):
    """The TikTok user is not in the marketplace (40121)."""

    what_to_do = "Invite the creator to the marketplace first."


class WrongRegion(Rejected):
    """The marketplace creator is outside the regions this account may work with (40122)."""

    what_to_do = "Choose a creator in a region of this marketplace account."


class NotFound(Rejected):
    """The object does not exist (40007)."""

    what_to_do = "Drop the id."


class Duplicate(Rejected):
    """TikTok takes the request for a repeat of one it has carried out (40050)."""

    what_to_do = "Treat it as done after reading back what is there."


class Unavailable(TikTokError):
    """TikTok or the way to it is broken for the moment.

    `sent` is False when the request surely never left, so that even a write may be repeated.
    `retry_after` (seconds) is how long the caller should leave it.
    """

    what_to_do = "Back off and ask again; before repeating a write, read back whether it happened."

    def __init__(
        self,
        message: str,
        *,
        code: int | str,
        endpoint: str,
        request_id: str = "",
        sent: bool = True,
        retry_after: float = 60.0,
    ) -> None:
        super().__init__(message, code=code, endpoint=endpoint, request_id=request_id)
        self.sent = sent
        self.retry_after = retry_after


THROTTLE_CODES = frozenset({40016, 40100, 40132, 40133})
MAINTENANCE_CODES = frozenset({60001, 61000})

# Codes of API for Business that need more than "show TikTok's words". Every other 4xxxx is Rejected,
# every other 5xxxx and 6xxxx is Unavailable.
CLASS_OF_CODE: dict[int, type[TikTokError]] = {
    40001: ScopeMissing,
    40130: ScopeMissing,
    40131: ScopeMissing,
    40007: NotFound,
    40050: Duplicate,
    40102: TokenExpired,
    40103: Unauthorized,  # refresh token expired
    40105: Revoked,
    40106: Revoked,  # the user behind the token is invalid
    40107: Unauthorized,  # bad refresh token
    40110: Unauthorized,  # authorisation code used, cancelled or expired
    40121: NotACreator,
    40122: WrongRegion,
    40202: Unavailable,  # write conflict
    **dict.fromkeys(THROTTLE_CODES, Throttled),
}

# Words of the developer platform: `error.code` of the data calls, `error` of the OAuth calls.
CLASS_OF_WORD: dict[str, type[TikTokError]] = {
    "access_token_invalid": TokenExpired,  # said of expired and of withdrawn tokens; only a refresh tells which
    "scope_not_authorized": ScopeMissing,
    "scope_permission_missed": ScopeMissing,
    "invalid_scope": ScopeMissing,
    "rate_limit_exceeded": Throttled,
    "internal_error": Unavailable,
    "server_error": Unavailable,
    "temporarily_unavailable": Unavailable,
    "invalid_grant": Unauthorized,
    "access_denied": Unauthorized,
}


def for_code(code: int, message: str, *, endpoint: str, request_id: str, at: datetime) -> TikTokError:
    """The error an envelope of API for Business with this code (not 0, not 20001) stands for."""
    kind = CLASS_OF_CODE.get(code, Unavailable if code >= 50000 else Rejected)
    if kind is Throttled:
        return _throttled(message, code=code, endpoint=endpoint, request_id=request_id, at=at)
    if code in MAINTENANCE_CODES:
        pause = MAINTENANCE_PAUSE
        return Unavailable(message, code=code, endpoint=endpoint, request_id=request_id, retry_after=pause)
    return kind(message, code=code, endpoint=endpoint, request_id=request_id)


def for_word(word: str, message: str, *, endpoint: str, request_id: str, at: datetime) -> TikTokError:
    """The error a word of the developer platform stands for."""
    kind = CLASS_OF_WORD.get(word, Rejected)
    if kind is Throttled:
        return _throttled(message, code=word, endpoint=endpoint, request_id=request_id, at=at)
    return kind(message, code=word, endpoint=endpoint, request_id=request_id)


def for_status(status: int, message: str, *, endpoint: str, request_id: str, at: datetime) -> TikTokError:
    """The error an answer without a readable envelope stands for: only its HTTP status speaks."""
    if status == 429:
        return _throttled(message, code=status, endpoint=endpoint, request_id=request_id, at=at)
    kind = Rejected if 300 <= status < 500 else Unavailable  # a 200 without an envelope is a gateway's page
    return kind(message, code=status, endpoint=endpoint, request_id=request_id)


def _throttled(message: str, *, code: int | str, endpoint: str, request_id: str, at: datetime) -> Throttled:
    window = throttle_window(message)
    midnight = (at + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    pauses = {"minute": MINUTE_PAUSE, "day": (midnight - at).total_seconds()}
    return Throttled(
        message,
        code=code,
        endpoint=endpoint,
        request_id=request_id,
        retry_after=pauses.get(window, 1.0),
        window=window,
    )


def throttle_window(message: str) -> Window:
    """Which limit TikTok's words name; there are no rate-limit headers to read it from."""
    found: dict[str, Window] = {"QPS": "second", "QPM": "minute", "QPD": "day"}
    return next((window for word, window in found.items() if word in message), "unknown")
