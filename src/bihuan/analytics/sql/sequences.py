"""People's events in order, each packed into 64 bits; sessions of them.

From the high bits down: Unix milliseconds, the code of a value, one mark. Codes count from 1 in the order
of how many events have the value (ties by the value), so a sorted array is in order of time and, at the
same instant, of frequency. Code 0 is left to the caller.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.period import DayRange
from bihuan.analytics.sql.breakdowns import OTHER_KEY
from bihuan.analytics.sql.source import EventsSource
from bihuan.warehouse.sql import time_ms

CODE_BITS, MARK_BITS = 20, 1
LAST_CODE = 2**CODE_BITS - 1
# A session that never pauses (a machine) is followed this far past the period it began in.
TAIL_MS = 86_400_000
# From this share of a range's months on, reading them whole in the order of people is faster; from the other
# on, comparing each row's day costs more than the days prune.
LONG_SHARE = 0.35
UNPRUNED_SHARE = 0.7
_DAY_MS = 86_400_000
_QUARTER_MS = 900_000


def names_sql(rows_sql: str) -> str:
    """Scalar subquery: the values of the column ``key`` in the order of their codes.

    Values beyond the first million or so have no code of their own but share ``LAST_CODE``.
    """
    return _most_frequent(rows_sql, "count()")


def event_names_sql(ctx: ProjectContext, start_ms: int, end_ms: int) -> str:
    """``names_sql`` of the names of all events between two instants.

    Whole quarters of an hour are counted beforehand, in the projection by_quarter_hour.
    """
    quarter = "toStartOfFifteenMinutes(e.time)"
    first, last = -(-start_ms // _QUARTER_MS) * _QUARTER_MS, end_ms // _QUARTER_MS * _QUARTER_MS
    spans = [(start_ms, end_ms)] if first >= last else [(start_ms, first), (first, last), (last, end_ms)]
    counts = []
    for start, end in spans:
        if start < end:
            source = EventsSource(ctx).column("key", "e.event").column("events", "count()")
            if (start, end) == (first, last):
                source.where(f"{quarter} >= {time_ms(first)} AND {quarter} < {time_ms(last)}")
            else:
                source.between(start, end)
            counts.append(f"{source.sql()}\nGROUP BY key")
    return _most_frequent("\nUNION ALL\n".join(counts), "sum(events)")


def _most_frequent(rows_sql: str, events: str) -> str:
    return (
        f"(SELECT groupArray(key) FROM (SELECT toString(key) AS key FROM (\n{rows_sql}\n) GROUP BY key "
        f"ORDER BY {events} DESC, key LIMIT {LAST_CODE - 1}))"
    )


def code_sql(key: str, names: str = "names") -> str:
    """The code of a value; ``names`` is the name of :func:`names_sql`."""
    return f"transform({key}, {names}, range(1, length({names}) + 1), {LAST_CODE})"


def packed(code: str, mark: str = "0") -> str:
    """SQL UInt64 of a row ``e``."""
    return (
        f"bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(e.time)), {CODE_BITS + MARK_BITS}), "
        f"bitShiftLeft(toUInt64({code}), {MARK_BITS}) + toUInt64({mark}))"
    )


def ms_of(item: str) -> str:
    """Unix milliseconds of a packed event, Int64."""
    return f"toInt64(bitShiftRight({item}, {CODE_BITS + MARK_BITS}))"


def code_of(item: str) -> str:
    """The code of a packed event."""
    return f"bitAnd(bitShiftRight({item}, {MARK_BITS}), {LAST_CODE})"


def is_marked(item: str) -> str:
    """Whether a packed event has the mark."""
    return f"bitTest({item}, 0)"


def session_range_ms(ctx: ProjectContext, period: DayRange) -> tuple[int, int]:
    """The instants ``[start, end)`` of all events that sessions begun in the period are known by.

    It begins one gap earlier, so that a session which runs into the period is told from one that begins in
    it, and ends a day later, which is how far sessions are followed.
    """
    return max(0, period.start_ms - ctx.session_gap_seconds * 1000), period.end_ms + TAIL_MS


def is_long(ctx: ProjectContext, start_ms: int, end_ms: int | None) -> bool:
    """Whether reading all events between the instants is faster from the log in the order of people.

    Each UTC month of it is read whole, while the log in the order of events gives the days alone.
    """
    return _share_of_months(ctx, start_ms, end_ms) >= LONG_SHARE


def is_pruned_by_day(ctx: ProjectContext, start_ms: int, end_ms: int | None) -> bool:
    """Whether a condition on the UTC day spares enough of the months between the instants."""
    return _share_of_months(ctx, start_ms, end_ms) < UNPRUNED_SHARE


def split_sessions(ctx: ProjectContext, items: str, packed_of: str = "x") -> str:
    """A sorted array of events as the array of its sessions: a pause longer than the gap ends one.

    ``packed_of`` is the packed event of the item ``x``.
    """
    times = f"arrayMap(x -> {ms_of(packed_of)}, {items})"
    gap_ms = ctx.session_gap_seconds * 1000
    return f"arraySplit((x, pause) -> pause > {gap_ms}, {items}, arrayDifference({times}))"


def name_sql(code: str, names: str = "names", prefix: str = "") -> str:
    """``prefix`` and the value a code from 1 stands for; values that share the last code are "other"."""
    name = f"{names}[{code}]"
    if prefix:
        name = f"concat('{prefix}', {name})"
    return f"if({code} > length({names}), '{OTHER_KEY}', {name})"


def _share_of_months(ctx: ProjectContext, start_ms: int, end_ms: int | None) -> float:
    """How much of the UTC months that have instants of the range it covers, up to now."""
    end_ms = ctx.now_ms if end_ms is None else min(end_ms, ctx.now_ms)
    if end_ms <= start_ms:
        return 0.0
    ends = (datetime.fromtimestamp(ms // 1000, UTC) for ms in (start_ms, end_ms - 1))
    first, last = (end.date().replace(day=1) for end in ends)
    return (end_ms - start_ms) / ((_next_month(last) - first) / timedelta(days=1) * _DAY_MS)


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
