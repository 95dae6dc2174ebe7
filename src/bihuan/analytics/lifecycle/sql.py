"""The SQL of lifecycle: one row, for each stage an array of people by unit.

Unit 0 is the one before the period; its figures mean nothing.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.lifecycle.query import STAGES, LifecycleQuery, LifecycleSelection, Stage
from bihuan.analytics.lifecycle.rolled_up import stage_people_sql, stages_sql
from bihuan.analytics.query import resolve
from bihuan.analytics.sql.activity import Role, activity_sql
from bihuan.analytics.sql.day_people import day_people
from bihuan.analytics.sql.unit_sets import UnitSets
from bihuan.analytics.sql.units import Units, units_of

MAX_UNITS = 4000


def lifecycle_sql(ctx: ProjectContext, query: LifecycleQuery) -> str:
    """The statement."""
    units = lifecycle_units(ctx, query)
    days = day_people(ctx, query, query.active, units.last_day)
    if days is not None:
        return stages_sql(days, units)
    sets = UnitSets(units.count)
    stages = ", ".join(f"{_stage(sets, stage)} AS {stage}" for stage in STAGES)
    counts = ", ".join(f"{sets.counts(stage)} AS {stage}_people" for stage in STAGES)
    return f"SELECT {counts}\nFROM (\nSELECT {stages}\nFROM (\n{_people(units, query)}\n)\n)"


def people_sql(ctx: ProjectContext, query: LifecycleQuery, selection: LifecycleSelection) -> str:
    """The people of one stage in one unit."""
    units = lifecycle_units(ctx, query)
    try:
        unit = units.of_label(selection.bucket)
    except ValueError as error:
        reason = f"'{selection.bucket}' is not a {query.interval} of the period"
        raise SelectionInvalid(path="bucket", reason=reason) from error
    if unit == 0:
        raise SelectionInvalid(path="bucket", reason=f"'{selection.bucket}' is before the period")
    days = day_people(ctx, query, query.active, units.last_day)
    if days is not None and days.is_complete(None, units.last_day):
        return stage_people_sql(days, units, selection.stage, unit)
    sets = UnitSets(units.count)
    in_stage = sets.has_any(_stage(sets, selection.stage), unit, unit)
    return f"SELECT person FROM (\n{_people(units, query)}\n)\nWHERE {in_stage}"


def lifecycle_units(ctx: ProjectContext, query: LifecycleQuery) -> Units:
    """The period's units and the one before; QueryTooLarge when they are too many."""
    units = units_of(ctx, query.interval, resolve(query.period, ctx), before=1)
    if units.count > MAX_UNITS:
        raise QueryTooLarge(numbers=units.count, most=MAX_UNITS)
    return units


def _stage(sets: UnitSets, stage: Stage) -> str:
    first, before = sets.only("active_first"), sets.moved_on("active")
    match stage:
        case "new":
            return first
        case "returning":
            return sets.both("active", before)
        case "resurrected":
            return sets.without(sets.without("active", before), first)
        case "dormant":
            return sets.without(before, "active")


def _people(units: Units, query: LifecycleQuery) -> str:
    role = Role("active", query.active, first=True)
    return activity_sql(units, [role], filter=query.filter, sample=query.sample)
