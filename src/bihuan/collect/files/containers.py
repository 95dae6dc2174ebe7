"""What is around a table: nothing, gzip, bzip2, Zstandard, or a zip file with several members."""

from __future__ import annotations

import bz2
import fnmatch
import gzip
import io
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from bihuan.collect.files.errors import FileMissing, FilePartMissing

_GZIP, _BZIP2, _ZSTD, _ZIP = b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_COMPRESSION_SUFFIXES = (".gz", ".bz2", ".zst", ".zstd")


def _decompressed(stream: io.BufferedReader) -> BinaryIO:
    """The stream inside the compression that the first bytes show, or the stream itself."""
    magic = stream.peek(4)[:4]
    if magic.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream))
    if magic.startswith(_BZIP2):
        return cast("BinaryIO", bz2.BZ2File(stream))
    if magic == _ZSTD:
        return cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd"))
    return stream


def _is_spreadsheet(archive: zipfile.ZipFile) -> bool:
    return "xl/workbook.xml" in archive.namelist()


def _is_data(name: str) -> bool:
    parts = name.split("/")
    return not name.endswith("/") and not any(part.startswith((".", "__MACOSX")) for part in parts)


class Container:
    """A file on disk and the tables ("parts") inside it.

    ``parts`` has one name for a plain or compressed file, and the members of a zip file in name order.
    Raises ``FileMissing``, and ``FilePartMissing`` when no member matches ``member`` (a glob).
    """

    def __init__(self, path: Path, member: str | None = None) -> None:
        if not path.is_file():
            raise FileMissing(path="path", name=str(path))
        self.path = path
        self.size_bytes = path.stat().st_size
        self._archive: zipfile.ZipFile | None = None
        self._raw: BinaryIO | None = None
        self._opened: list[BinaryIO] = []
        name = path.name
        with path.open("rb") as head:
            is_zip = head.read(4) == _ZIP
        if is_zip:
            archive = zipfile.ZipFile(path)
            if _is_spreadsheet(archive):
                archive.close()
            else:
                self._archive = archive
        self.parts: tuple[str, ...] = (name,) if self._archive is None else self._members(member)

    def _members(self, member: str | None) -> tuple[str, ...]:
        assert self._archive is not None
        names = sorted(name for name in self._archive.namelist() if _is_data(name))
        chosen = [name for name in names if member is None or fnmatch.fnmatch(name, member)]
        if not chosen:
            raise FilePartMissing(
                path="member", name=self.path.name, part=member or "-", parts=", ".join(names)
            )
        return tuple(chosen)

    def open(self, part: str) -> BinaryIO:
        """A fresh stream of the part's bytes, decompressed; it cannot seek."""
        self.close_streams()
        if self._archive is not None:
            member = self._archive.open(part)
            self._opened.append(cast("BinaryIO", member))
            return _decompressed(io.BufferedReader(cast("io.RawIOBase", member)))
        raw = self.path.open("rb")
        self._raw = raw
        self._opened.append(raw)
        return _decompressed(raw)

    def open_seekable(self, part: str) -> BinaryIO:
        """Like :meth:`open`, but can seek; what is compressed is first written to a temporary file."""
        stream = self.open(part)
        if stream is self._raw:
            return stream
        spool = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the other streams
        while data := stream.read(1 << 20):
            spool.write(data)
        spool.seek(0)
        self._opened.append(cast("BinaryIO", spool))
        return cast("BinaryIO", spool)

    def position_bytes(self) -> int:
        """How far the reading of the file on disk has come, in bytes of that file."""
        if self._archive is not None and self._archive.fp is not None:
            return min(self._archive.fp.tell(), self.size_bytes)
        if self._raw is not None and not self._raw.closed:
            return min(self._raw.tell(), self.size_bytes)
        return 0

    def close_streams(self) -> None:
        """Close the streams that were opened."""
        while self._opened:
            self._opened.pop().close()

    def close(self) -> None:
        """Close everything."""
        self.close_streams()
        if self._archive is not None:
            self._archive.close()


def bare_name(part: str) -> str:
    """A part's file name without directories and compression suffix: ``a/b.csv.gz`` → ``b.csv``."""
    name = part.rsplit("/", 1)[-1]
    for suffix in _COMPRESSION_SUFFIXES:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return name
