"""`greenroom export --all`: one instant of everything, while app and worker go on."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings

from greenroom.backup import container, homes, readings, sequences, tables, upgrades
from greenroom.backup import manifest as manifests
from greenroom.backup.container import Draft
from greenroom.backup.manifest import Entry, Manifest
from greenroom.core import events
from greenroom.core.models import Workspace
from greenroom.core.snapshot import snapshot
from greenroom.observations import schema

Tell = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and of how much (0: not known)."""

LOOKS = 5
KEYS_LEFT_OUT = "the keys that open tokens and links; without them each connection is made again (export --with-keys)"
SETTINGS_LEFT_OUT = "settings and secrets of your TikTok app: copy greenroom.env by hand"


def export(target: Path, *, by: str, at: datetime, with_keys: bool = False, tell: Tell) -> Manifest:
    """Write a backup to `target`, a zip file when it ends in .zip, else a folder; returns what is in it.

    The same content at the same `at` gives the same bytes. Raises FileExistsError.
    """
    scratch = Path(tempfile.mkdtemp(prefix="export-", dir=settings.GREENROOM_HOME))
    try:
        with container.draft(target) as draft:
            made = _Export(draft, scratch, tell).run(at=at, with_keys=with_keys)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    for workspace in Workspace.objects.all():
        events.note(workspace, "backup.made", by=by, at=at, rows=made.rows, readings=made.readings, with_keys=with_keys)
    return made


@dataclass
class _Export:
    draft: Draft
    scratch: Path
    tell: Tell
    files: dict[str, Entry] = field(default_factory=dict)

    def run(self, *, at: datetime, with_keys: bool) -> Manifest:
        held, last = self._look()
        for kind, paths in held.items():
            self._readings(kind, paths)
        self._copies()
        if with_keys:
            self._keys()
        left_out = {**tables.LEFT_OUT, "greenroom.env": SETTINGS_LEFT_OUT}
        made = Manifest(
            made_at=at.astimezone(UTC).isoformat(),
            app_version=version("greenroom"),
            with_keys=with_keys,
            schema=upgrades.applied(),
            sequences=last,
            left_out=left_out if with_keys else {**left_out, "keys": KEYS_LEFT_OUT},
            files=self.files,
        )
        with self.draft.open(manifests.NAME) as part:
            part.write(made.to_bytes())
        return made

    def _look(self) -> tuple[dict[str, list[Path]], dict[str, int]]:
        """Everything the database knows, at one instant; the readings of that instant are held for later."""
        for look in range(LOOKS):
            try:
                with snapshot():
                    held = {kind: readings.hold(kind, self.scratch) for kind in schema.KINDS}
                    return held, self._tables()
            except readings.Gone:
                if look == LOOKS - 1:
                    raise
                for path in self.scratch.iterdir():
                    path.unlink()
        raise AssertionError("not reached")

    def _tables(self) -> dict[str, int]:
        kept = tables.kept(apps)
        for table in kept:
            total = table.model._base_manager.count()
            rows = 0
            with self.draft.open(table.file) as part:
                for line in table.lines():
                    part.write(line)
                    rows += 1
                    if rows % tables.ROWS == 0:
                        self.tell(table.name, rows, total)
            self.tell(table.name, rows, rows)
            self.files[table.file] = part.entry(rows=rows)
        return sequences.read(kept)

    def _readings(self, kind: str, paths: list[Path]) -> None:
        total, done = readings.count(paths), 0

        def told(some: int) -> None:
            nonlocal done
            done += some
            self.tell(f"readings of {kind}", done, total)

        name = f"readings/{kind}.parquet"
        with self.draft.open(name) as part:
            rows = readings.write(kind, paths, part, scratch=self.scratch, told=told)
        self.files[name] = part.entry(rows=rows)

    def _copies(self) -> None:
        found = list(homes.files())
        for number, (name, path) in enumerate(found, start=1):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue  # erased meanwhile
            with file, self.draft.open(name) as part:
                shutil.copyfileobj(file, part, container.CHUNK)
                self.files[name] = part.entry(modified=homes.modified(file))
            self.tell("raw answers and files", number, len(found))

    def _keys(self) -> None:
        for name, content in homes.keys().items():
            with self.draft.open(name) as part:
                part.write(content)
            self.files[name] = part.entry()
