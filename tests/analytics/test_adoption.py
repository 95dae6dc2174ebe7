"""Adoption is what the oracle says, on random logs; its people; one case by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.adoption import AdoptionQuery, AdoptionResult, AdoptionSelection
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.errors import QueryTooLarge, SelectionInvalid
from bihuan.analytics.query import Dates, EventSelector
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.adoption import adoption
from bihuan.analytics.run import people, run, sql_of
from bihuan.warehouse.project import ProjectStore
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, filters, periods, scenes, selectors

DAY_MS = 86_400_000


def queries(scene: Scene) -> st.SearchStrategy[AdoptionQuery]:
    chosen = selectors(scene)
    return st.builds(
        AdoptionQuery,
        period=periods(scene),
        features=st.one_of(st.just(()), st.lists(chosen, min_size=1, max_size=3).map(tuple)),
        among=chosen,
        interval=st.sampled_from(["day", "day", "week", "month"]),
        top_n=st.integers(1, 4),
        filter=st.one_of(st.none(), st.none(), filters(scene)),
        sample=st.sampled_from([None, None, 0.5]),
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, list[AdoptionQuery]]:
    scene = draw(scenes())
    return scene, draw(st.lists(queries(scene), min_size=3, max_size=3))


def ask(store: ProjectStore, ctx: ProjectContext, query: AdoptionQuery) -> AdoptionResult:
    result = run(store.engine, ctx, query)
    assert isinstance(result, AdoptionResult)
    return result


@settings(max_examples=20, deadline=None)
@given(cases())
def test_every_figure_is_the_oracles_and_so_are_its_people(
    store: ProjectStore, case: tuple[Scene, list[AdoptionQuery]]
) -> None:
    scene, asked = case
    load(store, scene.log)
    ctx = scene.context(store)
    for query in asked:
        result = ask(store, ctx, query)
        among, expected = adoption(ctx, scene.log, query)
        assert result.people == len(among)
        assert [feature.event or str(feature.feature) for feature in result.features] == list(expected)
        for feature, use in zip(result.features, expected.values(), strict=True):
            units = sum(len(units) for units in use.units.values())
            assert (feature.people, feature.events) == (len(use.units), use.events)
            assert feature.reach == (len(use.units) / len(among) if among else None)
            assert feature.units_per_person == (units / len(use.units) if use.units else None)
            assert feature.frequency == (units / (len(use.units) * result.units) if use.units else None)
            assert feature.retention == (use.kept / use.eligible if use.eligible else None)
        for feature, use in list(zip(result.features, expected.values(), strict=True))[:1]:
            at = AdoptionSelection(event=feature.event, feature=feature.feature)
            assert people(store.engine, ctx, query, at) == sorted(use.units)
            others = people(store.engine, ctx, query, at.model_copy(update={"used": False}))
            assert others == sorted(among - set(use.units))


def at(day: int, person: int, event: str) -> LogEvent:
    """An event at noon of a January day in Shanghai."""
    return LogEvent(event, 1_704_081_600_000 + (day - 1) * DAY_MS, person)


LOG = EventLog(
    (
        at(1, 1, "find"), at(1, 1, "find"), at(2, 1, "find"), at(4, 1, "find"), at(2, 2, "find"),
        at(3, 2, "share"), at(4, 3, "share"), at(1, 4, "open"),
    )
)  # fmt: skip


def test_reach_frequency_and_retention(store: ProjectStore) -> None:
    load(store, LOG)
    ctx = context(store, LOG)
    query = AdoptionQuery(period=Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 4)), interval="day")
    result = ask(store, ctx, query)
    assert (result.people, result.units) == (4, 4)
    assert [(one.event, one.people, one.events) for one in result.features] == [
        ("find", 2, 5), ("share", 2, 2), ("open", 1, 1),
    ]  # fmt: skip
    find = result.features[0]
    assert (find.reach, find.events_per_person, find.units_per_person, find.frequency) == (0.5, 2.5, 2.0, 0.5)
    # Days 1 and 2 of one, day 2 of the other could be followed; day 4 is the last.
    assert find.retention == pytest.approx(1 / 3)
    assert find.adoption == pytest.approx(0.5 * 0.5 / 3)
    named = query.model_copy(
        update={"features": (EventSelector(events=("share", "open")), EventSelector(events=("no",)))}
    )
    both, nobody = ask(store, ctx, named).features
    assert (both.feature, both.name, both.people, both.reach) == (0, "share | open", 3, 0.75)
    assert (nobody.people, nobody.reach, nobody.frequency, nobody.retention) == (0, 0.0, None, None)


def test_an_empty_log(store: ProjectStore) -> None:
    load(store, EventLog(()))
    result = ask(store, context(store), AdoptionQuery())
    assert (result.people, result.features) == (0, ())


@pytest.mark.parametrize("selection", [{}, {"feature": 0}, {"event": "find", "feature": 0}])
def test_a_selection_that_names_no_feature_is_refused(
    store: ProjectStore, selection: dict[str, object]
) -> None:
    with pytest.raises(SelectionInvalid):
        people(store.engine, context(store), AdoptionQuery(), AdoptionSelection.model_validate(selection))


def test_too_many_units_are_refused(store: ProjectStore) -> None:
    long = Dates(from_date=date(2020, 1, 1), to_date=date(2024, 1, 1))
    with pytest.raises(QueryTooLarge):
        sql_of(context(store), AdoptionQuery(period=long, interval="day"))
