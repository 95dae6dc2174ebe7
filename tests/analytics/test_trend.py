"""Trends are what the oracle says, on random logs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.query import (
    Breakdown,
    BreakdownValue,
    Count,
    Dates,
    EventSelector,
    FirstEver,
    Measure,
    People,
    PerPerson,
    PropertyMeasure,
    PropertyRef,
    Sessions,
)
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.trend import trend
from bihuan.analytics.run import people, run, sql_of
from bihuan.analytics.trend import Formula, TrendQuery, TrendResult, TrendSelection, TrendSeries
from bihuan.analytics.trend.comparison import compared_period, months_before
from bihuan.warehouse.project import ProjectStore
from tests.analytics.groups import group_of
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, filters, periods, refs, scenes, selectors

AGGREGATES = ("sum", "avg", "min", "max", "median", "percentile", "per_person", "distinct")


def measures(*, cumulative: bool) -> st.SearchStrategy[Measure]:
    kept = ("sum", "min", "max", "distinct") if cumulative else AGGREGATES
    numbers = st.builds(
        PropertyMeasure,
        property=refs(),
        aggregate=st.sampled_from(kept),
        percentile=st.sampled_from([0, 10, 75, 100]),
    )
    simple = [Count(), People(), Sessions(), FirstEver(), *([] if cumulative else [PerPerson()])]
    return st.one_of(st.sampled_from(simple), numbers)


@st.composite
def queries(draw: st.DrawFn, scene: Scene) -> TrendQuery:
    cumulative = draw(st.booleans())
    series = st.builds(TrendSeries, selector=selectors(scene), measure=measures(cumulative=cumulative))
    breakdowns = st.builds(
        Breakdown,
        property=refs(),
        top_n=st.integers(1, 3),
        bounds=st.sampled_from([None, None, (0.0,), (1.0, 1.5)]),
    )
    return TrendQuery(
        period=draw(periods(scene)),
        series=tuple(draw(st.lists(series, min_size=1, max_size=2))),
        interval=draw(st.sampled_from(["hour", "day", "week", "month", "quarter", "year"])),
        breakdowns=tuple(draw(st.lists(breakdowns, max_size=3))),
        compare=draw(st.sampled_from([None, "previous_period", "year_ago"])),
        cumulative=cumulative,
        filter=draw(st.one_of(st.none(), filters(scene))),
        sample=draw(st.sampled_from([None, None, 0.5])),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, list[TrendQuery]]:
    scene = draw(scenes())
    return scene, draw(st.lists(queries(scene), min_size=3, max_size=3))


@settings(max_examples=30, deadline=None)
@given(cases())
def test_every_figure_is_the_oracles(store: ProjectStore, case: tuple[Scene, list[TrendQuery]]) -> None:
    scene, asked = case
    load(store, scene.log)
    ctx = scene.context(store)
    for query in asked:
        result = run(store.engine, ctx, query)
        assert isinstance(result, TrendResult)
        expected = trend(ctx, scene.log, query)
        found = {}
        for line in result.lines:
            group = group_of(line.breakdown)
            found[line.series or 0, 0, group] = (line.values, line.total)
            if query.compare:
                found[line.series or 0, 1, group] = (line.compared or (), line.compared_total)
        assert set(found) == set(expected)
        for key, figures in expected.items():
            values, total = found[key]
            assert list(values) == pytest.approx(figures.values)
            assert total == pytest.approx(figures.total)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_the_people_behind_a_number_are_those_who_did_its_events(
    store: ProjectStore, data: st.DataObject
) -> None:
    scene = data.draw(scenes())
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(2):
        query = data.draw(queries(scene))
        result = run(store.engine, ctx, query)
        assert isinstance(result, TrendResult)
        for line in result.lines[:4]:
            selection = TrendSelection(series=line.series or 0, breakdown=line.breakdown)
            counted = query.series[selection.series].measure
            behind = people(store.engine, ctx, query, selection)
            assert behind == sorted(set(behind))
            if isinstance(counted, People | FirstEver):
                assert len(behind) == line.total
            for bucket, value in list(zip(result.buckets, line.values, strict=True))[:3]:
                at = people(store.engine, ctx, query, selection.model_copy(update={"bucket": bucket}))
                assert set(at) <= set(behind)
                if isinstance(counted, People | FirstEver):
                    assert len(at) == value
                elif value is not None and isinstance(counted, Count | PerPerson | Sessions):
                    assert (len(at) > 0) == (value > 0)


def test_people_behind_a_bucket_are_exact(store: ProjectStore) -> None:
    day = 86_400_000
    start = 1_704_038_400_000  # 2024-01-01 00:00 in Shanghai
    log = EventLog(
        (
            LogEvent("buy", start, 1, properties={"amount": 5.0}),
            LogEvent("buy", start + 1, 2, properties={"amount": "none"}),
            LogEvent("buy", start + day, 3, properties={"amount": "7"}),
            LogEvent("buy", start - 1, 4, properties={"amount": 1.0}),
        )
    )
    load(store, log)
    ctx = context(store, log)
    spent = PropertyMeasure(property=PropertyRef(name="amount"), aggregate="sum")
    query = TrendQuery(
        period=Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 2)),
        series=(TrendSeries(measure=spent), TrendSeries()),
    )
    result = run(store.engine, ctx, query)
    assert isinstance(result, TrendResult)
    assert [(line.values, line.total) for line in result.lines] == [((5.0, 7.0), 12.0), ((2.0, 1.0), 3.0)]
    assert people(store.engine, ctx, query, TrendSelection(bucket="2024-01-01")) == [1]
    assert people(store.engine, ctx, query, TrendSelection(series=1, bucket="2024-01-01")) == [1, 2]
    assert people(store.engine, ctx, query, TrendSelection()) == [1, 3]
    assert people(store.engine, ctx, query, TrendSelection(series=1), after=1, limit=1) == [2]


def test_formulas_moving_averages_and_missing_operands(store: ProjectStore) -> None:
    start, day = 1_704_038_400_000, 86_400_000
    counts = {"a": (4, 0, 2, 6), "b": (2, 5, 0, 3)}
    log = EventLog(
        tuple(
            LogEvent(name, start + index * day + item, item)
            for name, numbers in counts.items()
            for index, number in enumerate(numbers)
            for item in range(number)
        )
    )
    load(store, log)
    query = TrendQuery(
        period=Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 4)),
        series=tuple(TrendSeries(selector=EventSelector(events=(name,))) for name in "ab"),
        formulas=(Formula(expression="A / B", label="ratio"), Formula(expression="-(A - B) * 2 + .5")),
        moving_average=2,
    )
    result = run(store.engine, context(store, log), query)
    assert isinstance(result, TrendResult)
    ratio, difference = result.lines[2:]
    assert (ratio.name, ratio.values, ratio.total) == ("ratio", (2.0, 0.0, None, 2.0), 1.2)
    assert ratio.moving_average == (2.0, 1.0, 0.0, 2.0)
    assert (difference.values, difference.total) == ((-3.5, 10.5, -3.5, -5.5), -3.5)
    assert result.lines[0].moving_average == (4.0, 2.0, 1.0, 4.0)


@pytest.mark.parametrize(
    ("interval", "compare", "days", "earlier"),
    [
        ("day", "previous_period", ("2024-03-01", "2024-03-07"), ("2024-02-23", "2024-02-29")),
        ("week", "previous_period", ("2024-03-01", "2024-03-10"), ("2024-02-16", "2024-02-25")),
        ("month", "previous_period", ("2024-02-01", "2024-03-31"), ("2023-12-01", "2024-01-31")),
        ("month", "previous_period", ("2024-03-01", "2024-03-15"), ("2024-02-01", "2024-02-15")),
        ("quarter", "previous_period", ("2024-01-01", "2024-06-30"), ("2023-07-01", "2023-12-31")),
        ("day", "year_ago", ("2024-02-29", "2024-03-05"), ("2023-02-28", "2023-03-05")),
        ("year", "previous_period", ("2024-01-01", "2024-11-30"), ("2023-01-01", "2023-11-30")),
    ],
)
def test_the_compared_period(
    store: ProjectStore, interval: str, compare: str, days: tuple[str, str], earlier: tuple[str, str]
) -> None:
    query = TrendQuery.model_validate(
        {
            "series": [{}],
            "interval": interval,
            "compare": compare,
            "period": {"kind": "dates", "from_date": days[0], "to_date": days[1]},
        }
    )
    span = compared_period(context(store), query)
    assert span is not None
    assert (span.first_day.isoformat(), span.last_day.isoformat()) == earlier


def test_a_month_earlier_at_the_ends_of_months() -> None:
    assert [months_before(date(2024, 3, day), 1) for day in (28, 29, 30, 31)] == [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 2, 29),
        date(2024, 2, 29),
    ]
    assert months_before(date(2024, 2, 29), 1) == date(2024, 1, 31)


@pytest.mark.parametrize(
    "fault",
    [
        {"formulas": [{"expression": "A / B"}]},
        {"formulas": [{"expression": "A +"}]},
        {"formulas": [{"expression": "(A"}]},
        {"formulas": [{"expression": "A; B"}]},
        {"series": [{"measure": {"kind": "per_person"}}], "cumulative": True},
        {"series": []},
        {"breakdowns": [{"property": {"name": "x"}, "bounds": [2, 1]}]},
        {"breakdowns": [{"property": {"name": "x"}}] * 4},
        {"sample": 0},
        {"period": {"kind": "dates", "from_date": "2024-02-01", "to_date": "2024-01-01"}},
        {"unknown": 1},
    ],
)
def test_a_faulty_query_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TrendQuery.model_validate({"series": [{}]} | fault)


def test_too_many_numbers_are_refused(store: ProjectStore) -> None:
    query = TrendQuery.model_validate(
        {
            "series": [{}],
            "interval": "hour",
            "period": {"kind": "last", "count": 400},
            "breakdowns": [{"property": {"name": "x"}, "top_n": 500}],
        }
    )
    with pytest.raises(QueryTooLarge):
        sql_of(context(store), query)


@pytest.mark.parametrize(
    "selection",
    [
        TrendSelection(series=1),
        TrendSelection(bucket="May"),
        TrendSelection(compared=True),
        TrendSelection(breakdown=(BreakdownValue(),)),
    ],
)
def test_a_selection_that_names_no_number_is_refused(store: ProjectStore, selection: TrendSelection) -> None:
    query = TrendQuery(series=(TrendSeries(),))
    with pytest.raises(SelectionInvalid):
        people(store.engine, context(store), query, selection)


def test_measuring_nothing_gives_zero_or_nothing(store: ProjectStore) -> None:
    load(store, EventLog(()))
    query = TrendQuery(series=(TrendSeries(), TrendSeries(measure=PerPerson())))
    result = run(store.engine, context(store), query)
    assert isinstance(result, TrendResult)
    assert [line.total for line in result.lines] == [0.0, None]
