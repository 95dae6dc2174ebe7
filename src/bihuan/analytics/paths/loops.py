"""The steps of everybody's paths, and how many paths and people have each, as machine code.

An event's code is twice its node (0: it is none), plus 1 if it can be the anchor of an anchored path. An
element, a step of a path, is a place in an array side × distance × group × next group.
"""

from __future__ import annotations

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.kernel.compiled import compiled, inlined


@compiled
def walk(
    block: tuple[int, Array, Array, Array, Array],
    period: tuple[int, int],
    reach: tuple[int, int],
    choice: tuple[bool, bool, bool],
    sides: tuple[bool, bool],
    group_of: Array,
    next_group_of: Array,
    groups: int,
    elements: Array,
    people: Array,
) -> int:
    """Write the elements of the paths of a block's people, those of a person together; returns how many.

    Args:
        block: number of the first person, starts, stops, times, codes.
        period: Unix milliseconds ``[start, end)`` in which sessions begin, or anchors lie.
        reach: milliseconds of a pause that ends a session; how far from its anchor a path goes that is not of
            a session, else -1.
        choice: whether only marked events can be the anchor, whether the last that can is it, and whether
            neighbours that are the same node are made one.
        sides: whether paths go on after the anchor, and before it.
        group_of, next_group_of: side × distance × node: its group there, and there as the next node. At the
            last distance next groups are 0 where the path ends and 1 where it goes on.
        groups: how many groups there are at most.
        elements, people: places for the elements and the numbers of their people: one an event and side.
    """
    first, starts, stops, times, codes = block
    gap_ms, window_ms = reach
    in_window = window_ms >= 0
    count = 0
    for person in range(len(starts)):
        begin = starts[person]
        stop = stops[person]
        while begin < stop:
            end = stop if in_window else _session_end(times, begin, stop, gap_ms)
            anchor = -1
            if in_window or (times[begin] >= period[0] and times[begin] < period[1]):
                anchor = _anchor(times, codes, begin, end, period, in_window, choice[0], choice[1])
            if anchor >= 0:
                low = begin if not in_window else _first_within(times, begin, times[anchor] - window_ms)
                high = end if not in_window else _last_within(times, end, times[anchor] + window_ms)
                for side in range(2):
                    if sides[side]:
                        count = _write_path(
                            codes, anchor, low, high, side, choice[2], first + person,
                            group_of, next_group_of, groups, elements, people, count,
                        )  # fmt: skip
            begin = end
    return count


@inlined
def _write_path(
    codes: Array,
    anchor: int,
    low: int,
    high: int,
    side: int,
    collapse: bool,
    number: int,
    group_of: Array,
    next_group_of: Array,
    groups: int,
    elements: Array,
    people: Array,
    count: int,
) -> int:
    """The elements from the anchor away, through the events ``[low, high)``; returns the new count."""
    steps = group_of.shape[1] - 1
    ahead = 1 - 2 * side
    at, node, distance = anchor, _node(codes, anchor), 0
    while node > 0 and distance <= steps:
        following = 0
        at += ahead
        while at >= low and at < high:
            found = _node(codes, at)
            if found > 0 and not (collapse and found == node):
                following = found
                break
            at += ahead
        step = side * (steps + 1) + distance
        next_group = next_group_of[side, distance, following]
        if distance == steps:
            next_group = min(following, 1)
        elements[count] = (step * groups + group_of[side, distance, node]) * groups + next_group
        people[count] = number
        count += 1
        node = following
        distance += 1
    return count


@compiled
def count_elements(
    elements: Array,
    people: Array,
    groups: int,
    paths: Array,
    element_people: Array,
    group_people: Array,
    step_people: Array,
    last: Array,
    group_last: Array,
    step_last: Array,
) -> None:
    """Add elements to the ``paths`` that have each, and their people, once, to those of each element, of each
    group of a step and of each step; the ``last`` ones are the numbers of the last person counted."""
    for at in range(len(elements)):
        element, person = elements[at], people[at]
        paths[element] += 1
        if last[element] != person:
            last[element] = person
            element_people[element] += 1
            group = element // groups
            if group_last[group] != person:
                group_last[group] = person
                group_people[group] += 1
                step = group // groups
                if step_last[step] != person:
                    step_last[step] = person
                    step_people[step] += 1


@inlined
def _node(codes: Array, at: int) -> int:
    # Of a type with a sign, like the other numbers here.
    return np.int64(codes[at]) >> 1  # type: ignore[return-value]


@inlined
def _session_end(times: Array, begin: int, stop: int, gap_ms: int) -> int:
    end = begin + 1
    while end < stop and times[end] - times[end - 1] <= gap_ms:
        end += 1
    return end


@inlined
def _anchor(
    times: Array,
    codes: Array,
    begin: int,
    end: int,
    period: tuple[int, int],
    in_period: bool,
    anchored: bool,
    at_last: bool,
) -> int:
    anchor = -1
    for at in range(begin, end):
        can_be = codes[at] & 1 == 1 if anchored else codes[at] > 1
        if can_be and (not in_period or (times[at] >= period[0] and times[at] < period[1])):
            anchor = at
            if not at_last:
                break
    return anchor


@inlined
def _first_within(times: Array, begin: int, from_ms: int) -> int:
    low = begin
    while times[low] < from_ms:
        low += 1
    return low


@inlined
def _last_within(times: Array, end: int, until_ms: int) -> int:
    high = end
    while times[high - 1] > until_ms:
        high -= 1
    return high
