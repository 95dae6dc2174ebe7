"""The loops of RFM over people's events, as machine code."""

from __future__ import annotations

from typing import Any

import numpy as np

from bihuan.analytics.sequences.loops import DROP, Columns
from bihuan.kernel.arrays import Array
from bihuan.kernel.compiled import compiled, inlined

_DAY_MS = 86_400_000


@compiled
def find_purchases(
    part: Columns,
    people: tuple[int, int],
    span: tuple[Any, Any],
    codes: Array,
    before: Array,
    places: Array,
) -> None:
    """Which events of a part's people are purchases.

    One loop over all events: a loop for each person, of a few events, would end where nobody can foresee it.

    Args:
        part, people, span, codes: as of ``sequences.loops.gather_part``.
        before: becomes how many purchases there are before each of these events; one longer than they are.
        places: becomes which events the purchases are, counted from the first; as long as the events are.
    """
    _, ends, times, events, _ = part
    low, width = span
    begin = np.uint64(ends[people[0] - 1] if people[0] > 0 else 0)
    end = np.uint64(ends[people[1] - 1] if people[1] > 0 else 0)
    count = np.uint32(0)
    before[0] = 0
    for at in range(begin, end):
        place = at - begin
        # Written in any case, and overwritten by the next purchase.
        places[count] = place
        count += np.uint32((codes[events[at]] != DROP) & (times[at] - low < width))
        before[place + np.uint64(1)] = count


@compiled
def add_purchases(
    part: Columns,
    people: tuple[int, int],
    first: int,
    start_ms: int,
    passed_over: Array,
    purchases: tuple[Array, Array],
    day_starts: Array,
    into: tuple[Array, Array, Array, Array],
) -> None:
    """Add a part's purchases to those of the people of a block; the parts come in order of time.

    Args:
        part, people, first, start_ms, passed_over: as of ``sequences.loops.gather_part``.
        purchases: what :func:`find_purchases` found.
        day_starts: Unix milliseconds of each day and of the one after the last; empty: days are not counted.
        into: by person of the block, how many purchases, when the last one was (Unix milliseconds), on how
            many days, and the last of these (-1: none).
    """
    numbers, ends, times, _, _ = part
    before, places = purchases
    counts, last, days, last_days = into
    base = ends[people[0] - 1] if people[0] > 0 else 0
    low = np.int64(0)
    for person in range(people[0], people[1]):
        high = np.int64(before[ends[person] - base])
        if high > low and not (len(passed_over) > 0 and passed_over[numbers[person]]):
            who = numbers[person] - first
            counts[who] += high - low
            last[who] = start_ms + np.int64(times[base + places[high - 1]])
            if len(day_starts) > 0:
                for at in range(low, high):
                    day = _day(start_ms + np.int64(times[base + places[at]]), day_starts)
                    days[who] += day != last_days[who]
                    last_days[who] = day
        low = high


@compiled
def add_amounts(
    part: Columns,
    people: tuple[int, int],
    first: int,
    passed_over: Array,
    before: Array,
    amounts: tuple[Array, Array],
    into: tuple[Array, Array],
) -> None:
    """Add what a part's purchases were worth.

    Args:
        part, people, first, passed_over: as of ``sequences.loops.gather_part``.
        before: of :func:`find_purchases`.
        amounts: places of the part's events that have a number, ascending, and the numbers.
        into: by person of the block, the sum of the numbers and how many there are.
    """
    numbers, ends, _, _, _ = part
    places, values = amounts
    sums, priced = into
    base = ends[people[0] - 1] if people[0] > 0 else 0
    at = np.searchsorted(places, base)
    for person in range(people[0], people[1]):
        end = ends[person]
        if at == len(places) or places[at] >= end:
            continue
        who = numbers[person] - first
        counted = not (len(passed_over) > 0 and passed_over[numbers[person]])
        while at < len(places) and places[at] < end:
            place = places[at] - base
            bought = counted & (before[place + 1] > before[place])
            sums[who] += values[at] if bought else 0.0
            priced[who] += bought
            at += 1


@compiled
def days_before_the_last(times: Array, day_starts: Array, into: Array) -> None:
    """Of each time (Unix milliseconds), how many days before the last one it is."""
    for at in range(len(times)):
        into[at] = len(day_starts) - 2 - _day(times[at], day_starts)


@inlined
def _day(time: Any, day_starts: Array) -> Any:
    """Which day a time is on; clocks that change leave the guess a day off."""
    day = min(max((time - day_starts[0]) // _DAY_MS, 0), len(day_starts) - 2)
    while day_starts[day] > time:
        day -= 1
    while day_starts[day + 1] <= time:
        day += 1
    return day


@compiled
def count_above(figures: Array, cuts: Array, is_inclusive: bool, into: Array) -> None:
    """Add of each figure how many cuts it is above; ``is_inclusive``: or is itself."""
    for cut in cuts:
        if is_inclusive:
            for at in range(len(figures)):
                into[at] += figures[at] >= cut
        else:
            for at in range(len(figures)):
                into[at] += figures[at] > cut


@compiled
def add_up(places: Array, columns: tuple[Array, Array, Array, Array], counts: Array, sums: Array) -> None:
    """Count the rows of each place, and add their columns to its sums (places × columns)."""
    first, second, third, fourth = columns
    for at in range(len(places)):
        place = places[at]
        counts[place] += 1
        sums[place, 0] += first[at]
        sums[place, 1] += second[at]
        sums[place, 2] += third[at]
        sums[place, 3] += fourth[at]
