"""Days, weeks and other spans of a project's calendar as instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Interval = Literal["hour", "day", "week", "month", "quarter", "year"]
DateUnit = Literal["day", "week", "month", "quarter", "year"]

HOUR_MS = 3_600_000


def day_start_ms(day: date, zone: ZoneInfo) -> int:
    """Unix milliseconds of the first instant of ``day`` in ``zone`` (clock changes included)."""
    return int(datetime.combine(day, time(), tzinfo=zone).timestamp() * 1000)


def local_date(time_ms: int, zone: ZoneInfo) -> date:
    """The calendar day of an instant."""
    return local_datetime(time_ms, zone).date()


def local_datetime(time_ms: int, zone: ZoneInfo) -> datetime:
    """An instant on the project's clock."""
    return (datetime.fromtimestamp(time_ms // 1000, UTC) + timedelta(milliseconds=time_ms % 1000)).astimezone(
        zone
    )


def unit_start(day: date, unit: DateUnit, first_weekday: int) -> date:
    """The first day of the day, week, month, quarter or year that ``day`` is in."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=(day.isoweekday() - first_weekday) % 7)
    if unit == "month":
        return day.replace(day=1)
    if unit == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1)


def shift_units(start: date, unit: DateUnit, count: int) -> date:
    """The first day of the unit ``count`` units after the one that begins on ``start``."""
    if unit in ("day", "week"):
        return start + timedelta(days=count * (7 if unit == "week" else 1))
    months = start.year * 12 + start.month - 1 + count * {"month": 1, "quarter": 3, "year": 12}[unit]
    return date(months // 12, months % 12 + 1, 1)


def hour_start_ms(time_ms: int, zone: ZoneInfo) -> int:
    """The start of the clock hour an instant is in.

    It is the instant minus the minutes the clock shows past the full hour, so the hour that a clock
    change repeats is two hours, also where clocks change by half an hour.
    """
    local = local_datetime(time_ms, zone)
    offset = local.utcoffset()
    offset_ms = int(offset.total_seconds() * 1000) if offset else 0
    return (time_ms + offset_ms) // HOUR_MS * HOUR_MS - offset_ms


def hour_starts(start_ms: int, end_ms: int, zone: ZoneInfo) -> Iterator[int]:
    """Starts of every clock hour that has an instant in ``[start_ms, end_ms)``, ascending."""
    previous = None
    # Offsets change on multiples of a quarter of an hour in every zone in use since 1972.
    for instant in range(start_ms, end_ms, HOUR_MS // 4):
        start = hour_start_ms(instant, zone)
        if start != previous:
            yield start
        previous = start
