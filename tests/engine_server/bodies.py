"""Reading a request's body: by length or in chunks, compressed or not, or as a form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from tests.engine_server.encodings import decoded

READ_BYTES = 1 << 16
DRAIN_BYTES = 64 << 20


class ByteSource(Protocol):
    """The reading side of a connection."""

    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


class Headers(Protocol):
    """Headers looked up in any capitalisation."""

    def get(self, name: str, /) -> str | None: ...


class BodyIncomplete(Exception):
    """The connection ended before the body did."""


class RequestBody:
    """The bytes of one request after its headers, read once.

    Args:
        stream: the connection, placed after the headers.
        headers: the request's headers.
    """

    def __init__(self, stream: ByteSource, headers: Headers) -> None:
        chunked = "chunked" in (headers.get("Transfer-Encoding") or "").lower()
        length = int(headers.get("Content-Length") or 0)
        self._wire = _chunks(stream) if chunked else _of_length(stream, length)
        self._encoding = (headers.get("Content-Encoding") or "").lower()

    def decoded(self) -> Iterator[bytes]:
        """The body, decompressed.

        Raises:
            EncodingBroken: an unknown or broken ``Content-Encoding``.
            BodyIncomplete: the client went away.
        """
        if not self._encoding or self._encoding == "identity":
            return self._wire
        return decoded(self._encoding, self._wire)

    def drained(self) -> bool:
        """Read what is left, so that the connection can be used again; False when that is too much."""
        read = 0
        try:
            for piece in self._wire:
                read += len(piece)
                if read > DRAIN_BYTES:
                    return False
        except (BodyIncomplete, OSError, ValueError):
            return False
        return True


def _of_length(stream: ByteSource, length: int) -> Iterator[bytes]:
    while length > 0:
        piece = stream.read(min(length, READ_BYTES))
        if not piece:
            raise BodyIncomplete
        length -= len(piece)
        yield piece


def _chunks(stream: ByteSource) -> Iterator[bytes]:
    while True:
        line = stream.readline(1024)
        if not line.strip():
            raise BodyIncomplete
        size = int(line.split(b";")[0], 16)
        if size == 0:
            while stream.readline(1024).strip():
                pass
            return
        yield from _of_length(stream, size)
        stream.readline(8)


_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_FIELD_NAME = re.compile(rb'name="([^"]*)"', re.IGNORECASE)


def form_fields(content_type: str, body: bytes) -> dict[str, str]:
    """The text fields of a ``multipart/form-data`` body.

    Raises:
        ValueError: there is no boundary, or a file part (an external table, which is not supported).
    """
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise ValueError("multipart/form-data without a boundary")
    fields: dict[str, str] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].encode())[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = _FIELD_NAME.search(head)
        if name is None or b"filename=" in head:
            raise ValueError("External tables are not supported by the test server")
        fields[name[1].decode()] = value.decode()
    return fields
