"""Kept sequences never change an answer: late events, merges, undoing, squashing, erasure, other months."""

from __future__ import annotations

import dataclasses
import os
import sys
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.funnel import (
    FunnelBreakdown,
    FunnelQuery,
    FunnelSelection,
    FunnelStep,
    FunnelWindow,
    sequenced,
)
from bihuan.analytics.log_states import LogState
from bihuan.analytics.paths import PathsQuery, PathsResult, PathsSelection
from bihuan.analytics.paths import sequenced as sequenced_paths
from bihuan.analytics.query import (
    Dates,
    EventSelector,
    People,
    PresenceFilter,
    PropertyMeasure,
    PropertyRef,
    Query,
    Selection,
)
from bihuan.analytics.reference import LogEvent
from bihuan.analytics.result import Result
from bihuan.analytics.run import people, run
from bihuan.analytics.sequences import changes, view
from bihuan.analytics.trend import TrendQuery, TrendResult, TrendSeries
from bihuan.analytics.trend import sequenced as sequenced_trends
from bihuan.kernel.hashing import key64
from bihuan.people import People as PeopleService
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.errors import QueryTimeLimit
from bihuan.warehouse.project import ProjectStore, drop_project
from bihuan.warehouse.sequences import building, kept, refresh
from bihuan.warehouse.sequences.writing import PartWriter
from bihuan.warehouse.version import data_version
from tests.analytics.histories import DAY_MS, IDS, STEPS, ZONE, Life
from tests.analytics.keeping import build, build_before_the_rest, with_sequences, work_in_small_pieces
from tests.analytics.kept_queries import OS, REVENUE, funnels, path_queries, steps_of, trends
from tests.analytics.loading import add_events, context, fresh_project
from tests.analytics.random_log import EVENTS, Scene, scenes
from tests.people.logs import START_MS

MODULES: dict[type, Any] = {FunnelQuery: sequenced, PathsQuery: sequenced_paths, TrendQuery: sequenced_trends}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    work_in_small_pieces(monkeypatch)


def same(store: ProjectStore, ctx: ProjectContext, query: Query, *, answered: bool = True) -> None:
    """Figures and people are those of the log."""
    kept_ones = with_sequences(store, ctx)
    module = MODULES[type(query)]
    if answered:
        assert module.sequenced_rows(kept_ones, query, 60.0) is not None
    found = run(store.engine, kept_ones, query)
    expected = run(store.engine, ctx, query)
    assert found.model_dump(exclude={"sql", "rows_read", "bytes_read"}) == near(expected)
    for selection in selections(expected):
        if answered:
            assert module.sequenced_people(kept_ones, query, selection, 60.0) is not None
        behind = people(store.engine, ctx, query, selection)
        assert people(store.engine, kept_ones, query, selection) == behind
        assert people(store.engine, kept_ones, query, selection, limit=1) == behind[:1]
        assert people(store.engine, kept_ones, query, selection, after=(behind or [0])[0]) == behind[1:]


