"""Lifecycle is what the oracle says, on random logs; its laws; its people."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.lifecycle import STAGES, LifecycleQuery, LifecycleResult, LifecycleSelection
from bihuan.analytics.query import Dates, EventSelector, Last
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.lifecycle import lifecycle
from bihuan.analytics.run import people, run, sql_of
from bihuan.warehouse.project import ProjectStore
from tests.analytics.groups import BREAKDOWNS, group_of, values_of
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, filters, periods, scenes, selectors

DAY_MS = 86_400_000


def queries(scene: Scene) -> st.SearchStrategy[LifecycleQuery]:
    return st.builds(
        LifecycleQuery,
        period=periods(scene),
        active=selectors(scene),
        interval=st.sampled_from(["day", "day", "week", "month"]),
        breakdowns=BREAKDOWNS,
        filter=st.one_of(st.none(), st.none(), filters(scene)),
        sample=st.sampled_from([None, None, 0.5]),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, list[LifecycleQuery]]:
    scene = draw(scenes(max_events=40))
    return scene, draw(st.lists(queries(scene), min_size=3, max_size=3))


def ask(store: ProjectStore, ctx: ProjectContext, query: LifecycleQuery) -> LifecycleResult:
    result = run(store.engine, ctx, query)
    assert isinstance(result, LifecycleResult)
    return result


@settings(max_examples=25, deadline=None)
@given(cases())
def test_every_figure_is_the_oracles_and_so_are_its_people(
    store: ProjectStore, case: tuple[Scene, list[LifecycleQuery]]
) -> None:
    scene, asked = case
    load(store, scene.log)
    ctx = scene.context(store)
    for query in asked:
        result, expected = ask(store, ctx, query), lifecycle(ctx, scene.log, query)
        found = {group_of(group.breakdown): group.units for group in result.groups}
        assert set(found) == set(expected)
        for group, stages in expected.items():
            for before, unit in pairwise(found[group]):
                assert before.active == unit.returning + unit.dormant
            assert {
                (unit.bucket, stage): getattr(unit, stage) for unit in found[group] for stage in STAGES
            } == {key: len(behind) for key, behind in stages.items()}
        for group, stages in list(expected.items())[:2]:
            for (bucket, stage), behind in sorted(stages.items(), key=lambda item: -len(item[1]))[:2]:
                selection = LifecycleSelection.model_validate({"bucket": bucket, "stage": stage})
                of_group = selection.model_copy(update={"breakdown": values_of(group)})
                assert people(store.engine, ctx, query, of_group) == sorted(behind)
                anywhere = set().union(*(each[bucket, stage] for each in expected.values()))
                assert people(store.engine, ctx, query, selection) == sorted(anywhere)


def at(day: int, person: int, event: str = "open") -> LogEvent:
    """An event at noon of the ``day``-th day of 2024 in Shanghai."""
    return LogEvent(event, 1_704_081_600_000 + (day - 1) * DAY_MS, person)


LOG = EventLog(
    (at(1, 1), at(2, 1), at(2, 2), at(4, 1), at(3, 3), at(4, 3), at(4, 3, "pay"), at(4, 4), at(-200, 4))
)


def test_four_days(store: ProjectStore) -> None:
    load(store, LOG)
    ctx = context(store, LOG, now_ms=LOG.events[3].time_ms)
    query = LifecycleQuery(period=Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 4)))
    figures = [tuple(getattr(unit, stage) for stage in STAGES) for unit in ask(store, ctx, query).units]
    assert figures == [(1, 0, 0, 0), (1, 1, 0, 0), (1, 0, 0, 2), (0, 1, 2, 0)]
    assert [unit.complete for unit in ask(store, ctx, query).units] == [True, True, True, False]
    came_back = LifecycleSelection(bucket="2024-01-04", stage="resurrected")
    assert people(store.engine, ctx, query, came_back) == [1, 4]
    paying = query.model_copy(update={"active": EventSelector(events=("pay",))})
    assert [unit.new for unit in ask(store, ctx, paying).units] == [0, 0, 0, 1]


@pytest.mark.parametrize("days", [4, 62, 100, 200, 400])
def test_masks_of_every_width_and_arrays_agree(store: ProjectStore, days: int) -> None:
    load(store, LOG)
    ctx = context(store, LOG)
    last = date(2024, 1, 4)
    query = LifecycleQuery(
        period=Dates(from_date=date.fromordinal(last.toordinal() - days + 1), to_date=last)
    )
    figures = [tuple(getattr(unit, stage) for stage in STAGES) for unit in ask(store, ctx, query).units]
    assert figures[-4:] == [(1, 0, 0, 0), (1, 1, 0, 0), (1, 0, 0, 2), (0, 1, 2, 0)]
    everyone_new = sum(figure[0] for figure in figures)
    assert everyone_new == (4 if days == 400 else 3)


def test_an_empty_log(store: ProjectStore) -> None:
    load(store, EventLog(()))
    result = ask(store, context(store), LifecycleQuery(period=Last(count=2), interval="week"))
    assert [(unit.active, unit.dormant) for unit in result.units] == [(0, 0)] * len(result.units)
    assert len(result.units) in (1, 2)


@pytest.mark.parametrize("bucket", ["May", "2024-12-02", "2020-01-01"])
def test_a_selection_that_names_no_number_is_refused(store: ProjectStore, bucket: str) -> None:
    query = LifecycleQuery(period=Dates(from_date=date(2024, 12, 3), to_date=date(2024, 12, 5)))
    with pytest.raises(SelectionInvalid):
        people(store.engine, context(store), query, LifecycleSelection(bucket=bucket, stage="new"))


def test_too_many_units_are_refused(store: ProjectStore) -> None:
    period: Any = Dates(from_date=date(1990, 1, 1), to_date=date(2024, 1, 1))
    with pytest.raises(QueryTooLarge):
        sql_of(context(store), LifecycleQuery(period=period))
