"""The SQL of lifecycle: one row for each group, for each stage an array of people by unit, then its keys.

Unit 0 is the one before the period; its figures mean nothing.
"""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.lifecycle.query import STAGES, LifecycleQuery, LifecycleSelection, Stage
from bihuan.analytics.lifecycle.rolled_up import stage_people_sql, stages_sql
from bihuan.analytics.query import resolve
from bihuan.analytics.sql.activity import Role, activity_sql, kept_groups_sql
from bihuan.analytics.sql.day_people import DayPeople, day_people
from bihuan.analytics.sql.groups import also, check_size, group_names, people_of_groups
from bihuan.analytics.sql.unit_sets import UnitSets
from bihuan.analytics.sql.units import Units, units_of

MAX_UNITS = 4000
MAX_NUMBERS = 2_000_000


def lifecycle_sql(ctx: ProjectContext, query: LifecycleQuery) -> str:
    """The statement."""
    units = lifecycle_units(ctx, query)
    check_size(units.count * len(STAGES), query.breakdowns, MAX_NUMBERS)
    days = _days(units, query)
    if days is not None:
        return stages_sql(days, units)
    sets, keys = UnitSets(units.count), group_names(query.breakdowns)
    stages = ", ".join(f"{_stage(sets, stage)} AS {stage}" for stage in STAGES)
    counts = ", ".join(f"{sets.counts(stage)} AS {stage}_people" for stage in STAGES)
    by_group = f"\nGROUP BY {', '.join(keys)}" if keys else ""
    return (
        f"{_kept(units, query)}SELECT {counts}{also(keys)}\n"
        f"FROM (\nSELECT {stages}{also(keys)}\nFROM (\n{_people(units, query)}\n)\n){by_group}"
    )


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
    days = _days(units, query)
    if days is not None and days.is_complete(None, units.last_day):
        return stage_people_sql(days, units, selection.stage, unit)
    sets = UnitSets(units.count)
    in_stage = sets.has_any(_stage(sets, selection.stage), unit, unit)
    people = people_of_groups(_people(units, query), query.breakdowns, selection.breakdown, in_stage)
    return _kept(units, query) + people


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
    return activity_sql(units, [role], breakdowns=query.breakdowns, filter=query.filter, sample=query.sample)


def _kept(units: Units, query: LifecycleQuery) -> str:
    shown = (units.starts_ms[1], units.end_ms)
    return kept_groups_sql(
        units, query.active, query.breakdowns, shown, filter=query.filter, sample=query.sample
    )


def _days(units: Units, query: LifecycleQuery) -> DayPeople | None:
    """The rollup; None where the log is to be read, as it is for groups."""
    return None if query.breakdowns else day_people(units.ctx, query, query.active, units.last_day)
