"""How long people took between steps: figures and bins."""

from __future__ import annotations

from bihuan.analytics.funnel.query import MAX_WINDOW_MS, ConversionTime, FunnelQuery
from bihuan.warehouse.sql import array

# Bins of growing width that people have words for.
_SECONDS = (
    0, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400,
    172_800, 259_200, 432_000, 604_800, 1_209_600, 2_592_000, 5_184_000, 7_776_000, 15_552_000, 31_536_000,
)  # fmt: skip


def spans(query: FunnelQuery) -> list[tuple[int, int]]:
    """Which durations there are, as levels (from, to): between neighbours, and the whole way last.

    Unordered steps have no neighbours.
    """
    last = len(query.required)
    whole = (1, last)
    if query.order == "unordered" or last == 2:
        return [whole]
    return [*((level, level + 1) for level in range(1, last)), whole]


def bin_starts_ms(query: FunnelQuery, wanted: ConversionTime) -> list[int]:
    """Where each bin starts, in milliseconds; the last has no end."""
    if wanted.bin_seconds is not None:
        return [round(number * wanted.bin_seconds * 1000) for number in range(wanted.bins)]
    longest = MAX_WINDOW_MS
    if query.window_from != "session":
        longest = query.window.milliseconds * (
            len(query.required) - 1 if query.window_from == "previous_step" else 1
        )
    return [second * 1000 for second in _SECONDS if second * 1000 <= longest]


def duration(query: FunnelQuery, span: tuple[int, int]) -> str:
    """SQL Int64 milliseconds over a person's ``times``."""
    if query.order == "unordered":
        return "(times[2] - times[1])"
    return f"(times[{span[1]}] - times[{span[0]}])"


def bin_of(query: FunnelQuery, wanted: ConversionTime, span: tuple[int, int]) -> str:
    """SQL: the number of the bin, from 0."""
    # Of bins that start at the same millisecond only the last has a width.
    numbers = {start: number for number, start in enumerate(bin_starts_ms(query, wanted))}
    # As the durations are: starts above 2³² would be unsigned, and have no type in common with them.
    starts = f"CAST({array(numbers)}, 'Array(Int64)')"
    return f"transform(roundDown({duration(query, span)}, {starts}), {starts}, {array(numbers.values())}, 0)"


def time_figures(query: FunnelQuery, wanted: ConversionTime) -> str:
    """SQL Array(Tuple(people, mean, percentiles with the median first, people in each bin)) over people."""
    shares = ", ".join(repr(percentile / 100) for percentile in (50.0, *wanted.percentiles))
    bins, figures = len(bin_starts_ms(query, wanted)), []
    for span in spans(query):
        took, arrived = duration(query, span), f"level >= {span[1]}"
        figures.append(
            f"(countIf({arrived}), avgIf({took}, {arrived}), "
            f"quantilesExactInclusiveIf({shares})({took}, {arrived}), "
            f"countIfResample(0, {bins}, 1)({arrived}, {bin_of(query, wanted, span)}))"
        )
    return f"[{', '.join(figures)}]"
