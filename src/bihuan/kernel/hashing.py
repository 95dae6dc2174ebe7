"""Stable identifiers derived from text.

The 64-bit hash is XXH3, which the engine computes identically as ``xxh3(text)``, so SQL and Python agree.
"""

from __future__ import annotations

import uuid

import xxhash


def key64(text: str) -> int:
    """64-bit unsigned XXH3 of the UTF-8 text; equals the engine's ``xxh3(text)``."""
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"))


def event_uuid(message_id: str) -> uuid.UUID:
    """The event id for a sender's message id: itself when it is a UUID, else a 128-bit hash of it."""
    if len(message_id) == 36:
        try:
            return uuid.UUID(message_id)
        except ValueError:
            pass
    return uuid.UUID(int=xxhash.xxh3_128_intdigest(message_id.encode("utf-8", "surrogatepass")))
