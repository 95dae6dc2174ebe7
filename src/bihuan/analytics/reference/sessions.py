"""Sessions from their definition: cut each person's events at pauses, keep those that begin in the period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import Breakdown, resolve
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_text, relevant
from bihuan.analytics.reference.trend import OTHER, breakdown_value
from bihuan.analytics.sessions.query import SessionsQuery

Value = object  # a text, None, or OTHER
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Session:
    """The events of one session in order, with what is told of it."""

    events: tuple[LogEvent, ...]
    entry: Value
    exit: Value
    group: Value

    @property
    def person(self) -> int:
        """Whose it is."""
        return self.events[0].person

    @property
    def start_ms(self) -> int:
        """When it begins."""
        return self.events[0].time_ms

    @property
    def seconds(self) -> float:
        """How long it is."""
        return (self.events[-1].time_ms - self.start_ms) / 1000


def sessions(ctx: ProjectContext, log: EventLog, query: SessionsQuery) -> list[Session]:
    """The sessions; values that are not kept are OTHER."""
    period = resolve(query.period, ctx)
    gap_ms = ctx.session_gap_seconds * 1000
    near = [
        event
        for event in relevant(ctx, log, query, query.selector, whole_history=True)
        if period.start_ms - gap_ms <= event.time_ms < period.end_ms + DAY_MS
    ]
    pages = {event.event_id: read_text(ctx, log, event, query.page) for event in near}
    groups = {event.event_id: _group(ctx, log, event, query.breakdown) for event in near}
    rank = frequency_ranks(list(pages.values()))
    near.sort(
        key=lambda event: (event.time_ms, rank[pages[event.event_id]], text_key(groups[event.event_id]))
    )
    found = [run for run in runs(near, gap_ms) if period.start_ms <= run[0].time_ms < period.end_ms]
    entries = [pages[run[0].event_id] for run in found]
    exits = [pages[run[-1].event_id] for run in found]
    grouped = [groups[run[0].event_id] for run in found]
    whole = query.breakdown is None or query.breakdown.bounds is not None
    kept_groups = set(grouped) if whole else _top(grouped, query.breakdown.top_n if query.breakdown else 0)
    kept_entries, kept_exits = _top(entries, query.top_n), _top(exits, query.top_n)
    return [
        Session(
            tuple(run),
            entry if entry in kept_entries else OTHER,
            exit_ if exit_ in kept_exits else OTHER,
            group if group in kept_groups else OTHER,
        )
        for run, entry, exit_, group in zip(found, entries, exits, grouped, strict=True)
    ]


def runs(events: Sequence[LogEvent], gap_ms: int) -> list[list[LogEvent]]:
    """Each person's events, already in order, cut where a pause is longer than the gap."""
    people: dict[int, list[list[LogEvent]]] = {}
    for event in events:
        own = people.setdefault(event.person, [])
        if own and event.time_ms - own[-1][-1].time_ms <= gap_ms:
            own[-1].append(event)
        else:
            own.append([event])
    return [run for own in people.values() for run in own]


def frequency_ranks(values: Sequence[str | None]) -> dict[str | None, int]:
    """The place of each value: more frequent ones first, ties by text (none before any)."""
    counts = Counter(values)
    ranked = sorted(counts, key=lambda value: (-counts[value], text_key(value)))
    return {value: place for place, value in enumerate(ranked)}


def text_key(value: str | None) -> bytes:
    """Order of values as text: none, then by UTF-8."""
    return b"" if value is None else b"v" + value.encode()


def _group(ctx: ProjectContext, log: EventLog, event: LogEvent, breakdown: Breakdown | None) -> str | None:
    return None if breakdown is None else breakdown_value(ctx, log, event, breakdown)


def _top(values: Sequence[str | None], top_n: int) -> set[str | None]:
    counts = Counter(values)
    return set(sorted(counts, key=lambda value: (-counts[value], text_key(value)))[:top_n])
