"""The inner SELECT of every analysis: which rows of ``events``, with which columns, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.filters import AnyFilter
from bihuan.analytics.query.period import DayRange
from bihuan.analytics.query.properties import OF_PEOPLE, PropertyRef
from bihuan.analytics.sql.filters import condition, selector_condition
from bihuan.analytics.sql.properties import AssignedAccess, PropertyAccess
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import literal, time_ms, tuple_of

SAMPLE_PARTS = 10_000
# So many ids of 64 bits are in one of them.
SAMPLE_PART = (1 << 64) // SAMPLE_PARTS
# Ids of people are hashes of 64 bits: half of the people are below it.
_MIDDLE_PERSON = 1 << 63


class EventsSource:
    """Builds ``SELECT columns FROM events … WHERE …``.

    Rows are named ``e``; ``person`` is the SQL of the resolved person. Person properties asked for with
    ``text``/``number`` join the profiles; conditions on them do not (they use ``IN``).
    """

    def __init__(self, ctx: ProjectContext) -> None:
        self.ctx = ctx
        self.access = PropertyAccess("e", ctx.time_zone)
        self.person = "coalesce(o.override_person, e.person_id)" if ctx.has_overrides else "e.person_id"
        self._columns: dict[str, str] = {}
        self._conditions: list[str] = []
        self._profile_columns: dict[str, str] = {}
        self._subjects: dict[str, str] = {}

    def column(self, name: str, expression: str) -> EventsSource:
        """Add a column of the SELECT."""
        self._columns[name] = expression
        return self

    def columns(self, columns: Mapping[str, str]) -> EventsSource:
        """Add several columns."""
        self._columns.update(columns)
        return self

    @property
    def listed(self) -> Mapping[str, str]:
        """The columns of the SELECT so far."""
        return self._columns

    def where(self, sql: str) -> EventsSource:
        """Add a condition; all of them must hold."""
        if sql != "true":
            self._conditions.append(sql)
        return self

    def during(self, period: DayRange) -> EventsSource:
        """Only the period: by UTC day, which prunes the sort key, and by exact time."""
        return self.between(period.start_ms, period.end_ms)

    def between(self, start_ms: int | None, end_ms: int | None, *, by_day: bool = True) -> EventsSource:
        """Only times in ``[start_ms, end_ms)``; None leaves a side open.

        ``by_day``: also by UTC day, which prunes the sort key.
        """
        if start_ms is not None:
            day = f"toDate(e.time) >= {_utc_day(start_ms)} AND " if by_day else ""
            self._conditions.append(f"{day}e.time >= {time_ms(start_ms)}")
        if end_ms is not None:
            day = f"toDate(e.time) <= {_utc_day(end_ms - 1)} AND " if by_day else ""
            self._conditions.append(f"{day}e.time < {time_ms(end_ms)}")
        return self

    def selecting(self, selectors: Iterable[EventSelector]) -> EventsSource:
        """Only rows that are an event of at least one selector; the names prune the sort key."""
        selectors = list(dict.fromkeys(selectors))
        names = sorted({name for selector in selectors for name in selector.events})
        if names and all(selector.events for selector in selectors):
            self._conditions.append(f"e.event IN {tuple_of(names)}")
        if any(selector.filter is not None for selector in selectors):
            parts = [self.is_one_of(selector) for selector in selectors]
            self.where("true" if "true" in parts else "(" + " OR ".join(f"({part})" for part in parts) + ")")
        return self

    def filtered(self, node: AnyFilter | None) -> EventsSource:
        """Only rows for which the filter holds."""
        return self if node is None else self.where(self.holds(node))

    def sampled(self, sample: float | None) -> EventsSource:
        """Only people in the sample."""
        return self.where(in_sample_sql(self.person, sample))

    def holds(self, node: AnyFilter) -> str:
        """A filter as a condition on these rows."""
        return condition(self.ctx, node, alias="e", person=self.person)

    def is_one_of(self, selector: EventSelector) -> str:
        """A selector as a condition on these rows."""
        return selector_condition(self.ctx, selector, alias="e", person=self.person)

    def text(self, ref: PropertyRef) -> str:
        """A property as Nullable(String)."""
        if ref.scope == "person":
            return self._profile(f"text {ref.name}", _PROFILE.text(ref))
        return self._assigned(ref).text(ref) if ref.scope in OF_PEOPLE else self.access.text(ref)

    def number(self, ref: PropertyRef) -> str:
        """A property as Nullable(Float64)."""
        if ref.scope == "person":
            return self._profile(f"number {ref.name}", _PROFILE.number(ref))
        return self._assigned(ref).number(ref) if ref.scope in OF_PEOPLE else self.access.number(ref)

    def sql(self) -> str:
        """The statement."""
        return self._statement(self._conditions)

    def sql_in_halves(self) -> str:
        """The statement as one for each half of the people, which reads all events of long periods faster.

        For half of the people the engine finds less to read in the projection by_person than in the table,
        and rows in the order of people are grouped by person several times as fast. Parts that have no
        projection yet are read twice.
        """
        halves = (f"e.person_id < {_MIDDLE_PERSON}", f"e.person_id >= {_MIDDLE_PERSON}")
        return "\nUNION ALL\n".join(self._statement([half, *self._conditions]) for half in halves)

    def _statement(self, conditions: Sequence[str]) -> str:
        columns = ",\n    ".join(f"{expression} AS {name}" for name, expression in self._columns.items())
        lines = [f"SELECT\n    {columns}", f"FROM {self.ctx.table('events')} AS e"]
        # Counting events needs nobody's identity, and then the join would be read for nothing.
        if self.ctx.has_overrides and self._asks_for_person():
            lines.append(f"LEFT ANY JOIN ({overrides_sql(self.ctx)}) AS o ON o.distinct_key = e.distinct_key")
        if self._profile_columns:
            lines.append(
                f"LEFT ANY JOIN ({self._profiles_sql()}) AS profile ON profile.person_id = {self.person}"
            )
        for subject_id, alias in self._subjects.items():
            assigned = value_sql(self.ctx.table, subject_id)
            lines.append(f"LEFT ANY JOIN ({assigned}) AS {alias} ON {alias}.person = {self.person}")
        if conditions:
            lines.append("WHERE " + "\n    AND ".join(conditions))
        return "\n".join(lines)

    def _asks_for_person(self) -> bool:
        used = [*self._columns.values(), *self._conditions]
        joined = bool(self._profile_columns or self._subjects)
        return joined or any(self.person in sql for sql in used)

    def _assigned(self, ref: PropertyRef) -> AssignedAccess:
        alias = self._subjects.setdefault(ref.name, f"assigned_{len(self._subjects)}")
        return AssignedAccess(f"{alias}.value", self.ctx.time_zone)

    def _profile(self, key: str, expression: str) -> str:
        if key not in self._profile_columns:
            self._profile_columns[key] = expression
        return f"profile.view_{list(self._profile_columns).index(key)}"

    def _profiles_sql(self) -> str:
        views = ", ".join(
            f"{sql} AS view_{index}" for index, sql in enumerate(self._profile_columns.values())
        )
        return f"SELECT p.person_id, {views} FROM {self.ctx.table('profiles')} AS p FINAL WHERE NOT p.deleted"


# Views of profiles; the zone matters only to fields, which people do not have.
_PROFILE = PropertyAccess("p", "UTC")


def events_source(
    ctx: ProjectContext,
    *,
    selectors: Sequence[EventSelector] = (),
    period: DayRange | None = None,
    filters: Iterable[AnyFilter | None] = (),
    columns: Mapping[str, str] | None = None,
    sample: float | None = None,
) -> EventsSource:
    """An :class:`EventsSource` with the usual parts; no ``selectors`` means every event.

    It has the columns ``person`` and ``time`` and then ``columns`` (name → SQL over the row ``e``).
    """
    source = EventsSource(ctx)
    source.column("person", source.person).column("time", "e.time").columns(columns or {})
    if selectors:
        source.selecting(selectors)
    if period is not None:
        source.during(period)
    for node in filters:
        source.filtered(node)
    return source.sampled(sample)


def overrides_sql(ctx: ProjectContext) -> str:
    """Who the owner of each merged id is now, for rows that may still say otherwise."""
    return (
        "SELECT distinct_key, toNullable(person_id) AS override_person "
        f"FROM {ctx.table('identity_overrides')} FINAL WHERE pending"
    )


def sample_parts(sample: float) -> int:
    """A share of people in ten-thousandths, at least one."""
    return max(1, int(sample * SAMPLE_PARTS + 1e-9))


def in_sample_sql(person: str, sample: float | None) -> str:
    """SQL Bool: whether a person is in the sample, the lowest ids.

    Ids are hashes, so any range of them is as good as another, and of a range the sort keys leave most
    rows unread.
    """
    if sample is None or sample >= 1:
        return "true"
    return f"{person} < {sample_parts(sample) * SAMPLE_PART}"


def _utc_day(milliseconds: int) -> str:
    return literal(datetime.fromtimestamp(milliseconds // 1000, UTC).date())
