"""Lifecycle and stickiness of those who viewed, by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from bench.cases.case import BIHUAN, Case, Way, bihuan, duckdb, posthog, touch
from bench.stores import POSTHOG_TABLE, TIME_ZONE, Stores
from bihuan.analytics.lifecycle.query import LifecycleQuery
from bihuan.analytics.lifecycle.result import LifecycleResult
from bihuan.analytics.people_by_day import PeopleByDay
from bihuan.analytics.query import Dates, EventSelector
from bihuan.analytics.stickiness.query import StickinessQuery
from bihuan.analytics.stickiness.result import StickinessResult

PLACE = 4
MARCH = Dates(from_date=date(2026, 3, 1), to_date=date(2026, 3, 31))
IN_MARCH = f"BETWEEN '{MARCH.from_date}' AND '{MARCH.to_date}'"
SINCE_START = Dates(from_date=date(2026, 1, 1), to_date=MARCH.to_date)
VIEWERS = EventSelector(events=("view",))
READ = ("person_id", "time")
LOCAL_DAY = f"toDate(timestamp, '{TIME_ZONE}')"

Stages = dict[tuple[str, str], int]


def lifecycle(stores: Stores) -> Case:
    """New, returning, resurrected and dormant on each day of a month; new is first in all history."""

    def ours(result: LifecycleResult) -> Stages:
        return _stages(
            (stage, unit.bucket, getattr(unit, stage))
            for unit in result.units
            for stage in ("new", "returning", "resurrected", "dormant")
        )

    return Case(
        "lifecycle by day",
        [
            touch(stores, READ, ("view",), SINCE_START),
            bihuan(stores, LifecycleQuery(active=VIEWERS, interval="day", period=MARCH), ours),
            duckdb(stores, _DUCK_LIFECYCLE, _stages),
            posthog(stores, _POSTHOG_LIFECYCLE, _stages),
        ],
        goal=1.0,
    )


def stickiness(stores: Stores) -> Case:
    """On how many days of a month people were active."""

    def ours(result: StickinessResult) -> dict[int, int]:
        return {days: people for days, people in enumerate(result.spans[0].exactly, 1) if people}

    def theirs(rows: list[tuple[Any, ...]]) -> dict[int, int]:
        return {int(days): int(people) for days, people in rows}

    duck = (
        "SELECT days, count(*) FROM (SELECT person, bit_count(bit_or(1::BIGINT << "
        "dayofmonth(day)::INTEGER)) AS days FROM events "
        f"WHERE event = 'view' AND day {IN_MARCH} GROUP BY person) GROUP BY days"
    )
    days = f"SELECT person_id, count(DISTINCT {LOCAL_DAY}) AS days FROM {POSTHOG_TABLE} WHERE event = 'view'"
    return Case(
        "stickiness, days of a month",
        [
            touch(stores, READ, ("view",), MARCH),
            bihuan(stores, StickinessQuery(active=VIEWERS, interval="day", period=MARCH), ours),
            duckdb(stores, duck, theirs),
            posthog(
                stores,
                f"SELECT days, count() FROM ({days} AND {LOCAL_DAY} {IN_MARCH} GROUP BY person_id) "
                f"GROUP BY days",
                theirs,
            ),
        ],
        goal=1.0,
    )


def comparison(stores: Stores) -> Case:
    """What the first query after a change of the log pays more, once for its events and property."""

    def stale_days() -> int:
        cells = PeopleByDay(stores.store, TIME_ZONE).cells(VIEWERS.events, "", MARCH.to_date)
        assert cells is not None
        return len(cells.stale_days)

    base = touch(stores, READ, ("view",), SINCE_START)
    return Case("people by day compared with the log", [base, Way(BIHUAN, stale_days)])


def _stages(rows: Iterable[tuple[Any, ...]]) -> Stages:
    return {(str(stage), str(day)): int(people) for stage, day, people in rows if people}


_DUCK_LIFECYCLE = f"""
WITH days AS (SELECT DISTINCT person, day FROM events WHERE event = 'view' AND day <= '{MARCH.to_date}'),
marked AS (
    SELECT day, lag(day) OVER person_days AS before, lead(day) OVER person_days AS after
    FROM days WINDOW person_days AS (PARTITION BY person ORDER BY day)
)
SELECT CASE WHEN before IS NULL THEN 'new' WHEN before = day - 1 THEN 'returning' ELSE 'resurrected' END
    AS stage, day, count(*)
FROM marked WHERE day {IN_MARCH} GROUP BY stage, day
UNION ALL
SELECT 'dormant', (day + 1)::DATE AS gone, count(*)
FROM marked WHERE (day + 1)::DATE {IN_MARCH} AND (after IS NULL OR after > day + 1) GROUP BY gone
"""
# For each person the sorted days, each beside the one before and the one after it.
_POSTHOG_LIFECYCLE = f"""
SELECT stage, day, count() FROM (
    SELECT person_id, arraySort(groupUniqArray({LOCAL_DAY})) AS activity,
        arrayPopBack(arrayPushFront(activity, toDate(0))) AS previous,
        arrayPopFront(arrayPushBack(activity, toDate(0))) AS following,
        arrayMap((d, p) -> (multiIf(p = toDate(0), 'new', p = d - 1, 'returning', 'resurrected'), d),
            activity, previous)
            AS active_stages,
        arrayMap(d -> ('dormant', d + 1), arrayFilter((d, f) -> f != d + 1, activity, following))
            AS dormant_stages,
        arrayJoin(arrayConcat(active_stages, dormant_stages)) AS staged, staged.1 AS stage, staged.2 AS day
    FROM {POSTHOG_TABLE} WHERE event = 'view' AND {LOCAL_DAY} <= '{MARCH.to_date}' GROUP BY person_id
) WHERE day {IN_MARCH} GROUP BY stage, day
"""

CASES = (lifecycle, stickiness, comparison)
