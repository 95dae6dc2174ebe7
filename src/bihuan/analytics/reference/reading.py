"""Reading properties of an event, its person, and its fields; and the events a query looks at."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import EventSelector, PropertyRef, Query, resolve
from bihuan.analytics.reference.filters import holds, selects, value_of
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.values import number_of, text_of


def read_text(ctx: ProjectContext, log: EventLog, event: LogEvent, ref: PropertyRef) -> str | None:
    """A property as text."""
    return text_of(value_of(ctx, log, event, ref))


def read_number(ctx: ProjectContext, log: EventLog, event: LogEvent, ref: PropertyRef) -> float | None:
    """A property as a number."""
    return number_of(value_of(ctx, log, event, ref))


def in_sample(person: int, sample: float | None) -> bool:
    """Whether a person is in the sample: of all ids cut into 10,000 ranges, the lowest are."""
    lowest = (1 << 64) // 10_000 * max(1, int((sample or 0) * 10_000 + 1e-9))
    return sample is None or sample >= 1 or person < lowest


def relevant(
    ctx: ProjectContext, log: EventLog, query: Query, selector: EventSelector, *, whole_history: bool = False
) -> Iterator[LogEvent]:
    """The selector's events that pass the query's filter, sample and (unless ``whole_history``) period."""
    period = resolve(query.period, ctx)
    for event in sorted(log.events, key=lambda event: event.order):
        if not whole_history and not period.start_ms <= event.time_ms < period.end_ms:
            continue
        if not in_sample(event.person, query.sample) or not selects(ctx, log, event, selector):
            continue
        if query.filter is None or holds(ctx, log, event, query.filter):
            yield event
