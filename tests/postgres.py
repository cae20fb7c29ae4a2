"""A throw-away PostgreSQL cluster: `python tests/postgres.py pytest …` runs the command with DATABASE_URL set.

The cluster lives in a temporary folder, listens on a free loopback port and is removed afterwards. As root it is run
as the system user `postgres`, because PostgreSQL refuses root.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder with initdb and postgres, newest version first; None when PostgreSQL is not installed."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if homes:
        return homes[0]
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _as_postgres(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster and yield its DATABASE_URL. Raises RuntimeError when PostgreSQL is not installed."""
    bin_folder = programs()
    if bin_folder is None:
        raise RuntimeError("PostgreSQL is not installed; `make test` installs it where it may")
    folder = tempfile.mkdtemp(prefix="greenroom-pg-")
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = f"{folder}/data"
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(
        _as_postgres(
            [f"{bin_folder}/initdb", "-D", data, "-U", "greenroom", "-A", "trust", "-E", "UTF8", "--locale=C"]
        ),
        check=True,
        **quiet,
    )
    control = [f"{bin_folder}/pg_ctl", "-D", data, "-w", "-l", f"{folder}/log"]
    for last in (False, False, True):  # somebody else may take the free port first
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        options += " -c max_connections=200"
        if not subprocess.run(_as_postgres([*control, "-o", options, "start"]), check=last, **quiet).returncode:
            break
    try:
        subprocess.run(
            [f"{bin_folder}/createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "greenroom", "greenroom"], check=True
        )
        yield f"postgresql://greenroom@127.0.0.1:{port}/greenroom"
    finally:
        subprocess.run(_as_postgres([*control, "-m", "immediate", "stop"]), check=False, **quiet)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    with cluster() as url:
        sys.exit(subprocess.call(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}))
