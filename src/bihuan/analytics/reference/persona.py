"""What a persona is made of, from its definition."""

from __future__ import annotations

from collections.abc import Callable

from bihuan.analytics.calendar import local_datetime
from bihuan.analytics.conditions import AnyWindow
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.persona.query import AnyFacet, AtTouch, Events, Hours, OfNumber
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_text
from bihuan.analytics.reference.statistic import done
from bihuan.analytics.values import PropertyValue, list_of, number_of


def everyone(ctx: ProjectContext, log: EventLog) -> set[int]:
    """Whoever has an event by now or a profile."""
    return {event.person for event in log.events if event.time_ms <= ctx.now_ms} | set(log.profiles)


def values(ctx: ProjectContext, log: EventLog, facet: AnyFacet) -> dict[int, set[str]]:
    """The values of everyone who has any."""
    match facet:
        case Events():
            return _of_events(ctx, log, EventSelector(), facet.window, lambda event: event.event)
        case Hours():
            return _of_events(
                ctx,
                log,
                facet.event,
                facet.window,
                lambda event: str(local_datetime(event.time_ms, ctx.zone).hour),
            )
        case AtTouch():
            found = {}
            for person, events in done(ctx, log, facet.event, facet.window).items():
                texts = [read_text(ctx, log, event, facet.property) for event in events]
                given = [text for text in texts if text is not None]
                if given:
                    found[person] = {given[0 if facet.which == "first" else -1]}
            return found
        case _:
            known = {person: set(list_of(held)) for person, held in _held(log, facet.property).items()}
            return {person: texts for person, texts in known.items() if texts}


def numbers(log: EventLog, facet: OfNumber) -> dict[int, float]:
    """The number of everyone who has one."""
    read = {person: number_of(held) for person, held in _held(log, facet.property).items()}
    return {person: number for person, number in read.items() if number is not None}


def _held(log: EventLog, ref: PropertyRef) -> dict[int, PropertyValue]:
    if ref.scope == "audience":
        return {person: "1" for person, ids in log.audiences.items() if ref.name in ids}
    own = log.profiles if ref.scope == "person" else log.tags
    return {person: known.get(ref.name) for person, known in own.items()}


def _of_events(
    ctx: ProjectContext,
    log: EventLog,
    selector: EventSelector,
    window: AnyWindow,
    key: Callable[[LogEvent], str],
) -> dict[int, set[str]]:
    return {
        person: {key(event) for event in events}
        for person, events in done(ctx, log, selector, window).items()
    }
