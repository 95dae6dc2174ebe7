"""Stickiness from its definition: a set of active units for each person and span."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import resolve
from bihuan.analytics.reference.groups import split
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of
from bihuan.analytics.reference.trend import Group
from bihuan.analytics.stickiness.query import StickinessQuery

Histograms = dict[str | None, dict[int, set[int]]]


def stickiness(ctx: ProjectContext, log: EventLog, query: StickinessQuery) -> dict[Group, Histograms]:
    """For each group and span (label of its unit, None for the period) the people by active units."""
    events = list(relevant(ctx, log, query, query.active))
    groups = split(ctx, log, query.breakdowns, events, events)
    return {group: _histograms(ctx, query, own) for group, own in groups.items()}


def _histograms(ctx: ProjectContext, query: StickinessQuery, events: list[LogEvent]) -> Histograms:
    spans = [None] if query.per is None else all_buckets(ctx, query.per, resolve(query.period, ctx))
    active: dict[tuple[str | None, int], set[str]] = {}
    for event in events:
        span = None if query.per is None else bucket_of(ctx, query.per, event.time_ms)
        active.setdefault((span, event.person), set()).add(bucket_of(ctx, query.interval, event.time_ms))
    found: Histograms = {span: {} for span in spans}
    for (span, person), units in active.items():
        found[span].setdefault(len(units), set()).add(person)
    return found
