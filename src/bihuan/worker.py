"""The background process: runs jobs of an installation whose HTTP servers are other processes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

from bihuan.app import Installation


def run_worker(installation: Installation, *, ready: Callable[[], None] = lambda: None) -> None:
    """Run jobs until SIGTERM or SIGINT, then let the running ones reach a resting point.

    Needs servers for both stores: the embedded ones belong to one process, ``bihuan serve``.

    Args:
        ready: called once jobs are taken.
    """
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    installation.start(work=True)
    try:
        ready()
        stopped.wait()
    finally:
        installation.close()
