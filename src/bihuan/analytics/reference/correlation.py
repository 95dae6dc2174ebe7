"""What a correlation counts: people with each factor, by whether they converted."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.correlation.query import FunnelCorrelationQuery
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.reference.funnel import funnel
from bihuan.analytics.reference.log import EventLog
from bihuan.analytics.reference.reading import read_text, relevant

# An event's name, or a property with its value (None: it has none).
Factor = str | tuple[PropertyRef, str | None]


def correlation(
    ctx: ProjectContext, log: EventLog, query: FunnelCorrelationQuery
) -> tuple[set[int], set[int], dict[Factor, set[int]]]:
    """Who converted, who entered without converting, and who of both has each factor."""
    journeys = funnel(ctx, log, query.funnel).get(None, {})
    last = len(query.funnel.required)
    converted = {person for person, journey in journeys.items() if journey.level == last}
    steps = {name for step in query.funnel.steps for name in step.selector.events}
    spans = last - 1 if query.funnel.window_from == "previous_step" else 1
    window_ms = query.funnel.window.milliseconds * spans
    factors: dict[Factor, set[int]] = {}
    for person in journeys:
        entries = [
            e for e in relevant(ctx, log, query.funnel, query.funnel.steps[0].selector) if e.person == person
        ]
        entry_ms = min((event.time_ms for event in entries), default=None)
        if entry_ms is None:
            continue
        for event in relevant(ctx, log, query.funnel, EventSelector(), whole_history=True):
            in_time = query.funnel.window_from == "session" or event.time_ms <= entry_ms + window_ms
            is_own = event.person == person and event.time_ms >= entry_ms and event.event not in steps
            if query.events and is_own and in_time:
                factors.setdefault(event.event, set()).add(person)
        first = [event for event in entries if event.time_ms == entry_ms]
        for ref in query.properties:
            values = [read_text(ctx, log, event, ref) for event in first]
            # "Has none" sorts before every value.
            value = min(values, key=lambda text: (text is not None, (text or "").encode()))
            factors.setdefault((ref, value), set()).add(person)
    return converted, set(journeys) - converted, factors
