"""What a funnel means: every chain of every person is tried.

Exponential in the length of the log; ``FunnelQuery`` has the definitions in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.funnel.query import FunnelBreakdown, FunnelQuery
from bihuan.analytics.query import EventSelector, PropertyRef, range_label, resolve
from bihuan.analytics.reference.filters import selects
from bihuan.analytics.reference.log import EventLog, LogEvent
from bihuan.analytics.reference.reading import read_number, read_text, relevant
from bihuan.analytics.reference.time_buckets import bucket_of

Chain = tuple[int, ...]


@dataclass(frozen=True)
class Journey:
    """How far one person got; ``times_ms`` are of the best chain (unordered: of its first and last event)."""

    level: int
    optional: frozenset[int]
    times_ms: tuple[int, ...]
    starts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Item:
    """An event as the funnel sees it; ``steps`` and ``exclusions`` are those it matches."""

    event: LogEvent
    steps: frozenset[int]
    exclusions: frozenset[int]
    session: int


def funnel(ctx: ProjectContext, log: EventLog, query: FunnelQuery) -> dict[str | None, dict[int, Journey]]:
    """People who entered, by the key of their segment (None without a breakdown).

    A key is ``v`` and the value, ``n`` for no value, ``o`` for all values that are not kept.
    """
    people = _items(ctx, log, query)
    values = _kept_values(ctx, log, query, people)
    found: dict[str | None, dict[int, Journey]] = {}
    for person, items in people.items():
        journeys: dict[str | None, list[Journey]] = {}
        for value, part in _parts(ctx, log, query, items):
            if query.breakdown is None:
                segment = None
            elif query.breakdown.touch == "every":
                segment = _gathered(value, values)
            else:
                segment = _gathered(_touched_value(ctx, log, query, query.breakdown, items, values), values)
            journeys.setdefault(segment, []).append(_journey(ctx, query, part))
        for segment, several in journeys.items():
            if any(journey.level for journey in several):
                found.setdefault(segment, {})[person] = _best(several)
    return found


def _items(ctx: ProjectContext, log: EventLog, query: FunnelQuery) -> dict[int, list[_Item]]:
    """Each person's events from the start of the period on that a chain begun in it can reach."""
    period = resolve(query.period, ctx)
    steps = {index: step.selector for index, step in enumerate(query.steps)}
    exclusions = {index: exclusion.selector for index, exclusion in enumerate(query.exclusions)}
    spans = len(query.required) - 1 if query.window_from == "previous_step" else 1
    end_ms = None if query.window_from == "session" else period.end_ms + spans * query.window.milliseconds
    people: dict[int, list[_Item]] = {}
    last: dict[int, tuple[int, int]] = {}
    for event in relevant(ctx, log, query, EventSelector(), whole_history=True):
        if event.time_ms < period.start_ms or (end_ms is not None and event.time_ms >= end_ms):
            continue
        before_ms, session = last.get(event.person, (event.time_ms, 0))
        session += event.time_ms - before_ms > ctx.session_gap_seconds * 1000
        last[event.person] = (event.time_ms, session)
        matched = frozenset(index for index, selector in steps.items() if selects(ctx, log, event, selector))
        excluded = frozenset(
            index for index, selector in exclusions.items() if selects(ctx, log, event, selector)
        )
        people.setdefault(event.person, []).append(_Item(event, matched, excluded, session))
    for items in people.values():
        items.sort(key=lambda item: _rank(query, item))
    return people


def _rank(query: FunnelQuery, item: _Item) -> tuple[int, int, int, int, int]:
    required = sorted(item.steps & set(query.required))
    optional = sorted(item.steps - set(query.required))
    first = (required or optional or [len(query.steps)])[0]
    numbers = [query.required.index(step) for step in required]
    return (
        item.event.time_ms, first, sum(2**number for number in numbers), sum(2**step for step in optional),
        sum(2**number for number in item.exclusions),
    )  # fmt: skip


