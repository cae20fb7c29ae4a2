"""Files on their way in, through the real functions."""

from io import BytesIO
from pathlib import Path

import pytest

from greenroom.imports import actions as imports
from greenroom.imports.models import Import

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "tiktok"


@pytest.fixture
def real():
    """A real file by name; skips with the reason where the data is not beside the checkout."""

    def find(name: str) -> Path:
        if not (path := REAL / name).exists():
            pytest.skip(f"the real files are not beside this checkout: {path}")
        return path

    return find


class Desk:
    """Somebody at acme who brings files."""

    def __init__(self, workspace, by, at) -> None:
        self.workspace, self.by, self.at = workspace, by, at

    def upload(self, kind: str, content: bytes | str, *, name: str = "file.csv", **told) -> Import:
        data = content.encode() if isinstance(content, str) else content
        made = imports.upload(self.workspace, kind=kind, file=BytesIO(data), name=name, by=self.by, at=self.at)
        if told:
            imports.map_columns(made, **told, at=self.at)
        return made

    def run(self, made: Import) -> Import:
        imports.start(made, by=self.by, at=self.at)
        for _ in imports.carry_out(made, at=self.at):
            pass
        return made

    def bring(self, kind: str, content: bytes | str, **told) -> Import:
        """Upload and take in."""
        return self.run(self.upload(kind, content, **told))

    def undo(self, made: Import) -> Import:
        imports.undo(made, by=self.by, at=self.at)
        for _ in imports.carry_out(made, at=self.at):
            pass
        return made


@pytest.fixture
def desk(acme, at) -> Desk:
    return Desk(acme.workspace, acme.mia.by, at)
