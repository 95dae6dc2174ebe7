"""Arrays of persons and moments, looked up in each other."""

from __future__ import annotations

import numpy as np

from bihuan.kernel.arrays import Array


def first_between(done: tuple[Array, Array], persons: Array, start_ms: Array, end_ms: Array) -> Array:
    """The first moment in ``[start_ms, end_ms)`` at which each person did something; -1 for none.

    ``done``: persons (uint64) and moments (int64), sorted by both. O((n + m) log n).
    """
    found = np.full(len(persons), -1, np.int64)
    doers, times = done
    if not len(doers) or not len(persons):
        return found
    known = np.unique(doers)
    place = np.searchsorted(known, persons)
    place[place == len(known)] = 0
    is_known = known[place] == persons
    # One number for person and moment, in the order of both: 2^41 ms are 69 years.
    base = int(times.min())
    rank = np.searchsorted(known, doers).astype(np.int64)
    keys = rank << 41 | (times - base)
    since = np.clip(start_ms - base, 0, (1 << 41) - 1)
    wanted = place.astype(np.int64) << 41 | since
    at = np.searchsorted(keys, wanted)
    inside = at < len(keys)
    at[~inside] = 0
    hit = is_known & inside & (doers[at] == persons) & (times[at] >= start_ms) & (times[at] < end_ms)
    found[hit] = times[at[hit]]
    return found
