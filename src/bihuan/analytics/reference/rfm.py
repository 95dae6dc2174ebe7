"""RFM scores and groups of every buyer, from their definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.analytics.calendar import local_date
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.reference.log import EventLog
from bihuan.analytics.reference.reading import read_number
from bihuan.analytics.reference.statistic import days_until_end, done
from bihuan.analytics.reference.trend import percentile
from bihuan.analytics.rfm.query import GROUPS, AnyCuts, Fixed, Mean, Quantiles, RfmQuery


@dataclass(frozen=True)
class Buyer:
    """A buyer's figures and scores, in the order recency, frequency, monetary value; and the group."""

    figures: tuple[float, float, float]
    spent: float
    scores: tuple[int, ...]
    group: str


def rfm(ctx: ProjectContext, log: EventLog, query: RfmQuery) -> dict[int, Buyer]:
    """Every buyer."""
    figures, spent = {}, {}
    for person, events in done(ctx, log, query.event, query.window).items():
        given = [1.0 if query.revenue is None else read_number(ctx, log, e, query.revenue) for e in events]
        numbers = [number for number in given if number is not None]
        spent[person] = round(sum(numbers), 6)
        mean = round(sum(numbers) / len(numbers), 6) if numbers else 0.0
        days = {local_date(event.time_ms, ctx.zone) for event in events}
        figures[person] = (
            float(days_until_end(ctx, query.window, events[-1].time_ms)),
            float(len(events) if query.frequency == "count" else len(days)),
            spent[person] if query.monetary == "sum" else mean,
        )
    cuts = [
        _cuts(each, [own[index] for own in figures.values()]) if figures else []
        for index, each in enumerate(query.cuts)
    ]
    scores = {
        person: tuple(_score(index, own[index], cuts[index], query.cuts[index]) for index in range(3))
        for person, own in figures.items()
    }
    return {
        person: Buyer(own, spent[person], scores[person], _group(query, scores, scores[person]))
        for person, own in figures.items()
    }


def _cuts(cuts: AnyCuts, numbers: Sequence[float]) -> list[float]:
    match cuts:
        case Quantiles():
            return [percentile(numbers, 100 * part / cuts.scores) for part in range(1, cuts.scores)]
        case Mean():
            return [sum(numbers) / len(numbers)]
        case Fixed():
            return list(cuts.cuts)


def _score(index: int, number: float, cuts: Sequence[float], given: AnyCuts) -> int:
    if index == 0:
        return 1 + sum(number <= cut for cut in cuts)
    return 1 + sum(number >= cut if isinstance(given, Fixed) else number > cut for cut in cuts)


def _group(query: RfmQuery, scores: dict[int, tuple[int, ...]], own: tuple[int, ...]) -> str:
    high = []
    for index, cuts in enumerate(query.cuts):
        mean = sum(each[index] for each in scores.values()) / len(scores)
        high.append(own[index] > mean if cuts.high_from is None else own[index] >= cuts.high_from)
    return next(group.code for group in GROUPS if [group.recent, group.frequent, group.valuable] == high)
