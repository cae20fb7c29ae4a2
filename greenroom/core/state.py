"""Stateful: a noun's allowed moves are one table, and moving is one conditional update."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction

from greenroom.core import events
from greenroom.core.access import Can
from greenroom.core.scope import Scoped

if TYPE_CHECKING:
    from greenroom.core.models import Event


class IllegalMove(Exception):
    """The table of moves has no such step. Answered as 409."""


class LostRace(Exception):
    """Somebody moved the row first; read it again. Answered as 409."""


class Stateful(Scoped):
    """A row with a `state` whose steps are `MOVES`: state -> {next state: who may take the step}."""

    MOVES: ClassVar[dict[str, dict[str, Can]]] = {}

    state = models.CharField(max_length=24)

    class Meta:
        abstract = True

    def moves(self, permissions: frozenset[Can]) -> list[str]:
        """The states a holder of `permissions` may move this row to: the list of buttons."""
        return [to for to, can in self.MOVES.get(self.state, {}).items() if can in permissions]

    def move(self, to: str, *, by: str, at: datetime, **data: Any) -> "Event":
        """Take one step and record it as `<noun>.<to>`. Raises IllegalMove or LostRace; then nothing is changed."""
        if to not in self.MOVES.get(self.state, {}):
            raise IllegalMove(f"{self._meta.verbose_name} {self.pk} is {self.state}; it can't become {to}")
        with transaction.atomic():
            rows: Any = type(self).objects
            if not rows.filter(pk=self.pk, state=self.state).update(state=to):
                raise LostRace(f"{self._meta.verbose_name} {self.pk} was moved by somebody else; load it again")
            was, self.state = self.state, to
            return events.record(self, to, by=by, at=at, was=was, **data)
