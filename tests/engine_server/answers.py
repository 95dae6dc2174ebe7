"""Writing an answer: held back at first, so that a statement that fails early gets a proper error status."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Mapping
from typing import Protocol

from tests.engine_server.encodings import encoder
from tests.engine_server.engine import Summary
from tests.engine_server.exceptions import EngineException

HELD_BYTES = 1 << 20
_COPY_BYTES = 1 << 18

CONTENT_TYPES = {
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "TSV": "text/tab-separated-values; charset=UTF-8",
    "CSV": "text/csv; charset=UTF-8; header=absent",
    "JSON": "application/json; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "JSONCompactEachRow": "application/x-ndjson; charset=UTF-8",
    "Native": "application/octet-stream",
    "Arrow": "application/octet-stream",
    "ArrowStream": "application/octet-stream",
    "Parquet": "application/octet-stream",
    "RowBinary": "application/octet-stream",
}


class ByteSink(Protocol):
    """The writing side of a connection."""

    def write(self, data: bytes, /) -> object: ...


class Answer:
    """The body of one successful (so far) statement.

    Args:
        begin: sends the status line and the headers given to it.
        wire: the connection.
        headers: headers of the answer known from the start.
        encoding: compression of the body, None for plain.
        hold_all: keep everything back until the statement has ended.
    """

    def __init__(
        self,
        begin: Callable[[Mapping[str, str]], None],
        wire: ByteSink,
        headers: Mapping[str, str],
        *,
        encoding: str | None,
        hold_all: bool,
    ) -> None:
        self._begin, self._wire, self._headers = begin, wire, dict(headers)
        self._encoding, self._hold_all = encoding, hold_all
        self._encoder = encoder(encoding) if encoding else None
        # Closed when the answer begins.
        self._held = tempfile.SpooledTemporaryFile(max_size=16 << 20)  # noqa: SIM115
        self._tag = ""
        self.begun = False

    def write(self, piece: bytes) -> None:
        """Add to the body; sent at once when the answer has begun."""
        if self.begun:
            self._send(piece)
            return
        self._held.write(piece)
        if not self._hold_all and self._held.tell() > HELD_BYTES:
            self._tag = secrets.token_hex(8)
            self._release(Summary(), {"X-ClickHouse-Exception-Tag": self._tag})

    def finish(self, summary: Summary) -> None:
        """End the body. The summary is told only when the answer had not begun."""
        if not self.begun:
            self._release(summary, {})
        if self._encoder:
            self._chunk(self._encoder.flush())
        self._wire.write(b"0\r\n\r\n")

    def fail(self, failure: EngineException) -> None:
        """Append the exception to a body that has begun, in the frame that clients look for."""
        text = failure.text.encode()
        tag = self._tag.encode()
        self._send(
            b"\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n" % (tag, text, len(text) + 1, tag)
        )
        self.finish(Summary())

    def _release(self, summary: Summary, more: Mapping[str, str]) -> None:
        headers = {
            **self._headers,
            **more,
            "X-ClickHouse-Summary": summary.header(),
            "Transfer-Encoding": "chunked",
        }
        if self._encoding:
            headers["Content-Encoding"] = self._encoding
        self._begin(headers)
        self.begun = True
        with self._held as held:
            held.seek(0)
            while piece := held.read(_COPY_BYTES):
                self._send(piece)

    def _send(self, piece: bytes) -> None:
        self._chunk(self._encoder.compress(piece) if self._encoder else piece)

    def _chunk(self, piece: bytes) -> None:
        if piece:
            self._wire.write(b"%x\r\n%s\r\n" % (len(piece), piece))
