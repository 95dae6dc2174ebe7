"""What a reading means, one person and one event at a time: the judge of the statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bihuan.analytics import ProjectContext
from bihuan.analytics.reference import EventLog, LogEvent, read_number, read_text, selects
from bihuan.analytics.reference.trend import percentile
from bihuan.experiments.measuring.groups import (
    EXPOSED,
    HELD_OUT,
    HOLDOUT,
    SENT,
    TREATED,
    ByEvent,
    Groups,
    OfCampaign,
)
from bihuan.experiments.measuring.metrics import (
    Figure,
    FunnelStep,
    Mean,
    Metric,
    Proportion,
    Quantile,
    Ratio,
    Retention,
)
from bihuan.experiments.measuring.statement import ALL, PERIOD, Frame
from bihuan.stats.experiments import Moments


@dataclass(frozen=True)
class Entered:
    """Somebody in a group."""

    person: int
    variant: str
    since: int
    several: bool
    segments: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """A person's figures: metric, denominator, covariate."""

    who: Entered
    y: float
    d: float
    x: float


def entered(ctx: ProjectContext, log: EventLog, groups: Groups) -> list[Entered]:
    """Who entered by the log; ``Assigned`` is not in the log."""
    found = []
    for person, events in log.by_person().items():
        mine = [
            (event, variant)
            for event in events
            if groups.from_ms <= event.time_ms < groups.to_ms
            and (variant := _variant(ctx, log, groups, event)) in groups.variants
        ]
        if not mine:
            continue
        first, variant = mine[0]
        segments = tuple(read_text(ctx, log, first, ref) or "" for ref in groups.segments)
        several = len({each for _, each in mine}) > 1
        found.append(Entered(person, variant, first.time_ms, several, segments))
    return found


def measured(ctx: ProjectContext, log: EventLog, frame: Frame, metric: Metric) -> list[Measured]:
    """The figures of everybody whose window is over."""
    events = log.by_person()
    found = []
    for who in entered(ctx, log, frame.groups):
        begin, length = who.since + metric.start_ms, metric.length_ms
        if length is None:
            end, over = frame.until_ms, begin < frame.until_ms
        else:
            end, over = begin + length, begin + length <= ctx.now_ms + 1
        if not over:
            continue
        mine = events[who.person]
        post = [event for event in mine if begin <= event.time_ms < end]
        pre = [event for event in mine if who.since - frame.pre_ms <= event.time_ms < who.since]
        y, d = _figures(ctx, log, metric, post)
        x = _figures(ctx, log, metric, pre)[0] if frame.pre_ms else 0.0
        found.append(Measured(who, y, d, x))
    return _capped(found, metric)


def sums(
    ctx: ProjectContext, log: EventLog, frame: Frame, metric: Metric
) -> dict[tuple[int, str, str], Moments]:
    """Sums by cut, value and variant."""
    found: dict[tuple[int, str, str], Moments] = {}
    for each in measured(ctx, log, frame, metric):
        y, d, x = each.y, each.d, each.x
        one = Moments(1, y, y * y, x, x * x, x * y, d, d * d, y * d, x * d)
        cuts = [(ALL, ""), *enumerate(each.who.segments)]
        if frame.periods:
            cuts.append((PERIOD, str(sum(each.who.since >= start for start in frame.periods))))
        for cut, value in cuts:
            key = (cut, value, each.who.variant)
            found[key] = found.get(key, Moments(0)) + one
    return found


def _variant(ctx: ProjectContext, log: EventLog, groups: Groups, event: LogEvent) -> str:
    source = groups.source
    if isinstance(source, ByEvent):
        if not selects(ctx, log, event, source.event):
            return ""
        return read_text(ctx, log, event, source.variant) or ""
    own = event.properties.get("$variant")
    if isinstance(source, OfCampaign):
        if event.properties.get("$campaign_id") != source.campaign_id or event.event not in (HELD_OUT, SENT):
            return ""
        if event.event == HELD_OUT:
            return HOLDOUT
        return str(own or TREATED) if source.by_variant else TREATED
    is_mine = event.event == EXPOSED and event.properties.get("$experiment_id") == groups.subject_id
    return str(own or "") if is_mine else ""


def _figures(
    ctx: ProjectContext, log: EventLog, metric: Metric, events: Sequence[LogEvent]
) -> tuple[float, float]:
    def total(figure: Figure) -> float:
        chosen = [event for event in events if selects(ctx, log, event, figure.event)]
        if figure.property is None:
            return len(chosen)
        return sum(read_number(ctx, log, event, figure.property) or 0.0 for event in chosen)

    measure = metric.measure
    match measure:
        case Proportion():
            return float(total(Figure(event=measure.event)) >= measure.times), 0.0
        case Retention():
            return float(total(Figure(event=measure.event)) >= 1), 0.0
        case Mean() | Quantile():
            return float(total(measure.figure)), 0.0
        case Ratio():
            return float(total(measure.numerator)), float(total(measure.denominator))
        case FunnelStep():
            return float(_walked(ctx, log, measure, events)), 0.0


def _walked(ctx: ProjectContext, log: EventLog, funnel: FunnelStep, events: Iterable[LogEvent]) -> bool:
    """Whether some choice of one event a step, in order of time (ties in any order), fits in the window."""
    longest = funnel.within.milliseconds if funnel.within else None
    ordered = list(events)
    taken = [[event for event in ordered if selects(ctx, log, event, step)] for step in funnel.steps]

    def onwards(step: int, used: frozenset[object], last: int, first: int) -> bool:
        if step == len(taken):
            return True
        return any(
            onwards(step + 1, used | {event.event_id}, event.time_ms, first if step else event.time_ms)
            for event in taken[step]
            if event.event_id not in used
            and event.time_ms >= last
            and (step == 0 or longest is None or event.time_ms - first <= longest)
        )

    return onwards(0, frozenset(), -(1 << 62), 0)


def _capped(found: list[Measured], metric: Metric) -> list[Measured]:
    measure = metric.measure
    if not isinstance(measure, Mean) or (measure.cap is None and measure.cap_percentile is None):
        return found

    def cap(numbers: list[float]) -> float:
        above = [number for number in numbers if number > 0]
        if measure.cap is not None:
            return measure.cap
        return percentile(above, measure.cap_percentile or 0) if above else 0.0

    most_y, most_x = cap([each.y for each in found]), cap([each.x for each in found])
    keep = measure.cap is not None
    return [
        Measured(
            each.who,
            min(each.y, most_y) if keep or each.y > 0 else each.y,
            each.d,
            min(each.x, most_x) if keep or each.x > 0 else each.x,
        )
        for each in found
    ]
