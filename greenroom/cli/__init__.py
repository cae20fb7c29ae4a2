"""The command line.

One function per command, one file per group; each calls what the pages call.
"""

import sys

from greenroom.cli import agents, backup, figures, importing, keys, leaving, people, running  # noqa: F401 (they add their commands)
from greenroom.cli.app import app


def main() -> None:
    from django.db.utils import OperationalError, ProgrammingError

    try:
        app()
    except (OperationalError, ProgrammingError):
        from greenroom import health

        if not (missing := health.missing_migrations()):
            raise
        print(f"The database lacks {missing} upgrades; run `greenroom init` first.", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
