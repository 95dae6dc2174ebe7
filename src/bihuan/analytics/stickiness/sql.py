"""The SQL of stickiness: columns span (its number), units (in how many people were active), people, keys."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.query import resolve
from bihuan.analytics.sql.activity import Role, activity_sql, kept_groups_sql
from bihuan.analytics.sql.groups import also, check_size, group_names, people_of_groups
from bihuan.analytics.sql.unit_sets import UnitSets
from bihuan.analytics.sql.units import Units
from bihuan.analytics.stickiness.query import StickinessQuery, StickinessSelection
from bihuan.analytics.stickiness.rolled_up import counted_units
from bihuan.analytics.stickiness.spans import spans

MAX_SPANS = 500
MAX_NUMBERS = 2_000_000


def stickiness_sql(ctx: ProjectContext, query: StickinessQuery) -> str:
    """The statement."""
    units, found = spans(ctx, query)
    if len(found) > MAX_SPANS:
        raise QueryTooLarge(numbers=len(found), most=MAX_SPANS)
    check_size(units.count, query.breakdowns, MAX_NUMBERS)
    counted = counted_units(ctx, query, units, found)
    if counted is not None:
        return counted.histogram_sql()
    sets, keys = UnitSets(units.count), also(group_names(query.breakdowns))
    people = _people(ctx, query, units)
    if len(found) == 1:
        size = sets.size("active", found[0].first, found[0].last)
        sized = f"SELECT 0 AS span, {size} AS units{keys} FROM (\n{people}\n)"
    else:
        sizes = ", ".join(f"({n}, {sets.size('active', s.first, s.last)})" for n, s in enumerate(found))
        pair = f"arrayJoin([{sizes}]) AS pair, pair.1 AS span, pair.2 AS units"
        sized = f"SELECT {pair}{keys} FROM (\n{people}\n)"
    return (
        f"{_kept(query, units)}SELECT span, units, count() AS people{keys}\n"
        f"FROM (\n{sized}\n)\nWHERE units > 0 GROUP BY span, units{keys}"
    )


def people_sql(ctx: ProjectContext, query: StickinessQuery, selection: StickinessSelection) -> str:
    """The people of one bar of the histogram, or of it and all to its right."""
    units, found = spans(ctx, query)
    span = next((span for span in found if span.bucket == selection.bucket), None)
    if span is None:
        raise SelectionInvalid(path="bucket", reason=f"'{selection.bucket}' is none of the spans")
    if selection.units > span.units:
        raise SelectionInvalid(path="units", reason=f"the span has {span.units} units")
    counted = counted_units(ctx, query, units, found)
    if counted is not None and counted.is_complete:
        most = span.units if selection.at_least else selection.units
        return counted.people_sql(found.index(span), selection.units, most)
    size = UnitSets(units.count).size("active", span.first, span.last)
    comparison = ">=" if selection.at_least else "="
    people = people_of_groups(
        _people(ctx, query, units),
        query.breakdowns,
        selection.breakdown,
        f"{size} {comparison} {selection.units}",
    )
    return _kept(query, units) + people


def _people(ctx: ProjectContext, query: StickinessQuery, units: Units) -> str:
    role = Role("active", query.active, during=resolve(query.period, ctx))
    return activity_sql(units, [role], breakdowns=query.breakdowns, filter=query.filter, sample=query.sample)


def _kept(query: StickinessQuery, units: Units) -> str:
    period = resolve(query.period, units.ctx)
    return kept_groups_sql(
        units,
        query.active,
        query.breakdowns,
        (period.start_ms, period.end_ms),
        filter=query.filter,
        sample=query.sample,
    )
