"""Days, weeks, … of the calendar numbered without gaps, so that neighbours differ by one."""

from __future__ import annotations

from datetime import date

from bihuan.analytics.calendar import DateUnit, unit_start
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.sql import local_date

# 1970-01-01 was a Thursday.
_ISO_WEEKDAY_OF_DAY_0 = 4


def unit_number_sql(ctx: ProjectContext, unit: DateUnit, time: str) -> str:
    """SQL Int32: the number of the unit a time is in, on the project's calendar."""
    day = local_date(ctx, time)
    match unit:
        case "day":
            return f"toInt32({day})"
        case "week":
            return f"intDiv(toInt32({day}) + {(_ISO_WEEKDAY_OF_DAY_0 - ctx.first_weekday) % 7}, 7)"
        case "month":
            return f"toInt32(toYear({day}) * 12 + toMonth({day}))"
        case "quarter":
            return f"toInt32(toYear({day}) * 4 + toQuarter({day}))"
        case "year":
            return f"toInt32(toYear({day}))"


def unit_number(ctx: ProjectContext, unit: DateUnit, day: date) -> int:
    """The number of the unit a day is in; counts from elsewhere than the SQL does."""
    start = unit_start(day, unit, ctx.first_weekday)
    match unit:
        case "day":
            return start.toordinal()
        case "week":
            return start.toordinal() // 7
        case "month":
            return start.year * 12 + start.month
        case "quarter":
            return start.year * 4 + (start.month - 1) // 3
        case "year":
            return start.year


def longest_run_sql(numbers: str) -> str:
    """SQL: how many neighbours the longest run in a sorted array without repeats has; 0 of an empty one."""
    begins = (
        f"arrayMap((n, p) -> n != p + 1, {numbers}, arrayPushFront(arrayPopBack({numbers}), {numbers}[1]))"
    )
    return f"arrayMax(arrayMap(run -> length(run), arraySplit((n, b) -> b, {numbers}, {begins})))"


def longest_run(numbers: set[int]) -> int:
    """How many neighbours the longest run has."""
    longest = 0
    for number in numbers:
        if number - 1 not in numbers:
            length = 1
            while number + length in numbers:
                length += 1
            longest = max(longest, length)
    return longest
