"""The in-process DuckDB: one per process and lake, shut in so that a question can read the lake and nothing else."""

import threading
import warnings
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "512MB"
THREADS = 2

# It is said with every question. The copy is of an answer, which is small; `con.sql` instead would plan twice.
warnings.filterwarnings("ignore", "Arrow output on a DB-API result", UserWarning)

_databases: dict[str, "duckdb.DuckDBPyConnection"] = {}
_lock = threading.Lock()


def lake() -> str:
    """Where the Delta tables are: a folder, or the address of an object store."""
    return str(settings.GREENROOM_LAKE)


def cursor(place: str) -> "duckdb.DuckDBPyConnection":
    """A connection of its own for the calling thread to the process's database for this lake."""
    with _lock:
        if place not in _databases:
            _databases[place] = _open(place)
        return _databases[place].cursor()


def _open(place: str) -> "duckdb.DuckDBPyConnection":
    import duckdb

    database = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": THREADS,
            "temp_directory": f"{place}/.spill",
            "autoload_known_extensions": False,
            "autoinstall_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
        },
    )
    allowed = place.replace("'", "''")
    database.execute(f"set allowed_directories = ['{allowed}']")
    database.execute("set global TimeZone = 'UTC'")
    database.execute("set enable_external_access = false")
    database.execute("set lock_configuration = true")
    return database
