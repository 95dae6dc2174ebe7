"""The background process: jobs of an installation whose stores are servers, without HTTP."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

from bihuan.app import Installation
from bihuan.settings import Settings


def run(settings: Settings, *, ready: Callable[[], None] = lambda: None) -> None:
    """Run jobs until SIGTERM or SIGINT; in the main thread. ``ready`` is called once they run.

    Raises:
        JobWorkerRunning: another process runs the jobs of this SQLite file.
    """
    stop = threading.Event()
    before = {
        each: signal.signal(each, lambda _signal, _frame: stop.set())
        for each in (signal.SIGTERM, signal.SIGINT)
    }
    installation = Installation(settings)
    try:
        installation.start()
        ready()
        stop.wait()
    finally:
        installation.close()
        for each, handler in before.items():
            signal.signal(each, handler)
