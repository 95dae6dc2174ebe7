"""Random queries that kept sequences can answer."""

from __future__ import annotations

from hypothesis import strategies as st

from bihuan.analytics.funnel import ConversionTime, FunnelBreakdown, FunnelQuery, FunnelStep
from bihuan.analytics.paths import PathsQuery
from bihuan.analytics.query import Count, EventSelector, PropertyMeasure, PropertyRef
from bihuan.analytics.trend import TrendQuery, TrendSeries
from tests.analytics.funnels import WINDOWS, most_days
from tests.analytics.random_log import EVENTS, Scene, periods

OS = PropertyRef(name="$os")
REVENUE = PropertyRef(name="$revenue")


def steps_of(names: list[str]) -> tuple[FunnelStep, ...]:
    """Steps of one event each."""
    return tuple(FunnelStep(selector=EventSelector(events=(name,))) for name in names)


def breakdowns(steps: int) -> st.SearchStrategy[FunnelBreakdown | None]:
    """None, or by the kept property."""
    touched = st.one_of(
        st.builds(
            FunnelBreakdown,
            property=st.just(OS),
            top_n=st.integers(1, 3),
            touch=st.sampled_from(["first", "last"]),
        ),
        st.builds(FunnelBreakdown, property=st.just(OS), touch=st.just("step"), step=st.integers(1, steps)),
    )
    return st.one_of(st.none(), touched)


@st.composite
def funnels(draw: st.DrawFn, scene: Scene) -> FunnelQuery:
    """Funnels of distinct events, ordered or strict."""
    names = draw(st.lists(st.sampled_from(EVENTS), min_size=2, max_size=3, unique=True))
    order = draw(st.sampled_from(["ordered", "ordered", "strict"]))
    timed = order == "ordered" and draw(st.booleans())
    return FunnelQuery(
        steps=steps_of(names),
        order=order,
        window=draw(WINDOWS),
        period=draw(st.one_of(most_days(scene), periods(scene))),
        breakdown=draw(breakdowns(len(names))),
        conversion_time=ConversionTime(bin_seconds=600, bins=4) if timed else None,
    )


@st.composite
def path_queries(draw: st.DrawFn, scene: Scene) -> PathsQuery:
    """Paths over the names of events."""
    some = st.lists(st.sampled_from(EVENTS), max_size=2, unique=True).map(
        lambda names: EventSelector(events=tuple(names))
    )
    anchor = draw(st.one_of(st.none(), some))
    return PathsQuery(
        period=draw(st.one_of(most_days(scene), periods(scene))),
        selector=draw(some),
        anchor=anchor,
        direction=draw(st.sampled_from(["from", "to", *(["around"] if anchor else [])])),
        occurrence=draw(st.sampled_from(["first", "last"])) if anchor else "first",
        window_seconds=draw(st.sampled_from([None, None, 0.001, 1860.0, 86_400.0])),
        collapse=draw(st.booleans()),
        steps=draw(st.integers(1, 4)),
        top_n=draw(st.integers(1, 3)),
        most_nodes=draw(st.sampled_from([1, 2, 1000])),
    )


def trends(scene: Scene) -> st.SearchStrategy[TrendQuery]:
    """Counts, and sums and averages of the kept number."""
    some = st.lists(st.sampled_from(EVENTS), max_size=2, unique=True).map(
        lambda names: EventSelector(events=tuple(names))
    )
    summed = st.builds(PropertyMeasure, property=st.just(REVENUE), aggregate=st.sampled_from(["sum", "avg"]))
    series = st.builds(TrendSeries, selector=some, measure=st.one_of(st.just(Count()), summed))
    return st.builds(
        TrendQuery,
        series=st.lists(series, min_size=1, max_size=2).map(tuple),
        interval=st.sampled_from(["hour", "day", "week", "month"]),
        compare=st.sampled_from([None, "previous_period"]),
        period=st.one_of(most_days(scene), periods(scene)),
    )
