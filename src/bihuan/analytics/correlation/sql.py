"""The statement of a correlation.

Columns: factor (-2 everybody, -1 an event, else the number of the property), name (of the event, or the key
of the value), converted, others: people with the factor who converted and who did not.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.correlation.query import FunnelCorrelationQuery, FunnelCorrelationSelection
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.funnel.people_levels import people_levels
from bihuan.analytics.funnel.query import FunnelQuery
from bihuan.analytics.funnel.rows import reading_range
from bihuan.analytics.query import Breakdown
from bihuan.analytics.sql import EventsSource
from bihuan.analytics.sql.breakdowns import breakdown_key
from bihuan.warehouse.sql import literal, tuple_of

MAX_FACTORS = 1000
EVERYBODY, EVENT = -2, -1


def correlation_sql(ctx: ProjectContext, query: FunnelCorrelationQuery) -> str:
    """The statement."""
    people = _converted(ctx, query.funnel)
    counts = "countIf(converted) AS converted_people, countIf(NOT converted) AS other_people"
    branches = [f"SELECT toInt32({EVERYBODY}) AS factor, '' AS name, {counts} FROM (\n{people}\n)"]
    for factors in _factor_rows(ctx, query):
        branches.append(
            f"SELECT factor, name, {counts} FROM (\n{factors}\n) AS factors "
            f"INNER JOIN (\n{people}\n) AS people ON people.person = factors.person "
            f"GROUP BY factor, name HAVING count() >= {query.min_people} ORDER BY count() DESC, factor, name "
            f"LIMIT {MAX_FACTORS}"
        )
    return "\nUNION ALL\n".join(f"SELECT * FROM (\n{branch}\n)" for branch in branches)


def people_sql(
    ctx: ProjectContext, query: FunnelCorrelationQuery, selection: FunnelCorrelationSelection
) -> str:
    """The people behind one number."""
    if selection.property is not None:
        if selection.property not in query.properties:
            raise SelectionInvalid(path="property", reason="the query does not compare that property")
        factor = query.properties.index(selection.property)
        name = "n" if selection.value is None else "v" + selection.value
        rows = _property_rows(ctx, query)
    else:
        factor, name, rows = EVENT, selection.event or "", _event_rows(ctx, query.funnel)
    having = f"SELECT person FROM (\n{rows}\n) WHERE factor = {factor} AND name = {literal(name)}"
    converted = "converted" if selection.converted else "NOT converted"
    has = "IN" if selection.has_factor else "NOT IN"
    people = _converted(ctx, query.funnel)
    return f"SELECT person FROM (\n{people}\n) WHERE {converted} AND person {has} (\n{having}\n)"


def _converted(ctx: ProjectContext, funnel: FunnelQuery) -> str:
    return (
        f"SELECT person, level = {len(funnel.required)} AS converted FROM (\n{people_levels(ctx, funnel)}\n)"
    )


def _factor_rows(ctx: ProjectContext, query: FunnelCorrelationQuery) -> list[str]:
    events = [_event_rows(ctx, query.funnel)] if query.events else []
    return [*events, _property_rows(ctx, query)] if query.properties else events


def _event_rows(ctx: ProjectContext, funnel: FunnelQuery) -> str:
    """SELECT DISTINCT of person, factor and the name of an event between entry and the end of the window."""
    period, end_ms = reading_range(ctx, funnel)
    steps = sorted({name for step in funnel.steps for name in step.selector.events})
    source = EventsSource(ctx)
    source.column("person", source.person).column("event_name", "toString(e.event)")
    source.column("ms", "toUnixTimestamp64Milli(e.time)").between(period.start_ms, end_ms)
    if steps:
        source.where(f"e.event NOT IN {tuple_of(steps)}")
    source.filtered(funnel.filter).sampled(funnel.sample)
    entries = (
        f"SELECT person, min(ms) AS entry_ms FROM (\n{_entry_rows(ctx, funnel).sql()}\n) GROUP BY person"
    )
    until = "true" if end_ms is None else f"did.ms <= entry_ms + {end_ms - period.end_ms}"
    return (
        f"SELECT DISTINCT did.person AS person, toInt32({EVENT}) AS factor, event_name AS name "
        f"FROM (\n{source.sql()}\n) AS did INNER JOIN (\n{entries}\n) AS entry ON entry.person = did.person "
        f"WHERE did.ms >= entry_ms AND {until}"
    )


def _property_rows(ctx: ProjectContext, query: FunnelCorrelationQuery) -> str:
    """SELECT of person, factor and the key of the value at the person's entry."""
    source = _entry_rows(ctx, query.funnel)
    values = []
    for number, ref in enumerate(query.properties):
        source.column(f"p{number}", breakdown_key(source, Breakdown(property=ref)))
        values.append(f"(toInt32({number}), argMin(p{number}, (ms, p{number})))")
    rows = (
        f"SELECT person, arrayJoin([{', '.join(values)}]) AS found FROM (\n{source.sql()}\n) GROUP BY person"
    )
    return f"SELECT person, found.1 AS factor, found.2 AS name FROM (\n{rows}\n)"


def _entry_rows(ctx: ProjectContext, funnel: FunnelQuery) -> EventsSource:
    period, _ = reading_range(ctx, funnel)
    source = EventsSource(ctx)
    source.column("person", source.person).column("ms", "toUnixTimestamp64Milli(e.time)")
    source.selecting([funnel.steps[0].selector]).during(period)
    return source.filtered(funnel.filter).sampled(funnel.sample)
