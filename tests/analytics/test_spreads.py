"""Distribution, engagement and intervals are what their oracles say, on random logs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.distribution import DistributionQuery, DistributionResult, DistributionSelection
from bihuan.analytics.engagement import EngagementQuery, EngagementResult, EngagementSelection
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.intervals import IntervalsQuery, IntervalsResult, IntervalsSelection
from bihuan.analytics.query import Breakdown, Dates, EventSelector, PropertyRef, Query, Selection
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.spread import ByBucket, Numbers, distribution, engagement, intervals
from bihuan.analytics.reference.trend import Group
from bihuan.analytics.run import people, run
from bihuan.analytics.spread import Spread, SpreadQuery, SpreadResult
from bihuan.warehouse.project import ProjectStore
from tests.analytics.conftest import RealProject
from tests.analytics.golden import check
from tests.analytics.groups import BREAKDOWNS, group_of, values_of
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, filters, periods, refs, scenes, selectors

INTERVALS: st.SearchStrategy[Any] = st.sampled_from([None, "hour", "day", "week", "month"])


@st.composite
def shared(draw: st.DrawFn, scene: Scene) -> dict[str, Any]:
    return {
        "period": draw(periods(scene)),
        "filter": draw(st.one_of(st.none(), st.none(), filters(scene))),
        "sample": draw(st.sampled_from([None, None, 0.5])),
    }


@st.composite
def distributions(draw: st.DrawFn, scene: Scene) -> DistributionQuery:
    measure: Any = draw(st.sampled_from(["times", "days", "sum"]))
    return DistributionQuery(
        **draw(shared(scene)),
        selector=draw(selectors(scene)),
        measure=measure,
        property=draw(refs()) if measure == "sum" else None,
        interval=draw(INTERVALS),
        breakdowns=draw(BREAKDOWNS),
        bounds=draw(st.sampled_from([(1.0, 2.0, 3.0), (0.0,), (-1.0, 1.5)])),
    )


@st.composite
def engagements(draw: st.DrawFn, scene: Scene) -> EngagementQuery:
    interval: Any = draw(st.sampled_from(["week", "month", "year"]))
    return EngagementQuery(**draw(shared(scene)), selector=draw(selectors(scene)), interval=interval)


@st.composite
def interval_queries(draw: st.DrawFn, scene: Scene) -> IntervalsQuery:
    start = draw(st.one_of(st.just(EventSelector(events=("view", "add"))), selectors(scene)))
    return IntervalsQuery(
        **draw(shared(scene)),
        start=start,
        end=draw(st.one_of(st.just(start), st.just(EventSelector(events=("buy",))), selectors(scene))),
        counted_from="first" if draw(st.booleans()) else "last",
        most_seconds=draw(st.sampled_from([None, 60.0, 7200.0])),
        interval=draw(INTERVALS),
        breakdowns=draw(BREAKDOWNS),
        bounds=(60.0, 3600.0),
    )


def same(spread: Spread, numbers: Numbers, bounds: tuple[float, ...], percentiles: tuple[float, ...]) -> None:
    values = numbers.values
    assert (spread.people, spread.values) == (len(numbers.people), len(values))
    assert spread.mean == pytest.approx(numbers.mean())
    assert spread.minimum == pytest.approx(min(values) if values else None)
    assert spread.maximum == pytest.approx(max(values) if values else None)
    assert list(spread.percentiles) == pytest.approx(numbers.percentiles(percentiles))
    assert list(spread.ranges) == numbers.ranges(bounds)


def check_groups(
    store: ProjectStore, ctx: ProjectContext, query: SpreadQuery, expected: dict[Group, ByBucket]
) -> None:
    """The figures are the oracle's, and so are the people of a range in each group."""
    result = run(store.engine, ctx, query)
    assert isinstance(result, SpreadResult)
    assert {group_of(group.breakdown) for group in result.groups} == set(expected)
    selection = DistributionSelection if isinstance(query, DistributionQuery) else IntervalsSelection
    for found in result.groups:
        numbers = expected[group_of(found.breakdown)]
        assert [spread.bucket for spread in (found.whole, *found.buckets)] == list(numbers)
        for spread in (found.whole, *found.buckets):
            same(spread, numbers[spread.bucket], query.bounds, query.percentiles)
    for group, numbers in list(expected.items())[:2]:
        for index in range(len(query.bounds) + 1):
            for bucket in list(numbers)[:2]:
                at = selection(bucket=bucket, range=index, breakdown=values_of(group))
                behind = people(store.engine, ctx, query, at)
                assert behind == numbers[bucket].people_in_range(query.bounds, index)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_distribution_and_its_people(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes())
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(3):
        query = data.draw(distributions(scene))
        check_groups(store, ctx, query, distribution(ctx, scene.log, query))


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_engagement_and_its_people(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes())
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(3):
        query = data.draw(engagements(scene))
        result = run(store.engine, ctx, query)
        assert isinstance(result, EngagementResult)
        expected = engagement(ctx, scene.log, query)
        for row in [result.whole, *result.rows]:
            numbers = expected[row.bucket]
            assert row.people == len(numbers.people) == sum(row.people_by_days)
            assert row.mean_days == pytest.approx(numbers.mean())
            assert row.median_days == pytest.approx(numbers.percentiles([50])[0])
            assert list(row.people_by_days) == [
                numbers.values.count(days) for days in range(1, len(row.people_by_days) + 1)
            ]
        assert [row.bucket for row in result.rows] == [name for name in expected if name]
        at_least = people(store.engine, ctx, query, EngagementSelection(days=2))
        assert at_least == sorted(person for person, days in expected[None].pairs if days >= 2)
        exactly = people(store.engine, ctx, query, EngagementSelection(days=1, or_more=False))
        assert exactly == sorted(person for person, days in expected[None].pairs if days == 1)


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_intervals_and_their_people(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_people=2, max_events=40))
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(3):
        query = data.draw(interval_queries(scene))
        check_groups(store, ctx, query, intervals(ctx, scene.log, query))


