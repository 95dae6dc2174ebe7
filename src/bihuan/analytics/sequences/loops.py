"""The loops that gather people's events, as machine code."""

from __future__ import annotations

from typing import Any

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.kernel.compiled import compiled, compiled_brief, inlined

# Of a part: numbers, ends, times, events and keys (empty: none).
Columns = tuple[Array, Array, Array, Array, Array]
# Of a part: columns, which people, what its times count from, and the span, as ``gather_part`` has them.
Source = tuple[Columns, tuple[int, int], int, tuple[Any, Any]]
# An event with this code is left out.
DROP = 65_535
_QUARTER_MS = 900_000


@compiled
def mark_people_of(
    numbers: Array,
    ends: Array,
    times: Array,
    events: Array,
    cells: Array,
    marked: Array,
) -> None:
    """Set ``marked`` for the people of a part with an event in one of the ``cells`` (event × quarter)."""
    begin = 0
    for person in range(len(numbers)):
        for at in range(begin, ends[person]):
            if cells[events[at], times[at] // _QUARTER_MS]:
                marked[numbers[person]] = True
                break
        begin = ends[person]


@compiled_brief
def add_sizes(numbers: Array, ends: Array, first: int, people: tuple[int, int], sizes: Array) -> None:
    """Add to ``sizes``, by person of a block, how many events a part has of them; ``people`` as below."""
    begin = ends[people[0] - 1] if people[0] > 0 else 0
    for person in range(people[0], people[1]):
        sizes[numbers[person] - first] += ends[person] - begin
        begin = ends[person]


@compiled_brief
def begin_where_others_end(sizes: Array, stops: Array) -> int:
    """Make of sizes where each begins, one after the other, in both arrays; returns the size of all."""
    total = 0
    for person in range(len(sizes)):
        size = sizes[person]
        sizes[person] = stops[person] = total
        total += size
    return total


@compiled
def gather(
    sources: tuple[Source, ...],
    first: int,
    codes: Array,
    passed_over: Array,
    starts: Array,
    stops: Array,
    into: tuple[Array, Array, Array],
    is_last: bool,
) -> None:
    """Append the events of several parts' people to those of a block, in one call: each call that gives the
    interpreter's lock back waits for it while other threads interpret.

    Args:
        starts: by person of the block, where the events begin.
        is_last: no more parts come; what happened at the same instant is put in order.
        first, codes, passed_over, stops, into: as of :func:`gather_part`.
    """
    for columns, people, start_ms, span in sources:
        gather_part(columns, first, people, start_ms, span, codes, passed_over, stops, into)
    if is_last:
        order_ties(starts, stops, into[0], into[1], into[2])


@inlined
def gather_part(
    part: Columns,
    first: int,
    people: tuple[int, int],
    start_ms: int,
    span: tuple[Any, Any],
    codes: Array,
    passed_over: Array,
    stops: Array,
    into: tuple[Array, Array, Array],
) -> None:
    """Append the events of a part's people to those of a block.

    Args:
        part: where the events are.
        first: number of the block's first person.
        people: which of the part's people are of the block, ``[begin, end)``.
        start_ms: Unix milliseconds the part's times count from.
        span: the first time to take and how many milliseconds of them, of the times' own unsigned type.
        codes: by code of the event's name, its code in the block; ``DROP`` leaves it out.
        passed_over: by number, who is left out; empty: nobody.
        stops: by person of the block, where the next event goes.
        into: times (Unix milliseconds), codes and keys of the block.
    """
    numbers, ends, times, events, keys = part
    low, width = span
    into_times, into_codes, into_keys = into
    # Indexes without a sign need no look whether they count from the end.
    begin = np.uint64(ends[people[0] - 1] if people[0] > 0 else 0)
    for person in range(people[0], people[1]):
        end = np.uint64(ends[person])
        number = numbers[person]
        if len(passed_over) > 0 and passed_over[number]:
            begin = end
            continue
        stop = np.uint64(stops[number - first])
        # Written in any case and overwritten by the next: branches that nobody can foresee cost more.
        for at in range(begin, end):
            code = codes[events[at]]
            time = times[at]
            into_times[stop] = start_ms + np.int64(time)
            into_codes[stop] = code
            if len(keys) > 0:
                into_keys[stop] = keys[at]
            stop += np.uint64((code != DROP) & (time - low < width))
        stops[number - first] = stop
        begin = end


@compiled
def tally(
    part: Columns,
    people: tuple[int, int],
    span: tuple[Any, Any],
    codes: Array,
    passed_over: Array,
    counts: Array,
) -> None:
    """Add to ``counts`` (code × key; key 0 where the part has none) the events of a part's people.

    Arguments as in :func:`gather`; ``codes`` are rows of ``counts``.
    """
    numbers, ends, times, events, keys = part
    low, width = span
    begin = np.uint64(ends[people[0] - 1] if people[0] > 0 else 0)
    for person in range(people[0], people[1]):
        end = np.uint64(ends[person])
        if len(passed_over) == 0 or not passed_over[numbers[person]]:
            for at in range(begin, end):
                key = keys[at] if len(keys) > 0 else np.uint16(0)
                counts[codes[events[at]], key] += times[at] - low < width
        begin = end


@inlined
def order_ties(starts: Array, stops: Array, times: Array, codes: Array, keys: Array) -> None:
    """Put a person's events at the same instant in order of their codes."""
    for person in range(len(starts)):
        for at in range(starts[person] + 1, stops[person]):
            place, low = at, starts[person]
            while place > low and times[place - 1] == times[place] and codes[place - 1] > codes[place]:
                codes[place - 1], codes[place] = codes[place], codes[place - 1]
                if len(keys) > 0:
                    keys[place - 1], keys[place] = keys[place], keys[place - 1]
                place -= 1
