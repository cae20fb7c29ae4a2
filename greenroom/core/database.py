"""DATABASE_URL to Django's setting: SQLite in GREENROOM_HOME unless a PostgreSQL URL is given."""

import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_from_url(url: str, home: Path) -> dict[str, Any]:
    """Django's `DATABASES` entry for `postgresql://user:password@host:port/name?option=value`, `sqlite:///path` or ''.

    Raises ValueError for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme in {"", "sqlite"}:
        return _sqlite(Path(parts.path[1:]) if parts.path else home / "greenroom.sqlite3")
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL starts with {parts.scheme}://, expected postgresql:// or sqlite:///")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # Tests run on a file too: an in-memory database shared between threads locks in ways a real one does not.
        # Each test run has its own.
        "TEST": {"NAME": str(Path(tempfile.gettempdir()) / f"greenroom-test-{os.getpid()}.sqlite3")},
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            # Several processes write: take the write lock at BEGIN, wait for it, and let readers go on (WAL).
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;",
        },
    }
