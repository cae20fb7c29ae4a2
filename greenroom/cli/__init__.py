"""The command line. One function per command, one file per group; each calls what the pages call."""

from greenroom.cli import agents, backup, figures, importing, keys, people, running  # noqa: F401 (they add their commands)
from greenroom.cli.app import app


def main() -> None:
    app()