@pytest.mark.parametrize(("counted_from", "seconds"), [("last", [20.0, 10.0]), ("first", [30.0, 10.0])])
def test_a_start_that_happens_twice(store: ProjectStore, counted_from: str, seconds: list[float]) -> None:
    start = 1_704_038_400_000
    moments = [("view", 0), ("view", 10), ("buy", 30), ("buy", 40), ("view", 50), ("buy", 60)]
    log = EventLog(tuple(LogEvent(name, start + second * 1000, 1) for name, second in moments))
    load(store, log)
    query = IntervalsQuery.model_validate(
        {
            "start": {"events": ["view"]},
            "end": {"events": ["buy"]},
            "counted_from": counted_from,
            "period": {"kind": "dates", "from_date": "2024-01-01", "to_date": "2024-01-01"},
        }
    )
    result = run(store.engine, context(store, log), query)
    assert isinstance(result, IntervalsResult)
    (everything,) = result.groups
    assert (everything.whole.values, everything.whole.people) == (2, 1)
    assert (everything.whole.maximum, everything.whole.minimum) == (seconds[0], seconds[1])
    again = run(store.engine, context(store, log), query.model_copy(update={"end": query.start}))
    assert isinstance(again, IntervalsResult)
    whole = again.groups[0].whole
    assert (whole.values, whole.minimum, whole.maximum) == (2, 10.0, 40.0)


@pytest.mark.parametrize(
    ("query", "selection"),
    [
        (DistributionQuery(), DistributionSelection(bucket="2024-01-01")),
        (DistributionQuery(interval="day"), DistributionSelection(bucket="monday")),
        (EngagementQuery(), EngagementSelection(bucket="week 1")),
        (IntervalsQuery(start=EventSelector(), end=EventSelector()), IntervalsSelection(bucket="2024-01-01")),
    ],
)
def test_a_selection_that_names_no_number_is_refused(
    store: ProjectStore, query: Query, selection: Selection
) -> None:
    with pytest.raises(SelectionInvalid):
        people(store.engine, context(store), query, selection)


@pytest.mark.parametrize(
    "fault", [{"measure": "sum"}, {"property": {"name": "x"}}, {"bounds": [2, 1]}, {"percentiles": [101]}]
)
def test_a_faulty_distribution_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DistributionQuery.model_validate(fault)


def test_cdnow_repeat_purchases(cdnow: RealProject) -> None:
    engine, ctx = cdnow
    period = Dates(from_date=date(1997, 1, 1), to_date=date(1998, 6, 30))
    result = run(engine, ctx, DistributionQuery(period=period, measure="times", bounds=(1, 2)))
    assert isinstance(result, DistributionResult)
    whole = result.groups[0].whole
    assert (whole.values, whole.people, sum(whole.ranges)) == (23_570, 23_570, 23_570)
    assert whole.mean == pytest.approx(69_659 / 23_570)
    assert (
        len(
            people(
                engine,
                ctx,
                DistributionQuery(period=period, bounds=(1, 2)),
                DistributionSelection(range=2),
                limit=50_000,
            )
        )
        == whole.ranges[2]
    )


def test_golden_sql() -> None:
    period = Dates(from_date=date(2024, 12, 2), to_date=date(2024, 12, 8))
    buy, view = EventSelector(events=("buy",)), EventSelector(events=("view",))
    amount = PropertyRef(name="amount")
    check(
        "distribution_sum_by_week",
        DistributionQuery(period=period, selector=buy, measure="sum", property=amount, interval="week"),
    )
    check("engagement_week", EngagementQuery(period=period, selector=view))
    check("intervals_view_to_buy", IntervalsQuery(period=period, start=view, end=buy, interval="day"))
    split = (
        Breakdown(property=PropertyRef(name="$country"), top_n=2),
        Breakdown(property=amount, bounds=(10,)),
    )
    check("distribution_by_country", DistributionQuery(period=period, interval="day", breakdowns=split))
    check("intervals_by_country", IntervalsQuery(period=period, start=view, end=buy, breakdowns=split))
