"""HTTP compression both ways: gzip, deflate (zlib), lz4 frames and zstd, incrementally."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Protocol

import lz4.frame  # type: ignore[import-untyped]

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# In the order in which the server prefers them when a client accepts several.
ENCODINGS = ("lz4", "zstd", "gzip", "deflate")


class EncodingBroken(Exception):
    """A body that is not what its ``Content-Encoding`` says.

    Args:
        code: ClickHouse's: 89 for an unknown encoding, 271 for bytes that cannot be decompressed.
    """

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Encoder(Protocol):
    """Compresses one response, piece by piece."""

    def compress(self, data: bytes) -> bytes: ...

    def flush(self) -> bytes: ...


class _Lz4Encoder:
    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._pending = self._frame.begin()

    def compress(self, data: bytes) -> bytes:
        out = self._pending + self._frame.compress(data)
        self._pending = b""
        return bytes(out)

    def flush(self) -> bytes:
        return bytes(self._pending + self._frame.flush())


def accepted(header: str | None) -> str | None:
    """The encoding to answer with for an ``Accept-Encoding`` header; None for plain."""
    names = {part.split(";")[0].strip().lower() for part in (header or "").split(",")}
    return next((name for name in ENCODINGS if name in names), None)


def encoder(name: str) -> Encoder:
    """A compressor for the encoding ``name``, one of :data:`ENCODINGS`."""
    if name == "lz4":
        return _Lz4Encoder()
    if name == "zstd":
        compressor: Encoder = zstd.ZstdCompressor()
        return compressor
    return zlib.compressobj(wbits=31 if name == "gzip" else 15)


def decoded(name: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """``chunks`` decompressed; several frames one after another are one stream, as clients send them.

    Raises:
        EncodingBroken: the encoding is unknown, or the bytes are not of it or end in the middle of a frame.
    """
    fresh = _decoders().get(name)
    if fresh is None:
        raise EncodingBroken(89, f"Unknown compression method: {name}")
    frame: Any = None
    for chunk in chunks:
        data = chunk
        while data:
            frame = frame or fresh()
            try:
                out = frame.decompress(data)
            except (zlib.error, RuntimeError, zstd.ZstdError) as failure:
                raise EncodingBroken(271, f"Cannot decompress {name}: {failure}") from failure
            if out:
                yield out
            data = (frame.unused_data or b"") if frame.eof else b""
            frame = None if frame.eof else frame
    if frame is not None:
        raise EncodingBroken(271, f"Cannot decompress {name}: the body ends in the middle of a frame")


def _decoders() -> dict[str, Callable[[], Any]]:
    return {
        "lz4": lz4.frame.LZ4FrameDecompressor,
        "zstd": zstd.ZstdDecompressor,
        "gzip": lambda: zlib.decompressobj(wbits=31),
        "deflate": lambda: zlib.decompressobj(wbits=15),
    }
