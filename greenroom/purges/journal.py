"""The purge journal: which purges there were, in a file of the home folder beside the database (MIG-15).

A database that was restored from an older backup does not know of a purge; the journal does, and the purge is done
again before anything is served. It names rows and times, and holds no figure and no text of what was purged.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings

from greenroom.core.models import Workspace
from greenroom.purges.models import Purge

NAME = "purges.jsonl"
AT_WORK = ("running", "done")


class BadJournal(ValueError):
    """A file that is no purge journal, or no certificate."""


@dataclass(frozen=True)
class Entry:
    """One purge. `made` is when its workspace was made, which tells workspaces of different installs apart."""

    uid: str
    workspace: int
    made: str
    source: str
    reason: str
    started_at: str


def path() -> Path:
    """Where the journal is."""
    return Path(settings.GREENROOM_HOME) / NAME


def entry_of(purge: Purge) -> Entry:
    """What the journal, and the certificate, say of a purge."""
    started = (purge.started_at or purge.planned_at).astimezone(UTC).isoformat()
    return Entry(purge.uid, purge.workspace_id, _made(purge.workspace), purge.source, purge.reason, started)


def note(purge: Purge) -> None:
    """Write a purge down, durably; once, however often it is called."""
    add([entry_of(purge)])


def add(found: Iterable[Entry]) -> int:
    """Write down those that are not in it yet; returns how many."""
    known = {one.uid for one in read(path())}
    fresh = [one for one in found if one.uid not in known]
    if fresh:
        with os.fdopen(os.open(path(), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a") as file:
            file.write("".join(json.dumps(asdict(one), sort_keys=True) + "\n" for one in fresh))
            file.flush()
            os.fsync(file.fileno())
    return len(fresh)


def take_over(place: Path) -> int:
    """Add what another home's journal, or a certificate, says of purges; returns how many were new.

    Raises BadJournal.
    """
    if not place.exists():
        raise BadJournal(f"{place} does not exist.")
    found = list(read(place))
    if not found:
        raise BadJournal(f"{place} names no purge. Give purges.jsonl of the old home, or a purge's certificate.")
    return add(found)


def read(place: Path) -> Iterator[Entry]:
    """The purges a journal or a certificate names. A last line that a crash cut short is passed over."""
    if not place.exists():
        return
    text = place.read_text(encoding="utf-8", errors="replace")
    for told in _objects(text):
        entry = told.get("journal", told)
        if isinstance(entry, dict) and entry.keys() == Entry.__dataclass_fields__.keys():
            yield Entry(**entry)


def pending() -> list[tuple[Workspace, Entry]]:
    """The purges this database does not know of, though its workspace had them: it is older than they are."""
    known = set(Purge.objects.filter(state__in=AT_WORK).values_list("uid", flat=True))
    homes = {_made(one): one for one in Workspace.objects.all()}
    return [(homes[one.made], one) for one in read(path()) if one.uid not in known and one.made in homes]


def complete() -> None:
    """Write down what the database knows and the journal does not: it was restored into a new home."""
    add(entry_of(one) for one in Purge.objects.filter(state__in=AT_WORK).select_related("workspace"))


def _made(workspace: Workspace) -> str:
    return workspace.created_at.astimezone(UTC).isoformat()


def _objects(text: str) -> Iterator[dict[str, Any]]:
    for part in [text] if text.lstrip().startswith("{\n") else text.splitlines():
        try:
            told = json.loads(part)
        except ValueError:
            continue
        if isinstance(told, dict):
            yield told
