"""When a message is sent: after quiet hours, at a time of the person's day, in the hour they are active."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bihuan.messages.outbox.policies.clock import DAY_MS, jumps, minutes_of, next_shown, wall
from bihuan.messages.outbox.policies.settings import QuietHours

# With fewer hours in which somebody did something their habits are not known.
FEWEST_HOURS = 5


def is_quiet(quiet: QuietHours, zone: ZoneInfo, moment_ms: int) -> bool:
    """Whether the person's clock shows a time within quiet hours; equal ends mean none."""
    shown = wall(zone, moment_ms)
    minute = shown.hour * 60 + shown.minute
    start, end = minutes_of(quiet.start), minutes_of(quiet.end)
    if start <= end:
        return start <= minute < end
    return minute >= start or minute < end


def after_quiet(quiet: QuietHours, zone: ZoneInfo, moment_ms: int) -> int:
    """The first moment from ``moment_ms`` on that is not within quiet hours."""
    if not is_quiet(quiet, zone, moment_ms):
        return moment_ms
    end_ms = next_shown(zone, minutes_of(quiet.end), moment_ms)
    # A clock that is put forward or back may leave quiet hours before it shows their end.
    for jump_ms in jumps(zone, moment_ms, min(end_ms, moment_ms + 2 * DAY_MS)):
        if not is_quiet(quiet, zone, jump_ms):
            return min(jump_ms, end_ms)
    return end_ms


def at_local_time(clock_time: str, zone: ZoneInfo, from_ms: int) -> int:
    """The first moment from ``from_ms`` on at which the person's clock shows ``HH:MM``."""
    return next_shown(zone, minutes_of(clock_time), from_ms)


def active_hour(hours_ms: Iterable[int], zone: ZoneInfo) -> int | None:
    """The hour of the person's day (0 to 23) in which they do something on most days.

    Args:
        hours_ms: the beginning of each hour in which the person did something, each once.

    An hour counts with half of each neighbour, so that habits on the border of two hours are seen; of equal
    ones the earliest. None where too little is known.
    """
    counts = Counter(wall(zone, each).hour for each in hours_ms)
    if counts.total() < FEWEST_HOURS:
        return None
    weights = [2 * counts[hour] + counts[(hour - 1) % 24] + counts[(hour + 1) % 24] for hour in range(24)]
    return weights.index(max(weights))


def at_active_hour(hour: int, zone: ZoneInfo, from_ms: int) -> int:
    """``from_ms`` if the person's clock shows this hour then, else the first moment at which it does."""
    if wall(zone, from_ms).hour == hour:
        return from_ms
    return next_shown(zone, hour * 60, from_ms)
