"""The two long-lived processes: the web server and the worker."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from greenroom.core.work import Worker


def serve(*, host: str, port: int, threads: int = 8) -> None:
    """Answer HTTP until told to stop. One process: pages are short, and a second process costs 100 MB."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "greenroom.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


@contextmanager
def worker_process() -> Iterator[subprocess.Popen[bytes]]:
    """`greenroom work` beside this process, ended with it."""
    worker = subprocess.Popen([sys.executable, "-m", "greenroom", "work", "--with-parent"])
    try:
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()


def work(*, threads: int, with_parent: bool = False) -> None:
    """Run due rows until SIGTERM or SIGINT; with `with_parent` also until the process that started this one is gone."""
    worker = Worker(threads=threads)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if with_parent:
        threading.Thread(target=_stop_with_parent, args=(worker,), daemon=True, name="parent watch").start()
    worker.work()


def _stop_with_parent(worker: Worker) -> None:
    parent = os.getppid()
    while not worker.stopping.wait(1.0):
        if os.getppid() != parent:
            worker.stop()
