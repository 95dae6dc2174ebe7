"""The rows a funnel looks at: who, when, which steps they match, and what they are split by."""

from __future__ import annotations

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.funnel.query import FunnelQuery
from bihuan.analytics.query import Breakdown, DayRange, EventSelector, resolve
from bihuan.analytics.sql import EventsSource
from bihuan.analytics.sql.breakdowns import breakdown_key

MISSING_KEY = "n"


def reading_range(ctx: ProjectContext, query: FunnelQuery) -> tuple[DayRange, int | None]:
    """The period, and the end in Unix milliseconds (exclusive) of what can belong to a chain begun in it."""
    period = resolve(query.period, ctx)
    if query.window_from == "session":
        return period, None
    spans = len(query.required) - 1 if query.window_from == "previous_step" else 1
    return period, period.end_ms + spans * query.window.milliseconds


def needs_every_event(query: FunnelQuery) -> bool:
    """Whether events that match no step matter too."""
    return query.order == "strict" or query.window_from == "session"


def selectors_of(query: FunnelQuery) -> list[EventSelector]:
    """All selectors, steps first."""
    return [step.selector for step in query.steps] + [exclusion.selector for exclusion in query.exclusions]


def funnel_rows(ctx: ProjectContext, query: FunnelQuery, *, code: str | None = None) -> EventsSource:
    """The source with ``person``, ``ms``, ``s0`` … (steps), ``x0`` … (exclusions), and as the query asks
    ``held`` and ``b`` (keys of the property held constant and of the breakdown), ``code`` if it is given.
    """
    period, end_ms = reading_range(ctx, query)
    source = EventsSource(ctx)
    source.column("person", source.person).column("ms", "toUnixTimestamp64Milli(e.time)")
    for index, step in enumerate(query.steps):
        source.column(f"s{index}", source.is_one_of(step.selector))
    for index, exclusion in enumerate(query.exclusions):
        source.column(f"x{index}", source.is_one_of(exclusion.selector))
    if query.hold is not None:
        source.column("held", breakdown_key(source, Breakdown(property=query.hold)))
        if query.window_from != "session":
            source.where(f"held != '{MISSING_KEY}'")
    if query.breakdown is not None:
        source.column("b", breakdown_key(source, query.breakdown))
    if code is not None:
        source.column("code", code)
    if not needs_every_event(query):
        source.selecting(selectors_of(query))
    return source.between(period.start_ms, end_ms).filtered(query.filter).sampled(query.sample)


def is_any_step(query: FunnelQuery) -> str:
    """Whether a row matches any step."""
    return "(" + " OR ".join(f"s{index}" for index in range(len(query.steps))) + ")"
