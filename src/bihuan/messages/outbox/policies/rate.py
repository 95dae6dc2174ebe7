"""How fast a channel sends, kept as one moment: generic cell rate, with bursts of a second."""

from __future__ import annotations

import math

BURST_MS = 1_000


def room(free_ms: int, per_second: float, now_ms: int) -> int:
    """How many messages may be sent now; -1 where nothing limits them.

    Args:
        free_ms: the moment at which what was sent so far is within the rate (``after``).
        per_second: 0 for no limit.
    """
    if per_second <= 0:
        return -1
    # At least one at a time, however slow.
    burst_ms = max(BURST_MS, 1000 / per_second)
    # A little over, for what rounding to milliseconds takes.
    return max(0, math.floor((burst_ms - max(0, free_ms - now_ms)) * per_second / 1000 + 1e-6))


def after(free_ms: int, per_second: float, now_ms: int, count: int) -> int:
    """The new ``free_ms`` when ``count`` messages are sent now."""
    if per_second <= 0 or count == 0:
        return free_ms
    return max(free_ms, now_ms) + math.ceil(count * 1000 / per_second)
