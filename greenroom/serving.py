"""The two long-lived processes: the web server and the worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from greenroom.core.parent import end_with
from greenroom.core.work import Worker

NEVER = 10 * 365 * 24 * 3600  # seconds


def serve(*, host: str, port: int, threads: int = 4) -> None:
    """Answer HTTP until told to stop. One process: pages are short, and a second process costs 100 MB."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ["GREENROOM_SERVER_PID"] = str(
        os.getpid()
    )  # the process Granian starts ends with this one: see greenroom/wsgi.py
    server = Granian(
        "greenroom.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_level=LogLevels.warning,
        websockets=False,
    )
    # A thread of Granian that has asked DuckDB and ends takes the process with it ("double free or corruption"), and
    # Granian ends idle ones after 30 seconds. It allows no more than 600 in its options, hence after they are checked.
    server.on_startup(lambda: setattr(server, "blocking_threads_idle_timeout", NEVER))
    server.serve()


@contextmanager
def worker_process() -> Iterator[subprocess.Popen[bytes]]:
    """`greenroom work` beside this process, ended with it."""
    worker = subprocess.Popen([sys.executable, "-m", "greenroom", "work", "--parent", str(os.getpid())])  # noqa: S603
    try:
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()


def work(*, threads: int, parent: int = 0) -> None:
    """Run due rows until SIGTERM or SIGINT; with `parent` also until that process is gone."""
    worker = Worker(threads=threads)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if parent:
        end_with(parent, worker.stop)
    worker.work()
