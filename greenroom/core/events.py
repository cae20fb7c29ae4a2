"""Events: one row per thing that happened. Timeline, audit, notices and webhooks all read these rows."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

if TYPE_CHECKING:
    from django.db import models

    from greenroom.core.models import Event, Workspace
    from greenroom.core.scope import Scoped

SYSTEM = "system"  # `by` of what no person did

# Called with each new event inside its own transaction, so that what they write is there exactly when the event is.
# They may write rows and nothing else: no HTTP, no waiting. A module above adds its function when it is loaded.
ON_EVENT: list[Callable[["Event"], None]] = []


def record(subject: "Scoped", verb: str, /, *, by: str, at: datetime, **data: Any) -> "Event":
    """Keep that `verb` happened to `subject` (a Scoped row), as the event `<noun>.<verb>`.

    `by` is `member:<id>`, `creator:<id>` or SYSTEM. `data` must be JSON; never a secret.
    """
    name = f"{subject._meta.model_name}.{verb}"
    return note(
        subject.workspace,
        name,
        subject=f"{subject._meta.model_name}:{subject.pk}",
        by=by,
        at=at,
        **data,
    )


def note(workspace: "Workspace", name: str, /, *, by: str, at: datetime, subject: str = "", **data: Any) -> "Event":
    """Keep an event that has no row of its own as subject, such as a refusal."""
    from greenroom.core.models import Event

    with transaction.atomic(savepoint=False):
        event = Event.objects.create(workspace=workspace, name=name, subject=subject, by=by, at=at, data=data)
        for hook in ON_EVENT:
            hook(event)
    return event


def about(subject: "models.Model") -> str:
    """How events name their subject: `account:7`."""
    return f"{subject._meta.model_name}:{subject.pk}"
