"""Lifecycle from its definition: a set of active units for each person."""

from __future__ import annotations

from datetime import date, timedelta

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.lifecycle.query import STAGES, LifecycleQuery
from bihuan.analytics.query import resolve
from bihuan.analytics.reference.groups import split
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of
from bihuan.analytics.reference.trend import Group

Stages = dict[tuple[str, str], set[int]]


def lifecycle(ctx: ProjectContext, log: EventLog, query: LifecycleQuery) -> dict[Group, Stages]:
    """For each group the people by (label of the unit, stage), as if the log had only the group's events."""
    units = all_buckets(ctx, query.interval, resolve(query.period, ctx))
    events = list(relevant(ctx, log, query, query.active, whole_history=True))
    shown = [event for event in events if bucket_of(ctx, query.interval, event.time_ms) in units]
    groups = split(ctx, log, query.breakdowns, events, shown)
    found = {group: _stages(ctx, query, units, own) for group, own in groups.items()}
    return {group: stages for group, stages in found.items() if not query.breakdowns or any(stages.values())}


def _stages(ctx: ProjectContext, query: LifecycleQuery, units: list[str], events: list[LogEvent]) -> Stages:
    active: dict[int, set[str]] = {}
    first: dict[int, str] = {}
    for event in events:
        unit = bucket_of(ctx, query.interval, event.time_ms)
        first.setdefault(event.person, unit)
        active.setdefault(event.person, set()).add(unit)
    found: Stages = {(unit, stage): set() for unit in units for stage in STAGES}
    for person, own in active.items():
        for unit in units:
            before = _before(query.interval, unit) in own
            if unit in own and first[person] == unit:
                found[unit, "new"].add(person)
            elif unit in own:
                found[unit, "returning" if before else "resurrected"].add(person)
            elif before:
                found[unit, "dormant"].add(person)
    return found


def _before(interval: str, label: str) -> str:
    day = date.fromisoformat(label)
    if interval == "month":
        return (day - timedelta(days=1)).replace(day=1).isoformat()
    return (day - timedelta(days={"day": 1, "week": 7}[interval])).isoformat()
