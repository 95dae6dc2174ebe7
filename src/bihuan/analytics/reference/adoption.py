"""Adoption from its definition: for each feature and person, the units of use."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from bihuan.analytics.adoption.query import AdoptionQuery
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import EventSelector, resolve
from bihuan.analytics.reference.filters import selects
from bihuan.analytics.reference.log import EventLog
from bihuan.analytics.reference.reading import relevant
from bihuan.analytics.reference.time_buckets import all_buckets, bucket_of


@dataclass
class Use:
    """The use of one feature: how many events, by person the units, and the pairs retention is a share of."""

    events: int = 0
    units: dict[int, set[str]] = field(default_factory=dict)
    kept: int = 0
    eligible: int = 0


def adoption(ctx: ProjectContext, log: EventLog, query: AdoptionQuery) -> tuple[set[int], dict[str, Use]]:
    """The people reach is relative to, and the use of each feature by event name or place in the list."""
    among = {event.person for event in relevant(ctx, log, query, query.among)}
    found: dict[str, Use] = {str(index): Use() for index in range(len(query.features))}
    for event in relevant(ctx, log, query, EventSelector()):
        names = [event.event]
        if query.features:
            names = [
                str(n) for n, selector in enumerate(query.features) if selects(ctx, log, event, selector)
            ]
        for name in names:
            use = found.setdefault(name, Use())
            use.events += 1
            use.units.setdefault(event.person, set()).add(bucket_of(ctx, query.interval, event.time_ms))
    timeline = all_buckets(ctx, query.interval, resolve(query.period, ctx))
    now = bucket_of(ctx, query.interval, ctx.now_ms)
    for use in found.values():
        for units in use.units.values():
            for unit, following in pairwise(timeline):
                if unit in units and following < now:
                    use.eligible += 1
                    use.kept += following in units
    if not query.features:
        ranked = sorted(found, key=lambda name: (-len(found[name].units), name))
        found = {name: found[name] for name in ranked[: query.top_n]}
    return among, found
