"""Retention from bitmaps: each cell is an intersection of those who started and those who came back."""

from __future__ import annotations

from dataclasses import replace

from bihuan.analytics.calendar import local_date
from bihuan.analytics.retention.cohorts import Cohorts
from bihuan.analytics.retention.query import AgeRange
from bihuan.analytics.sql.day_people import NOBODY, DayPeople, day_people_of_two, people_of, rows_sql
from bihuan.warehouse.sql import literal

_ALL = "(ORDER BY unit ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
_BEFORE = "(ORDER BY unit ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
_FROM_ON = "(ORDER BY unit DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"


def cells_sql(table: Cohorts) -> str | None:
    """The rows of retention without breakdown and measure; None where bitmaps cannot give them.

    They give columns of one age, and of one age or any later.
    """
    sides = _sides(table)
    if sides is None:
        return None
    ages = ", ".join(f"bitmapAndCardinality(started, {_back_at(column)})" for column in table.columns)
    rows = _units(table, *sides)
    cells = f"SELECT unit, bitmapCardinality(started) AS size, [{ages}] AS people\nFROM (\n{rows}\n)"
    return (
        "SELECT unit AS cohort, size, people, CAST([] AS Array(Float64)) AS amounts, "
        f"toFloat64(0) AS base\nFROM (\n{cells}\n) WHERE unit BETWEEN 0 AND {table.count - 1} AND size > 0"
    )


def cohort_people_sql(
    table: Cohorts, cohort: int | None, column: AgeRange | None, *, returned: bool
) -> str | None:
    """SELECT of ``person``: of a cohort or all, those who came back in a column or did not, or everybody.

    Of cells that have not begun nobody. None where bitmaps cannot tell.
    """
    sides, units = _sides(table), table.units
    if sides is None or not _is_complete(table, *sides):
        return None
    people = "started"
    last = table.count - 1
    if column is not None:
        people = f"{'bitmapAnd' if returned else 'bitmapAndnot'}(started, {_back_at(column)})"
        last = min(last, units.running() - column.first)
    chosen = f"unit BETWEEN 0 AND {last}" + ("" if cohort is None else f" AND unit = {cohort}")
    each = f"SELECT unit, {people} AS people FROM (\n{_units(table, *sides)}\n)"
    return people_of(units.ctx, f"SELECT people FROM (\n{each}\n) WHERE {chosen}")


def _sides(table: Cohorts) -> tuple[DayPeople, DayPeople] | None:
    """Those who started and those who came back."""
    query, units = table.query, table.units
    whole = all(column.last in (None, column.first) for column in table.columns)
    mixed = len({column.last is None for column in table.columns}) > 1
    if query.breakdowns or table.measured or not whole or mixed or query.interval == "hour":
        return None
    return day_people_of_two(units.ctx, query, (query.start, query.back), units.last_day)


def _is_complete(table: Cohorts, started: DayPeople, returned: DayPeople) -> bool:
    first = None if table.query.cohort == "first_time" else table.period.first_day
    last = table.units.last_day
    return started.is_complete(first, table.period.last_day) and returned.is_complete(first, last)


def _back_at(column: AgeRange) -> str:
    return f"leadInFrame(returned, {column.first}) OVER {_ALL}"


def _units(table: Cohorts, started: DayPeople, returned: DayPeople) -> str:
    """SELECT ``unit, started, returned``: each cohort, and who came back in the unit.

    Of ages without end: in it or later.
    """
    rows = _rows(table, started, returned)
    if table.query.cohort == "first_time":
        rows = (
            f"SELECT unit, bitmapAndnot(started, groupBitmapMergeState(started) OVER {_BEFORE}) AS started, "
            f"returned\nFROM (\n{rows}\n)"
        )
    if table.columns[0].last is None:
        later = f"groupBitmapMergeState(returned) OVER {_FROM_ON}"
        rows = f"SELECT unit, started, {later} AS returned\nFROM (\n{rows}\n)"
    return rows


def _rows(table: Cohorts, started: DayPeople, returned: DayPeople) -> str:
    """SELECT ``unit, started, returned``: who did the one and the other in each unit.

    For cohorts of the first time also unit -1: who started before the period.
    """
    query, units, period = table.query, table.units, table.period
    first = None if query.cohort == "first_time" else period.first_day
    cohorts = (units.first_day, local_date(units.starts_ms[table.count] - 1, units.ctx.zone))
    if query.start == query.back and cohorts == (period.first_day, period.last_day):
        days = returned.units_sql(units, first, units.last_day, begin=period.first_day)
        return f"SELECT unit, people AS started, if(unit < 0, {NOBODY}, people) AS returned FROM (\n{days}\n)"
    tagged = [
        (replace(started, tag="started"), first, period.last_day),
        (replace(returned, tag="returned"), units.first_day, units.last_day),
    ]
    before = f"key = 'started' AND day < {literal(period.first_day)}"
    unit = f"if({before}, toInt32(-1), toInt32({units.index_of_day('day')}))"
    each = ", ".join(
        f"groupBitmapMergeState(if(key = '{tag}', people, {NOBODY})) AS {tag}"
        for tag in ("started", "returned")
    )
    every = f"SELECT toInt32(number) AS unit, '' AS key, {NOBODY} AS people FROM numbers({units.count})"
    return (
        f"SELECT unit, {each}\nFROM (\n{every}\nUNION ALL\n"
        f"SELECT {unit} AS unit, key, people FROM (\n{rows_sql(tagged)}\n)\n) GROUP BY unit"
    )
