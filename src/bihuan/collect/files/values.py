"""Turning a column of cells into typed values, a whole column at a time."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from bihuan.collect.files.mapping import PropertyRule
from bihuan.collect.files.times import TimeParser

_TRUE = frozenset(("true", "t", "yes", "y", "1", "1.0", "on", "是", "真", "对"))
_FALSE = frozenset(("false", "f", "no", "n", "0", "0.0", "off", "否", "假", "错"))
_CURRENCY = re.compile(r"[\s¥￥$€£元]|(?:CNY|RMB|USD|EUR|GBP)\b")
_PLAIN_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d+)?")
_LARGEST_EXACT = 2**53
_TEXT_TYPES = {str, type(None)}

# reason code and sentences for a cell that is not of its type
FAULTS: dict[str, tuple[str, str, str]] = {
    "number": ("number_invalid", "{cell} is not a number.", "{cell} 不是数字。"),
    "boolean": ("boolean_invalid", "{cell} is neither true nor false.", "{cell} 不是布尔值。"),
    "time": (
        "time_invalid",
        "{cell} is not a time in the format {format}.",
        "{cell} 不符合时间格式 {format}。",
    ),
    "json": ("json_invalid", "{cell} is not valid JSON.", "{cell} 不是有效的 JSON。"),
    "list": ("list_invalid", "{cell} is not a list.", "{cell} 不是列表。"),
}


class Converted(msgspec.Struct):
    """A column's values (None for empty), and the rows whose cell is not of the type."""

    values: list[Any]
    invalid: list[int] = []


def is_blank(cell: Any, nulls: frozenset[str]) -> bool:
    """Whether a cell holds no value: None, nothing but blanks, or a word for "no value"."""
    if isinstance(cell, str):
        return not cell or cell in nulls or cell.isspace()
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def blanked(cells: Sequence[Any], nulls: frozenset[str]) -> Sequence[Any]:
    """The cells with ``""``, blanks only, and the words for "no value" as None."""
    try:
        blanks = {cell for cell in set(cells) if is_blank(cell, nulls)}
    except TypeError:  # lists cannot be put in a set
        return [None if is_blank(cell, nulls) else cell for cell in cells]
    return [None if cell in blanks else cell for cell in cells] if blanks else cells


def read_number(cell: Any, decimal: str = ".") -> float:
    """A number from ``1,234.50``, ``¥12``, ``12.5%`` (0.125) or a numeric value. Raises ``ValueError``."""
    if isinstance(cell, str):
        text = _CURRENCY.sub("", cell)
        if decimal == ",":
            text = text.replace(".", "").replace(",", ".")
        percent = text.endswith("%")
        text = text.removesuffix("%")
        if not _PLAIN_NUMBER.fullmatch(text) or not any(c.isdigit() for c in text):
            raise ValueError(cell)
        number = float(text.replace(",", ""))
        number = number / 100 if percent else number
    else:
        number = float(cell)
    if not math.isfinite(number):
        raise ValueError(cell)
    return number


def _number_column(cells: Sequence[Any], decimal: str) -> list[Any] | None:
    """The column as floats when every cell is plain; else None."""
    if decimal != ".":
        return None
    try:
        table = {cell: None if cell is None else float(cell) for cell in set(cells)}
        total = math.fsum(value for value in table.values() if value is not None)
    except (ValueError, TypeError, OverflowError):
        return None
    if not math.isfinite(total) or any("_" in cell for cell in table if isinstance(cell, str)):
        return None
    return list(map(table.__getitem__, cells))


def read_boolean(cell: Any) -> bool:
    """True or False from the usual words. Raises ``ValueError``."""
    word = str(cell).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(cell)


def read_text(cell: Any) -> str:
    """A value as text: numbers without ``.0``, times in ISO 8601, objects as JSON."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _LARGEST_EXACT:
        return str(int(cell))
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False, separators=(",", ":"), default=str)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return str(cell)


def _plain_list(items: list[Any]) -> list[Any]:
    kept = [item for item in items if item is not None]
    if all(isinstance(item, int | float) and not isinstance(item, bool) for item in kept):
        return [float(item) for item in kept]
    return [read_text(item) for item in kept]


def read_list(cell: Any, separator: str) -> list[Any]:
    """A list from a list, a JSON array, or text split at ``separator``; all numbers or all texts."""
    if isinstance(cell, list | tuple):
        return _plain_list(list(cell))
    text = read_text(cell).strip()
    if text.startswith("["):
        try:
            return _plain_list(msgspec.json.decode(text, type=list[Any]))
        except msgspec.DecodeError as error:
            raise ValueError(cell) from error
    return [part.strip() for part in text.split(separator) if part.strip()]


def _read_json(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    try:
        return msgspec.json.decode(cell)
    except msgspec.DecodeError as error:
        raise ValueError(cell) from error


def _iso(parser: TimeParser) -> Callable[[Any], str]:
    def read(cell: Any) -> str:
        moment = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(milliseconds=parser(cell))
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    return read


def native(value: Any) -> Any:
    """A typed value (JSON, Parquet) as a property keeps it: numbers, booleans, lists; else text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _plain_list(value) if isinstance(value, list) else read_text(value)


def cell_reader(rule: PropertyRule, timezone: str) -> Callable[[Any], Any]:
    """The function that reads one non-empty cell as the rule's type; it raises ``ValueError``."""
    if rule.type == "number":
        return lambda cell: read_number(cell, rule.decimal)
    if rule.type == "boolean":
        return read_boolean
    if rule.type == "time":
        return _iso(TimeParser(rule.format, timezone))
    if rule.type == "list":
        return lambda cell: read_list(cell, rule.separator)
    return _read_json if rule.type == "json" else read_text


class ColumnConverter:
    """Reads the column of one property rule, chunk after chunk."""

    def __init__(self, rule: PropertyRule, timezone: str, nulls: frozenset[str]) -> None:
        self.rule = rule
        self._read = cell_reader(rule, timezone)
        self._nulls = nulls

    def convert(self, cells: Sequence[Any]) -> Converted:
        """Typed values; cells of another type are handled as ``rule.invalid`` says."""
        rule = self.rule
        cells = blanked(cells, self._nulls)
        if rule.type == "number" and (quick := _number_column(cells, rule.decimal)) is not None:
            return Converted(quick)
        if rule.type == "text" and set(map(type, cells)) <= _TEXT_TYPES:
            return Converted(list(cells))
        values: list[Any] = []
        invalid: list[int] = []
        for index, cell in enumerate(cells):
            if cell is None:
                values.append(None)
                continue
            try:
                values.append(self._read(cell))
            except (ValueError, OverflowError, TypeError):
                values.append(read_text(cell) if rule.invalid == "text" else None)
                if rule.invalid == "reject":
                    invalid.append(index)
        return Converted(values, invalid)
