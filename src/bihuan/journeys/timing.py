"""When people are due: lengths of time, and times of day on a person's own clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import croniter  # type: ignore[import-untyped]

from bihuan.journeys.graph.nodes import AnyNode, Wait, WaitFor, WaitUntil

# The most days until a weekday comes round, and one more where a clock was put over midnight.
_MOST_DAYS = 9
UNKNOWN = 0


def due_ms(node: AnyNode, now_ms: int) -> int:
    """From when on somebody who arrives at a node now is looked at; ``UNKNOWN`` where that takes the clock of
    the person."""
    match node:
        case Wait():
            return now_ms + node.span.milliseconds
        case WaitFor():
            return now_ms + node.timeout.milliseconds
        case WaitUntil():
            return UNKNOWN
        case _:
            return now_ms


def next_time_ms(node: WaitUntil, zone: str, after_ms: int) -> int:
    """When the clock of a zone next shows the time, later than a moment; Unix milliseconds."""
    hour, minute = map(int, node.at.split(":"))
    clock = ZoneInfo(zone)
    day = datetime.fromtimestamp(after_ms / 1000, clock).date()
    for ahead in range(-1, _MOST_DAYS):
        each = day + timedelta(days=ahead)
        if each.isoweekday() in node.weekdays:
            found = local_moment_ms(each.year, each.month, each.day, hour, minute, clock)
            if found > after_ms:
                return found
    raise ValueError(f"{node.at} does not come round in {zone}")


def local_moment_ms(year: int, month: int, day: int, hour: int, minute: int, clock: ZoneInfo) -> int:
    """The first moment at which a clock shows a time or, where it jumps over it, a later one."""
    wanted = datetime(year, month, day, hour, minute, tzinfo=clock)
    moment = wanted.astimezone(UTC)
    shown = moment.astimezone(clock).replace(tzinfo=None)
    if shown == wanted.replace(tzinfo=None):
        return round(moment.timestamp() * 1000)
    # It is jumped over: with fold 0 the moment lies as far after the jump as the time is into the gap.
    before = wanted.replace(fold=1).astimezone(UTC)
    low, high = round(before.timestamp()), round(moment.timestamp())
    offset = datetime.fromtimestamp(low, clock).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, clock).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high * 1000


@lru_cache(maxsize=1024)
def known_zone(name: str) -> bool:
    """Whether there is such a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def last_cron_ms(cron: str, zone: str, until_ms: int) -> int:
    """The latest time of a cron line up to a moment."""
    moment = datetime.fromtimestamp(until_ms / 1000 + 1, ZoneInfo(zone))
    times = croniter(cron, moment)
    found: int = round(times.get_prev(float) * 1000)
    if found > until_ms:
        found = round(times.get_prev(float) * 1000)
    return found


def cron_times(cron: str, zone: str, after_ms: int, until_ms: int, most: int) -> list[int]:
    """The first ``most`` times of a cron line in ``(after_ms, until_ms]``."""
    times = croniter(cron, datetime.fromtimestamp(after_ms / 1000, ZoneInfo(zone)))
    found: list[int] = []
    while len(found) < most and (moment := round(times.get_next(float) * 1000)) <= until_ms:
        if moment > after_ms:
            found.append(moment)
    return found
