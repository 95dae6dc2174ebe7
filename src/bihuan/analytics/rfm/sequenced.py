"""RFM from the kept sequences: the rows that the statement would give."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from bihuan.analytics.calendar import day_start_ms, local_date
from bihuan.analytics.conditions.windows import instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.registry import Row
from bihuan.analytics.rfm.loops import (
    add_amounts,
    add_purchases,
    add_up,
    count_above,
    days_before_the_last,
    find_purchases,
)
from bihuan.analytics.rfm.query import GROUPS, AnyCuts, Fixed, Mean, Quantiles, RfmQuery, RfmSelection
from bihuan.analytics.rfm.sql import scores_of
from bihuan.analytics.sequences.blocks import Range, Reading
from bihuan.kernel.arrays import Array


@dataclass(frozen=True)
class _Buyers:
    """Numbers of people, their three figures (3 × buyers) and what each spent."""

    numbers: Array
    figures: Array
    spent: Array


@dataclass(frozen=True)
class _Rfm:
    """A query and the sequences that answer it; ``codes`` and ``day_starts`` as the loops have them."""

    query: RfmQuery
    reading: Reading
    codes: Array
    day_starts: Array

    def buyers(self, time_seconds: float) -> _Buyers:
        """Everybody who bought."""
        found = self.reading.each_range(self._buyers_of_range, time_seconds)
        return _Buyers(
            np.concatenate([each.numbers for each in found]),
            np.concatenate([each.figures for each in found], axis=1),
            np.concatenate([each.spent for each in found]),
        )

    def _buyers_of_range(self, people: Range) -> _Buyers:
        first, end = people.first, people.end
        counts, last, priced, days = (np.zeros(end - first, np.int64) for _ in range(4))
        sums, last_days = np.zeros(end - first), np.full(end - first, -1, np.int64)
        counted_days = self.day_starts if self.query.frequency == "days" else self.day_starts[:0]
        for piece in people.pieces:
            found = np.empty(piece.events + 1, np.uint32), np.empty(piece.events, np.uint32)
            find_purchases(piece.columns, piece.people, piece.span, self.codes, *found)
            whose = (piece.columns, piece.people, first)
            into = (counts, last, days, last_days)
            add_purchases(*whose, piece.part.start_ms, piece.passed_over, found, counted_days, into)
            if self.query.revenue is not None:
                amounts = piece.part.amounts[self.query.revenue.name]
                worth = (amounts.places, amounts.values)
                add_amounts(*whose, piece.passed_over, found[0], worth, (sums, priced))
        own = np.flatnonzero(counts)
        figures = np.empty((3, len(own)))
        days_before_the_last(last[own], self.day_starts, figures[0])
        figures[1] = (days if self.query.frequency == "days" else counts)[own]
        spent, mean = self._worth(counts[own], sums[own], priced[own])
        figures[2] = spent if self.query.monetary == "sum" else mean
        return _Buyers(own + first, figures, spent)

    def _worth(self, counts: Array, sums: Array, priced: Array) -> tuple[Array, Array]:
        """Sum and mean of what each bought, rounded as the statement does it."""
        if self.query.revenue is None:
            return counts.astype(np.float64), np.ones(len(counts))
        return np.round(sums, 6), np.round(sums / np.maximum(priced, 1), 6)


def sequenced_rows(ctx: ProjectContext, query: RfmQuery, time_seconds: float) -> list[Row] | None:
    """The rows of the statement; None where it has to be run."""
    rfm = _rfm(ctx, query)
    if rfm is None:
        return None
    buyers = rfm.buyers(time_seconds)
    if not len(buyers.numbers):
        return []
    cuts, scores = _graded(query, buyers)
    most = [scores_of(each) for each in query.cuts]
    counts, sums = np.zeros(np.prod(most), np.int64), np.zeros((np.prod(most), 4))
    places = ((scores[0] - 1) * most[1] + scores[1] - 1) * most[2] + scores[2] - 1
    add_up(places, (buyers.figures[2], buyers.spent, *buyers.figures[:2]), counts, sums)
    return [
        (
            *(int(score) + 1 for score in np.unravel_index(place, most)),
            int(counts[place]),
            *(float(total) for total in sums[place]),
            *(own.tolist() for own in cuts),
        )
        for place in np.flatnonzero(counts)
    ]


def sequenced_people(
    ctx: ProjectContext, query: RfmQuery, selection: RfmSelection, time_seconds: float
) -> Array | None:
    """The ids of the buyers selected, in no order; None where the statement has to be run."""
    rfm = _rfm(ctx, query)
    if rfm is None:
        return None
    buyers = rfm.buyers(time_seconds)
    if not len(buyers.numbers):
        return np.empty(0, np.uint64)
    _, scores = _graded(query, buyers)
    chosen = np.ones(len(buyers.numbers), np.bool_)
    wanted = (selection.recency, selection.frequency, selection.monetary)
    for own, score in zip(scores, wanted, strict=True):
        if score is not None:
            chosen &= own == score
    if selection.group is not None:
        group = next(each for each in GROUPS if each.code == selection.group)
        is_high = (group.recent, group.frequent, group.valuable)
        for own, cuts, high in zip(scores, query.cuts, is_high, strict=True):
            chosen &= (own > own.mean() if cuts.high_from is None else own >= cuts.high_from) == high
    return rfm.reading.view.ids(buyers.numbers[chosen])


def _rfm(ctx: ProjectContext, query: RfmQuery) -> _Rfm | None:
    """None unless the sequences say everything that the query asks."""
    start_ms, end_ms = instants(query.window, ctx)
    if ctx.sequences is None or query.event.filter is not None:
        return None
    if start_ms is None or start_ms >= end_ms:
        return None
    if query.revenue is not None and query.revenue.scope != "event":
        return None
    view = ctx.sequences.view(ctx, start_ms, end_ms)
    if view is None or (query.revenue is not None and query.revenue.name not in view.numbers):
        return None
    codes = dict.fromkeys(query.event.events or view.events, 0)
    reading = Reading(view, codes, start_ms, end_ms)
    return _Rfm(query, reading, reading.own_codes(), _day_starts(ctx, start_ms, end_ms))


def _day_starts(ctx: ProjectContext, start_ms: int, end_ms: int) -> Array:
    """Unix milliseconds of each day of ``[start_ms, end_ms)`` and of the day after the last."""
    day, last = local_date(start_ms, ctx.zone), local_date(end_ms - 1, ctx.zone)
    days = [day + timedelta(days=number) for number in range((last - day).days + 2)]
    return np.array([day_start_ms(each, ctx.zone) for each in days], np.int64)


def _graded(query: RfmQuery, buyers: _Buyers) -> tuple[list[Array], Array]:
    """The cuts of each figure, and the scores (3 × buyers) from 1."""
    scores = np.ones(buyers.figures.shape, np.uint8)

    def graded(figure: int) -> Array:
        own, figures = query.cuts[figure], buyers.figures[figure]
        cuts = _cuts(own, figures)
        count_above(figures, cuts, isinstance(own, Fixed) and figure > 0, scores[figure])
        return cuts

    with ThreadPoolExecutor(3, thread_name_prefix="rfm") as pool:
        cuts = list(pool.map(graded, range(3)))
    scores[0] = scores_of(query.recency_cuts) + 1 - scores[0]
    return cuts, scores


def _cuts(cuts: AnyCuts, figures: Array) -> Array:
    match cuts:
        case Quantiles():
            return _quantiles(np.sort(figures), [place / cuts.scores for place in range(1, cuts.scores)])
        case Mean():
            return np.array([figures.sum() / len(figures)])
        case Fixed():
            return np.array(cuts.cuts, np.float64)


def _quantiles(ordered: Array, levels: Sequence[float]) -> Array:
    """R's type 7: between the two ranks, interpolated."""
    # The one is added as the engine adds it, so that the last digit is the same.
    ranks = np.array(levels) * (len(ordered) - 1) + 1
    rank = ranks.astype(np.int64)
    low, high = ordered[rank - 1], ordered[np.minimum(rank, len(ordered) - 1)]
    return np.asarray(low + (ranks - rank) * (high - low))
