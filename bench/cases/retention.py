"""Retention, day by day: who viewed on a day, and who of them searched on each of the ten days after."""

from __future__ import annotations

from datetime import date
from typing import Any

from bench.cases.case import Case, bihuan, duckdb, posthog, touch
from bench.stores import POSTHOG_TABLE, TIME_ZONE, Stores
from bihuan.analytics.query import Dates, EventSelector
from bihuan.analytics.retention import RetentionQuery, RetentionResult
from bihuan.analytics.retention.query import On

PLACE = 2
START, BACK, AGES = "view", "search", 10
FIRST_DAY, COHORTS = date(2026, 3, 1), 11
PERIOD = Dates(from_date=FIRST_DAY, to_date=date(2026, 3, COHORTS))
READ_PERIOD = Dates(from_date=FIRST_DAY, to_date=date(2026, 3, COHORTS + AGES))

Table = dict[int, tuple[int, ...]]


def ours(result: RetentionResult) -> Table:
    """By cohort's place: its size, then who came back by age."""
    cohorts = result.groups[0].cohorts if result.groups else ()
    return {
        place: (cohort.size, *(people or 0 for people in cohort.people))
        for place, cohort in enumerate(cohorts)
        if cohort.size
    }


def theirs(rows: list[tuple[Any, ...]]) -> Table:
    """Rows of (place of cohort, size, people by age …) as a table."""
    return {int(row[0]): tuple(map(int, row[1:])) for row in rows}


def from_pairs(rows: list[tuple[Any, ...]]) -> Table:
    """Rows of (place of cohort, age, people), age -1 for the size, as a table."""
    table: dict[int, list[int]] = {}
    for cohort, age, people in rows:
        table.setdefault(int(cohort), [0] * (AGES + 2))[int(age) + 1] = int(people)
    return {cohort: tuple(people) for cohort, people in table.items()}


def _query(cohort: Any) -> RetentionQuery:
    return RetentionQuery(
        start=EventSelector(events=(START,)),
        back=EventSelector(events=(BACK,)),
        cohort=cohort,
        interval="day",
        returning=On(ages=AGES),
        period=PERIOD,
    )


def _duck_sql(first_ever: str = "") -> str:
    # A bit for each day was the fastest of the forms tried.
    day = f"(day - DATE '{FIRST_DAY}')"
    bit = f"(1::BIGINT << {day}::INTEGER)"
    masks = (
        f"SELECT person, bit_or(CASE WHEN event = '{START}' AND {day} < {COHORTS} THEN {bit} ELSE "
        f"0 END) AS started, "
        f"bit_or(CASE WHEN event = '{BACK}' THEN {bit} ELSE 0 END) AS returned FROM events "
        f"WHERE event IN ('{START}', '{BACK}') AND day BETWEEN '{FIRST_DAY}' AND "
        f"'{READ_PERIOD.to_date}' GROUP BY person"
    )
    if first_ever:
        masks = (
            f"SELECT person, started & -started & first_bit AS started, returned FROM "
            f"({masks}) JOIN ({first_ever}) USING (person)"
        )
    ages = ", ".join(
        f"count(*) FILTER ((returned & (1::BIGINT << (cohort + {age})::INTEGER)) != 0)"
        for age in range(AGES + 1)
    )
    return (
        f"SELECT cohort, count(*), {ages} FROM ({masks}), range({COHORTS}) AS cohorts(cohort) "
        "WHERE (started & (1::BIGINT << cohort::INTEGER)) != 0 GROUP BY cohort"
    )


def _posthog_sql(first_time: bool) -> str:
    day = f"toStartOfDay(toTimeZone(timestamp, '{TIME_ZONE}'))"
    start = f"toDateTime('{FIRST_DAY} 00:00:00', '{TIME_ZONE}')"
    days = f"arrayMap(n -> {start} + toIntervalDay(n), range({COHORTS}))"
    first, last = (
        f"toDateTime('{PERIOD.from_date} 00:00:00', '{TIME_ZONE}')",
        f"toDateTime('{PERIOD.to_date} 23:59:59.999', '{TIME_ZONE}')",
    )
    began = f"groupUniqArrayIf({day}, event = '{START}' AND timestamp >= {first} AND timestamp <= {last})"
    if first_time:
        began = (
            f"if(minIf(timestamp, event = '{START}') >= {first}, "
            f"[toStartOfDay(toTimeZone(minIf(timestamp, event = '{START}'), '{TIME_ZONE}'))], [])"
        )
    read = (
        f"event IN ('{START}', '{BACK}') AND timestamp <= toDateTime('{READ_PERIOD.to_date} "
        f"23:59:59', '{TIME_ZONE}') + 1"
    ) + ("" if first_time else f" AND timestamp >= {first}")
    returned = f"arraySort(groupUniqArrayIf({day}, event = '{BACK}'))"
    return (
        "SELECT cohort, age, count(DISTINCT actor_id) FROM (\n"
        f"SELECT person_id AS actor_id, arraySort({began}) AS start_days, {returned} AS return_days,\n"
        f"arrayJoin(arrayFilter(n -> has(start_days, {days}[n + 1]), range({COHORTS}))) AS cohort,\n"
        f"arrayJoin(arrayConcat([-1], arrayFilter(n -> has(return_days, {days}[cohort + 1] + "
        f"toIntervalDay(n)), range({AGES + 1})))) AS age\n"
        f"FROM {POSTHOG_TABLE} WHERE {read} GROUP BY actor_id\n) GROUP BY cohort, age"
    )


def recurring(stores: Stores) -> Case:
    """Everybody is in the cohort of each day with a start."""
    return Case(
        "retention, recurring",
        [
            touch(stores, ("event", "person_id", "time"), (START, BACK), READ_PERIOD),
            bihuan(stores, _query("recurring"), ours),
            duckdb(stores, _duck_sql(), theirs),
            posthog(stores, _posthog_sql(first_time=False), from_pairs),
        ],
        goal=1.0,
    )


def first_time(stores: Stores) -> Case:
    """Everybody is in the cohort of the first start ever: reads the start event's whole history."""
    everything = Dates(from_date=date(2026, 1, 1), to_date=READ_PERIOD.to_date)
    first_ever = (
        f"SELECT person, 1::BIGINT << (min(day) - DATE '{FIRST_DAY}')::INTEGER AS first_bit FROM events "
        f"WHERE event = '{START}' GROUP BY person HAVING min(day) BETWEEN '{FIRST_DAY}' AND "
        f"'{PERIOD.to_date}'"
    )
    return Case(
        "retention, first-time",
        [
            touch(stores, ("event", "person_id", "time"), (START, BACK), everything),
            bihuan(stores, _query("first_time"), ours),
            duckdb(stores, _duck_sql(first_ever), theirs),
            posthog(stores, _posthog_sql(first_time=True), from_pairs),
        ],
        goal=1.0,
    )


CASES = (recurring, first_time)
