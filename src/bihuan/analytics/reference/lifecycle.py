"""Lifecycle from its definition: a set of active units for each person."""

from __future__ import annotations

from datetime import date, timedelta

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.lifecycle.query import STAGES, LifecycleQuery
from bihuan.analytics.query import resolve
from bihuan.analytics.reference.log import EventLog
from bihuan.analytics.reference.reading import relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of


def lifecycle(ctx: ProjectContext, log: EventLog, query: LifecycleQuery) -> dict[tuple[str, str], set[int]]:
    """The people by (label of the unit, stage)."""
    units = all_buckets(ctx, query.interval, resolve(query.period, ctx))
    active: dict[int, set[str]] = {}
    first: dict[int, str] = {}
    for event in relevant(ctx, log, query, query.active, whole_history=True):
        unit = bucket_of(ctx, query.interval, event.time_ms)
        first.setdefault(event.person, unit)
        active.setdefault(event.person, set()).add(unit)
    found: dict[tuple[str, str], set[int]] = {(unit, stage): set() for unit in units for stage in STAGES}
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
