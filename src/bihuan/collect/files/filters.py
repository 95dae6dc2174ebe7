"""Tests that decide which rows a mapping skips."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from bihuan.collect.files.mapping import FilterRule
from bihuan.collect.files.values import read_number


def _compared(test: Callable[[float, float], bool], bound: float) -> Callable[[str | None], bool]:
    def fits(cell: str | None) -> bool:
        try:
            return cell is not None and test(read_number(cell), bound)
        except ValueError:
            return False

    return fits


def filter_test(rule: FilterRule) -> Callable[[str | None], bool]:
    """Whether a cell (stripped text, None for empty) makes its row one to skip."""
    values = frozenset(rule.values)
    first = rule.values[0] if rule.values else ""
    if rule.operator in ("equals", "in"):
        return lambda cell: cell in values
    if rule.operator in ("not_equals", "not_in"):
        return lambda cell: cell not in values
    if rule.operator in ("empty", "not_empty"):
        wanted = rule.operator == "empty"
        return lambda cell: (cell is None) == wanted
    if rule.operator == "contains":
        return lambda cell: cell is not None and first in cell
    if rule.operator == "matches":
        pattern = re.compile(first)
        return lambda cell: cell is not None and pattern.search(cell) is not None
    return _compared(operator.lt if rule.operator == "less" else operator.gt, float(first))
