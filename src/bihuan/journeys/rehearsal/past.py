"""The past as a rehearsal asks for it: by when things happened, each question one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.calendar import local_date
from bihuan.analytics.conditions import AnyCondition, Has, leaves
from bihuan.analytics.query import EventSelector
from bihuan.analytics.sql import EventsSource
from bihuan.journeys.engine.log import cases_of, context_at, holding
from bihuan.journeys.graph.definition import AudienceEntry, Definition, EventEntry, ScheduleEntry
from bihuan.journeys.timing import cron_times
from bihuan.kernel.arrays import Array
from bihuan.people import People
from bihuan.warehouse.assignments import MEMBER, TABLE, owners_sql
from bihuan.warehouse.sql import literal, time_ms

MOST_OCCASIONS = 2_000_000
_MOST_TIMES = 100
# Up to so many different moments a condition is asked as of each of them.
_MOST_MOMENTS = 24
Pairs = tuple[Array, Array]  # persons (uint64) and Unix milliseconds (int64)


@dataclass
class Past:
    """A project's log in ``[start_ms, end_ms)``. ``notes``: what is not exact."""

    project: Project
    people: People
    start_ms: int
    end_ms: int
    notes: set[str] = field(default_factory=set)
    _done: dict[EventSelector, Pairs] = field(default_factory=dict)

    def context(self, now_ms: int) -> ProjectContext:
        """The project as of a moment."""
        return context_at(self.project, self.people.store, now_ms)

    def done(self, selector: EventSelector) -> Pairs:
        """Who did it when, sorted by person and time; read once."""
        if selector not in self._done:
            source = EventsSource(self.context(self.end_ms)).between(self.start_ms, self.end_ms)
            source.selecting([selector]).column("person", source.person)
            source.column("at", "toUnixTimestamp64Milli(e.time)")
            self._done[selector] = self._pairs(source.sql(), "person, at")
        return self._done[selector]

    def occasions(self, definition: Definition) -> Pairs:
        """Who could have come in when, sorted by time."""
        entry = definition.entry
        match entry:
            case EventEntry():
                persons, times = self.done(entry.event)
                order = np.argsort(times, kind="stable")
                persons, times = persons[order], times[order]
                if entry.condition is not None:
                    held = self.cases([entry.condition], persons, times) == 0
                    persons, times = persons[held], times[held]
                return persons, times
            case AudienceEntry():
                return self._entered(entry.audience)
            case ScheduleEntry():
                return self._scheduled(entry)
            case _:
                self.notes.add("entry_by_api")
                return np.zeros(0, np.uint64), np.zeros(0, np.int64)

    def cases(self, conditions: Sequence[AnyCondition], persons: Array, times: Array) -> Array:
        """The first condition that holds for each person as of a moment; days as of their last one."""
        found = np.full(len(persons), len(conditions), np.int64)
        moments = np.unique(times)
        if len(moments) <= _MOST_MOMENTS:
            groups = times
        else:
            self.notes.add("conditions_by_day")
            zone = self.project.time_zone
            days = {hour: _day(hour, zone) for hour in np.unique(times // 3_600_000).tolist()}
            groups = np.array([days[hour] for hour in (times // 3_600_000).tolist()], np.int64)
        if any(isinstance(leaf, Has) for each in conditions for leaf in leaves(each)):
            self.notes.add("profiles_of_now")
        for group in np.unique(groups):
            here = groups == group
            ctx = self.context(int(times[here].max()))
            found[here] = cases_of(ctx, self.people.store, conditions, persons[here])
        return found

    def _entered(self, audience_id: str) -> Pairs:
        table = self.people.store.table
        rows = (
            f"FROM {table(TABLE)} WHERE subject_id = {literal(audience_id)} AND value = {literal(MEMBER)} "
            f"AND before = '' AND time >= {time_ms(self.start_ms)} AND time < {time_ms(self.end_ms)}"
        )
        owners = owners_sql(table, f"SELECT DISTINCT person_id {rows}")
        sql = (
            f"SELECT o.person AS person, toUnixTimestamp64Milli(m.time) AS at "
            f"FROM (SELECT person_id, time {rows}) AS m "
            f"INNER JOIN ({owners}) AS o ON o.person_id = m.person_id"
        )
        return self._pairs(sql, "at, person")

    def _scheduled(self, entry: ScheduleEntry) -> Pairs:
        times = cron_times(
            entry.cron, self.project.time_zone, self.start_ms - 1, self.end_ms - 1, _MOST_TIMES
        )
        if len(times) == _MOST_TIMES:
            self.notes.add("first_100_times")
        parts = []
        for moment in times:
            ctx = self.context(moment)
            everybody = holding(ctx, self.people.store, entry.condition)
            parts.append(self._pairs(f"SELECT person, {moment} AS at FROM ({everybody})", "person"))
        if not parts:
            return np.zeros(0, np.uint64), np.zeros(0, np.int64)
        return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])

    def _pairs(self, sql: str, order: str) -> Pairs:
        limited = f"SELECT person, at FROM (\n{sql}\n) ORDER BY {order} LIMIT {MOST_OCCASIONS}"
        table = self.people.store.engine.arrow(limited)
        if table.num_rows == MOST_OCCASIONS:
            self.notes.add("first_2000000_events")
        persons = table.column("person").to_numpy().astype(np.uint64)
        return persons, table.column("at").to_numpy().astype(np.int64)


def _day(hour: int, zone: str) -> int:
    return local_date(hour * 3_600_000, ZoneInfo(zone)).toordinal()
