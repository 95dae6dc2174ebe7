"""Opening any file as a stream of chunks: looks at the content, picks the reader, keeps to the options."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import msgspec

from bihuan.collect.files.chunks import Chunk
from bihuan.collect.files.columnar import ARROW_MAGIC, PARQUET_MAGIC, read_arrow, read_parquet
from bihuan.collect.files.containers import Container, bare_name
from bihuan.collect.files.delimited import read_delimited
from bihuan.collect.files.dialects import Dialect, guess_dialect
from bihuan.collect.files.encodings import TextSource, check_encoding, detect_encoding
from bihuan.collect.files.errors import FileEmpty, FileFormatUnknown
from bihuan.collect.files.jsontext import read_json_elements, read_json_lines
from bihuan.collect.files.options import FileKind, ReadOptions
from bihuan.collect.files.spreadsheets import read_spreadsheet

CHUNK_ROWS = 10_000
_HEAD_BYTES = 1 << 20
# an export may be ASCII for megabytes before its first Chinese cell
_ENCODING_SCAN_BYTES = 32 * 1024 * 1024
_ZIP_MAGIC = b"PK\x03\x04"
_ARROW_STREAM_MAGIC = b"\xff\xff\xff\xff"
_BINARY: tuple[tuple[bytes, FileKind], ...] = (
    (PARQUET_MAGIC, "parquet"),
    (ARROW_MAGIC, "arrow"),
    (_ARROW_STREAM_MAGIC, "arrow"),
    (_ZIP_MAGIC, "xlsx"),
)
_DAMAGED = (EOFError, OSError)


class Layout(msgspec.Struct, frozen=True):
    """What was found out about one part: its kind and, for text, encoding and dialect."""

    part: str
    kind: FileKind
    encoding: str | None = None
    dialect: Dialect | None = None
    carriage_returns: bool = False


class Sample(msgspec.Struct, frozen=True):
    """The first rows of a file, from which a mapping can be guessed."""

    file_name: str
    layout: Layout
    names: tuple[str, ...]
    columns: dict[str, list[object]]
    rows: int


def _head(stream: BinaryIO, size_bytes: int) -> bytes:
    """Up to ``size_bytes`` from a stream; what a damaged stream still gives."""
    pieces: list[bytes] = []
    left = size_bytes
    try:
        while left and (piece := stream.read(min(left, 1 << 16))):
            pieces.append(piece)
            left -= len(piece)
    except _DAMAGED:
        pass
    return b"".join(pieces)


class FileReader:
    """A file that is read as chunks of rows, in memory that does not grow with the file.

    ``layouts`` has one entry per part (several for a zip file). Close it, or use it in ``with``. Raises
    ``FileMissing``, ``FileFormatUnknown``, ``FileEmpty``, ``FilePartMissing``, ``EncodingUnknown``.
    """

    def __init__(self, path: Path, options: ReadOptions | None = None) -> None:
        self.path = path
        self.options = options or ReadOptions()
        self._container = Container(path, self.options.member)
        self.size_bytes = self._container.size_bytes
        try:
            self.layouts = tuple(self._layout(part) for part in self._container.parts)
        except BaseException:
            self._container.close()
            raise

    def __enter__(self) -> FileReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def position_bytes(self) -> int:
        """How many bytes of the file on disk have been read in the current part."""
        return self._container.position_bytes()

    def _layout(self, part: str) -> Layout:
        stream = self._container.open(part)
        head = _head(stream, _HEAD_BYTES)
        if not head:
            raise FileEmpty(path="path", name=part)
        kind = self.options.kind or next((k for magic, k in _BINARY if head.startswith(magic)), None)
        if kind in ("parquet", "arrow", "xlsx"):
            return Layout(part, kind)
        encoding = self._encoding(stream, head)
        if b"\x00" in head[:4096] and not encoding.startswith("utf-"):
            raise FileFormatUnknown(path="path", name=part)
        returns = b"\r" in head and b"\n" not in head
        layout = Layout(part, kind or "csv", encoding, None, returns)
        lines = list(
            islice(self._text(layout).lines, self.options.skip_lines, self.options.skip_lines + 1000)
        )
        if kind is None:
            kind = _text_kind(lines)
        if kind != "csv":
            return Layout(part, kind, encoding, None, returns)
        if not any(line.strip() for line in lines):
            raise FileEmpty(path="path", name=part)
        return Layout(part, kind, encoding, guess_dialect(lines, self.options, bare_name(part)), returns)

    def _encoding(self, stream: BinaryIO, head: bytes) -> str:
        if self.options.encoding:
            return check_encoding(self.options.encoding)
        scanned = len(head)
        sample = head
        while sample.isascii() and scanned < _ENCODING_SCAN_BYTES:
            block = _head(stream, _HEAD_BYTES)
            if not block:
                break
            scanned += len(block)
            if not block.isascii():
                # begin at a line, so that no character is cut in two
                sample = block[block.find(b"\n") + 1 :] or block
        encoding = detect_encoding(sample)
        return "utf-8-sig" if encoding == "utf-8" else encoding

    def _text(self, layout: Layout) -> TextSource:
        assert layout.encoding is not None
        stream = self._container.open(layout.part)
        return TextSource(stream, layout.encoding, name=layout.part, carriage_returns=layout.carriage_returns)

    def chunks(self, layout: Layout, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """The rows of one part; only one part can be read at a time."""
        if layout.kind == "xlsx":
            stream = self._container.open_seekable(layout.part)
            return read_spreadsheet(stream, self.options, layout.part, chunk_rows=chunk_rows)
        if layout.kind == "parquet":
            return read_parquet(self._container.open_seekable(layout.part), chunk_rows=chunk_rows)
        if layout.kind == "arrow":
            return read_arrow(self._container.open_seekable(layout.part), chunk_rows=chunk_rows)
        source = self._text(layout)
        skip = self.options.skip_lines
        if layout.kind == "jsonl":
            return read_json_lines(source, skip_lines=skip, chunk_rows=chunk_rows)
        if layout.kind == "json":
            return read_json_elements(source, chunk_rows=chunk_rows)
        assert layout.dialect is not None
        return read_delimited(source, layout.dialect, skip_lines=skip, chunk_rows=chunk_rows)

    def sample(self, rows: int = 2000) -> Sample:
        """The first rows of the first part. Raises ``FileEmpty`` when no row can be read."""
        layout = self.layouts[0]
        for chunk in self.chunks(layout, chunk_rows=rows):
            if len(chunk):
                names = chunk.names or _common_order(chunk)
                columns = {name: list(chunk.column(name)) for name in names}
                return Sample(self.path.name, layout, names, columns, len(chunk))
        raise FileEmpty(path="path", name=layout.part)


def _common_order(chunk: Chunk) -> tuple[str, ...]:
    """The names of JSON records in the order in which they are met."""
    return tuple(dict.fromkeys(name for index in range(len(chunk)) for name in chunk.raw(index)))


def _text_kind(lines: list[str]) -> FileKind:
    first = next((line.strip().lstrip("\ufeff") for line in lines if line.strip()), "")
    if not first.startswith(("{", "[")):
        return "csv"
    if first.startswith("{"):
        try:
            msgspec.json.decode(first)
        except msgspec.DecodeError:
            return "json"
        return "jsonl"
    return "json"
