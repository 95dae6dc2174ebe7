"""Opaque cursors of lists whose rows are in the warehouse."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

import msgspec

from bihuan.database import CursorInvalid


def encode(*parts: object) -> str:
    """The cursor after the row with these sort values."""
    return base64.urlsafe_b64encode(msgspec.json.encode([str(part) for part in parts])).decode().rstrip("=")


def decode(cursor: str, *kinds: Callable[[str], Any]) -> tuple[Any, ...]:
    """The sort values inside ``cursor``.

    Raises:
        CursorInvalid: it is not one of ours.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        texts = msgspec.json.decode(raw, type=list[str])
        return tuple(kind(text) for kind, text in zip(kinds, texts, strict=True))
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise CursorInvalid(path="cursor") from error
