"""The manifest: what a backup holds, how large each file is, and its checksum."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

NAME = "manifest.json"
FORMAT = "greenroom-backup"
VERSION = 1


class BadBackup(ValueError):
    """What was given is no backup, is damaged, or does not fit this version; the text says what to do."""


@dataclass(frozen=True)
class Entry:
    """One file. `rows`: how many rows of a table or readings; `modified`: of a file that was copied as it is."""

    bytes: int
    sha256: str
    rows: int | None = None
    modified: str | None = None


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` says.

    made_at: ISO, UTC. schema: the upgrades of the database by module, so that a restore knows what the rows look like.
    sequences: the last number each table gave out. files: by their place in the backup. left_out: what is not in it.
    """

    made_at: str
    app_version: str
    with_keys: bool
    schema: Mapping[str, list[str]]
    sequences: Mapping[str, int]
    left_out: Mapping[str, str]
    files: Mapping[str, Entry] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """As written: JSON with sorted keys and a checksum of itself."""
        told = {"format": FORMAT, "format_version": VERSION, **asdict(self)}
        files = {
            name: {key: value for key, value in one.items() if value is not None} for name, one in told["files"].items()
        }
        told["files"] = files
        return _text(told | {"sha256": _digest(told)}).encode()

    @property
    def rows(self) -> int:
        return sum(one.rows or 0 for name, one in self.files.items() if name.startswith("tables/"))

    @property
    def readings(self) -> int:
        return sum(one.rows or 0 for name, one in self.files.items() if name.startswith("readings/"))


def parse(content: bytes) -> Manifest:
    """Read a manifest. Raises BadBackup."""
    try:
        told: dict[str, Any] = json.loads(content)
        if told.pop("format", None) != FORMAT:
            raise BadBackup("This is no backup of Greenroom.")
        version = told.pop("format_version")
        if version != VERSION:
            raise BadBackup(
                f"This backup has format {version}; this Greenroom reads format {VERSION}. Upgrade it first."
            )
        said = told.pop("sha256")
        if said != _digest({"format": FORMAT, "format_version": version, **told}):
            raise BadBackup("The manifest was changed: its checksum does not fit.")
        files = {name: _entry(**one) for name, one in told.pop("files").items()}
        return Manifest(files=files, **told)
    except BadBackup:
        raise
    except Exception as error:
        raise BadBackup(f"The manifest can't be read: {type(error).__name__}") from error


def _entry(**told: Any) -> Entry:
    """Raises TypeError or ValueError for what no export writes."""
    made = Entry(**told)
    if not isinstance(made.bytes, int) or not isinstance(made.sha256, str):
        raise TypeError("a size is a number, a checksum is text")
    if made.modified is not None and datetime.fromisoformat(made.modified).tzinfo is None:
        raise ValueError("a time without its zone")
    return made


def _digest(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(told).encode()).hexdigest()


def _text(told: Mapping[str, Any]) -> str:
    return json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
