"""From a function that writes to a file to an iterator of bytes: large answers in constant memory."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, cast

PIECE_BYTES = 256 * 1024
# Pieces that may wait for the reader; the writer pauses when there are more.
WAITING_PIECES = 4


class _ReaderGone(Exception):
    """Raised in the writer when nobody takes the bytes any more."""


class _PieceStream(io.RawIOBase):
    """A write-only stream whose bytes go to a bounded queue in pieces."""

    def __init__(self, pieces: queue.Queue[bytes | BaseException | None], gone: threading.Event) -> None:
        self._pieces = pieces
        self._gone = gone
        self._buffer = bytearray()
        self._position = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self._buffer += view
        self._position += len(view)
        if len(self._buffer) >= PIECE_BYTES:
            self.push()
        return len(view)

    def push(self) -> None:
        if self._buffer:
            piece, self._buffer = bytes(self._buffer), bytearray()
            _put(self._pieces, piece, self._gone)


def _put(
    pieces: queue.Queue[bytes | BaseException | None],
    piece: bytes | BaseException | None,
    gone: threading.Event,
) -> None:
    """Wait for room, unless the reader is gone."""
    while not gone.is_set():
        try:
            pieces.put(piece, timeout=0.5)
        except queue.Full:
            continue
        return
    raise _ReaderGone


class Written(Iterator[bytes]):
    """The bytes that a function writes to a stream, while it runs in a thread of its own.

    Begun at once. The stream can tell its position but not seek. An exception of the function is raised to
    the reader where the bytes end. A reader that stops early, by ``close`` or by dropping this, makes the
    function's next write fail, which ends it.
    """

    def __init__(self, write: Callable[[BinaryIO], object]) -> None:
        self._pieces: queue.Queue[bytes | BaseException | None] = queue.Queue(WAITING_PIECES)
        self._gone = threading.Event()
        # The thread must not hold on to this, or dropping it would go unseen.
        arguments = (write, self._pieces, self._gone)
        self._thread = threading.Thread(target=_run, args=arguments, name="written", daemon=True)
        self._thread.start()
        self._ended = False

    def __next__(self) -> bytes:
        if self._ended:
            raise StopIteration
        piece = self._pieces.get()
        if isinstance(piece, bytes):
            return piece
        self._ended = True
        if piece is None:
            raise StopIteration
        raise piece

    def close(self) -> None:
        """Take no more; returns when the function has ended."""
        self._ended = True
        self._gone.set()
        self._thread.join()

    def __del__(self) -> None:
        self._gone.set()


def _run(
    write: Callable[[BinaryIO], object],
    pieces: queue.Queue[bytes | BaseException | None],
    gone: threading.Event,
) -> None:
    stream = _PieceStream(pieces, gone)
    ended: BaseException | None = None
    try:
        write(cast(BinaryIO, stream))
        stream.push()
    except _ReaderGone:
        return
    except BaseException as error:
        ended = error
    with suppress(_ReaderGone):
        _put(pieces, ended, gone)
