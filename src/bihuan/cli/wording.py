"""Numbers, times and curves as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"


def sparkline(values: Sequence[float | None], width: int = 48, *, from_least: bool = False) -> str:
    """Values as bars from zero to the greatest (from the least when some are negative), ``·`` where none is.

    ``from_least`` begins at the least value, so that small changes show: say so beside it. More values than
    ``width`` are averaged in neighbours.
    """
    if len(values) > width:
        edges = [len(values) * place // width for place in range(width + 1)]
        values = [_mean(values[low:high]) for low, high in pairwise(edges)]
    known = [value for value in values if value is not None and math.isfinite(value)]
    if not known:
        return _GAP * len(values)
    low, high = min(known) if from_least else min(0.0, *known), max(known)
    step = (high - low) / (len(_BARS) - 1) or 1.0
    return "".join(
        _GAP if value is None or not math.isfinite(value) else _BARS[round((value - low) / step)]
        for value in values
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def cell(value: Any) -> str:
    """A value as people read it: thousands apart, at most four significant decimals, no braces."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list | tuple):
        return ", ".join(cell(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}={cell(each)}" for name, each in value.items())
    return str(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 100 else f"{value:.4g}"


def moment(text: str | None) -> str:
    """An ISO time in the machine's zone, to the minute."""
    return "–" if text is None else datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")
