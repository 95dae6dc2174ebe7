"""A directory's file system, and what was written there brought to its disk."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Since then the call says when something could not be written.
_SYNCFS_SAYS_ERRORS = (5, 8)
# A call for the whole file system waits for what others write there. After one as slow as this, files are
# synced one by one for a while.
SLOW_SECONDS = 0.25
ONE_BY_ONE_SECONDS = 60.0
# Parts that were inserted, not merged ("202511_7_7_0"), and not those still being written
# ("tmp_insert_202511_7_7_0").
_INSERTED = re.compile(r"[^_]+_\d+_\d+_0")


class FileSystem:
    """Syncs what the engine stores in its tables' directories. Thread-safe.

    The engine would sync each file of a part after the other; one call for the file system takes a fraction
    of that while little else is written there.
    """

    def __init__(self, directory: Path, sync_all: Callable[[int], None]) -> None:
        self._sync_all = sync_all
        self._handle = os.open(directory, os.O_RDONLY)
        self._lock = threading.Lock()
        self._one_by_one_until = 0.0
        self._is_owing = False

    @contextmanager
    def written(self, table: Path) -> Iterator[None]:
        """Around an insert into the table of that directory: on leaving, its rows are on disk.

        Raises ``OSError`` where they could not be brought there. Then nothing more is inserted until a sync
        succeeds, for the rows are seen by queries all the same.
        """
        if self._is_owing:
            self._whole()
        before = _parts(table) if time.monotonic() < self._one_by_one_until else None
        yield
        if before is None:
            self._whole()
        else:
            self._parts(table, _parts(table) - before)

    def close(self) -> None:
        """Nothing is synced any more."""
        handle, self._handle = self._handle, -1
        os.close(handle)

    def _whole(self) -> None:
        started = time.monotonic()
        with self._settling():
            self._sync_all(self._handle)
        ended = time.monotonic()
        if ended - started > SLOW_SECONDS:
            self._one_by_one_until = ended + ONE_BY_ONE_SECONDS

    def _parts(self, table: Path, names: set[str]) -> None:
        with self._settling():
            try:
                for name in names:
                    _sync_below(table / name)
                sync(table)
            except FileNotFoundError:  # a part went into another one meanwhile
                self._sync_all(self._handle)

    @contextmanager
    def _settling(self) -> Iterator[None]:
        try:
            yield
        except OSError:
            with self._lock:
                self._is_owing = True
            raise
        with self._lock:
            self._is_owing = False


def file_system(directory: Path) -> FileSystem | None:
    """That of a directory; None where it can't be synced as a whole, or would not say that it failed."""
    if sys.platform != "linux" or _kernel() < _SYNCFS_SAYS_ERRORS:
        return None
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        return None

    def sync_all(handle: int) -> None:
        if syncfs(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return FileSystem(directory, sync_all)


def _kernel() -> tuple[int, ...]:
    found = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return tuple(int(part) for part in found.groups()) if found else (0, 0)


def _parts(table: Path) -> set[str]:
    return {name for name in os.listdir(table) if _INSERTED.fullmatch(name)}


def _sync_below(part: Path) -> None:
    for directory, _, files in os.walk(part, topdown=False, onerror=_raise):
        for file in files:
            sync(Path(directory, file))
        sync(Path(directory))


def _raise(error: OSError) -> None:
    raise error


def sync(path: Path) -> None:
    """Have the disk know what is in a file, or the names in a directory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
