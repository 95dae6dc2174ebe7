"""JSON that both control databases can keep."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def storable_within(most_bytes: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A validator: gives back what both can keep in so many bytes, raises ``ValueError`` of the rest."""

    def storable(value: dict[str, Any]) -> dict[str, Any]:
        try:
            text = json.dumps(value, allow_nan=False, ensure_ascii=False)
            size = len(text.encode())
        except ValueError as error:
            raise ValueError("it has a number or a character that JSON cannot keep") from error
        if "\\u0000" in text:
            raise ValueError("it has the character U+0000")
        if size > most_bytes:
            raise ValueError(f"it has {size} bytes, more than {most_bytes}")
        return value

    return storable
