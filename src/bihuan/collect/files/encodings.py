"""Finding out a text's encoding, and decoding it as a stream without losing a bad byte."""

from __future__ import annotations

import codecs
import io
import re
import zlib
from collections.abc import Iterable
from itertools import islice
from typing import BinaryIO, TextIO

from bihuan.collect.files.errors import EncodingUnknown, FileLineTooLong

LINE_LIMIT_BYTES = 64 * 1024 * 1024

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PIECE_LINES = 500
_TAKE_CHARACTERS = 8 * 1024 * 1024
_KEEP_BYTES = "bihuan.keep_bytes"
# Chinese text in GBK is nearly all GB 2312 level 1 (lead B0-D7, trail A1-FE); Latin text that happens to
# decode as GBK is not.
_COMMON_HANZI_SHARE = 0.6
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_SHARE_BYTES = 65_536


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in bad), error.end


codecs.register_error(_KEEP_BYTES, _keep_bytes)


def has_bad_bytes(texts: Iterable[str]) -> bool:
    """Whether any of the texts holds a byte that the encoding could not read."""
    joined = "".join(texts)
    if joined.isascii():
        return False
    try:
        joined.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def readable(text: str) -> str:
    """The text with its undecodable bytes written out as ``\\xHH``."""
    return "".join(f"\\x{ord(c) - 0xDC00:02x}" if 0xDC00 <= ord(c) < 0xDD00 else c for c in text)


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(sample, False)
    except UnicodeDecodeError:
        return False
    return True


def _common_hanzi_share(sample: bytes) -> float:
    high = _HIGH_BYTE.search(sample)
    if high is None:
        return 0.0
    pairs = common = position = 0
    sample = sample[high.start() : high.start() + _SHARE_BYTES]
    while position < len(sample) - 1:
        lead, trail = sample[position], sample[position + 1]
        if lead < 0x80:
            position += 1
            continue
        if 0x30 <= trail <= 0x39:  # a four-byte GB 18030 sequence
            position += 4
        else:
            # A1-A9 are punctuation, full-width letters and symbols of GB 2312
            common += (0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA9) and trail >= 0xA1
            position += 2
        pairs += 1
    return common / pairs if pairs else 0.0


def detect_encoding(sample: bytes) -> str:
    """The Python name of the encoding of a sample's text.

    In order: a byte order mark; zero bytes on one side of each pair (UTF-16); valid UTF-8; GB 18030 whose
    two-byte characters are mostly everyday Chinese; Windows-1252; Latin-1.
    """
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    zeros_even, zeros_odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(zeros_even, zeros_odd) > len(sample) // 4 and min(zeros_even, zeros_odd) < len(sample) // 50:
        return "utf-16-le" if zeros_odd > zeros_even else "utf-16-be"
    if _decodes(sample, "utf-8"):
        return "utf-8"
    if _decodes(sample, "gb18030") and _common_hanzi_share(sample) >= _COMMON_HANZI_SHARE:
        return "gb18030"
    high_controls = any(0x80 <= byte <= 0x9F for byte in sample)
    return "cp1252" if high_controls and _decodes(sample, "cp1252") else "latin-1"


def check_encoding(encoding: str) -> str:
    """The codec to use for a declared encoding. Raises ``EncodingUnknown``."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError as error:
        raise EncodingUnknown(encoding=encoding) from error
    if name in {"gbk", "gb2312"}:
        return "gb18030"  # its superset: reads what either would, and the characters they lack
    return "utf-8-sig" if name == "utf-8" else name


class _GuardedStream(io.RawIOBase):
    """A byte stream that ends early, with ``failure`` set, where a compressed stream is damaged."""

    def __init__(self, inner: BinaryIO, name: str) -> None:
        self._inner = inner
        self._name = name
        self._line_bytes = 0
        self.failure: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, zlib.error, OSError) as error:
            self.failure = error
            return 0
        buffer[: len(data)] = data
        newline = data.rfind(b"\n")
        if newline < 0:
            newline = data.rfind(b"\r")
        self._line_bytes = self._line_bytes + len(data) if newline < 0 else len(data) - newline
        if self._line_bytes > LINE_LIMIT_BYTES:
            raise FileLineTooLong(name=self._name, limit_bytes=LINE_LIMIT_BYTES)
        return len(data)


class TextSource:
    """Lines of a byte stream; bad bytes survive as marks that ``has_bad_bytes`` finds.

    Iterating ``lines`` gives each physical line with its line end. After the last one, ``failure`` is the
    error of a damaged compressed stream, or None.
    """

    def __init__(self, stream: BinaryIO, encoding: str, *, name: str, carriage_returns: bool = False) -> None:
        self._guard = _GuardedStream(stream, name)
        self.lines: TextIO = io.TextIOWrapper(
            io.BufferedReader(self._guard, buffer_size=1 << 20),
            encoding=encoding,
            errors=_KEEP_BYTES,
            newline="\r" if carriage_returns else "\n",
        )

    def take(self, count: int) -> list[str]:
        """The next ``count`` lines, fewer when they are very long or the text ends."""
        taken: list[str] = []
        characters = 0
        while len(taken) < count and characters < _TAKE_CHARACTERS:
            piece = list(islice(self.lines, min(_PIECE_LINES, count - len(taken))))
            if not piece:
                break
            taken += piece
            characters += sum(map(len, piece))
        return taken

    @property
    def failure(self) -> Exception | None:
        """Why the stream ended early; None when it did not."""
        return self._guard.failure
