"""`greenroom restore`: a backup into an empty install, all of it or nothing."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from greenroom.backup import container, homes, readings, sequences, tables, upgrades
from greenroom.backup.export import Tell
from greenroom.backup.manifest import BadBackup, Manifest
from greenroom.core import secrets
from greenroom.core.scope import Scoped
from greenroom.core.work import Due
from greenroom.observations import schema, view
from greenroom.purges import journal
from greenroom.purges import running as purges

PURGED_SINCE = (
    "This backup holds data of a former source. If it was purged since, give the journal of the old home or the purge's"
    " certificate (--purged FILE), and it is purged here too. If it never was, say --never-purged."
)
MARK = "restoring"  # in the home folder, from the first change to the last


class PurgedSince(ValueError):
    """The backup holds what a former source left, and nobody said whether that was purged since."""


class NotEmpty(ValueError):
    """There is something here already; the text says what."""


@dataclass(frozen=True)
class Restored:
    """What was restored. `unreadable`: what was encrypted with keys that this install does not have."""

    manifest: Manifest
    unreadable: list[str]
    purged: int = 0  # purges that were done again, because the backup is older than they are


def restore(source: Path, *, at: datetime, tell: Tell, never_purged: bool = False) -> Restored:
    """Make an empty install what the backup says. Nothing is written before every checksum was compared; when something
    fails later nothing stays. Raises BadBackup, tables.BadRow, NotEmpty, PurgedSince.

    What the purge journal of this home knows and the backup does not is purged again before this returns (MIG-15); a
    backup with data of a former source is refused where there is no journal, unless it was `never_purged`.
    It leaves no trace of its own in the data: the restored install gives the same backup again.
    """
    refuse_unless_empty()
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.GREENROOM_HOME) as scratch:
        done = 0

        def compared(some: int) -> None:
            nonlocal done
            done += some
            tell("checksums", done, 0)

        with container.opened(source, scratch=Path(scratch), told=compared) as (folder, found):
            _check(found)
            if not never_purged and not journal.path().exists() and _holds_former(folder, found):
                raise PurgedSince(PURGED_SINCE)
            _remove_what_a_killed_one_left()
            registry = upgrades.take_shape(found.schema)
            _all_or_nothing(folder, found, registry, at=at, tell=tell)
            upgrades.finish()
    view.forget()
    again = purges.reapply(at=at)
    return Restored(found, secrets.unreadable(), len(again))


def refuse_unless_empty() -> None:
    """Raises NotEmpty when this database or home holds anything that a restore would mix with."""
    there = set(connection.introspection.table_names())
    for table in tables.kept(apps):
        made_by_migrate = issubclass(table.model, Due) and not issubclass(table.model, Scoped)
        if table.model._meta.db_table in there and not made_by_migrate and not table.is_empty:
            raise NotEmpty(
                f"This install is not empty: the database has rows in {table.name}. Restore into a new GREENROOM_HOME"
                " (and an empty database, with DATABASE_URL)."
            )
    if (left := homes.leftovers()) and not _mark().exists():
        raise NotEmpty(f"{left[0]} is not empty. Restore into a new GREENROOM_HOME.")


def _check(found: Manifest) -> None:
    """What can be known to fail before anything is written."""
    upgrades.check(found.schema)
    for name, entry in found.files.items():
        first, _, rest = name.partition("/")
        copied = first in homes.folders()
        if (
            not rest
            or copied != (entry.modified is not None)
            or not (copied or first in {"tables", "readings", "keys"})
        ):
            raise BadBackup(f"{name} has no place in an install of this version.")
    if found.with_keys and set(homes.KEYS) - set(found.files):
        raise BadBackup("The keys are missing from this backup.")


def _holds_former(folder: Path, found: Manifest) -> bool:
    """Is there a reading or a post of a former source in it?"""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    for kind in schema.KINDS:
        if f"readings/{kind}.parquet" in found.files:
            for group in pq.ParquetFile(folder / f"readings/{kind}.parquet").iter_batches(columns=["source_class"]):
                if purges.SOURCE in pc.unique(group["source_class"]).to_pylist():
                    return True
    posts = folder / "tables/creators.post.jsonl"
    if not posts.exists():
        return False
    with posts.open("rb") as lines:
        return any(b'"basis":"legacy"' in line for line in lines)


def _all_or_nothing(folder: Path, found: Manifest, registry: Any, *, at: datetime, tell: Tell) -> None:
    """The database in one transaction, and files that are removed again when it fails."""
    _mark().touch(mode=0o600)
    try:
        with transaction.atomic():
            refuse_unless_empty()  # once more, now that nobody else can write
            _rows(folder, found, registry, at=at, tell=tell)
            _lake(folder, found, registry, tell=tell)
            for number, (name, entry) in enumerate(found.files.items(), start=1):
                if entry.modified is not None:
                    homes.put(name, folder / name, since=entry.modified)
                tell("files", number, len(found.files))
            _check_links()
    except BaseException:
        homes.sweep()
        _mark().unlink()
        raise
    if found.with_keys:
        homes.put_keys(folder)
    _mark().unlink()


def _remove_what_a_killed_one_left() -> None:
    """A process that was killed leaves an empty database, the mark, and files that were put beside it."""
    if _mark().exists():
        homes.sweep()


def _rows(folder: Path, found: Manifest, registry: Any, *, at: datetime, tell: Tell) -> None:
    kept = tables.kept(registry)
    said = {name for name in found.files if name.startswith("tables/")}
    if strange := said ^ {table.file for table in kept}:
        raise BadBackup(f"The backup does not hold the tables of this version: {sorted(strange)[0]}.")
    for table in reversed(kept):
        table.clear()
    for table in kept:
        with (folder / table.file).open("rb") as lines:
            rows = table.load(lines, with_values={"rolled_at": at})
        if rows != found.files[table.file].rows:
            raise BadBackup(f"{table.file} has {rows} rows; the manifest says {found.files[table.file].rows}.")
        tell(table.name, rows, rows)
    sequences.write(kept, found.sequences)


def _check_links() -> None:
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise BadBackup(f"A row of the backup points at one that is not in it: {error}") from error


def _lake(folder: Path, found: Manifest, registry: Any, *, tell: Tell) -> None:
    rolls = registry.get_model("observations", "Roll")._base_manager
    for kind in schema.KINDS:
        name = f"readings/{kind}.parquet"
        if name not in found.files:
            continue
        total = found.files[name].rows or 0
        files = readings.restore(kind, folder / name, told=_counted(partial(tell, f"readings of {kind}"), total))
        version, step = (0, readings.FIRST_STEP) if files else (-1, 0)
        rolls.update_or_create(kind=kind, defaults={"version": version, "step": step, "files": files, "doing": None})


def _counted(tell: Any, total: int) -> Any:
    done = 0

    def told(some: int) -> None:
        nonlocal done
        done += some
        tell(done, total)

    return told


def _mark() -> Path:
    return Path(settings.GREENROOM_HOME) / MARK
