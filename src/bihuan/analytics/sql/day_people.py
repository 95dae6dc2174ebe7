"""People of days and units as bitmaps of person numbers, from the rollup and, where it is stale, the log.

An analysis asks :func:`day_people` first; None means that the rollup cannot answer exactly (a condition on
events or people, a sample, hours, a property that is not kept) and the log is read as usual.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.breakdown import Breakdown
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.period import day_range
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.query.query import Query
from bihuan.analytics.sql.breakdowns import text_key
from bihuan.analytics.sql.properties import PropertyAccess
from bihuan.analytics.sql.source import EventsSource
from bihuan.analytics.sql.time import local_date
from bihuan.analytics.sql.units import Units
from bihuan.warehouse.rollups import Cells, affected_persons_sql, cells_sql, numbered_sql
from bihuan.warehouse.sql import literal, tuple_of

NOBODY = "bitmapBuild(emptyArrayUInt32())"


@dataclass(frozen=True)
class DayPeople:
    """The people of the events of a selector, by day and breakdown key.

    Args:
        cells: which cells agree with the log.
        tag: the ``key`` of the rows where there is no ``property``.
    """

    ctx: ProjectContext
    selector: EventSelector
    property: PropertyRef | None
    cells: Cells
    tag: str = ""

    def rows_sql(self, first: date | None, last: date) -> str:
        """SELECT ``day, key, people`` for the days from ``first`` (None: the earliest) to ``last``.

        A day and key may have several rows.
        """
        return rows_sql([(self, first, last)])

    def units_sql(self, units: Units, first: date | None, last: date, *, begin: date | None = None) -> str:
        """SELECT ``unit, people``: one row for every unit, empty ones too.

        Days before ``begin`` (None: before the units) are in unit -1.
        """
        every = f"SELECT toInt32(number) AS unit, {NOBODY} AS people FROM numbers({units.count})"
        return _united(f"{every}\nUNION ALL\n{self._in_units(units, first, last, begin)}")

    def busy_units_sql(self, units: Units, first: date, last: date) -> str:
        """The same without units of nobody."""
        return _united(self._in_units(units, first, last, None))

    def _in_units(self, units: Units, first: date | None, last: date, begin: date | None) -> str:
        before = literal(units.first_day if begin is None else begin)
        unit = f"if(day < {before}, toInt32(-1), toInt32({units.index_of_day('day')}))"
        return f"SELECT {unit} AS unit, people FROM (\n{self.rows_sql(first, last)}\n)"

    def is_complete(self, first: date | None, last: date) -> bool:
        """Whether the cells say everything of these days, so that every number is somebody's for good."""
        return not self.from_log(first, last)

    def from_cells(self, first: date | None, last: date) -> str:
        """SELECT ``day, key, people`` of what the cells say."""
        days = f"day <= {literal(last)}"
        if first is not None:
            days = f"day >= {literal(first)} AND {days}"
        table = self.ctx.table
        rows = cells_sql(table("day_people"), self.cells, days)
        key, people = literal(self.tag) if self.property is None else "key", "people"
        if self.ctx.has_overrides:
            affected = (
                f"SELECT groupBitmapState(number) FROM {table('person_numbers')} "
                f"WHERE person_id IN ({affected_persons_sql(table)})"
            )
            people = f"bitmapAndnot(people, ({affected}))"
        return f"SELECT day, {key} AS key, {people} AS people FROM (\n{rows}\n)"

    def from_log(self, first: date | None, last: date) -> list[str]:
        """SELECTs of ``day, key, person`` of what the cells do not say."""
        stale = [day for day in self.cells.stale_days if day <= last and (first is None or day >= first)]
        day = local_date(self.ctx, "e.time")
        parts: list[str] = []
        if stale:
            parts.append(self._source(min(stale), max(stale)).where(f"{day} IN {tuple_of(stale)}").sql())
        if self.ctx.has_overrides:
            source = self._source(first, last)
            source.where(f"e.person_id IN ({affected_persons_sql(self.ctx.table)})")
            if stale:
                source.where(f"{day} NOT IN {tuple_of(stale)}")
            parts.append(source.sql())
        return [f"SELECT DISTINCT day, key, person FROM (\n{part}\n)" for part in parts]

    def _source(self, first: date | None, last: date) -> EventsSource:
        source = EventsSource(self.ctx)
        source.column("day", local_date(self.ctx, "e.time")).column("person", source.person)
        source.column("key", literal(self.tag) if self.property is None else cell_key(self.property))
        source.selecting([self.selector])
        days = day_range(last if first is None else first, last, self.ctx)
        return source.between(None if first is None else days.start_ms, days.end_ms)


def rows_sql(parts: Sequence[tuple[DayPeople, date | None, date]]) -> str:
    """The rows of several, each from its first day to its last, with numbers that mean the same people."""
    rows = [days.from_cells(first, last) for days, first, last in parts]
    from_log = [sql for days, first, last in parts for sql in days.from_log(first, last)]
    if from_log:
        numbered = numbered_sql(parts[0][0].ctx.table, "\nUNION ALL\n".join(from_log))
        rows.append(
            f"SELECT day, key, groupBitmapState(number) AS people FROM (\n{numbered}\n) GROUP BY day, key"
        )
    return "\nUNION ALL\n".join(rows)


def _united(rows: str) -> str:
    return f"SELECT unit, groupBitmapMergeState(people) AS people FROM (\n{rows}\n) GROUP BY unit"


def people_of(ctx: ProjectContext, bitmaps: str) -> str:
    """SELECT of ``person``, each once: whose numbers are in the column ``people`` of a SELECT."""
    return (
        f"SELECT DISTINCT person_id AS person FROM {ctx.table('person_numbers')}\n"
        f"WHERE number IN (SELECT arrayJoin(bitmapToArray(people)) FROM (\n{bitmaps}\n))"
    )


def day_people(
    ctx: ProjectContext,
    query: Query,
    selector: EventSelector,
    last: date,
    breakdowns: Sequence[Breakdown] = (),
) -> DayPeople | None:
    """The rollup for the selector's events until ``last``; None where it cannot answer."""
    if ctx.people_by_day is None or selector.filter is not None:
        return None
    if query.filter is not None or query.sample is not None or len(breakdowns) > 1:
        return None
    ref = None
    if breakdowns:
        ref = breakdowns[0].property
        if breakdowns[0].bounds is not None or ref.scope != "event":
            return None
    cells = ctx.people_by_day.cells(selector.events, "" if ref is None else ref.name, last)
    return None if cells is None else DayPeople(ctx, selector, ref, cells)


def day_people_of_two(
    ctx: ProjectContext, query: Query, selectors: tuple[EventSelector, EventSelector], last: date
) -> tuple[DayPeople, DayPeople] | None:
    """``day_people`` of both selectors, compared with the log at once where both name their events."""
    if not all(selector.events and selector.filter is None for selector in selectors):
        one, other = (day_people(ctx, query, selector, last) for selector in selectors)
        return None if one is None or other is None else (one, other)
    names = tuple(sorted({name for selector in selectors for name in selector.events}))
    both = day_people(ctx, query, EventSelector(events=names), last)
    if both is None:
        return None
    one, other = (
        replace(both, selector=each, cells=replace(both.cells, events=tuple(sorted(each.events))))
        for each in selectors
    )
    return one, other


def cell_key(ref: PropertyRef) -> str:
    """SQL String over a row ``e``: the breakdown key of a property of events, as the rollup keeps it."""
    return f"CAST({text_key(PropertyAccess('e', 'UTC').text(ref))} AS String)"
