"""When the interpreter looks for garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# The default of 700 is for small programs: looking for garbage took a quarter of the time of a start.
OBJECTS_BETWEEN_COLLECTIONS = 20_000


def look_seldom() -> None:
    """For the length of the process."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


@contextmanager
def kept_for_good() -> Iterator[None]:
    """What is made meanwhile, as by imports, is never looked through for garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
