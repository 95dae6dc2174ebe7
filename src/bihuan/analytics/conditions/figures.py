"""Figures of every person, from one reading of the events."""

from __future__ import annotations

from bihuan.analytics.conditions.units import longest_run_sql, unit_number_sql
from bihuan.analytics.conditions.values import ActiveDays, Count, LongestRun, OfProperty
from bihuan.analytics.conditions.windows import AnyWindow, Instants, instants
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.sql import EventsSource
from bihuan.warehouse.sql import time_ms

AnyFigure = Count | ActiveDays | LongestRun | OfProperty


class Figures:
    """Collects what is to be known of each person.

    ``columns`` are aggregates over the rows of ``source``, grouped by person. A person without any of the
    rows has zeros, empty texts and NULLs.
    """

    def __init__(self, source: EventsSource) -> None:
        self.source = source
        self.columns: dict[str, str] = {}
        self._spans: list[Instants] = []
        self._selectors: list[EventSelector] = []
        self._rows: list[str] = []

    def figure(self, event: EventSelector, window: AnyWindow, figure: AnyFigure) -> str:
        """SQL over ``columns``: a figure of a person; NULL where a property gives none."""
        row = self.row(event, window)
        match figure:
            case Count():
                return self.aggregate(f"countIf({row})")
            case ActiveDays():
                unit = self.column(unit_number_sql(self.source.ctx, figure.unit, "e.time"))
                return self.aggregate(f"uniqExactIf({unit}, {row})")
            case LongestRun():
                unit = self.column(unit_number_sql(self.source.ctx, figure.unit, "e.time"))
                numbers = self.aggregate(f"arraySort(groupUniqArrayIf({unit}, {row}))")
                return f"if(empty({numbers}), 0, {longest_run_sql(numbers)})"
            case OfProperty(aggregate="distinct"):
                text = self.column(self.source.text(figure.property))
                return self.aggregate(f"uniqExactIf({text}, {row} AND isNotNull({text}))")
            case OfProperty():
                number = self.column(self.source.number(figure.property))
                return self.aggregate(f"{figure.aggregate}If({number}, {row})")

    def number(self, event: EventSelector, window: AnyWindow, figure: AnyFigure) -> str:
        """SQL Float64 over ``columns``: a figure of a person, 0 where there is none."""
        return f"toFloat64(ifNull({self.figure(event, window, figure)}, 0))"

    def over(self, event: EventSelector, window: AnyWindow, aggregate: str) -> str:
        """The column of an aggregate over ``time``, in which ``{row}`` stands for being such an event."""
        return self.aggregate(aggregate.format(row=self.row(event, window)))

    def row(self, selector: EventSelector, window: AnyWindow) -> str:
        """The column that says whether a row is such an event of a window."""
        return self.row_during(selector, instants(window, self.source.ctx))

    def row_during(self, selector: EventSelector, span: Instants) -> str:
        """The column that says whether a row is such an event at these instants."""
        self._selectors.append(selector)
        self._spans.append(span)
        parts = [self.source.is_one_of(selector), during("e.time", span)]
        test = " AND ".join(part for part in parts if part != "true") or "true"
        row = self.column(f"({test})")
        self._rows.append(row)
        return row

    def column(self, expression: str, name: str | None = None) -> str:
        """The column of the rows with an expression."""
        known = {sql: each for each, sql in self.source.listed.items()}
        name = known.get(expression) or name or f"c{len(known)}"
        self.source.column(name, expression)
        return name

    def aggregate(self, expression: str) -> str:
        """The column of people with an aggregate."""
        for name, sql in self.columns.items():
            if sql == expression:
                return name
        name = f"f{len(self.columns)}"
        self.columns[name] = expression
        return name

    def rows_sql(self) -> str:
        """The SELECT that ``columns`` aggregate."""
        starts = [start for start, _ in self._spans]
        earliest = None if None in starts else min(start for start in starts if start is not None)
        self.source.selecting([EventSelector(events=each.events) for each in self._selectors])
        self.source.between(earliest, max(end for _, end in self._spans))
        if any(each.filter is not None for each in self._selectors) or len(set(self._spans)) > 1:
            self.source.where("(" + " OR ".join(dict.fromkeys(self._rows)) + ")")
        return self.source.sql()

    def grouped_sql(self, among: str | None = None) -> str:
        """SELECT of ``person`` and ``columns``, of those who did any of it."""
        if among is not None:
            self.source.where(f"{self.source.person} IN ({among})")
        aggregates = ",\n    ".join(f"{sql} AS {name}" for name, sql in self.columns.items())
        return f"SELECT person,\n    {aggregates}\nFROM (\n{self.rows_sql()}\n)\nGROUP BY person"

    def sql(self, columns: str, among: str | None = None) -> str:
        """SELECT of ``person`` and ``columns`` over the figures, of those who did any of it."""
        return f"SELECT person, {columns}\nFROM (\n{self.grouped_sql(among)}\n)"


def during(time: str, span: Instants) -> str:
    """SQL Bool: whether a time is at these instants."""
    start_ms, end_ms = span
    since = "" if start_ms is None else f"{time} >= {time_ms(start_ms)} AND "
    return f"{since}{time} < {time_ms(end_ms)}"
