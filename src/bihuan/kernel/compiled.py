"""Loops over arrays as machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile at the first call with arguments of these types; runs without the interpreter's lock.

    What was compiled is kept on disk for the next process. Import a module that uses this only where it is
    needed: loading the compiler takes about half a second.
    """
    try:
        return cast(F, numba.njit(nogil=True, cache=True)(function))
    except RuntimeError:  # no directory to keep it in can be written
        return cast(F, numba.njit(nogil=True)(function))


def compiled_brief(function: F) -> F:
    """The same with the interpreter's lock held, for what takes microseconds.

    Whoever gives the lock back waits for it while other threads interpret.
    """
    try:
        return cast(F, numba.njit(cache=True)(function))
    except RuntimeError:
        return cast(F, numba.njit(function))


def inlined(function: F) -> F:
    """For use in compiled functions: becomes part of each caller.

    A call would count references to its arrays, with threads waiting for each other's counts.
    """
    return cast(F, numba.njit(inline="always")(function))
