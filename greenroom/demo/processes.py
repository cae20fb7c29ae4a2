"""The demo's three processes on free ports, in a home of its own that each run makes afresh."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

KEPT = "cache"  # built once, good for every run


@dataclass(frozen=True)
class Stage:
    """Where everything is."""

    home: Path
    sandbox: str
    app: str


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fresh_home(parent: Path) -> Path:
    """An empty `demo` folder below `parent`; what an earlier demo left there goes, except its cache."""
    home = parent / "demo"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = home / ".demo"
    if not mark.exists() and any(home.iterdir()):
        raise SystemExit(f"{home} is not a demo's folder; move it away or set GREENROOM_HOME to another place")
    for one in home.iterdir():
        if one.name not in {KEPT, mark.name}:
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    mark.touch()
    return home


def settle(home: Path, sandbox: str, app: str) -> None:
    """Point this process, those it starts, and any later command on the same home at the demo's sandbox."""
    os.environ.pop("DATABASE_URL", None)
    told = {
        "GREENROOM_URL": app,
        "GREENROOM_TIKTOK_URL": sandbox,
        "GREENROOM_TIKTOK_APP_ID": "sandbox-app",
        "GREENROOM_TIKTOK_APP_SECRET": "sandbox-secret",
        "GREENROOM_TIKTOK_CLIENT_KEY": "sandbox-key",
        "GREENROOM_TIKTOK_CLIENT_SECRET": "sandbox-key-secret",
    }
    os.environ.update(told, GREENROOM_HOME=str(home))
    (home / "greenroom.env").write_text("".join(f"{name}={value}\n" for name, value in told.items()))


@contextmanager
def running(stage: Stage) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Sandbox, and app with worker; ended when the block ends."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(_process("sandbox", stage.sandbox, "/_sim/world", "sandbox", "--port")),
            stack.enter_context(_process("app", stage.app, "/healthz/", "serve", "--with-worker", "--port")),
        ]


@contextmanager
def _process(name: str, url: str, probe: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    port = url.rsplit(":", 1)[1]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "-m", "greenroom", *command, port], stdout=quiet)  # noqa: S603
    try:
        _wait(name, process, url + probe)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(name: str, process: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"the {name} stopped with exit code {process.returncode} before it answered")
        try:
            if httpx2.get(url, timeout=2).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.05)
    raise SystemExit(f"the {name} did not answer on {url} within 30 seconds")
