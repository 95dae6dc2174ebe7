"""Consecutive hours, days, weeks, … of a project, numbered from 0."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import count, pairwise

from bihuan.analytics.calendar import (
    HOUR_MS,
    Interval,
    day_start_ms,
    hour_start_ms,
    local_date,
    shift_units,
    unit_start,
)
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.period import DayRange
from bihuan.analytics.sql.time import bucket, bucket_label, bucket_of_label
from bihuan.warehouse.sql import array, literal

_DAYS_EPOCH = 719_163  # date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Units:
    """Whole calendar units without a gap.

    Args:
        names: what ``bucket`` calls each, ascending.
        starts_ms: the first instant of each in Unix milliseconds, and at last where the final one ends.
    """

    ctx: ProjectContext
    interval: Interval
    names: tuple[int, ...]
    starts_ms: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.names)

    @property
    def start_ms(self) -> int:
        """The first instant."""
        return self.starts_ms[0]

    @property
    def end_ms(self) -> int:
        """The instant after the last."""
        return self.starts_ms[-1]

    @property
    def first_day(self) -> date:
        """The first calendar day; only of days and longer units."""
        return local_date(self.start_ms, self.ctx.zone)

    @property
    def last_day(self) -> date:
        """The last calendar day; only of days and longer units."""
        return local_date(self.end_ms - 1, self.ctx.zone)

    def label(self, index: int) -> str:
        """A unit in words, as trends call it."""
        return bucket_label(self.ctx, self.interval, self.names[index])

    def labels(self, count: int | None = None) -> tuple[str, ...]:
        """The first ``count`` units in words."""
        return tuple(self.label(index) for index in range(self.count if count is None else count))

    def of_label(self, label: str) -> int:
        """The number of the unit called ``label``; ValueError when none of them is."""
        return self.names.index(bucket_of_label(self.interval, label))

    def running(self) -> int:
        """The unit that the project's now is in: -1 before all of them, ``count`` after."""
        return bisect_right(self.starts_ms, self.ctx.now_ms) - 1

    def index(self, time: str) -> str:
        """SQL: the number of the unit of a time within them. Units of one length are told by a division."""
        lengths = {end - start for start, end in pairwise(self.starts_ms)}
        if len(lengths) == 1:
            return f"intDiv(toUnixTimestamp64Milli({time}) - {self.start_ms}, {lengths.pop()})"
        if self.interval == "hour":
            return f"indexOf({array(self.names)}, {bucket(self.ctx, 'hour', time)}) - 1"
        return self.index_of_day(f"toDate({time}, {literal(self.ctx.time_zone)})")

    def index_of_day(self, day: str) -> str:
        """SQL: the number of the unit of a local day within them; there is none for hours."""
        first = self.names[0]
        if self.interval in ("day", "week"):
            return f"intDiv(toInt64({day}) - {first}, {7 if self.interval == 'week' else 1})"
        months = {"month": 1, "quarter": 3, "year": 12}[self.interval]
        start = f"toDate({literal(self.label(0))})"
        return f"intDiv(toInt64(toRelativeMonthNum({day})) - toRelativeMonthNum({start}), {months})"


def units_of(
    ctx: ProjectContext, interval: Interval, period: DayRange, *, before: int = 0, after: int | None = 0
) -> Units:
    """The whole units that have an instant in the period, ``before`` more ahead and those that follow.

    Following units end with the running one, and there are at most ``after`` (None: any number). Hours have
    none before.
    """
    if interval == "hour":
        return _hours(ctx, period, after)
    start = shift_units(unit_start(period.first_day, interval, ctx.first_weekday), interval, -before)
    last = unit_start(period.last_day, interval, ctx.first_weekday)
    running = unit_start(local_date(ctx.now_ms, ctx.zone), interval, ctx.first_weekday)
    following, days = 0, [start]
    while days[-1] <= last or (days[-1] <= running and (after is None or following < after)):
        following += days[-1] > last
        days.append(shift_units(days[-1], interval, 1))
    names = tuple(day.toordinal() - _DAYS_EPOCH for day in days[:-1])
    return Units(ctx, interval, names, tuple(day_start_ms(day, ctx.zone) for day in days))


def _hours(ctx: ProjectContext, period: DayRange, after: int | None) -> Units:
    names: list[int] = []
    starts: list[int] = []
    following = 0
    for instant in count(period.start_ms, HOUR_MS // 4):
        name = hour_start_ms(instant, ctx.zone)
        if names and name == names[-1]:
            continue
        starts.append(instant)
        if instant >= period.end_ms:
            if instant > ctx.now_ms or (after is not None and following >= after):
                break
            following += 1
        names.append(name)
    return Units(ctx, "hour", tuple(names), tuple(starts))
