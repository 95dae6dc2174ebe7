from __future__ import annotations

import threading
import zipfile
from typing import BinaryIO

import pytest

from bihuan.kernel.streaming import PIECE_BYTES, WAITING_PIECES, Written


def test_the_bytes_come_out_as_they_went_in() -> None:
    content = bytes(range(256)) * 5_000

    def write(stream: BinaryIO) -> None:
        for start in range(0, len(content), 1_000):
            stream.write(content[start : start + 1_000])
        assert stream.tell() == len(content)

    pieces = list(Written(write))
    assert b"".join(pieces) == content
    assert len(pieces) == -(-len(content) // PIECE_BYTES)


def test_the_writer_waits_for_the_reader() -> None:
    sent: list[int] = []

    def write(stream: BinaryIO) -> None:
        for number in range(100):
            stream.write(b"x" * PIECE_BYTES)
            sent.append(number)

    pieces = Written(write)
    next(pieces)
    assert len(sent) <= WAITING_PIECES + 2
    assert sum(map(len, pieces)) == 99 * PIECE_BYTES


def test_a_failure_reaches_the_reader_after_what_was_Written() -> None:
    def write(stream: BinaryIO) -> None:
        stream.write(b"x" * PIECE_BYTES)
        raise RuntimeError("disk full")

    pieces = Written(write)
    assert next(pieces) == b"x" * PIECE_BYTES
    with pytest.raises(RuntimeError, match="disk full"):
        next(pieces)


def test_a_reader_that_stops_ends_the_writer() -> None:
    ended = threading.Event()

    def write(stream: BinaryIO) -> None:
        try:
            while True:
                stream.write(b"x" * PIECE_BYTES)
        finally:
            ended.set()

    pieces = Written(write)
    next(pieces)
    pieces.close()
    assert ended.is_set()


def test_archives_can_be_written_without_seeking() -> None:
    def write(stream: BinaryIO) -> None:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.txt", "text")

    assert b"".join(Written(write)).startswith(b"PK")


def test_an_answer_that_nobody_read_ends_the_writer_too() -> None:
    ended = threading.Event()

    def write(stream: BinaryIO) -> None:
        try:
            while True:
                stream.write(b"x" * PIECE_BYTES)
        finally:
            ended.set()

    pieces = Written(write)
    del pieces
    assert ended.wait(30)
