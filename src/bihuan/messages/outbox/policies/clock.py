"""Clocks on people's walls: zones, what a clock shows, and when it shows it.

A wall clock may show a time twice (the hour that is repeated in autumn) or never (the one left out in
spring). One that it never shows counts as shown at the moment of the jump.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_MS = 86_400_000
_MINUTE_MS = 60_000


@lru_cache(maxsize=1_024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_of(name: object, default: str) -> ZoneInfo:
    """The zone a person's ``$timezone`` names; the project's where it names none."""
    found = _zone(name) if isinstance(name, str) and name else None
    return found or _zone(default) or ZoneInfo("UTC")


def minutes_of(clock_time: str) -> int:
    """Minutes since midnight of ``HH:MM``."""
    return int(clock_time[:2]) * 60 + int(clock_time[3:])


def wall(zone: ZoneInfo, moment_ms: int) -> datetime:
    """What the clock shows at a moment."""
    return datetime.fromtimestamp(moment_ms / 1000, zone)


def shown_at(zone: ZoneInfo, day: date, minutes: int) -> list[int]:
    """The moments, ascending, at which the clock shows so many minutes since midnight of a day."""
    naive = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)
    found: list[int] = []
    for fold in (0, 1):
        moment_ms = _ms(naive.replace(tzinfo=zone, fold=fold))
        if wall(zone, moment_ms).replace(tzinfo=None, fold=0) == naive and moment_ms not in found:
            found.append(moment_ms)
    if found:
        return sorted(found)
    before, after = (_ms(naive.replace(tzinfo=zone, fold=fold)) for fold in (1, 0))
    return [jump_between(zone, min(before, after), max(before, after))]


def next_shown(zone: ZoneInfo, minutes: int, from_ms: int) -> int:
    """The first moment from ``from_ms`` on at which the clock shows so many minutes since midnight."""
    day = wall(zone, from_ms).date()
    # Two days suffice, but for a zone that leaves out a whole one (Samoa, 2011).
    for later in range(-1, 4):
        for moment_ms in shown_at(zone, day + timedelta(days=later), minutes):
            if moment_ms >= from_ms:
                return moment_ms
    return from_ms


def jumps(zone: ZoneInfo, from_ms: int, until_ms: int) -> Iterator[int]:
    """The moments in ``(from_ms, until_ms]`` at which the clock is put forward or back."""
    step = 6 * 60 * _MINUTE_MS
    low = from_ms
    while low < until_ms:
        high = min(low + step, until_ms)
        if _offset(zone, low) != _offset(zone, high):
            yield jump_between(zone, low, high)
        low = high


def jump_between(zone: ZoneInfo, low_ms: int, high_ms: int) -> int:
    """The first moment with the offset that holds at ``high_ms``, which differs from that at ``low_ms``."""
    before = _offset(zone, low_ms)
    low, high = low_ms // 1000, -(-high_ms // 1000)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * 1000) == before:
            low = middle
        else:
            high = middle
    return high * 1000


def _offset(zone: ZoneInfo, moment_ms: int) -> timedelta | None:
    return wall(zone, moment_ms).utcoffset()


def _ms(moment: datetime) -> int:
    return round(moment.astimezone(UTC).timestamp() * 1000)
