"""From a function that writes to a file to an iterator of bytes: large answers in constant memory."""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

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

    def write(self, data: object) -> int:
        view = memoryview(data).cast("B")  # type: ignore[call-overload]
        self._buffer += view
        self._position += len(view)
        if len(self._buffer) >= PIECE_BYTES:
            self.push()
        return len(view)

    def push(self) -> None:
        if self._buffer:
            piece, self._buffer = bytes(self._buffer), bytearray()
            put(self._pieces, piece, self._gone)


def put(
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


def written(write: Callable[[BinaryIO], object]) -> Iterator[bytes]:
    """The bytes that ``write`` writes to the stream it is given, while it runs in a thread.

    The stream can tell its position but not seek. An exception of ``write`` is raised to the reader where
    the bytes end. A reader that stops early (closes the iterator) makes the next write fail, which ends the
    thread. Nothing is begun before the first piece is asked for.
    """
    pieces: queue.Queue[bytes | BaseException | None] = queue.Queue(WAITING_PIECES)
    gone = threading.Event()

    def run() -> None:
        stream = _PieceStream(pieces, gone)
        ended: BaseException | None = None
        try:
            write(cast(BinaryIO, stream))
            stream.push()
        except _ReaderGone:
            return
        except BaseException as error:
            ended = error
        try:
            put(pieces, ended, gone)
        except _ReaderGone:
            return

    thread = threading.Thread(target=run, name="written", daemon=True)
    thread.start()
    try:
        while (piece := pieces.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        gone.set()
        thread.join()
