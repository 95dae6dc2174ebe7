"""Groups: the figures of an analysis split by several breakdowns.

Rows carry the keys ``b0``, ``b1``, … of their values (``add_breakdowns``). Each breakdown without ``bounds``
keeps its greatest values, whatever the others say; ``k0``, ``k1``, … are the keys with the rest gathered.
The arrays of kept keys are named once, at the head of the statement (:func:`kept_sql`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import TypeVar

from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.query.breakdown import Breakdown, BreakdownValue
from bihuan.analytics.sql.breakdowns import OTHER_KEY, breakdown_value, key_of, top_keys
from bihuan.warehouse.sql import literal

# The keys of a group, one for each breakdown.
GroupKeys = tuple[str, ...]
G = TypeVar("G")
PEOPLE_WEIGHT = "uniqExact(person)"


def kept_sql(rows_sql: str, breakdowns: Sequence[Breakdown], *, weight: str = PEOPLE_WEIGHT) -> str:
    """``WITH`` of the arrays of keys that are kept: those of the rows with the greatest weight, ties by key.

    Empty where every value is kept.
    """
    tops = [
        f"(SELECT groupArray(b{index}) FROM ("
        f"{top_keys(rows_sql, f'b{index}', breakdown, weight=weight)})) AS top{index}"
        for index, breakdown in enumerate(breakdowns)
        if breakdown.bounds is None
    ]
    return "WITH " + ",\n".join(tops) + "\n" if tops else ""


def group_names(breakdowns: Sequence[Breakdown]) -> list[str]:
    """``k0``, ``k1``, …"""
    return [f"k{index}" for index in range(len(breakdowns))]


def also(names: Sequence[str]) -> str:
    """Names to be added to a list of columns."""
    return "".join(f", {name}" for name in names)


def grouped_rows(rows_sql: str, breakdowns: Sequence[Breakdown]) -> str:
    """The rows with ``k0``, ``k1``, … as well."""
    if not breakdowns:
        return rows_sql
    keys = [
        f"b{index} AS k{index}"
        if breakdown.bounds is not None
        else f"if(has(top{index}, b{index}), b{index}, '{OTHER_KEY}') AS k{index}"
        for index, breakdown in enumerate(breakdowns)
    ]
    return f"SELECT {', '.join(keys)}, * FROM (\n{rows_sql}\n)"


def in_group(breakdowns: Sequence[Breakdown], values: Sequence[BreakdownValue]) -> list[str]:
    """Conditions on ``k0``, ``k1``, …: rows of one group; of every group without ``values``.

    Raises:
        SelectionInvalid: there is not one value for each breakdown.
    """
    if values and len(values) != len(breakdowns):
        raise SelectionInvalid(path="breakdown", reason="one value for each breakdown is needed")
    return [f"k{index} = {literal(key_of(value))}" for index, value in enumerate(values)]


def people_of_groups(
    rows_sql: str, breakdowns: Sequence[Breakdown], values: Sequence[BreakdownValue], condition: str
) -> str:
    """SELECT of ``person``, each once, from rows of one a person and group: in whose group a condition holds.

    Raises:
        SelectionInvalid: as :func:`in_group`.
    """
    distinct = "DISTINCT " if breakdowns else ""
    chosen = " AND ".join([condition, *in_group(breakdowns, values)])
    return f"SELECT {distinct}person FROM (\n{rows_sql}\n)\nWHERE {chosen}"


def check_size(numbers: int, breakdowns: Sequence[Breakdown], most: int) -> None:
    """QueryTooLarge when ``numbers`` of each group that there can be are more than ``most``."""
    numbers *= prod(breakdown.most_values() for breakdown in breakdowns)
    if numbers > most:
        raise QueryTooLarge(numbers=numbers, most=most)


def group_values(keys: Sequence[str]) -> tuple[BreakdownValue, ...]:
    """What the keys of a group stand for."""
    return tuple(breakdown_value(key) for key in keys)


def ranked(groups: Mapping[GroupKeys, G], size: Callable[[G], float]) -> tuple[G, ...]:
    """The groups as they are shown."""
    return tuple(
        groups[keys] for keys in sorted(groups, key=lambda keys: group_rank(keys, size(groups[keys])))
    )


def group_rank(keys: GroupKeys, size: float) -> tuple[int, float, GroupKeys]:
    """Sorts groups as they are shown: others last, then by size, greatest first, ties by key."""
    return sum(key == OTHER_KEY for key in keys), -size, keys
