"""Who started when and what they did after: one row for each person and cohort.

Columns: ``person``, ``cohort`` (number of the unit), ``later`` (the set of ages with a return event), of a
measure ``ages`` and ``age_amounts``, and of breakdowns the keys ``b0``, ``b1``, ….
"""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import DayRange, PropertyMeasure, resolve
from bihuan.analytics.query.measure import People
from bihuan.analytics.retention.query import AgeRange, RetentionQuery
from bihuan.analytics.sql import EventsSource
from bihuan.analytics.sql.activity import Role, activity_sql
from bihuan.analytics.sql.breakdowns import add_breakdowns, value_names
from bihuan.analytics.sql.groups import also
from bihuan.analytics.sql.unit_sets import UnitSets
from bihuan.analytics.sql.units import Units, units_of


@dataclass(frozen=True)
class Cohorts:
    """The table's frame.

    Args:
        units: the cohorts' units and those after in which people may come back.
        count: how many of the units are cohorts.
        columns: the ages of each column.
    """

    query: RetentionQuery
    period: DayRange
    units: Units
    count: int
    columns: tuple[AgeRange, ...]

    @property
    def sets(self) -> UnitSets:
        """How sets of these units are written."""
        return UnitSets(self.units.count)

    def rows_sql(self) -> str:
        """The statement described above."""
        if not self.query.breakdowns and not self.measured:
            return self._from_activity()
        return self._joined()

    @property
    def measured(self) -> bool:
        """Whether something other than people is measured."""
        return not isinstance(self.query.measure, People)

    def has_begun(self, cohort: int, column: AgeRange) -> bool:
        """Whether the column's first unit has begun for a cohort."""
        return cohort + column.first <= self.units.running()

    def is_complete(self, cohort: int, column: AgeRange) -> bool:
        """Whether the column's last unit (its first, where there is no last) has ended for a cohort."""
        last = column.first if column.last is None else column.last
        return cohort + last < self.units.running()

    def _from_activity(self) -> str:
        query = self.query
        roles = (
            Role("started", query.start, during=self.period, first=query.cohort == "first_time"),
            Role("returned", query.back),
        )
        people = activity_sql(self.units, roles, filter=query.filter, sample=query.sample)
        if query.cohort == "first_time":
            rows = f"SELECT person, started_first AS cohort, returned FROM (\n{people}\n)"
            rows += f"\nWHERE cohort BETWEEN 0 AND {self.count - 1}"
        else:
            members = self.sets.members("started")
            rows = f"SELECT person, arrayJoin({members}) AS cohort, returned FROM (\n{people}\n)"
        later = self.sets.moved("returned", "cohort")
        return f"SELECT person, cohort, {later} AS later FROM (\n{rows}\n)"

    def _joined(self) -> str:
        columns = f"{self.sets.moved('returned.set', 'cohort')} AS later"
        if self.measured:
            columns += ", arrayMap(u -> toInt32(u) - cohort, returned.units) AS ages"
            columns += ", returned.amounts AS age_amounts"
        columns += also([f"started.{name} AS {name}" for name in value_names(self.query.breakdowns)])
        return (
            f"SELECT started.person AS person, started.cohort AS cohort, {columns}\n"
            f"FROM (\n{self._starts()}\n) AS started\nLEFT ANY JOIN (\n{self._returns()}\n) AS returned "
            "ON returned.person = started.person"
        )

    def _starts(self) -> str:
        query, source = self.query, self._source("e.time")
        source.column("time", "e.time").column("event_id", "e.event_id")
        values = add_breakdowns(source, query.breakdowns)
        source.selecting([query.start])
        first = also([f"argMin({name}, (time, event_id)) AS {name}" for name in values])
        if query.cohort == "first_time":
            source.between(None, self.period.end_ms)
            begun = f"toUnixTimestamp64Milli(min(time)) >= {self.period.start_ms}"
            return (
                f"SELECT person, argMin(unit, time) AS cohort{first} FROM (\n{source.sql()}\n) "
                f"GROUP BY person HAVING {begun}"
            )
        source.during(self.period)
        return f"SELECT person, unit AS cohort{first} FROM (\n{source.sql()}\n) GROUP BY person, unit"

    def _returns(self) -> str:
        query, source = self.query, self._source("e.time")
        amount = "1"
        if isinstance(query.measure, PropertyMeasure):
            amount = source.number(query.measure.property)
        source.column("amount", amount).selecting([query.back]).between(
            self.units.start_ms, self.units.end_ms
        )
        rows = source.sql()
        if self.measured:
            known = " WHERE isNotNull(amount)" if isinstance(query.measure, PropertyMeasure) else ""
            rows = (
                f"SELECT person, unit, sum(toFloat64(assumeNotNull(amount))) AS unit_amount FROM (\n{rows}\n)"
                f"{known} GROUP BY person, unit"
            )
        amounts = ", groupArray(unit) AS units, groupArray(unit_amount) AS amounts" if self.measured else ""
        collected = self.sets.collect("unit", "true")
        return f"SELECT person, {collected} AS set{amounts} FROM (\n{rows}\n) GROUP BY person"

    def _source(self, time: str) -> EventsSource:
        source = EventsSource(self.units.ctx)
        source.column("person", source.person).column("unit", f"toInt32({self.units.index(time)})")
        return source.filtered(self.query.filter).sampled(self.query.sample)


def cohorts(ctx: ProjectContext, query: RetentionQuery) -> Cohorts:
    """The frame of a query's table."""
    period, columns = resolve(query.period, ctx), query.returning.columns()
    ages = [column.last for column in columns]
    oldest = max(column.first if column.last is None else column.last for column in columns)
    unbounded = None in ages
    units = units_of(ctx, query.interval, period, after=None if unbounded else oldest)
    return Cohorts(query, period, units, units_of(ctx, query.interval, period).count, columns)
