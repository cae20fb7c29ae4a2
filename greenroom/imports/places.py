"""Where imported files are kept: in GREENROOM_HOME, by their content, until they are undone or discarded."""

import hashlib
import os
import re
import secrets
import unicodedata
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from greenroom.imports.models import Import
from greenroom.imports.refusals import BadFile
from greenroom.imports.source import LARGEST_FILE

_UNSHOWN = re.compile(r"[^\w .,()+@&'=~#-]")


def receive(workspace: int, file: BinaryIO) -> tuple[Path, str, int]:
    """Store what `file` holds; returns the path, the SHA-256 and the size. Raises BadFile when it is too large."""
    folder = _folder(workspace)
    fresh = folder / f"{secrets.token_hex(8)}.part"
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            while block := file.read(2**20):
                size += len(block)
                if size > LARGEST_FILE:
                    raise BadFile(f"The file has more than {LARGEST_FILE >> 20} MB. Cut it into smaller ones.")
                digest.update(block)
                out.write(block)
        kept = folder / digest.hexdigest()
        fresh.replace(kept)
    finally:
        fresh.unlink(missing_ok=True)
    return kept, digest.hexdigest(), size


def source(of: Import) -> Path:
    """The file as it was sent."""
    return _folder(of.workspace_id) / of.sha256


def rows(of: Import) -> Path:
    """Its rows as they were read: UTF-8 CSV of line, problem and cells."""
    return _folder(of.workspace_id) / f"{of.pk}.rows"


def fresh(of: Import) -> Path:
    """Where rows are written while they are read: nobody else's."""
    return _folder(of.workspace_id) / f"{of.pk}-{secrets.token_hex(4)}.part"


def forget(of: Import) -> None:
    """Remove the rows, and the file unless another import still needs it. Safe to do twice."""
    for left in _folder(of.workspace_id).glob(f"{of.pk}-*"):  # by a reader that was killed
        left.unlink(missing_ok=True)
    rows(of).unlink(missing_ok=True)
    others = Import.objects.within(of.workspace_id).filter(sha256=of.sha256).exclude(pk=of.pk)
    if not others.exclude(state="undone").exists():
        source(of).unlink(missing_ok=True)


def shown(name: str) -> str:
    """A file's name as it may be shown: the last part, only characters that are harmless anywhere, 120 at most."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = " ".join(_UNSHOWN.sub("", last).split()).lstrip("=+-@. ")
    if len(plain) > 120:
        stem, dot, kind = plain.rpartition(".")
        plain = f"{stem[: 119 - len(kind)]}{dot}{kind}" if dot and len(kind) < 8 else plain[:120]
    return plain or "file"


def _folder(workspace: int) -> Path:
    place: Path = settings.GREENROOM_IMPORTS / str(workspace)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place
