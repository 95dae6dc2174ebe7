"""Run a function in several processes at the same moment."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def _set_up(line: object) -> None:
    global _start_line  # noqa: PLW0603
    _start_line = line


_start_line: object = None


def _wait_then(function: Callable[..., T], *args: object) -> T:
    _start_line.wait(timeout=60)  # type: ignore[attr-defined]
    return function(*args)


def together(count: int, function: Callable[..., T], *args: object) -> list[T]:
    """What ``function(*args)`` returns in each of ``count`` processes that start it together.

    The processes are forked from a clean one that has imported the packages once: separate processes, without
    paying the imports each time. The first error of one of them is raised here.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["bihuan.access", function.__module__])
    line = context.Barrier(count)
    with ProcessPoolExecutor(count, context, initializer=_set_up, initargs=(line,)) as pool:
        running = [pool.submit(_wait_then, function, *args) for _ in range(count)]
        return [future.result(timeout=120) for future in running]
