"""Retention is what the oracle says, on random logs; its laws; its people."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

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
    Last,
    People,
    PropertyMeasure,
    PropertyRef,
)
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.retention import Cohort, retention
from bihuan.analytics.retention import (
    AgeRange,
    Brackets,
    On,
    OnOrAfter,
    RetentionQuery,
    RetentionResult,
    RetentionSelection,
    Rolling,
)
from bihuan.analytics.run import people, run, sql_of
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore
from tests.analytics.groups import BREAKDOWNS, group_of, values_of
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, filters, periods, refs, scenes, selectors

DAY_MS = 86_400_000
RANGES = st.builds(
    lambda first, length: AgeRange(first=first, last=None if length is None else first + length),
    st.integers(0, 5),
    st.sampled_from([None, 0, 1, 3]),
)
RETURNING = st.one_of(
    st.builds(On, ages=st.integers(1, 5)),
    st.builds(OnOrAfter, ages=st.integers(1, 5)),
    st.builds(Rolling, ages=st.integers(1, 6), window=st.integers(1, 3)),
    st.builds(Brackets, ranges=st.lists(RANGES, min_size=1, max_size=3).map(tuple)),
)


REFS = refs()
MEASURES = st.one_of(
    st.just(People()), st.just(Count()), st.builds(PropertyMeasure, property=REFS, aggregate=st.just("sum"))
)


def queries(scene: Scene) -> st.SearchStrategy[RetentionQuery]:
    chosen = selectors(scene)
    queries = st.builds(
        RetentionQuery,
        period=periods(scene),
        start=chosen,
        back=chosen,
        cohort=st.sampled_from(["first_time", "recurring"]),
        interval=st.sampled_from(["hour", "day", "day", "week", "month", "quarter", "year"]),
        returning=RETURNING,
        measure=MEASURES,
        breakdowns=BREAKDOWNS,
        filter=st.one_of(st.none(), st.none(), filters(scene)),
        sample=st.sampled_from([None, None, 0.5]),
    )
    same = queries.map(lambda query: query.model_copy(update={"back": query.start}))
    return st.one_of(same, queries)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, list[RetentionQuery]]:
    scene = draw(scenes())
    return scene, draw(st.lists(queries(scene), min_size=4, max_size=4))


def ask(store: ProjectStore | Engine, ctx: Any, query: RetentionQuery) -> RetentionResult:
    result = run(store.engine if isinstance(store, ProjectStore) else store, ctx, query)
    assert isinstance(result, RetentionResult)
    return result


@settings(max_examples=30, deadline=None)
@given(cases())
def test_every_figure_is_the_oracles(store: ProjectStore, case: tuple[Scene, list[RetentionQuery]]) -> None:
    scene, asked = case
    load(store, scene.log)
    ctx = scene.context(store)
    for query in asked:
        result, expected = ask(store, ctx, query), retention(ctx, scene.log, query)
        found = {
            (group_of(group.breakdown), row.cohort): row for group in result.groups for row in group.cohorts
        }
        assert set(expected) <= set(found)
        for key, row in found.items():
            cells = expected.get(key, Cohort(set(), [])).cells
            assert row.size == len(expected[key].people if cells else ())
            if cells:
                assert row.complete == tuple(cell.complete for cell in cells)
                assert row.people == tuple(len(cell.people) if cell.begun else None for cell in cells)
                if row.amounts is not None:
                    assert list(row.amounts) == pytest.approx(
                        [cell.amount if cell.begun else None for cell in cells]
                    )
                    assert row.base == pytest.approx(expected[key].base)


@settings(max_examples=15, deadline=None)
@given(cases())
def test_the_people_behind_each_number(store: ProjectStore, case: tuple[Scene, list[RetentionQuery]]) -> None:
    scene, asked = case
    load(store, scene.log)
    ctx = scene.context(store)
    for query in asked[:2]:
        expected = retention(ctx, scene.log, query)
        for (group, label), row in list(expected.items())[:3]:
            at = RetentionSelection(cohort=label, breakdown=values_of(group))
            assert people(store.engine, ctx, query, at) == sorted(row.people)
            for column, cell in list(enumerate(row.cells))[:2]:
                cell_at = at.model_copy(update={"column": column})
                assert people(store.engine, ctx, query, cell_at) == sorted(cell.people)
                lost = people(store.engine, ctx, query, cell_at.model_copy(update={"returned": False}))
                assert lost == (sorted(row.people - cell.people) if cell.begun else [])
        everyone = set().union(*(row.people for row in expected.values()))
        assert people(store.engine, ctx, query, RetentionSelection()) == sorted(everyone)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_laws(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(with_properties=False))
    load(store, scene.log)
    ctx = scene.context(store)
    base = data.draw(queries(scene)).model_copy(update={"measure": People(), "breakdowns": ()})

    def cells(**changes: Any) -> list[tuple[int | None, ...]]:
        (group,) = ask(store, ctx, base.model_copy(update=changes)).groups
        return [row.people for row in group.cohorts]

    exact, later = cells(returning=On(ages=4)), cells(returning=OnOrAfter(ages=4))
    within = cells(returning=Rolling(ages=4, window=2))
    assert cells(returning=Rolling(ages=4, window=1)) == exact
    for on, after, two in zip(exact, later, within, strict=True):
        assert all((a or 0) <= (b or 0) for a, b in zip(on, after, strict=True)), "on or after is at least on"
        assert all((a or 0) <= (b or 0) for a, b in zip(on, two, strict=True)), (
            "a wider window never lowers a count"
        )
        assert all((a or 0) >= (b or 0) for a, b in pairwise(after)), "on or after falls with age"
    same = ask(store, ctx, base.model_copy(update={"back": base.start, "returning": On(ages=1)}))
    for row in same.groups[0].cohorts:
        assert row.people[0] in (row.size, None)
    firsts = ask(store, ctx, base.model_copy(update={"cohort": "first_time"})).groups[0]
    again = ask(store, ctx, base.model_copy(update={"cohort": "recurring"})).groups[0]
    assert all(one.size <= many.size for one, many in zip(firsts.cohorts, again.cohorts, strict=True))


def at(day: int, person: int, event: str = "buy", **properties: Any) -> LogEvent:
    """An event at noon of a January day in Shanghai."""
    return LogEvent(event, 1_704_081_600_000 + (day - 1) * DAY_MS, person, properties=properties)


LOG = EventLog(
    (
        at(1, 1, x=10.0, city="北京"), at(2, 1, x=4.0), at(4, 1, x=6.0), at(1, 2, x=10.0, city="上海"),
        at(3, 2, x=5.0), at(2, 3, x=8.0, city="北京"), at(3, 3, x=2.0, city="上海"),
        at(3, 4, event="view"), at(1, 5, event="view"),
        at(3, 5, x=1.0, city="广州"),
    )
)  # fmt: skip
BUY = EventSelector(events=("buy",))
DAYS = Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 3))
AMOUNT = PropertyMeasure(property=PropertyRef(name="x"), aggregate="sum")


def table(store: ProjectStore, **changes: Any) -> RetentionResult:
    """Daily retention of :data:`LOG`, seen on 4 January at 12:30."""
    load(store, LOG)
    now_ms = LOG.events[2].time_ms + 1_800_000
    query = RetentionQuery.model_validate(
        {"period": DAYS, "start": BUY, "back": BUY, "cohort": "first_time", "returning": On(ages=3)} | changes
    )
    return ask(store, context(store, LOG, now_ms=now_ms), query)


def test_first_time_retention_with_cells_that_have_not_ended(store: ProjectStore) -> None:
    (group,) = table(store).groups
    assert [row.cohort for row in group.cohorts] == ["2024-01-01", "2024-01-02", "2024-01-03"]
    assert [row.size for row in group.cohorts] == [2, 1, 1]
    assert [row.people for row in group.cohorts] == [(2, 1, 1, 1), (1, 1, 0, None), (1, 0, None, None)]
    assert [row.complete for row in group.cohorts] == [
        (True, True, True, False), (True, True, False, False), (True, False, False, False),
    ]  # fmt: skip
    assert group.cohorts[0].rates == (1.0, 0.5, 0.5, 0.5)
    assert list(group.weighted_rates) == [1.0, pytest.approx(2 / 3), 0.5, None]
    assert group.simple_rates == (1.0, 0.75, 0.5, None)


def test_revenue_retention(store: ProjectStore) -> None:
    (group,) = table(store, measure=AMOUNT).groups
    assert [row.amounts for row in group.cohorts] == [
        (20.0, 4.0, 5.0, 6.0), (8.0, 2.0, 0.0, None), (1.0, 0.0, None, None),
    ]  # fmt: skip
    assert [row.base for row in group.cohorts] == [20.0, 8.0, 1.0]
    assert group.cohorts[0].rates == (1.0, 0.2, 0.25, 0.3)
    assert group.weighted_rates[1] == pytest.approx(6 / 28)
    assert group.simple_rates[1] == pytest.approx((0.2 + 0.25) / 2)


def test_brackets_and_rolling_windows(store: ProjectStore) -> None:
    ranges = (AgeRange(first=1, last=2), AgeRange(first=2))
    (group,) = table(store, returning=Brackets(ranges=ranges)).groups
    assert [row.people for row in group.cohorts] == [(2, 2), (1, 0), (0, None)]
    (group,) = table(store, returning=Rolling(ages=3, window=2)).groups
    assert group.cohorts[0].people == (2, 1, 2, 2)


def test_breakdown_by_the_value_at_the_start(store: ProjectStore) -> None:
    by_city = table(
        store, breakdowns=(Breakdown(property=PropertyRef(name="city"), top_n=2),), cohort="recurring"
    )
    named = {group.breakdown: [row.size for row in group.cohorts] for group in by_city.groups}
    assert named == {
        (BreakdownValue(),): [0, 1, 1],
        (BreakdownValue(value="上海"),): [1, 0, 1],
        (BreakdownValue(other=True),): [1, 1, 1],
    }  # fmt: skip


def test_many_units_use_arrays_and_agree_with_masks(store: ProjectStore) -> None:
    load(store, LOG)
    ctx = context(store, LOG)
    query = RetentionQuery(
        period=Dates(from_date=date(2023, 3, 1), to_date=date(2024, 1, 3)),
        start=BUY,
        back=BUY,
        cohort="first_time",
    )
    for returning in (On(ages=3), OnOrAfter(ages=3), Rolling(ages=3, window=2)):
        long = ask(store, ctx, query.model_copy(update={"returning": returning})).groups[0]
        short = ask(store, ctx, query.model_copy(update={"returning": returning, "period": DAYS})).groups[0]
        assert long.cohorts[-3:] == short.cohorts
        assert long.weighted_rates == short.weighted_rates


@pytest.mark.parametrize("days", [1, 60, 120, 250, 300])
def test_masks_of_every_width(store: ProjectStore, days: int) -> None:
    log = EventLog(tuple(at(1 + age, 7, x=1.0) for age in (0, 1, days - 1)))
    load(store, log)
    ctx = context(store, log, now_ms=1_704_081_600_000 + 400 * DAY_MS)
    one = Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 1))
    query = RetentionQuery(period=one, cohort="first_time", returning=On(ages=max(days - 1, 1)))
    (row,) = ask(store, ctx, query).groups[0].cohorts
    assert [age for age, number in enumerate(row.people) if number] == sorted({0, 1, days - 1})
    unbounded = (
        ask(store, ctx, query.model_copy(update={"returning": OnOrAfter(ages=2)})).groups[0].cohorts[0]
    )
    assert unbounded.people == (1, 1, int(days > 2))


def test_an_empty_log(store: ProjectStore) -> None:
    load(store, EventLog(()))
    result = ask(store, context(store), RetentionQuery(period=Last(count=2), returning=On(ages=1)))
    assert [(row.size, row.people, row.rates) for row in result.groups[0].cohorts] == [
        (0, (0, 0), (None, None)), (0, (0, None), (None, None)),
    ]  # fmt: skip
    assert result.groups[0].weighted_rates == (None, None)


@pytest.mark.parametrize(
    "fault",
    [
        {"measure": {"kind": "property", "property": {"name": "x"}, "aggregate": "avg"}},
        {"measure": {"kind": "sessions"}},
        {"returning": {"kind": "brackets", "ranges": []}},
        {"returning": {"kind": "brackets", "ranges": [{"first": 3, "last": 2}]}},
        {"returning": {"kind": "rolling", "window": 0}},
        {"cohort": "unknown"},
    ],
)
def test_a_faulty_query_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RetentionQuery.model_validate(fault)


@pytest.mark.parametrize(
    "selection",
    [
        RetentionSelection(cohort="May"),
        RetentionSelection(cohort="2020-01-01"),
        RetentionSelection(column=99),
        RetentionSelection(returned=False),
        RetentionSelection(breakdown=(BreakdownValue(value="a"),)),
    ],
)
def test_a_selection_that_names_no_number_is_refused(
    store: ProjectStore, selection: RetentionSelection
) -> None:
    with pytest.raises(SelectionInvalid):
        people(store.engine, context(store), RetentionQuery(), selection)


def test_too_many_numbers_are_refused(store: ProjectStore) -> None:
    query = RetentionQuery(interval="hour", period=Last(count=400), returning=On(ages=400))
    with pytest.raises(QueryTooLarge):
        sql_of(context(store), query)
