"""What an install keeps outside of its database: raw answers, imported files, keys."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings

from greenroom.core import home
from greenroom.observations import engine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEYS = {"keys/encryption.keys": "encryption.keys", "keys/signing.key": "signing.key"}


def folders() -> dict[str, Path]:
    """The folders whose files are taken along as they are, by their name in a backup."""
    return {"archive": Path(settings.GREENROOM_ARCHIVE), "imports": Path(settings.GREENROOM_IMPORTS)}


def files() -> Iterator[tuple[str, Path]]:
    """Every file in them with its place in a backup, in order; not those that are just being written."""
    for name, folder in sorted(folders().items()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix != ".part":
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def modified(file: IO[bytes]) -> str:
    """When an open file was last modified, to the microsecond."""
    return (EPOCH + timedelta(microseconds=os.fstat(file.fileno()).st_mtime_ns // 1000)).isoformat()


def put(name: str, path: Path, *, since: str) -> None:
    """Put a file of a backup where it belongs. When it was modified counts: an erasure asks for it."""
    first, _, rest = name.partition("/")
    to = folders()[first] / rest
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(path, to)
    moment = (datetime.fromisoformat(since) - EPOCH) // timedelta(microseconds=1) * 1000
    os.utime(to, ns=(moment, moment))


def keys() -> dict[str, bytes]:
    """The keys in use, by their place in a backup."""
    return {
        "keys/encryption.keys": "\n".join(settings.GREENROOM_KEYS).encode(),
        "keys/signing.key": settings.SECRET_KEY.encode(),
    }


def put_keys(folder: Path) -> None:
    """Make a backup's keys those of this install; the signing key counts from its next start on."""
    for name, kept in KEYS.items():
        path = Path(settings.GREENROOM_HOME) / kept
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
            file.write((folder / name).read_bytes())
        fresh.replace(path)
    settings.GREENROOM_KEYS = home.encryption_keys(settings.GREENROOM_HOME)


def leftovers() -> list[Path]:
    """What there is of lake, archive and imports; an empty install has none of it."""
    places = [Path(engine.lake()), *folders().values()]
    return [place for place in places if place.exists() and any(_visible(place))]


def sweep() -> None:
    """Remove lake, archive and imports."""
    for place in [Path(engine.lake()), *folders().values()]:
        for path in _visible(place) if place.exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _visible(place: Path) -> Iterator[Path]:
    """Its contents but for what engines spill."""
    return (path for path in place.iterdir() if not path.name.startswith("."))
