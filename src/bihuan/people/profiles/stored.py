"""Properties as the engine's JSON column holds them: one type a path, whatever was sent.

Numbers are floats; integers beyond 2^53 become text; lists are all numbers or all text; objects are
flattened to dotted names; standard properties take their declared type, and are left out where a value has
no such form.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from bihuan.kernel.vocabulary import STANDARD, StandardType

EXACT_INTEGER = 1 << 53
MAX_DEPTH = 5


def stored_json(properties: dict[str, Any]) -> str:
    """The JSON text to insert for these properties."""
    flat: dict[str, Any] = {}
    _flatten("", properties, flat, 0)
    return msgspec.json.encode(flat).decode()


def _flatten(prefix: str, properties: dict[str, Any], flat: dict[str, Any], depth: int) -> None:
    for name, value in properties.items():
        path = f"{prefix}{name}"
        if type(value) is str and name not in STANDARD and "." not in path:
            if path:
                flat[path] = value
            continue
        if isinstance(value, dict) and depth < MAX_DEPTH:
            _flatten(f"{path}.", value, flat, depth + 1)
            continue
        kind = STANDARD.get(path)
        stored = _plain(value) if kind is None else _typed(value, kind)
        # The engine would read an empty part of a path as an error of the whole row.
        if stored is not None and all(path.split(".")):
            flat[path] = stored


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return float(value) if abs(value) <= EXACT_INTEGER else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return _plain_list(value)
    return _text(value)


def _plain_list(values: list[Any] | tuple[Any, ...]) -> list[Any]:
    items = [item for item in (_plain(value) for value in values) if item is not None]
    if all(isinstance(item, float) for item in items):
        return items
    return [item if isinstance(item, str) else _text(item) for item in items]


def _typed(value: Any, kind: StandardType) -> Any:
    if value is None:
        return None
    if kind == "number":
        return _number(value)
    if kind == "flag":
        return {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}.get(
            str(value).strip().lower()
        )
    return value if isinstance(value, str) else _text(value)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) <= EXACT_INTEGER:
        return str(int(value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
