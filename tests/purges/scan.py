"""Every byte below a folder, raw and unpacked: does one of some marks stand anywhere?"""

import gzip
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def find(folder: Path, marks: dict[str, str]) -> list[str]:
    """`mark in file` for each mark that is found; numbers also as the eight bytes they are."""
    looked_for = {name: _shapes(mark) for name, mark in marks.items()}
    found = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            for content in contents(path):
                for name, shapes in looked_for.items():
                    if any(shape in content for shape in shapes):
                        found.add(f"{name} in {path.relative_to(folder)}")
    return sorted(found)


def _shapes(mark: str) -> list[bytes]:
    shapes = [mark.encode(), mark.encode("utf-16-le")]
    if mark.isdigit():
        shapes += [int(mark).to_bytes(8, "little"), int(mark).to_bytes(8, "big")]
    return shapes


def contents(path: Path) -> Iterator[bytes]:
    """The file as it is, and whatever can be unpacked of it."""
    raw = path.read_bytes()
    yield raw
    if raw[:4] == b"PAR1":
        file = pq.ParquetFile(path)
        yield repr(file.read().to_pylist()).encode()
        yield repr(file.metadata.to_dict()).encode()
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    if raw[:4] == b"\x28\xb5\x2f\xfd":
        with pa.CompressedInputStream(pa.OSFile(str(path), "rb"), "zstd") as stream:
            yield stream.read()
    if raw[:15] == b"SQLite format 3":
        yield from _blobs(path)


def _blobs(path: Path) -> Iterator[bytes]:
    """Batches of readings inside the database: compressed, so that their bytes say nothing as they are."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as store:
        if not store.execute("select 1 from sqlite_master where name = 'observations_batch'").fetchone():
            return
        for (ipc,) in store.execute("select ipc from observations_batch"):
            with suppress(pa.ArrowInvalid):
                yield repr(pa.ipc.open_stream(ipc).read_all().to_pylist()).encode()
