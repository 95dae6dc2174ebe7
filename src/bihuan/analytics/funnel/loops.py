"""The chains of steps and the touched values of people, as machine code.

Arrays of events are those of a block (``bihuan.analytics.sequences.blocks``): ``steps`` has the number of the
step an event matches, from 0, or ``levels`` for none.
"""

from __future__ import annotations

import numpy as np

from bihuan.kernel.arrays import Array
from bihuan.kernel.compiled import compiled

_NEVER = -(2**62)


@compiled
def ordered_levels(
    starts: Array,
    stops: Array,
    times: Array,
    steps: Array,
    levels: int,
    entry_end_ms: int,
    window_ms: int,
    reached: Array,
    chains: Array,
) -> None:
    """Into ``reached``, how many steps each person's best chain has (other events may come between).

    Of the chains that an event can end, the one begun last lasts longest, and the later the event, the later
    that one begins: so the latest beginning for each step is all there is to know.

    Into ``chains`` (people × levels; empty: not asked for), the Unix milliseconds of the chain that first
    reached the level, begun as late as possible.
    """
    begun = np.empty(levels, np.int64)
    for person in range(len(starts)):
        begun[:] = _NEVER
        best, last = 0, 0
        first = np.int64(0)
        for at in range(starts[person], stops[person]):
            step = steps[at]
            if step == 0:
                if times[at] < entry_end_ms:
                    begun[0] = times[at]
                    best = max(best, 1)
            elif step < levels and times[at] - begun[step - 1] <= window_ms:
                begun[step] = begun[step - 1]
                if step + 1 > best:
                    best, last, first = step + 1, at, begun[step]
        reached[person] = best
        if len(chains) > 0 and best > 1:
            place = last
            chains[person, best - 1] = times[place]
            for step in range(best - 2, 0, -1):
                place -= 1
                while steps[place] != step:
                    place -= 1
                chains[person, step] = times[place]
            chains[person, 0] = first


@compiled
def strict_levels(
    starts: Array,
    stops: Array,
    times: Array,
    steps: Array,
    levels: int,
    entry_end_ms: int,
    window_ms: int,
    reached: Array,
) -> None:
    """The same of chains of neighbours."""
    for person in range(len(starts)):
        best, level = 0, 0
        first = np.int64(0)
        for at in range(starts[person], stops[person]):
            step = steps[at]
            if step == level and level > 0 and level < levels and times[at] - first <= window_ms:
                level += 1
            elif step == 0 and times[at] < entry_end_ms:
                level, first = 1, times[at]
            else:
                level = 0
            best = max(best, level)
        reached[person] = best


@compiled
def touched_places(
    starts: Array,
    stops: Array,
    times: Array,
    steps: Array,
    keys: Array,
    levels: int,
    only: int,
    last: bool,
    places: Array,
    missing: int,
    touched: Array,
) -> None:
    """Into ``touched``, the place of the key of each person's first or last event of a step (or of ``only``).

    ``places``: by key. Of events at the same instant the least place counts; of no event, ``missing``.
    """
    for person in range(len(starts)):
        found = -1
        when = np.int64(0)
        for at in range(starts[person], stops[person]):
            if steps[at] == only or (only < 0 and steps[at] < levels):
                place = places[keys[at]]
                if found < 0 or (last and times[at] > when):
                    found, when = place, times[at]
                elif times[at] == when:
                    found = min(found, place)
        touched[person] = missing if found < 0 else found
