"""The desk every call passes: whose key it is, whether it may, how often, and that it was asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections
from mcp.server.mcpserver.exceptions import ToolError

from greenroom.core import clock, events
from greenroom.core.access import Can
from greenroom.core.models import Workspace
from greenroom.core.text import visible
from greenroom.keys import actions as keys
from greenroom.keys import allowance
from greenroom.metrics.definitions import UnknownMetric
from greenroom.metrics.query import BadQuery

P = ParamSpec("P")
R = TypeVar("R")
LONGEST = 200  # of a text in an event


class BadInput(ValueError):
    """An argument makes no sense; the text says what would."""


@dataclass(frozen=True)
class Call:
    """One question: in which workspace, and when."""

    workspace: Workspace
    at: datetime


Tool = Callable[..., Any]
TOOLS: dict[str, Tool] = {}
"""Every tool by its name; `needs` of each is the permission it takes."""


def tool(permission: Can) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function `(call, …)` a tool. Its docstring is what a model reads about it."""

    def register(asked: Callable[P, R]) -> Callable[P, R]:
        asked.needs = permission  # type: ignore[attr-defined]
        TOOLS[asked.__name__] = asked
        return asked

    return register


@contextmanager
def opened(text: str, name: str, permission: Can, arguments: Mapping[str, Any]) -> Iterator[Call]:
    """Let one call through. Raises ToolError, in words for whoever reads it, also for what the block raises of input.

    The key is looked at with every call, so that it ends at once when it is revoked or expires.
    """
    close_old_connections()
    at = clock.now()
    try:
        key = keys.recognise(text, at=at)
        place = allowance.take(key.by, per_minute=settings.GREENROOM_API_PER_MINUTE, at=at)
        if place.wait_s is not None:
            raise ToolError(f"Too many questions: wait {place.wait_s} s.")
        told = {"tool": name, "arguments": {one: _short(value) for one, value in arguments.items() if value}}
        if permission not in key.permissions:
            events.record(key, "refused", by=key.by, at=at, **told)
            raise ToolError(
                f"The key {key.name!r} ({key.role}) may not do this: it takes the permission {permission}."
                " Use a key with another role."
            )
        events.note(key.workspace, "agent.asked", subject=events.about(key), by=key.by, at=at, **told)
        yield Call(key.workspace, at)
    except (keys.NoSuchKey, BadQuery, UnknownMetric, BadInput) as error:
        raise ToolError(str(error)) from error
    finally:
        close_old_connections()


def seen(value: Any) -> Any:
    """An argument without what can't be seen, at whatever depth: databases refuse some of it, eyes all of it."""
    match value:
        case str():
            return visible(value)
        case list() | tuple():
            return [seen(one) for one in value]
        case dict():
            return {name: seen(one) for name, one in value.items()}
    return value


def _short(value: Any) -> Any:
    """As an event may keep it."""
    if isinstance(value, list | tuple):
        return [_short(one) for one in value[:50]]
    if isinstance(value, dict):
        return {str(name)[:LONGEST]: _short(one) for name, one in list(value.items())[:50]}
    return value if isinstance(value, int | float | bool) else str(value)[:LONGEST]
