"""Stickiness from its definition: a set of active units for each person and span."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import resolve
from bihuan.analytics.reference.log import EventLog
from bihuan.analytics.reference.reading import relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of
from bihuan.analytics.stickiness.query import StickinessQuery


def stickiness(
    ctx: ProjectContext, log: EventLog, query: StickinessQuery
) -> dict[str | None, dict[int, set[int]]]:
    """For each span (label of its unit, None for the period) the people by number of active units."""
    spans = [None] if query.per is None else all_buckets(ctx, query.per, resolve(query.period, ctx))
    active: dict[tuple[str | None, int], set[str]] = {}
    for event in relevant(ctx, log, query, query.active):
        span = None if query.per is None else bucket_of(ctx, query.per, event.time_ms)
        active.setdefault((span, event.person), set()).add(bucket_of(ctx, query.interval, event.time_ms))
    found: dict[str | None, dict[int, set[int]]] = {span: {} for span in spans}
    for (span, person), units in active.items():
        found[span].setdefault(len(units), set()).add(person)
    return found