def _parts(
    ctx: ProjectContext, log: EventLog, query: FunnelQuery, items: list[_Item]
) -> Iterator[tuple[str, list[_Item]]]:
    """The lists of events to look at by themselves, each with the breakdown's value."""
    parts: dict[tuple[str | None, str], list[_Item]] = {}
    for item in items:
        held = None if query.hold is None else read_text(ctx, log, item.event, query.hold)
        if query.hold is not None and held is None:
            continue
        every = query.breakdown is not None and query.breakdown.touch == "every"
        value = _value(ctx, log, query.breakdown, item) if every and query.breakdown else ""
        parts.setdefault((held, value), []).append(item)
    for (_, value), part in parts.items():
        yield value, part


def _journey(ctx: ProjectContext, query: FunnelQuery, items: list[_Item]) -> Journey:
    required = query.required
    ordered = query.order != "unordered"
    chains = list(_ordered_chains(ctx, query, items) if ordered else _unordered_chains(ctx, query, items))
    level = max((len(chain) for chain in chains), default=0)
    longest = [chain for chain in chains if len(chain) == level]
    times: tuple[int, ...] = ()
    if ordered and level:
        end = min(chain[-1] for chain in longest)
        latest = max(chain[::-1] for chain in longest if chain[-1] == end)[::-1]
        times = tuple(items[index].event.time_ms for index in latest)
    elif level:
        ends = [tuple(items[index].event.time_ms for index in chain) for chain in longest]
        end_ms = min(max(chain) for chain in ends)
        times = (max(min(chain) for chain in ends if max(chain) == end_ms), end_ms)
    starts: dict[str, int] = {}
    for chain in chains:
        start_ms = items[min(chain)].event.time_ms
        if query.over_time is not None:
            bucket = bucket_of(ctx, query.over_time, start_ms)
            starts[bucket] = max(starts.get(bucket, 0), len(chain))
    optional = frozenset(
        step
        for step in range(len(query.steps))
        if step not in required and any(_reaches_optional(ctx, query, items, chain, step) for chain in chains)
    )
    return Journey(level, optional, times, starts)


def _ordered_chains(ctx: ProjectContext, query: FunnelQuery, items: list[_Item]) -> Iterator[Chain]:
    pending: list[Chain] = [()]
    while pending:
        chain = pending.pop()
        if chain:
            yield chain
        if len(chain) < len(query.required):
            step = query.required[len(chain)]
            for index in range(chain[-1] + 1 if chain else 0, len(items)):
                if step in items[index].steps and _is_chain(ctx, query, items, (*chain, index)):
                    pending.append((*chain, index))


def _unordered_chains(ctx: ProjectContext, query: FunnelQuery, items: list[_Item]) -> Iterator[Chain]:
    """Tuples whose k-th member is the event of step k, anywhere in time."""
    end_ms = resolve(query.period, ctx).end_ms
    pending: list[Chain] = [()]
    while pending:
        chain = pending.pop()
        times = [items[index].event.time_ms for index in chain]
        if chain and min(times) < end_ms:
            yield chain
        if len(chain) < len(query.steps):
            for index, item in enumerate(items):
                longer = (*chain, index)
                if len(chain) in item.steps and index not in chain and _is_near(query, items, longer):
                    pending.append(longer)


def _is_near(query: FunnelQuery, items: list[_Item], chain: Chain) -> bool:
    if query.window_from == "session":
        return len({items[index].session for index in chain}) == 1
    times = [items[index].event.time_ms for index in chain]
    return max(times) - min(times) <= query.window.milliseconds


def _is_chain(
    ctx: ProjectContext,
    query: FunnelQuery,
    items: list[_Item],
    chain: Chain,
    *,
    last_is_optional: bool = False,
) -> bool:
    """Whether events that match their steps make a chain."""
    if items[chain[0]].event.time_ms >= resolve(query.period, ctx).end_ms:
        return False
    if query.order == "strict" and list(chain) != list(range(chain[0], chain[0] + len(chain))):
        return False
    if query.window_from == "previous_step":
        if not all(_is_near(query, items, pair) for pair in pairwise(chain)):
            return False
    elif not _is_near(query, items, chain):
        return False
    done = len(chain) - last_is_optional
    for number, exclusion in enumerate(query.exclusions):
        after, before = query.exclusion_span(exclusion)
        if done < after or (done == after == len(chain)):
            continue
        end = chain[before - 1] if done >= before else chain[-1] + 1
        if any(number in items[index].exclusions for index in range(chain[after - 1] + 1, end)):
            return False
    return True


