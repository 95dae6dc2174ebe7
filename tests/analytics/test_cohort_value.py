"""Cohort value is what the oracle says, on random logs; its laws; its people."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.cohort_value import (
    CohortValueQuery,
    CohortValueResult,
    CohortValueSelection,
)
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.query import Dates, EventSelector, PropertyRef
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.cohort_value import cohort_value
from bihuan.analytics.retention import MAX_AGE
from bihuan.analytics.run import people, run
from bihuan.warehouse.project import ProjectStore
from tests.analytics.groups import BREAKDOWNS, group_of, values_of
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, filters, periods, refs, scenes, selectors

DAY_MS = 86_400_000
REFS = refs()


def queries(scene: Scene) -> st.SearchStrategy[CohortValueQuery]:
    chosen = selectors(scene)
    return st.builds(
        CohortValueQuery,
        period=periods(scene),
        start=chosen,
        paying=chosen,
        value=st.one_of(st.just(PropertyRef(name="$revenue")), REFS),
        interval=st.sampled_from(["day", "day", "week", "month"]),
        ages=st.integers(1, 4),
        breakdowns=BREAKDOWNS,
        filter=st.one_of(st.none(), st.none(), filters(scene)),
        sample=st.sampled_from([None, None, 0.5]),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, list[CohortValueQuery]]:
    scene = draw(scenes())
    return scene, draw(st.lists(queries(scene), min_size=3, max_size=3))


def ask(store: ProjectStore, ctx: ProjectContext, query: CohortValueQuery) -> CohortValueResult:
    result = run(store.engine, ctx, query)
    assert isinstance(result, CohortValueResult)
    return result


@settings(max_examples=20, deadline=None)
@given(cases())
def test_every_figure_is_the_oracles_and_so_are_its_people(
    store: ProjectStore, case: tuple[Scene, list[CohortValueQuery]]
) -> None:
    scene, asked = case
    load(store, scene.log)
    ctx = scene.context(store)
    for query in asked:
        result, expected = ask(store, ctx, query), cohort_value(ctx, scene.log, query)
        found = {
            (group_of(group.breakdown), row.cohort): row for group in result.groups for row in group.cohorts
        }
        assert {key for key, row in found.items() if row.size} == {
            key for key, row in expected.items() if row.people
        }
        for key, row in expected.items():
            assert found[key].size == len(row.people)
            assert found[key].payers == tuple(None if who is None else len(who) for who in row.payers)
            assert list(found[key].value) == pytest.approx(row.value)
        for (group, cohort), row in list(expected.items())[:1]:
            at = CohortValueSelection(cohort=cohort, breakdown=values_of(group), age=1)
            payers = row.payers[1]
            assert people(store.engine, ctx, query, at) == sorted(payers or ())
            lost = people(store.engine, ctx, query, at.model_copy(update={"paid": False}))
            assert lost == ([] if payers is None else sorted(row.people - payers))


def at(day: int, person: int, amount: float) -> LogEvent:
    """A purchase at noon of a January day in Shanghai."""
    return LogEvent("buy", 1_704_081_600_000 + (day - 1) * DAY_MS, person, properties={"$revenue": amount})


LOG = EventLog((at(1, 1, 10), at(2, 1, 5), at(4, 1, 1), at(1, 2, 30), at(2, 3, 8), at(3, 3, -8), at(3, 4, 2)))
QUERY = CohortValueQuery(
    period=Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 2)), interval="day", ages=3,
    start=EventSelector(events=("buy",)), paying=EventSelector(events=("buy",)),
)  # fmt: skip


def test_two_cohorts(store: ProjectStore) -> None:
    load(store, LOG)
    ctx = context(store, LOG, now_ms=LOG.events[2].time_ms)
    (group,) = ask(store, ctx, QUERY).groups
    first, second = group.cohorts
    assert (first.size, first.payers, first.value) == (2, (2, 2, 2, 2), (40.0, 45.0, 45.0, 46.0))
    assert first.value_per_person == (20.0, 22.5, 22.5, 23.0)
    assert (second.size, second.payers, second.value) == (1, (1, 1, 1, None), (8.0, 0.0, 0.0, None))
    assert second.complete == (True, True, False, False)
    assert group.value_per_person == (16.0, 15.0, 22.5, None)
    assert people(store.engine, ctx, QUERY, CohortValueSelection(age=0)) == [1, 2, 3]
    assert people(store.engine, ctx, QUERY, CohortValueSelection(age=3)) == [1, 2]


def test_values_without_a_loss_never_fall(store: ProjectStore) -> None:
    log = EventLog(tuple(event for event in LOG.events if event.properties["$revenue"] != -8))
    load(store, log)
    for row in ask(store, context(store, log), QUERY).groups[0].cohorts:
        assert all((a or 0) <= (b or 0) for a, b in pairwise(row.value))
        assert all((a or 0) <= (b or 0) for a, b in pairwise(row.payers))


@pytest.mark.parametrize(
    "selection", [{"age": 4}, {"paid": False}, {"cohort": "2024-01-09"}, {"cohort": "x"}]
)
def test_a_selection_that_names_no_number_is_refused(
    store: ProjectStore, selection: dict[str, object]
) -> None:
    with pytest.raises(SelectionInvalid):
        people(store.engine, context(store), QUERY, CohortValueSelection.model_validate(selection))


def test_as_many_ages_as_are_allowed_are_answered(store: ProjectStore) -> None:
    load(store, LOG)
    ctx = context(store, LOG, now_ms=LOG.events[2].time_ms + 500 * DAY_MS)
    long = QUERY.model_copy(update={"ages": MAX_AGE})
    (group,) = ask(store, ctx, long).groups
    assert (len(group.cohorts[0].value), group.cohorts[0].value[-1]) == (MAX_AGE + 1, 46.0)
    assert people(store.engine, ctx, long, CohortValueSelection(age=MAX_AGE)) == [1, 2, 3]
