"""The rows a funnel looks at: who, when, which steps they match, and what they are split by."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.funnel.query import FunnelQuery
from bihuan.analytics.query import Breakdown, DayRange, EventSelector, resolve
from bihuan.analytics.sql import EventsSource
from bihuan.analytics.sql.breakdowns import breakdown_key
from bihuan.analytics.sql.sequences import is_long, is_pruned_by_day

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


def rows_sql(ctx: ProjectContext, query: FunnelQuery, source: EventsSource) -> str:
    """The statement of a source from ``funnel_rows``."""
    return source.sql_in_halves() if _reads_long(ctx, query) else source.sql()


def funnel_rows(
    ctx: ProjectContext,
    query: FunnelQuery,
    *,
    code: str | None = None,
    only: Sequence[EventSelector] = (),
) -> EventsSource:
    """The source with ``person``, ``ms``, ``s0`` … (steps), ``x0`` … (exclusions), and as the query asks
    ``held`` and ``b`` (keys of the property held constant and of the breakdown), ``code`` if it is given.

    ``only``: these events alone, instead of all that matter.
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
    if only or not needs_every_event(query):
        source.selecting(only or selectors_of(query))
    by_day = is_pruned_by_day(ctx, period.start_ms, end_ms) and (bool(only) or not _reads_long(ctx, query))
    source.between(period.start_ms, end_ms, by_day=by_day)
    return source.filtered(query.filter).sampled(query.sample)


def _reads_long(ctx: ProjectContext, query: FunnelQuery) -> bool:
    period, end_ms = reading_range(ctx, query)
    return needs_every_event(query) and is_long(ctx, period.start_ms, end_ms)


def is_any_step(query: FunnelQuery) -> str:
    """Whether a row matches any step."""
    return "(" + " OR ".join(f"s{index}" for index in range(len(query.steps))) + ")"
