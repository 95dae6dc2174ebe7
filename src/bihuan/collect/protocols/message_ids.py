"""Ids for messages of protocols that have none, so that a retry is recognised."""

from __future__ import annotations

from typing import Any

import msgspec
import xxhash

_ENCODER = msgspec.json.Encoder(order="deterministic")


def derived_message_id(*parts: Any) -> str:
    """32 hex characters that depend on all of ``parts`` (JSON values).

    Give it only parts that a retry repeats and that two different events cannot share: an id without a
    time of its own, or a random number of the sender, would drop real events.
    """
    return xxhash.xxh3_128_hexdigest(_ENCODER.encode(parts))
