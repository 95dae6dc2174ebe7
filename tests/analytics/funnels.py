"""Random funnels, and the result that the definition gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bihuan.analytics.funnel import (
    ConversionTime,
    Exclusion,
    FunnelBreakdown,
    FunnelQuery,
    FunnelStep,
    FunnelWindow,
)
from bihuan.analytics.query import Dates, EventSelector
from tests.analytics.random_log import Scene, filters, periods, refs, selectors

EVENT_STEPS = st.sampled_from(["view", "add", "buy"]).map(lambda name: EventSelector(events=(name,)))
WINDOWS = st.sampled_from(
    [
        FunnelWindow(count=1, unit="millisecond"), FunnelWindow(count=31, unit="minute"),
        FunnelWindow(count=1, unit="hour"), FunnelWindow(count=1, unit="day"),
        FunnelWindow(count=2, unit="day"),
        FunnelWindow(count=1, unit="month"),
    ]
)  # fmt: skip

INTERVALS = st.sampled_from(["hour", "day", "week", "month"])


@st.composite
def funnel_queries(draw: st.DrawFn, scene: Scene, **fixed: Any) -> FunnelQuery:
    """Any legal funnel over a scene."""
    order = fixed.pop("order", None) or draw(st.sampled_from(["ordered", "ordered", "strict", "unordered"]))
    froms = ["first_step", "session"] if order == "unordered" else ["first_step", "previous_step", "session"]
    window_from = fixed.pop("window_from", None) or draw(st.sampled_from(froms))
    plain = draw(st.booleans())
    step = EVENT_STEPS if plain else st.one_of(EVENT_STEPS, EVENT_STEPS, selectors(scene))
    unique = plain and draw(st.booleans())
    chosen = draw(st.lists(step, min_size=2, max_size=3 if unique else 4, unique=unique))
    optional = [
        order == "ordered" and len(chosen) > 2 and not unique and index > 0 and draw(st.booleans())
        for index in range(len(chosen))
    ]
    if all(optional[1:]):
        optional[-1] = False
    steps = tuple(FunnelStep(selector=one, optional=skip) for one, skip in zip(chosen, optional, strict=True))
    extra = draw(st.sampled_from(["none", "none", "over_time", "conversion_time"]))
    values: dict[str, Any] = {
        "steps": steps, "order": order, "window_from": window_from, "window": draw(WINDOWS),
        "period": draw(st.one_of(most_days(scene), periods(scene))),
        "filter": draw(rarely(filters(scene))),
        "exclusions": draw(exclusions(scene, steps)) if order == "ordered" and not unique else (),
        "hold": draw(rarely(refs())),
        "breakdown": draw(st.one_of(st.none(), funnel_breakdowns(len(steps)))),
        "over_time": draw(INTERVALS) if extra == "over_time" else None,
        "conversion_time": ConversionTime(bin_seconds=600, bins=4) if extra == "conversion_time" else None,
    }  # fmt: skip
    return FunnelQuery(**(values | fixed))


def rarely(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly None, so that most funnels have people in them."""
    return st.integers(0, 5).flatmap(lambda number: strategy if number == 0 else st.none())


def most_days(scene: Scene) -> st.SearchStrategy[Dates]:
    """From the first event's day to the last event's, or to the day before it."""
    days = sorted({datetime.fromtimestamp(event.time_ms / 1000, UTC).date() for event in scene.log.events})
    first, last = (days[0], days[-1]) if days else (date(2024, 12, 31), date(2024, 12, 31))
    ends = st.sampled_from(
        [last + timedelta(days=1), last + timedelta(days=1), max(first, last - timedelta(days=1))]
    )
    return ends.map(lambda end: Dates(from_date=first, to_date=end))


@st.composite
def exclusions(draw: st.DrawFn, scene: Scene, steps: tuple[FunnelStep, ...]) -> tuple[Exclusion, ...]:
    """Up to two exclusions between required steps."""
    numbers = [index + 1 for index, step in enumerate(steps) if not step.optional]
    found = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        after = draw(st.integers(0, len(numbers) - 2))
        before = draw(st.one_of(st.none(), st.integers(after + 1, len(numbers) - 1)))
        found.append(
            Exclusion(
                selector=draw(st.one_of(EVENT_STEPS, selectors(scene))),
                after_step=numbers[after],
                before_step=None if before is None else numbers[before],
            )
        )
    return tuple(found)


@st.composite
def funnel_breakdowns(draw: st.DrawFn, steps: int) -> FunnelBreakdown:
    """Any breakdown."""
    touch = draw(st.sampled_from(["first", "last", "step", "every"]))
    return FunnelBreakdown(
        property=draw(refs()),
        top_n=draw(st.sampled_from([1, 2, 10])),
        bounds=draw(st.sampled_from([None, None, (0.0, 2.0)])),
        touch=touch,
        step=draw(st.integers(1, steps)) if touch == "step" else None,
    )
