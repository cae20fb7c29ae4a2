"""A process that belongs to another ends with it, even when the other was killed and could not say goodbye."""

import os
import threading
import time
from collections.abc import Callable

LOOK_EVERY = 1.0


def end_with(parent: int, end: Callable[[], object]) -> None:
    """Call `end` once the process `parent`, which started this one, is gone. Watches from a thread of its own."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY)
        end()

    threading.Thread(target=watch, daemon=True, name="parent watch").start()
