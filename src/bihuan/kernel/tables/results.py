"""Any answer as one flat table, so that it can be printed, exported and opened in a spreadsheet.

The rule is the same for every kind of analysis. The rows are the items of the result's first list of
objects (lines, steps, cohorts, …). An item that holds a list of objects itself is repeated for each of
them. Its lists of single values run in parallel: one row for each place, named by the result's list of
labels of that length (``buckets``) or counted from 0. Objects become columns with dotted names.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

Row = dict[str, Any]
# Fields of every result that are about the answer, not part of it.
_ABOUT = (
    "kind",
    "first_day",
    "last_day",
    "time_zone",
    "sample",
    "sql",
    "rows_read",
    "bytes_read",
    "interval",
)
_LABELS = "buckets"
_POSITION = "position"


def rows_of(result: dict[str, Any]) -> list[Row]:
    """The rows of a result in its JSON form."""
    body = {name: value for name, value in result.items() if name not in _ABOUT}
    labels = body.pop(_LABELS, None)
    compared = body.pop(f"compared_{_LABELS}", None)
    items = next((value for value in body.values() if _is_objects(value)), None)
    if items is None:
        return list(_spread(body, labels, compared))
    return [row for item in items for row in _spread(item, labels, compared)]


def table_of(rows: list[Row]) -> pa.Table:
    """Rows as an Arrow table; a column whose values have several types becomes text."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: _column([row.get(name) for row in rows]) for name in names}
    return pa.table(columns)


def _spread(item: Row, labels: list[Any] | None, compared: list[Any] | None) -> Iterator[Row]:
    flat = dict(_flat(item, ""))
    nested = next((name for name, value in flat.items() if _is_objects(value)), None)
    if nested is not None:
        inner = flat.pop(nested)
        outer = {name: value for name, value in flat.items() if not isinstance(value, list)}
        for each in inner:
            named = {_free(name, outer, nested): value for name, value in each.items()}
            yield from _spread(outer | named, labels, compared)
        return
    lists = {name: value for name, value in flat.items() if isinstance(value, list)}
    single = {name: value for name, value in flat.items() if name not in lists}
    length = max(map(len, lists.values()), default=0)
    if not length:
        yield single
        return
    for place in range(length):
        yield {
            **single,
            **_place(place, length, labels, compared),
            **{name: value[place] if place < len(value) else None for name, value in lists.items()},
        }


def _place(place: int, length: int, labels: list[Any] | None, compared: list[Any] | None) -> Row:
    if not labels or length < len(labels):
        return {_POSITION: place}
    at: Row = {"bucket": labels[place] if place < len(labels) else None}
    if compared:
        at["compared_bucket"] = compared[place] if place < len(compared) else None
    return at


def _flat(value: Row, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        if isinstance(each, dict):
            yield from _flat(each, f"{prefix}{name}.")
        elif name == "breakdown" and isinstance(each, list):
            # One column for each property broken down by.
            yield from ((f"{prefix}breakdown_{place}", _shown(group)) for place, group in enumerate(each, 1))
        elif isinstance(each, list) and each and all(isinstance(item, list) for item in each):
            yield prefix + name, [_text(item) for item in each]
        else:
            yield prefix + name, each


def _shown(group: Any) -> Any:
    if not isinstance(group, dict):
        return group
    if group.get("other"):
        return "(other)"
    return "(none)" if group.get("value") is None else group["value"]


def _free(name: str, taken: Row, nested: str) -> str:
    return f"{nested}.{name}" if name in taken else name


def _is_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _column(values: list[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float}:
        kind = pa.int64() if kinds == {int} else pa.float64()
        return pa.array(values, type=kind)
    if kinds == {bool}:
        return pa.array(values, type=pa.bool_())
    return pa.array([None if value is None else _text(value) for value in values], type=pa.string())
