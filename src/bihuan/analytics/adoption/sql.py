"""The SQL of adoption: a row for each feature, and one for the people reach is relative to.

Columns of the result: feature (event name or place in the list, '' for all people), is_everybody, people,
events, units (summed over people), kept and eligible (person-units that were followed by one, that could be).
"""

from __future__ import annotations

from bihuan.analytics.adoption.query import AdoptionQuery, AdoptionSelection
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.query import EventSelector, resolve
from bihuan.analytics.sql import EventsSource
from bihuan.analytics.sql.unit_sets import UnitSets
from bihuan.analytics.sql.units import Units, units_of
from bihuan.warehouse.sql import literal

MAX_UNITS = 400


def adoption_sql(ctx: ProjectContext, query: AdoptionQuery) -> str:
    """The statement."""
    units = adoption_units(ctx, query)
    sets = UnitSets(units.count)
    ended = min(units.running(), units.count)
    eligible = sets.size("used", 0, ended - 2) if ended >= 2 else "0"
    kept = sets.size(sets.both("used", sets.moved("used", "1")), 0, ended - 2) if ended >= 2 else "0"
    limit = "" if query.features else f"\nORDER BY people DESC, feature LIMIT {query.top_n}"
    features = (
        f"SELECT feature, false AS is_everybody, count() AS people, sum(times) AS events, "
        f"sum({sets.size('used', 0, units.count - 1)}) AS units, "
        f"sum({kept}) AS kept, sum({eligible}) AS eligible\n"
        f"FROM (\nSELECT feature, person, count() AS times, {sets.collect('unit', 'true')} AS used\n"
        f"FROM (\n{_uses(ctx, query, units)}\n)\nGROUP BY feature, person\n)\nGROUP BY feature{limit}"
    )
    everybody = (
        f"SELECT '', true, uniqExact(person), 0, 0, 0, 0 FROM (\n{_people(ctx, query, query.among)}\n)"
    )
    return f"SELECT * FROM (\n{features}\n)\nUNION ALL\n{everybody}"


def people_sql(ctx: ProjectContext, query: AdoptionQuery, selection: AdoptionSelection) -> str:
    """Who used a feature, or who of the people reach is relative to did not."""
    if query.features:
        if (
            selection.feature is None
            or selection.feature >= len(query.features)
            or selection.event is not None
        ):
            raise SelectionInvalid(path="feature", reason="the place of a feature in the list is needed")
        selector = query.features[selection.feature]
    else:
        if selection.event is None or selection.feature is not None:
            raise SelectionInvalid(path="event", reason="the name of an event is needed")
        selector = EventSelector(events=(selection.event,))
    users = _people(ctx, query, selector)
    if selection.used:
        return f"SELECT DISTINCT person FROM (\n{users}\n)"
    among = _people(ctx, query, query.among)
    return f"SELECT DISTINCT person FROM (\n{among}\n)\nWHERE person NOT IN (\n{users}\n)"


def adoption_units(ctx: ProjectContext, query: AdoptionQuery) -> Units:
    """The period's units; QueryTooLarge when they are too many."""
    units = units_of(ctx, query.interval, resolve(query.period, ctx))
    if units.count > MAX_UNITS:
        raise QueryTooLarge(numbers=units.count, most=MAX_UNITS)
    return units


def _uses(ctx: ProjectContext, query: AdoptionQuery, units: Units) -> str:
    source = _source(ctx, query, query.features).column("unit", f"toInt32({units.index('e.time')})")
    if not query.features:
        return source.column("feature", "toString(e.event)").sql()
    matches = ", ".join(
        f"if({source.is_one_of(selector)}, {literal(str(index))}, '')"
        for index, selector in enumerate(query.features)
    )
    return source.column("feature", f"arrayJoin(arrayFilter(f -> f != '', [{matches}]))").sql()


def _people(ctx: ProjectContext, query: AdoptionQuery, selector: EventSelector) -> str:
    return _source(ctx, query, (selector,)).sql()


def _source(ctx: ProjectContext, query: AdoptionQuery, selectors: tuple[EventSelector, ...]) -> EventsSource:
    source = EventsSource(ctx)
    source.column("person", source.person).selecting(selectors or (EventSelector(),))
    return source.during(resolve(query.period, ctx)).filtered(query.filter).sampled(query.sample)
