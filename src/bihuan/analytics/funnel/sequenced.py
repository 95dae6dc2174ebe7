"""Funnels from the kept sequences: the rows that the statement would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.funnel.conversion_time import bin_starts_ms, spans
from bihuan.analytics.funnel.loops import ordered_levels, strict_levels, touched_places
from bihuan.analytics.funnel.people_levels import has_disjoint_chains
from bihuan.analytics.funnel.query import ConversionTime, FunnelBreakdown, FunnelQuery, FunnelSelection
from bihuan.analytics.funnel.rows import MISSING_KEY, reading_range
from bihuan.analytics.registry import Row
from bihuan.analytics.sequences.blocks import Block, Reading
from bihuan.analytics.sql import key_of
from bihuan.analytics.sql.breakdowns import OTHER_KEY
from bihuan.kernel.arrays import Array
from bihuan.warehouse.sequences import MOST_KEYS


@dataclass(frozen=True)
class _People:
    """Of people with a level: its number of steps, place of the key in ``top``, and times of the chain."""

    numbers: Array
    levels: Array
    places: Array
    chains: Array


# Of a block: number of its first person, levels and touched places of all its people, chains of those who
# entered.
_Followed = tuple[int, Array, Array, Array]


@dataclass(frozen=True)
class _Funnel:
    """A query and the sequences that answer it."""

    query: FunnelQuery
    reading: Reading
    entry_end_ms: int
    time_seconds: float

    @property
    def levels(self) -> int:
        """How many steps."""
        return len(self.query.steps)

    @property
    def only(self) -> int:
        """The step whose events are touched; -1 for any."""
        step = None if self.query.breakdown is None else self.query.breakdown.step
        return -1 if step is None else step - 1

    def top(self) -> list[str]:
        """The kept keys, then "other": most events first."""
        breakdown = self.query.breakdown
        if breakdown is None:
            return []
        names = self.reading.view.keys[breakdown.property.name]
        counts = self.reading.tally(self.levels, self.time_seconds)
        counts = counts.sum(axis=0) if breakdown.step is None else counts[breakdown.step - 1]
        there = [(-int(count), name) for count, name in zip(counts, names, strict=True) if count]
        return [name for _, name in sorted(there)[: breakdown.top_n]] + [OTHER_KEY]

    def people(self, top: Sequence[str]) -> _People:
        """Everybody who entered."""
        wants_times = self.query.conversion_time is not None
        places, missing = self._places(top)

        def follow(found: list[_Followed], block: Block) -> None:
            reached = np.empty(len(block), np.uint8)
            chains = np.zeros((len(block) if wants_times else 0, self.levels), np.int64)
            events = (block.starts, block.stops, block.times, block.codes)
            rules = (self.levels, self.entry_end_ms, self.query.window.milliseconds)
            if self.query.order == "strict":
                strict_levels(*events, *rules, reached)
            else:
                ordered_levels(*events, *rules, reached, chains)
            touched = np.zeros(len(block), np.uint16)
            if self.query.breakdown is not None:
                last = self.query.breakdown.touch == "last"
                touched_places(*events, block.keys, self.levels, self.only, last, places, missing, touched)
            chains = chains[np.flatnonzero(reached)] if wants_times else chains
            found.append((block.first, reached, touched, chains))

        found = [each for blocks in self.reading.fold(list, follow, self.time_seconds) for each in blocks]
        _, reached, touched, chains = zip(*sorted(found, key=lambda each: each[0]), strict=True)
        levels = np.concatenate(reached)
        entered = np.flatnonzero(levels)
        return _People(entered, levels[entered], np.concatenate(touched)[entered], np.concatenate(chains))

    def _places(self, top: Sequence[str]) -> tuple[Array, int]:
        if self.query.breakdown is None:
            return np.empty(0, np.uint16), 0
        place_of = {key: place for place, key in enumerate(top)}
        names = self.reading.view.keys[self.query.breakdown.property.name]
        other = len(top) - 1
        places = np.array([place_of.get(name, other) for name in names], np.uint16)
        return places, place_of.get(MISSING_KEY, other)


def sequenced_rows(ctx: ProjectContext, query: FunnelQuery, time_seconds: float) -> list[Row] | None:
    """The rows of the statement; None where it has to be run."""
    funnel = _funnel(ctx, query, time_seconds)
    if funnel is None:
        return None
    top = funnel.top()
    people = funnel.people(top)
    rows = [_row(query, people, "", is_overall=True)]
    for place, key in enumerate(top):
        chosen = people.places == place
        if chosen.any():
            own = _People(
                people.numbers[chosen],
                people.levels[chosen],
                people.places[chosen],
                people.chains[chosen] if len(people.chains) else people.chains,
            )
            rows.append(_row(query, own, key, is_overall=False))
    return rows


def sequenced_people(
    ctx: ProjectContext, query: FunnelQuery, selection: FunnelSelection, time_seconds: float
) -> Array | None:
    """The ids of the people behind one number, in no order; None where the statement has to be run."""
    funnel = _funnel(ctx, query, time_seconds)
    if funnel is None or selection.bucket is not None:
        return None
    top = funnel.top()
    people = funnel.people(top)
    if selection.step > funnel.levels or (selection.outcome == "dropped" and selection.step == 1):
        return None
    level = selection.step - (selection.outcome == "dropped")
    chosen = people.levels == level if selection.outcome == "dropped" else people.levels >= level
    if selection.breakdown is not None:
        key = key_of(selection.breakdown)
        if query.breakdown is None:
            raise SelectionInvalid(path="breakdown", reason="the query has no breakdown")
        chosen &= people.places == (top.index(key) if key in top else len(top))
    if selection.bin is not None:
        wanted = query.conversion_time
        span = (selection.step - 1 if selection.from_previous else 1, selection.step)
        if wanted is None or selection.outcome != "reached" or span not in spans(query):
            return None
        if selection.bin >= len(bin_starts_ms(query, wanted)):
            return None
        took = people.chains[:, span[1] - 1] - people.chains[:, span[0] - 1]
        chosen &= _bins(query, wanted, took) == selection.bin
    return funnel.reading.view.ids(people.numbers[chosen])


def _funnel(ctx: ProjectContext, query: FunnelQuery, time_seconds: float) -> _Funnel | None:
    if ctx.sequences is None or not _is_answered(query):
        return None
    period, end_ms = reading_range(ctx, query)
    view = None if end_ms is None else ctx.sequences.view(ctx, period.start_ms, end_ms)
    if view is None or end_ms is None:
        return None
    property = None
    if query.breakdown is not None:
        property = query.breakdown.property.name
        if len(view.keys.get(property, [""] * MOST_KEYS)) >= MOST_KEYS:
            return None
    steps = {name: number for number, step in enumerate(query.steps) for name in step.selector.events}
    other = len(query.steps) if query.order == "strict" else None
    reading = Reading(view, steps, period.start_ms, end_ms, other=other, property=property)
    return _Funnel(query, reading, period.end_ms, time_seconds)


def _is_answered(query: FunnelQuery) -> bool:
    """Whether the sequences say everything that the query asks."""
    if query.filter is not None or query.sample is not None or query.hold is not None:
        return False
    if any(step.selector.filter is not None for step in query.steps) or not has_disjoint_chains(query):
        return False
    return query.breakdown is None or _is_kept(query.breakdown)


def _is_kept(breakdown: FunnelBreakdown) -> bool:
    return breakdown.touch != "every" and breakdown.bounds is None and breakdown.property.scope == "event"


def _row(query: FunnelQuery, people: _People, key: str, *, is_overall: bool) -> Row:
    levels = len(query.steps)
    having = np.bincount(people.levels, minlength=levels + 1)
    reached = [int(having[level:].sum()) for level in range(1, levels + 1)]
    wanted = query.conversion_time
    figures = [] if wanted is None else [_time_figures(query, wanted, people, span) for span in spans(query)]
    return (is_overall, key, True, 0, reached, [], figures)


def _time_figures(query: FunnelQuery, wanted: ConversionTime, people: _People, span: tuple[int, int]) -> Row:
    """People, mean, percentiles with the median first (all in milliseconds), people in each bin."""
    chains = people.chains[people.levels >= span[1]]
    took = np.sort(chains[:, span[1] - 1] - chains[:, span[0] - 1])
    bins = len(bin_starts_ms(query, wanted))
    shares = [percentile / 100 for percentile in (50.0, *wanted.percentiles)]
    if not len(took):
        return (0, None, [None] * len(shares), [0] * bins)
    held = np.bincount(_bins(query, wanted, took), minlength=bins)
    return (
        len(took),
        int(took.sum()) / len(took),
        [float(value) for value in np.quantile(took, shares)],
        [int(count) for count in held],
    )


def _bins(query: FunnelQuery, wanted: ConversionTime, took: Array) -> Array:
    # Of bins that start at the same millisecond only the last has a width.
    return np.searchsorted(np.array(bin_starts_ms(query, wanted)), took, side="right") - 1
