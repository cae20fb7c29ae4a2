"""Where a backup is: a folder or a zip file. Written beside its place and moved there whole; read only after every
checksum has been compared."""

import hashlib
import io
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from greenroom.backup import manifest
from greenroom.backup.manifest import BadBackup, Entry

CHUNK = 1 << 20
PACKED = (".jsonl", ".json", ".csv")  # the rest is compressed already
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every member of a zip, so that the same content gives the same file
Told = Callable[[int], None]


class Part(io.RawIOBase):
    """A file of a backup being written: counts and hashes what goes through."""

    def __init__(self, into: IO[bytes]) -> None:
        self._into, self._size, self._hash = into, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._size

    def write(self, data: Any) -> int:
        self._into.write(data)
        self._hash.update(data)
        size = memoryview(data).nbytes
        self._size += size
        return size

    def entry(self, *, rows: int | None = None, modified: str | None = None) -> Entry:
        return Entry(self._size, self._hash.hexdigest(), rows, modified)


class Draft:
    """A backup being written; it becomes one with `finish`."""

    def __init__(self, place: Path, *, as_zip: bool) -> None:
        self._place = place / "backup"
        self._zip = zipfile.ZipFile(self._place, "x", allowZip64=True) if as_zip else None
        if not as_zip:
            self._place.mkdir(mode=0o700)

    @contextmanager
    def open(self, name: str) -> Iterator[Part]:
        """Write the file `name` (with slashes)."""
        if self._zip is not None:
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED if name.endswith(PACKED) else zipfile.ZIP_STORED
            member.external_attr = (stat.S_IFREG | 0o600) << 16
            with self._zip.open(member, "w", force_zip64=True) as file:
                yield Part(file)
            return
        path = self._place / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            yield Part(file)

    def finish(self, target: Path) -> None:
        if self._zip is not None:
            self._zip.close()
            self._place.chmod(0o600)
        self._place.rename(target)


@contextmanager
def draft(target: Path) -> Iterator[Draft]:
    """Write a backup to `target`: a zip file when it ends in .zip, else a folder. Nothing is there until all of it is.

    Raises FileExistsError when something is there already.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise FileExistsError(f"{target} exists already; give another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        made = Draft(place, as_zip=target.suffix == ".zip")
        yield made
        made.finish(target)
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def opened(source: Path, *, scratch: Path, told: Told) -> Iterator[tuple[Path, manifest.Manifest]]:
    """The backup as a folder whose every file was compared with the manifest, and the manifest. Raises BadBackup.

    A zip file is unpacked into `scratch`, not a byte more than the manifest says. `told` hears of bytes compared.
    """
    if not source.exists():
        raise BadBackup(f"{source} does not exist.")
    if source.is_dir():
        if not (source / manifest.NAME).is_file():
            raise BadBackup(f"{source} holds no {manifest.NAME}: it is no backup of Greenroom, or not all of one.")
        found = manifest.parse((source / manifest.NAME).read_bytes())
        _same_names(found, _names_in(source))
        for name, entry in found.files.items():
            with (source / name).open("rb") as file:
                _compare(name, entry, file, None, told)
        yield source, found
        return
    try:
        with zipfile.ZipFile(source) as packed:
            found = _unpack(packed, scratch, told)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise BadBackup(f"{source} can't be read as a zip file: {error}") from error
    yield scratch, found


def _unpack(packed: zipfile.ZipFile, into: Path, told: Told) -> manifest.Manifest:
    names = packed.namelist()
    if manifest.NAME not in names:
        raise BadBackup(f"The file holds no {manifest.NAME}: it is no backup of Greenroom, or not all of one.")
    if packed.getinfo(manifest.NAME).file_size > 1 << 30:
        raise BadBackup("The manifest is too large to be one.")
    found = manifest.parse(packed.read(manifest.NAME))
    if len(names) != len(set(names)):
        raise BadBackup("The file holds two files of one name.")
    _same_names(found, set(names))
    for name, entry in found.files.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with packed.open(name) as file, path.open("wb") as copy:
            _compare(name, entry, file, copy, told)
    return found


def _names_in(folder: Path) -> set[str]:
    found = set()
    for path in folder.rglob("*"):
        if path.is_symlink():
            raise BadBackup(f"{path.relative_to(folder)} is a link; a backup holds none.")
        if not path.is_dir():
            found.add(path.relative_to(folder).as_posix())
    return found


def _same_names(found: manifest.Manifest, names: set[str]) -> None:
    for name in found.files:
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or "\\" in name or "\0" in name or str(place) != name:
            raise BadBackup(f"The manifest names a file outside of the backup: {name!r}.")
    said = set(found.files) | {manifest.NAME}
    if missing := sorted(said - names):
        raise BadBackup(f"The backup is not whole: {missing[0]} is missing.")
    if strange := sorted(names - said):
        raise BadBackup(f"{strange[0]} is not in the manifest; somebody put it there.")


def _compare(name: str, entry: Entry, file: IO[bytes], copy: IO[bytes] | None, told: Told) -> None:
    """Read a file to its end, or to where it is longer than it should be, and compare; copy it on the way."""
    digest, size = hashlib.sha256(), 0
    while size <= entry.bytes and (some := file.read(CHUNK)):
        size += len(some)
        digest.update(some)
        if copy is not None:
            copy.write(some)
        told(len(some))
    if size != entry.bytes or digest.hexdigest() != entry.sha256:
        raise BadBackup(f"{name} was changed or is not whole: its checksum does not fit.")