def near(value: Any) -> Any:
    """A result whose figures may differ as sums do that were added up in another order."""
    if isinstance(value, Result):
        return near(value.model_dump(exclude={"sql", "rows_read", "bytes_read"}))
    if isinstance(value, dict):
        return {key: near(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(near(part) for part in value)
    return pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value


def selections(result: Any) -> list[Selection]:
    if isinstance(result, TrendResult):
        return []
    if isinstance(result, PathsResult):
        nodes = [PathsSelection(step=node.step, node=node.node) for node in result.nodes[:3]]
        links = [
            PathsSelection(step=link.step, node=link.source, target=link.target) for link in result.links[-2:]
        ]
        ended = [each.model_copy(update={"ended": True}) for each in nodes[:1]]
        return [*nodes, *links, *ended]
    if result.overall is None:
        return []
    steps = len(result.overall.steps)
    found = [FunnelSelection(step=1), FunnelSelection(step=2), FunnelSelection(step=2, outcome="dropped")]
    found += [FunnelSelection(step=steps, breakdown=group.breakdown) for group in result.segments]
    if result.overall.times:
        found += [FunnelSelection(step=2, bin=0), FunnelSelection(step=steps, bin=1, from_previous=steps > 2)]
    return list(found)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, int, list[Query]]:
    scene = draw(scenes(max_events=40))
    built = draw(st.integers(0, len(scene.log.events)))
    asked = st.one_of(funnels(scene), path_queries(scene), trends(scene))
    return scene, built, draw(st.lists(asked, min_size=5, max_size=5))


@settings(max_examples=14, deadline=None)
@given(cases())
def test_events_that_come_late_and_people_who_are_merged_after_they_were_written(
    store: ProjectStore, case: tuple[Scene, int, list[Query]]
) -> None:
    scene, built, asked = case
    build_before_the_rest(store, scene, built)
    for query in asked:
        same(store, scene.context(store), query, answered=built > 0)


WEEK = Dates(from_date=date(2025, 10, 9), to_date=date(2025, 10, 15))
ASKED: tuple[Query, ...] = (
    FunnelQuery(
        steps=steps_of(["view", "add"]), window=FunnelWindow(count=3), period=WEEK,
        breakdown=FunnelBreakdown(property=OS),
    ),
    FunnelQuery(steps=steps_of(["add", "view"]), order="strict", window=FunnelWindow(count=3), period=WEEK),
    PathsQuery(period=WEEK, window_seconds=200_000.0, steps=3),
    TrendQuery(
        series=(
            TrendSeries(), TrendSeries(measure=PropertyMeasure(property=REVENUE, aggregate="sum"))
        ),
        period=WEEK,
    ),
)  # fmt: skip


@settings(max_examples=5, deadline=None)
@given(STEPS)
def test_whatever_happens_the_answers_are_those_of_the_log(
    engine: Engine, steps: list[tuple[str, Any]]
) -> None:
    life = Life(engine, build)
    for what, given_to_it in [*steps, ("build", None)]:
        life.do(what, given_to_it)
        for query in ASKED:
            same(life.store, life.context(), query, answered=False)


def at(day: int, distinct_id: str, event: str = "view") -> LogEvent:
    return LogEvent(event, START_MS + day * DAY_MS, key64(distinct_id), distinct_id=distinct_id)


def week_of_visits(engine: Engine) -> tuple[ProjectStore, ProjectContext]:
    store = fresh_project(engine)
    add_events(store, [at(day, name, EVENTS[day % 2]) for day in range(7) for name in IDS])
    return store, context(store, time_zone=ZONE, now_ms=START_MS + 20 * DAY_MS)


def test_only_months_that_changed_are_written_anew(engine: Engine) -> None:
    store, _ = week_of_visits(engine)
    add_events(store, [at(60, name) for name in IDS])
    first = refresh(store, {})
    assert (first.months, first.rows) == (2, 40)
    assert store.sequences is not None
    before = {path.name for path in store.sequences.iterdir()}
    add_events(store, [at(61, "new")])
    assert (refresh(store, {}).months, refresh(store, {}).months) == (1, 0)
    after = {path.name for path in store.sequences.iterdir()}
    assert {"202510-1", "202512-1"} <= before
    assert {"202510-1", "202512-2"} <= after
    assert "202512-1" not in after


def test_a_run_writes_a_limited_number_of_rows_the_latest_month_first(engine: Engine) -> None:
    store, ctx = week_of_visits(engine)
    add_events(store, [at(60, name) for name in IDS])
    first = refresh(store, {}, most_rows=20)
    assert (first.months, first.rows, first.left) == (1, 5, 1)
    for query in ASKED:
        same(store, ctx, query, answered=False)
    assert refresh(store, {}).rows == 35


def test_a_run_that_fails_leaves_the_generation_before_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, ctx = week_of_visits(engine)
    build(store)
    assert store.sequences is not None
    before = sorted(path.name for path in store.sequences.iterdir())
    add_events(store, [at(8, name) for name in IDS])
    monkeypatch.setattr(PartWriter, "_write_cells", no_space_left)
    with pytest.raises(OSError, match="no space"):
        build(store)
    assert sorted(path.name for path in store.sequences.iterdir()) == before
    for query in ASKED:
        same(store, ctx, query)


def no_space_left(writer: PartWriter) -> None:
    raise OSError("no space")


def test_what_was_erased_leaves_the_files_at_the_next_run(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = week_of_visits(engine)
    build(store)
    monkeypatch.setattr(building, "WORTH_ROWS", 1_000_000)
    PeopleService(store).erasures.erase("d1", actor="operator", at_ms=START_MS + 400 * DAY_MS)
    build(store)
    assert store.sequences is not None
    found = kept(store.sequences)
    assert found is not None
    assert key64("d1") not in found.persons
    assert key64("d2") in found.persons


def test_more_changes_than_are_worth_it_are_left_to_the_log(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, ctx = week_of_visits(engine)
    build(store)
    monkeypatch.setattr(changes, "MOST_ROWS", 0)
    monkeypatch.setattr(view, "MOST_CELLS", 0)
    for query in ASKED:
        same(store, ctx, query)
    add_events(store, [at(day, "many") for day in range(5)])
    for query in ASKED:
        assert sequenced_rows(store, ctx, query) is None
        same(store, ctx, query, answered=False)


def sequenced_rows(store: ProjectStore, ctx: ProjectContext, query: Any) -> Any:
    module = MODULES[type(query)]
    return module.sequenced_rows(with_sequences(store, ctx), query, 60.0)


FUNNEL = {"steps": steps_of(["view", "add"]), "period": WEEK}
HAS_OS = PresenceFilter(property=OS, operator="exists")


@pytest.mark.parametrize(
    "query",
    [
        FunnelQuery(**FUNNEL, filter=HAS_OS),
        FunnelQuery(**FUNNEL, sample=0.5),
        FunnelQuery(**FUNNEL, hold=OS),
        FunnelQuery(**FUNNEL, over_time="day"),
        FunnelQuery(**FUNNEL, order="unordered"),
        FunnelQuery(**FUNNEL, window_from="session"),
        FunnelQuery(**FUNNEL, breakdown=FunnelBreakdown(property=PropertyRef(name="x"))),
        FunnelQuery(**FUNNEL, breakdown=FunnelBreakdown(property=OS, touch="every")),
        FunnelQuery(steps=steps_of(["view", "view"]), period=WEEK),
        FunnelQuery(
            period=WEEK,
            steps=(
                FunnelStep(selector=EventSelector(events=("view",), filter=HAS_OS)), *steps_of(["add"]),
            ),
        ),
        TrendQuery(series=(TrendSeries(),), period=WEEK, filter=HAS_OS),
        TrendQuery(series=(TrendSeries(),), period=WEEK, sample=0.5),
        TrendQuery(series=(TrendSeries(selector=EventSelector(filter=HAS_OS)),), period=WEEK),
        TrendQuery(series=(TrendSeries(measure=People()),), period=WEEK),
        TrendQuery(
            series=(TrendSeries(measure=PropertyMeasure(property=OS, aggregate="sum")),), period=WEEK
        ),
        PathsQuery(period=WEEK, filter=HAS_OS),
        PathsQuery(period=WEEK, sample=0.5),
        PathsQuery(period=WEEK, node=OS),
        PathsQuery(period=WEEK, selector=EventSelector(filter=HAS_OS)),
    ],
)  # fmt: skip
def test_what_they_cannot_answer_is_asked_of_the_log(engine: Engine, query: Query) -> None:
    store, ctx = week_of_visits(engine)
    build(store)
    assert sequenced_rows(store, ctx, query) is None
    same(store, ctx, query, answered=False)


def test_numbers_of_ids_that_were_lost_are_noticed(engine: Engine) -> None:
    store, ctx = week_of_visits(engine)
    build(store)
    store.engine.command(f"TRUNCATE TABLE {store.table('person_numbers')}")
    for has_overrides in (True, False):
        fresh = LogState(store, data_version(store)).sequences()
        seen = dataclasses.replace(ctx, has_overrides=has_overrides, sequences=fresh)
        rows = sequenced.sequenced_rows(seen, ASKED[0], 60.0)  # type: ignore[arg-type]
        assert (rows is None) == has_overrides


def test_a_query_stops_when_its_time_is_over(engine: Engine) -> None:
    store, ctx = week_of_visits(engine)
    build(store)
    with pytest.raises(QueryTimeLimit):
        sequenced.sequenced_rows(with_sequences(store, ctx), ASKED[0], -1.0)  # type: ignore[arg-type]


def test_a_dropped_project_leaves_no_files(engine: Engine) -> None:
    store, _ = week_of_visits(engine)
    build(store)
    assert store.sequences is not None
    assert store.sequences.exists()
    drop_project(store)
    assert not store.sequences.exists()


def test_what_is_not_of_this_form_is_no_sequence(engine: Engine) -> None:
    store, ctx = week_of_visits(engine)
    build(store)
    assert store.sequences is not None
    (store.sequences / "manifest.json").write_text("{")
    assert kept(store.sequences) is None
    fresh = dataclasses.replace(ctx, sequences=LogState(store, data_version(store)).sequences())
    assert sequenced.sequenced_rows(fresh, ASKED[0], 60.0) is None  # type: ignore[arg-type]
    build(store)
    assert kept(store.sequences) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="counts open files in /proc")
def test_short_months_keep_no_file_open(engine: Engine) -> None:
    store, _ = week_of_visits(engine)
    build(store)
    assert store.sequences is not None
    before = len(os.listdir("/proc/self/fd"))
    found = [kept(store.sequences) for _ in range(20)]
    assert None not in found
    assert len(os.listdir("/proc/self/fd")) <= before + 2
