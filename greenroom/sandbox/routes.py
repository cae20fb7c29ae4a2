"""One endpoint of API for Business as a row, and the call that reaches it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from greenroom.sandbox.http import ApiError, Json, Request
from greenroom.sandbox.oauth import App, Grant
from greenroom.sandbox.people import Account

if TYPE_CHECKING:
    from greenroom.sandbox.world import World


@dataclass(frozen=True)
class Route:
    """An endpoint below `/open_api/v1.3/`. `whose` token it must be: of an `account`, a `brand`, `any`, or `nobody`.

    `scope` is what the token must hold (a word on an account's token, a number on a brand's). `limited` endpoints count
    towards the limits of the Accounts API.
    """

    method: str
    path: str
    answer: "Callable[[Call], Json]"
    whose: str = "account"
    scope: str | int | None = None
    limited: bool = False


class Call:
    """One request to one route, with the grant behind its token."""

    def __init__(
        self, world: "World", request: Request, route: Route, *, grant: Grant | None, app: App | None, at: datetime
    ) -> None:
        self.world, self.request, self.route, self.at = world, request, route, at
        self._grant, self._app = grant, app

    @property
    def grant(self) -> Grant:
        assert self._grant is not None
        return self._grant

    @property
    def app(self) -> App:
        assert self._app is not None
        return self._app

    @cached_property
    def account(self) -> Account:
        """The account whose token this is."""
        return self.world.account_at(self.grant.subject)

    @cached_property
    def open_id(self) -> str:
        return self.world.open_id(self.grant.subject, self.grant.app_id)

    @cached_property
    def parameters(self) -> Json:
        """The query of a GET, the JSON object or the form with files of a POST; of a file its name stands for it."""
        if self.route.method == "GET":
            return dict(self.request.query)
        fields = self.request.multipart
        if not fields:
            return self.request.json
        return {
            name: name if name.endswith("_file") else value.decode("utf-8", "replace") for name, value in fields.items()
        }

    def need(self, *names: str) -> None:
        """Raises 40002 when a required field is missing."""
        missing = [name for name in names if self.parameters.get(name) in (None, "", [], "[]")]
        if missing:
            raise ApiError(40002, f"Missing required field(s): {', '.join(missing)}.")

    def text(self, name: str, default: str = "") -> str:
        value = self.parameters.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def short(self, name: str, most: int) -> str:
        """A text of at most so many characters. Raises 40002."""
        found = self.text(name)
        if len(found) > most:
            raise ApiError(40002, f"{name}: Longer than maximum length {most}.")
        return found

    def flag(self, name: str, default: bool) -> bool:
        """A truth value, in JSON or as a word. Raises 40002."""
        value = self.parameters.get(name, default)
        known = {"true": True, "false": False, "True": True, "False": False}
        found = known.get(value) if isinstance(value, str) else value
        if not isinstance(found, bool):
            raise ApiError(40002, f"{name}: Not a valid boolean.")
        return found

    def one_of(self, name: str, options: tuple[int, ...], default: int) -> int:
        """One of a few whole numbers. Raises 40002."""
        value = self.parameters.get(name)
        if value in (None, ""):
            return default
        if str(value) not in {str(one) for one in options}:
            raise ApiError(40002, f"{name}: Must be one of: {', '.join(str(one) for one in options)}.")
        return int(str(value))

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number within bounds. Raises 40002."""
        value = self.parameters.get(name, default)
        try:
            number = int(value)
        except (TypeError, ValueError):
            raise ApiError(40002, f"{name}: Not a valid integer.") from None
        if not least <= number <= most:
            raise ApiError(40002, f"{name}: Must be greater than or equal to {least} and less than or equal to {most}.")
        return number

    def decimal(self, name: str, default: float) -> float:
        """Any number. Raises 40002."""
        value = self.parameters.get(name)
        try:
            return default if value in (None, "") else float(str(value))
        except ValueError:
            raise ApiError(40002, f"{name}: Not a valid number.") from None

    def choice(self, name: str, options: tuple[str, ...], default: str) -> str:
        value = self.text(name, default) or default
        if value not in options:
            raise ApiError(40002, f"{name}: Must be one of: {', '.join(options)}.")
        return value

    def listing(self, name: str, default: list[str] | None = None, *, most: int | None = None) -> list[str]:
        """A list, which a GET carries as JSON text inside one query value. Raises 40002, also beyond `most`."""
        found = [one if isinstance(one, str) else json.dumps(one) for one in self._parsed(name, list, default or [])]
        if most is not None and len(found) > most:
            raise ApiError(40002, f"{name}: Longer than maximum length {most}.")
        return found

    def names(self, name: str, known: tuple[str, ...]) -> list[str]:
        """The names chosen from those there are; none when nothing was chosen. Raises 40002 for an unknown one."""
        chosen = self.listing(name)
        unknown = [one for one in chosen if one not in known]
        if unknown:
            raise ApiError(40002, f"{name}: Invalid field(s): {', '.join(unknown)}.")
        return chosen

    def day(self, name: str) -> date | None:
        """A date, or None when it was not given. Raises 40002."""
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise ApiError(40002, f"{name}: Time format should be %Y-%m-%d. Please try again.") from None

    def object(self, name: str) -> Json:
        found: Json = self._parsed(name, dict, {})
        return found

    def fields(self, known: dict[str, str], default: list[str]) -> list[str]:
        """The fields asked for. Raises 40002 for an unknown one and 40001 for one whose scope was not granted."""
        asked = self.names("fields", tuple(known)) or default
        lacking = sorted({known[name] for name in asked} - set(self.grant.scopes))
        if lacking:
            raise ApiError(
                40001, f"Permission error: the access token does not have the required scope(s): {', '.join(lacking)}."
            )
        return asked

    def own(self, name: str = "business_id") -> None:
        """The account addressed must be the one the token belongs to. Raises 40002 or 40001."""
        self.need(name)
        if self.text(name) != self.open_id:
            raise ApiError(40001, f"Permission error: no permission to access {name} {self.text(name)}.")

    def _parsed(self, name: str, kind: type, default: Any) -> Any:
        value = self.parameters.get(name)
        if value in (None, ""):
            return default
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise ApiError(40002, f"{name}: Not a valid {'list' if kind is list else 'object'}.") from None
        if not isinstance(value, kind):
            raise ApiError(40002, f"{name}: Not a valid {'list' if kind is list else 'object'}.")
        return value
