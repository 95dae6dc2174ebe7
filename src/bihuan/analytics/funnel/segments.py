"""Breakdown of a funnel: small codes for the kept values, and which one a person belongs to.

A code is the place of the value's key in ``top``, from 1: the kept keys and then "other".
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.funnel.query import FunnelBreakdown, FunnelQuery
from bihuan.analytics.funnel.rows import MISSING_KEY, funnel_rows, is_any_step
from bihuan.analytics.query import range_label
from bihuan.analytics.sql import top_keys
from bihuan.analytics.sql.breakdowns import OTHER_KEY
from bihuan.warehouse.sql import array

CODE_BITS = 10
LAST_CODE = 2**CODE_BITS - 1


def kept_keys(ctx: ProjectContext, query: FunnelQuery) -> str:
    """The ``WITH`` clause that defines ``top``, the kept keys: most events first, or all the ranges."""
    breakdown = query.breakdown
    if breakdown is None:
        return ""
    if breakdown.bounds is not None:
        labels = ["v" + range_label(breakdown.bounds, index) for index in range(len(breakdown.bounds) + 1)]
        return f"WITH {array([*labels, MISSING_KEY, OTHER_KEY])} AS top\n"
    steps = query.steps if breakdown.step is None else query.steps[breakdown.step - 1 : breakdown.step]
    kept = top_keys(funnel_rows(ctx, query, only=[step.selector for step in steps]).sql(), "b", breakdown)
    return f"WITH (SELECT arrayPushBack(groupArray(b), '{OTHER_KEY}') FROM ({kept})) AS top\n"


def touched(query: FunnelQuery) -> str:
    """Whether a row is an event the breakdown may take its value from."""
    breakdown = query.breakdown
    if breakdown is not None and breakdown.step is not None:
        return f"s{breakdown.step - 1}"
    return is_any_step(query)


def code_of(key: str) -> str:
    """SQL UInt16: the code of a key."""
    return f"toUInt16(transform({key}, top, range(1, length(top) + 1), length(top)))"


def key_of_code(code: str) -> str:
    """SQL String: the key of a code."""
    return f"top[{code}]"


def reversed_code(code: str) -> str:
    """SQL, unsigned: a code so that the smallest is the greatest, and back."""
    return f"bitXor({code}, {LAST_CODE})"


def touch_aggregate(query: FunnelQuery, breakdown: FunnelBreakdown) -> str:
    """SQL UInt64 over rows with ``ms`` and ``code``: the touched event's time and code; 0 without one."""
    if breakdown.touch == "last":
        item = f"bitOr(bitShiftLeft(toUInt64(ms), {CODE_BITS}), {reversed_code('code')})"
        return f"maxIf({item}, {touched(query)})"
    return f"minIf(bitOr(bitShiftLeft(toUInt64(ms), {CODE_BITS}), code), {touched(query)})"


def touch_merge(breakdown: FunnelBreakdown, touch: str) -> str:
    """The same over a person's parts, each with its ``touch``."""
    return f"max({touch})" if breakdown.touch == "last" else f"minIf({touch}, {touch} > 0)"


def code_of_touch(breakdown: FunnelBreakdown, touch: str) -> str:
    """SQL: the code in a ``touch``; without an event, that of "has none"."""
    code = f"bitAnd({touch}, {LAST_CODE})"
    missing = code_of(f"'{MISSING_KEY}'")
    if breakdown.touch == "last":
        code = reversed_code(code)
    return f"if({touch} = 0, {missing}, toUInt16({code}))"
