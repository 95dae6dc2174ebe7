"""Breakdown keys: the value of each breakdown as text, the rest gathered under "other".

A key is ``v`` + the value, ``n`` for "has no value" or ``o`` for all the other values, so that it is
never NULL and no value can be mistaken for another thing.
"""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.analytics.query.breakdown import Breakdown, BreakdownValue, range_label
from bihuan.analytics.sql.source import EventsSource
from bihuan.warehouse.sql import array

OTHER_KEY = "o"


def breakdown_key(source: EventsSource, breakdown: Breakdown) -> str:
    """SQL String: the key of a row's value."""
    if breakdown.bounds is None:
        if breakdown.property.scope == "field" and breakdown.property.name == "event":
            return "concat('v', e.event)"
        return text_key(source.text(breakdown.property))
    number = source.number(breakdown.property)
    labels = ["v" + range_label(breakdown.bounds, index) for index in range(len(breakdown.bounds) + 1)]
    index = f"arrayCount(b -> b <= assumeNotNull({number}), {array(breakdown.bounds)}) + 1"
    return f"if(isNull({number}), 'n', {array(labels)}[{index}])"


def text_key(text: str) -> str:
    """SQL String: the key of a Nullable(String), dictionary-encoded where that is."""
    return f"ifNull(concat('v', {text}), 'n')"


def add_breakdowns(source: EventsSource, breakdowns: Sequence[Breakdown]) -> list[str]:
    """Add the columns ``b0``, ``b1``, … with the keys; returns their names."""
    names = value_names(breakdowns)
    for name, breakdown in zip(names, breakdowns, strict=True):
        source.column(name, breakdown_key(source, breakdown))
    return names


def value_names(breakdowns: Sequence[Breakdown]) -> list[str]:
    """``b0``, ``b1``, …"""
    return [f"b{index}" for index in range(len(breakdowns))]


def top_keys(rows_sql: str, column: str, breakdown: Breakdown, *, weight: str = "count()") -> str:
    """SELECT of the keys that a breakdown without ``bounds`` keeps.

    Those with the greatest ``weight`` (an aggregate), ties by key.
    """
    return (
        f"SELECT {column} FROM (\n{rows_sql}\n) GROUP BY {column} "
        f"ORDER BY {weight} DESC, {column} LIMIT {breakdown.top_n}"
    )


def gathered(column: str, top: str) -> str:
    """The key where it is among ``top`` (a subquery or the name of one), else "other"."""
    return f"if({column} IN ({top}), {column}, '{OTHER_KEY}')"


def breakdown_value(key: str) -> BreakdownValue:
    """What a key stands for."""
    if key == OTHER_KEY:
        return BreakdownValue(other=True)
    return BreakdownValue(value=key[1:] if key.startswith("v") else None)


def key_of(value: BreakdownValue) -> str:
    """The key that stands for ``value``."""
    if value.other:
        return OTHER_KEY
    return "n" if value.value is None else "v" + value.value
