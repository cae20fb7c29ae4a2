"""The sandbox on a port: one worker process (its state is in memory), a few threads, no log."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import datetime
from types import TracebackType
from typing import Any

from greenroom.sandbox import outgoing
from greenroom.sandbox.app import Wsgi, create_app
from greenroom.sandbox.clock import Clock
from greenroom.sandbox.world import Posts, World

THREADS = 16
_PR_SET_PDEATHSIG = 1


def serve(
    *,
    port: int,
    host: str = "127.0.0.1",
    accounts: int = 5,
    posts: Posts = (12, 60),
    seed: int = 7,
    throttle: bool = True,
    level: str = "basic",
    delays: bool = True,
    start: datetime | None = None,
    began: datetime | None = None,
    rate: float = 1.0,
    until_eof: bool = False,
) -> None:
    """Serve a new world until SIGTERM or SIGINT; with `until_eof` also until standard input (the parent) ends."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    parent = os.getpid()

    def load(*_: Any) -> Wsgi:
        _die_with(parent)
        world = World(
            seed=seed, accounts=accounts, posts=posts, clock=Clock(start, rate), began=began, throttle=throttle,
            level=level, delays=delays, origin=f"http://{host}:{port}",
        )  # fmt: skip
        return create_app(world)

    server = Granian(
        "greenroom.sandbox",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        blocking_threads=THREADS,
        workers_kill_timeout=2,
        log_enabled=False,
    )
    if until_eof:
        threading.Thread(target=_stop_at_eof, name="sandbox-parent", daemon=True).start()
    server.serve(target_loader=load)


def _stop_at_eof() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _die_with(parent: int) -> None:
    """Where the system can (Linux), end this worker when its server is killed."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        return
    if os.getppid() != parent:
        os._exit(1)


class Running:
    """The sandbox as a child process: `with Running() as sandbox: client.get(sandbox.url + …)`.

    `port` 0 picks a free one. Options are those of `serve()`. The child ends with the block, and with its parent.
    """

    def __init__(self, port: int = 0, *, host: str = "127.0.0.1", **options: Any) -> None:
        self.port = port or _free_port(host)
        self.url = f"http://{host}:{self.port}"
        self._arguments = [
            sys.executable,
            "-m",
            "greenroom.sandbox",
            "--host",
            host,
            "--port",
            str(self.port),
            "--until-eof",
        ]
        for name, value in options.items():
            self._arguments += _argument(name, value)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> "Running":
        return self.begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def begin(self, *, timeout: float = 20.0) -> "Running":
        """Start and wait until it answers. Raises `RuntimeError` when it does not."""
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            self._arguments, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + timeout
        while time.monotonic() < until and self._process.poll() is None:
            try:
                self.ask("/_sim/world")
                return self
            except OSError:
                time.sleep(0.05)
        self.end()
        raise RuntimeError(f"The sandbox did not answer at {self.url}")

    def end(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._process = None

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A call to `/_sim/…`: GET without a body, POST with one; the parsed answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        status, answer = outgoing.call(self.url + path, body=data, headers=headers, timeout=30)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {answer.decode('utf-8', 'replace')[:200]}")
        return json.loads(answer)


def _argument(name: str, value: Any) -> list[str]:
    flag = "--" + name.replace("_", "-")
    if isinstance(value, bool):
        return [flag if value else "--no-" + flag[2:]]
    if isinstance(value, tuple):
        return [flag, "-".join(str(one) for one in value)]
    return [] if value is None else [flag, value.isoformat() if isinstance(value, datetime) else str(value)]


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
