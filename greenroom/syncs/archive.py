"""Raw answers as they came, one compressed file per run, so that rows can be made from them again.

A file is a Zstandard frame of lines: what was asked for, then for each answer a line about it and its bytes. No token
and no secret is in it: a code by which a post may be advertised is blanked. It is complete on disk before the run's
transaction begins; one whose transaction never came is an orphan, harmless, and swept a day later.
"""

import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from django.conf import settings

from greenroom.tiktok import client as tiktok

ORPHANS_KEPT = timedelta(days=1)
CODES = re.compile(rb'("auth(?:orization)?_code"\s*:\s*)"[^"]*"')  # of Spark Ads, as the order report tells them

_tape: ContextVar[list[tiktok.Exchange] | None] = ContextVar("tape", default=None)


@dataclass(frozen=True)
class Raw:
    """What one file holds: the `ask` it answers, as JSON, and the answers in the order they came."""

    ask: dict[str, Any]
    answers: list[tuple[dict[str, Any], bytes]]


@contextmanager
def recording() -> Iterator[list[tiktok.Exchange]]:
    """Collect every successful answer this thread gets until the block ends."""
    tape: list[tiktok.Exchange] = []
    token = _tape.set(tape)
    try:
        yield tape
    finally:
        _tape.reset(token)


def note(exchange: tiktok.Exchange) -> None:
    """Put an answer on the tape of the thread that asked, if it is recording."""
    tape = _tape.get()
    if tape is not None:
        tape.append(exchange)


def under_way() -> bool:
    """Has this thread's recording got answers already, which giving up would waste?"""
    return bool(_tape.get())


def write(ask: dict[str, Any], tape: Iterable[tiktok.Exchange], *, owner: str, at: datetime) -> str:
    """Write one run's answers durably and return the file's place below GREENROOM_ARCHIVE.

    `owner` begins the file's name (`<workspace>-<account>-<stream>`), so that what belongs to an account can be found.
    """
    lines = bytearray(_line(ask))
    for exchange in tape:
        about: dict[str, Any] = {"at": exchange.at.isoformat(), "method": exchange.method, "path": exchange.path}
        body = CODES.sub(rb'\1""', exchange.body)
        about |= {"params": dict(exchange.params), "status": exchange.status, "bytes": len(body)}
        lines += _line(about)
        lines += body + b"\n"
    name = f"{at:%Y-%m-%d}/{owner}-{secrets.token_hex(6)}.zst"
    _put(folder() / name, _packed(bytes(lines)))
    return name


def read(name: str) -> Raw:
    """The answers of one run. Raises FileNotFoundError when the file has been erased."""
    import pyarrow as pa

    with pa.CompressedInputStream(pa.OSFile(str(folder() / name), "rb"), "zstd") as stream:
        content = stream.read()
    first, _, rest = content.partition(b"\n")
    answers = []
    while rest:
        line, _, rest = rest.partition(b"\n")
        about = json.loads(line)
        answers.append((about, rest[: about["bytes"]]))
        rest = rest[about["bytes"] + 1 :]
    return Raw(json.loads(first), answers)


def discard(name: str) -> None:
    """Delete the file of a run that was not kept."""
    (folder() / name).unlink(missing_ok=True)


def sweep(known: Iterable[str], *, day: date) -> int:
    """Delete the files of a day that no run knows; returns how many. Ask only about days that are over."""
    kept, swept = set(known), 0
    for path in (folder() / f"{day:%Y-%m-%d}").glob("*"):
        if f"{day:%Y-%m-%d}/{path.name}" not in kept:
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def erase(workspace: int, account: int, *, until: datetime) -> int:
    """Delete the files of one account written until then; returns how many."""
    found = [path for path in folder().glob(f"*/{workspace}-{account}-*") if path.stat().st_mtime <= until.timestamp()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def former(workspace: int) -> list[Path]:
    """Raw files of a former source: all below `legacy/<workspace>/`, and runs whose stream was called legacy."""
    below = (path for path in (folder() / "legacy" / str(workspace)).rglob("*") if path.is_file())
    return sorted([*below, *folder().glob(f"*/{workspace}-*-legacy-*")])


def folder() -> Path:
    """Where the archive is."""
    return Path(settings.GREENROOM_ARCHIVE)


class Replay(httpx2.BaseTransport):
    """Plays archived answers back to a client, in order, whatever it asks."""

    def __init__(self, raw: Raw) -> None:
        self._answers = iter(raw.answers)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        about, body = next(self._answers)
        if about["path"] != request.url.path:
            raise LookupError(f"{about['path']} was archived here, not {request.url.path}")
        return httpx2.Response(about["status"], content=body)


def _line(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=str).encode() + b"\n"


def _packed(content: bytes) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    return bytes(sink.getvalue())


def _put(path: Path, content: bytes) -> None:
    """All or nothing, and on disk when it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    there = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(there)
    finally:
        os.close(there)
