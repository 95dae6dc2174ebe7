"""An event's properties as the JSON text that the engine stores.

Every number becomes a float and every list one type, so that a path has one type in the engine whatever
senders write; standard properties are coerced to their declared types or rejected, because a value of
another type would fail the whole insert statement. Nested objects become dotted names here rather than
in the engine, so that a name given twice is found in the row that gives it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from math import isfinite
from typing import Any

import msgspec

from bihuan.kernel.vocabulary import STANDARD, StandardType
from bihuan.warehouse.writing.rejections import RowRejected

MAX_NAME_CHARS = 255
MAX_TEXT_CHARS = 32_768
MAX_LIST_ELEMENTS = 1_000
MAX_PROPERTIES = 512
MAX_DEPTH = 8
MAX_PROPERTIES_BYTES = 256 * 1024
# Above this, neighbouring whole numbers share one float.
MAX_EXACT_INTEGER = 2**53

Stored = str | float | bool | list[str] | list[float]

MAX_REMEMBERED_NAMES = 20_000

_ENCODER = msgspec.json.Encoder()
# Plain names to the type their values have in the engine; object where any will do.
_PLAIN_NAMES: dict[str, type] = {
    name: {"text": str, "category": str, "number": float, "flag": bool}[kind]
    for name, kind in STANDARD.items()
}
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def encode_properties(properties: Mapping[str, Any]) -> bytes:
    """The JSON object that is stored for ``properties``.

    Absent after encoding: null, NaN, infinities, empty objects and empty lists. Whole numbers beyond 2^53
    become text, mixed lists become lists of text. Raises ``RowRejected`` with the path at fault.
    """
    flat: dict[str, Stored] = {}
    for name, value in properties.items():
        # The common cases, without a call per property: a known name with a value of its stored type.
        declared = _PLAIN_NAMES.get(name)
        if declared is None or name in flat:
            _flatten(name, value, flat, depth=1)
            if declared is None:
                _remember_plain(name)
            continue
        kind = type(value)
        if (
            kind is int
            and (declared is object or declared is float)
            and -MAX_EXACT_INTEGER <= value <= MAX_EXACT_INTEGER
        ):
            flat[name] = float(value)
        elif (kind is str and (declared is object or declared is str) and len(value) <= MAX_TEXT_CHARS) or (
            kind is float and (declared is object or declared is float) and isfinite(value)
        ):
            flat[name] = value
        else:
            _flatten(name, value, flat, depth=1)
    if len(flat) > MAX_PROPERTIES:
        raise RowRejected("properties_too_many", "properties", limit=MAX_PROPERTIES)
    return _encode(flat)


def _encode(flat: dict[str, Stored]) -> bytes:
    try:
        encoded = _ENCODER.encode(flat)
    except UnicodeEncodeError:
        encoded = _ENCODER.encode({clean_text(name): _clean(value) for name, value in flat.items()})
    if len(encoded) > MAX_PROPERTIES_BYTES:
        raise RowRejected(
            "properties_too_large", "properties", actual=len(encoded), limit=MAX_PROPERTIES_BYTES
        )
    return encoded


def clean_text(text: str) -> str:
    """``text`` without what UTF-8 cannot carry: lone surrogates become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _clean(value: Stored) -> Stored:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_text(element) if isinstance(element, str) else element for element in value]  # type: ignore[return-value]
    return value


def _remember_plain(name: str) -> None:
    # Names that need no change; bounded, because senders may put values into names.
    plain = 0 < len(name) <= MAX_NAME_CHARS and name.isascii() and "\0" not in name and "." not in name
    if plain and name not in STANDARD and len(_PLAIN_NAMES) < MAX_REMEMBERED_NAMES:
        _PLAIN_NAMES[name] = object


def _flatten(name: str, value: Any, flat: dict[str, Stored], *, depth: int) -> None:
    name = _name(name)
    if isinstance(value, Mapping) and name not in STANDARD:
        if depth >= MAX_DEPTH:
            raise RowRejected("properties_too_deep", f"properties.{name}", limit=MAX_DEPTH)
        for inner, inner_value in value.items():
            _flatten(f"{name}.{_name(str(inner))}", inner_value, flat, depth=depth + 1)
        return
    kind = STANDARD.get(name)
    stored = _standard(name, value, kind) if kind else _free(name, value)
    if stored is None:
        return
    if name in flat:
        raise RowRejected("property_repeated", f"properties.{name}")
    if isinstance(stored, str) and len(stored) > MAX_TEXT_CHARS:
        raise RowRejected("text_too_long", f"properties.{name}", actual=len(stored), limit=MAX_TEXT_CHARS)
    flat[name] = stored


def _name(name: str) -> str:
    # The engine splits names at dots and has no path for an empty part.
    name = name.replace("\0", "")
    if "." in name:
        name = ".".join(part for part in name.split(".") if part)
    if not 0 < len(name) <= MAX_NAME_CHARS:
        raise RowRejected("property_name_invalid", f"properties.{name[:40]}", limit=MAX_NAME_CHARS)
    return clean_text(name) if not name.isascii() else name


def _free(name: str, value: Any) -> Stored | None:
    if isinstance(value, list | tuple):
        return _list(name, value)
    return _scalar(value)


def _scalar(value: Any) -> str | float | bool | None:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return float(value) if -MAX_EXACT_INTEGER <= value <= MAX_EXACT_INTEGER else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _as_text(value)


def _list(name: str, values: list[Any] | tuple[Any, ...]) -> list[str] | list[float] | None:
    if len(values) > MAX_LIST_ELEMENTS:
        raise RowRejected("list_too_long", f"properties.{name}", actual=len(values), limit=MAX_LIST_ELEMENTS)
    elements = [_scalar(value) for value in values]
    kept = [element for element in elements if element is not None]
    if not kept:
        return None
    numbers = [element for element in kept if type(element) is float]
    if len(numbers) == len(kept):
        return numbers
    texts = [_as_text(element) for element in kept]
    longest = max(map(len, texts))
    if longest > MAX_TEXT_CHARS:
        raise RowRejected("text_too_long", f"properties.{name}", actual=longest, limit=MAX_TEXT_CHARS)
    return texts


def _standard(name: str, value: Any, kind: StandardType) -> Stored | None:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, str | int | float):
        coerced = _COERCIONS[kind](value)
        if coerced is not None:
            return coerced
        if value == "":
            return None
    raise RowRejected("property_type", f"properties.{name}", expected=kind)


def _number(value: str | float | bool) -> float | None:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _flag(value: str | float | bool) -> bool | None:
    if isinstance(value, str):
        return _FLAGS.get(value.strip().lower())
    return bool(value) if value in (0, 1) else None


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= MAX_EXACT_INTEGER:
        return str(int(value))
    try:
        return _ENCODER.encode(value).decode()
    except (TypeError, UnicodeEncodeError, RecursionError):
        return clean_text(str(value))


_COERCIONS = {"number": _number, "flag": _flag, "text": _as_text, "category": _as_text}