def _reaches_optional(
    ctx: ProjectContext, query: FunnelQuery, items: list[_Item], chain: Chain, step: int
) -> bool:
    """Whether the chain of the required steps before the optional ``step`` goes on to an event of it."""
    if len(chain) != sum(required < step for required in query.required):
        return False
    return any(
        step in items[index].steps and _is_chain(ctx, query, items, (*chain, index), last_is_optional=True)
        for index in range(chain[-1] + 1, len(items))
    )


def _best(journeys: list[Journey]) -> Journey:
    level = max(journey.level for journey in journeys)
    longest = [journey for journey in journeys if journey.level == level]
    buckets = {bucket for journey in journeys for bucket in journey.starts}
    return Journey(
        level,
        frozenset(step for journey in journeys for step in journey.optional),
        max((-journey.times_ms[-1], journey.times_ms) for journey in longest)[1],
        {bucket: max(journey.starts.get(bucket, 0) for journey in journeys) for bucket in buckets},
    )


def _value(ctx: ProjectContext, log: EventLog, breakdown: FunnelBreakdown, item: _Item) -> str:
    ref: PropertyRef = breakdown.property
    if breakdown.bounds is None:
        text = read_text(ctx, log, item.event, ref)
        return "n" if text is None else "v" + text
    number = read_number(ctx, log, item.event, ref)
    if number is None:
        return "n"
    return "v" + range_label(breakdown.bounds, sum(bound <= number for bound in breakdown.bounds))


def _is_touched(query: FunnelQuery, breakdown: FunnelBreakdown, item: _Item) -> bool:
    return bool(item.steps) if breakdown.step is None else breakdown.step - 1 in item.steps


def _is_seen(ctx: ProjectContext, log: EventLog, query: FunnelQuery, item: _Item) -> bool:
    """Whether holding a property constant leaves the event out."""
    if query.hold is None or query.window_from == "session":
        return True
    return read_text(ctx, log, item.event, query.hold) is not None


def _kept_values(
    ctx: ProjectContext, log: EventLog, query: FunnelQuery, people: dict[int, list[_Item]]
) -> list[str] | None:
    """The values kept, the most frequent first; None for all."""
    breakdown = query.breakdown
    if breakdown is None:
        return []
    if breakdown.bounds is not None:
        return ["v" + range_label(breakdown.bounds, index) for index in range(len(breakdown.bounds) + 1)] + [
            "n"
        ]
    counts = Counter(
        _value(ctx, log, breakdown, item)
        for items in people.values()
        for item in items
        if _is_touched(query, breakdown, item) and _is_seen(ctx, log, query, item)
    )
    return sorted(counts, key=lambda value: (-counts[value], value.encode()))[: breakdown.top_n]


def _gathered(value: str, values: list[str] | None) -> str:
    return value if values is None or value in values else "o"


def _touched_value(
    ctx: ProjectContext, log: EventLog, query: FunnelQuery, breakdown: FunnelBreakdown, items: list[_Item],
    values: list[str] | None,
) -> str:  # fmt: skip
    touched = [
        item for item in items if _is_touched(query, breakdown, item) and _is_seen(ctx, log, query, item)
    ]
    if not touched:
        return "n"
    pick = max if breakdown.touch == "last" else min
    time_ms = pick(item.event.time_ms for item in touched)
    at_once = [_value(ctx, log, breakdown, item) for item in touched if item.event.time_ms == time_ms]
    kept = values or []
    return min(at_once, key=lambda value: kept.index(value) if value in kept else len(kept))
