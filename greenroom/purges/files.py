"""Files that a former source left: imported ones, raw ones in the archive, exports and backups in the home folder."""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from greenroom.imports import drafts, places
from greenroom.imports.models import Change, Fingerprint, Import, RowError, Seen
from greenroom.observations import engine
from greenroom.syncs import archive

MANIFEST, FORMAT = "manifest.json", "greenroom-backup"
SCRATCH = ("export-", "restore-")  # what an export or a restore that was killed leaves in the home folder
ABOUT = (RowError, Fingerprint, Change, Seen)  # rows that say something of a file's content


def imports(workspace: int) -> list[Import]:
    """The imports that brought what a former source left."""
    return list(Import.objects.within(workspace).filter(former=True).order_by("pk"))


def of_imports(workspace: int) -> int:
    """Their files that are kept, the rows about their content, and the imports that still describe it."""
    count = 0
    for one in imports(workspace):
        count += places.source(one).exists() + places.rows(one).exists()
        count += bool(one.header or one.profile or one.warnings or one.dry_run)
        count += sum(model.objects.filter(of=one).count() for model in ABOUT)
    return count


def forget_imports(workspace: int, *, by: str, at: datetime) -> int:
    """Remove those files and rows; that there was an import, when and of how many rows, stays. Safe to do twice."""
    found = imports(workspace)
    for one in found:
        if one.state in ("new", "reading", "refused"):
            drafts.discard(one, by=by, at=at)
            continue
        for model in ABOUT:
            model.objects.filter(of=one).delete()
        one.header, one.profile, one.mapping, one.warnings, one.dry_run = [], [], {}, {}, {}
        one.last_error, one.due_at = "", None
        with transaction.atomic():
            one.save(update_fields=["header", "profile", "mapping", "warnings", "dry_run", "last_error", "due_at"])
        places.forget(one)
        _forget_source(one)
    return len(found)


def _forget_source(one: Import) -> None:
    """The file as it was sent, also where an ordinary import brought the very same: it is what the source left."""
    places.source(one).unlink(missing_ok=True)


def forget_archive(workspace: int) -> int:
    """Remove the raw files; returns how many. Safe to do twice."""
    found = archive.former(workspace)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def exports(*, until: datetime) -> list[Path]:
    """What may hold a copy of everything, by its place: backups below the home folder made until then, and what an
    export or a restore that was killed left there. Nobody can take one source out of a backup: its checksums say so."""
    home = Path(settings.GREENROOM_HOME)
    return sorted(
        path for path in [*_backups(home), *_scratch(home), *_spilled()] if path.lstat().st_mtime <= until.timestamp()
    )


def forget_exports(*, until: datetime) -> int:
    """Remove them; returns how many. Safe to do twice."""
    found = exports(until=until)
    for path in found:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return len(found)


def _scratch(home: Path) -> Iterator[Path]:
    for start in SCRATCH:
        yield from home.glob(f"{start}*")


def _spilled() -> Iterator[Path]:
    """What a question that needed more than its memory wrote down, and a killed process left."""
    place = Path(engine.lake()) / ".spill"
    return place.iterdir() if place.is_dir() else iter(())


def _backups(home: Path) -> Iterator[Path]:
    own = {Path(engine.lake()), Path(settings.GREENROOM_ARCHIVE), Path(settings.GREENROOM_IMPORTS)}
    own |= {Path(settings.GREENROOM_CACHE), Path(settings.STATIC_ROOT), home / "mail"}
    for place, folders, names in os.walk(home):
        folder = Path(place)
        folders[:] = [name for name in folders if folder / name not in own and not name.startswith(SCRATCH)]
        if MANIFEST in names and _is_backup((folder / MANIFEST).read_bytes()):
            folders.clear()
            yield folder
            continue
        for name in names:
            if name.endswith(".zip") and _holds_backup(folder / name):
                yield folder / name


def _holds_backup(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as packed:
            return any(_is_backup(packed.read(name)) for name in packed.namelist() if name == MANIFEST)
    except (zipfile.BadZipFile, OSError):
        return False


def _is_backup(content: bytes) -> bool:
    try:
        return bool(json.loads(content).get("format") == FORMAT)
    except (ValueError, AttributeError):
        return False


def made_at(path: Path) -> datetime:
    """When a file or folder was last written."""
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
