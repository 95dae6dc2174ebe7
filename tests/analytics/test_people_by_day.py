"""The rollup of people by day never changes an answer: late events, merges, undoing, squashing, erasure."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.lifecycle import STAGES, LifecycleQuery, LifecycleSelection
from bihuan.analytics.log_states import LogStates
from bihuan.analytics.query import (
    Breakdown,
    Dates,
    EventSelector,
    People,
    PresenceFilter,
    PropertyRef,
    Query,
    Selection,
    resolve,
)
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.lifecycle import lifecycle
from bihuan.analytics.retention import On, OnOrAfter, RetentionQuery, RetentionSelection, Rolling
from bihuan.analytics.run import people, people_sql, run, sql_of
from bihuan.analytics.sql.day_people import cell_key
from bihuan.analytics.stickiness import StickinessQuery, StickinessSelection
from bihuan.analytics.trend import TrendQuery, TrendSelection, TrendSeries
from bihuan.kernel.hashing import key64
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.rollups import building, cells, refresh
from bihuan.warehouse.version import data_version
from tests.analytics.histories import DAY_MS, IDS, STEPS, ZONE, Life
from tests.analytics.loading import add_events, add_overrides, context, fresh_project, load
from tests.analytics.random_log import EVENTS, Scene, periods, scenes
from tests.people.logs import START_MS

OS = PropertyRef(name="$os")
ON = st.builds(On, ages=st.integers(1, 4))
OR_AFTER = st.builds(OnOrAfter, ages=st.integers(1, 4))


@pytest.fixture(autouse=True)
def used_however_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small logs are mostly stale at once: use the rollup all the same, and build it in many batches."""
    monkeypatch.setattr(cells, "MOST_STALE_SHARE", 2.0)
    monkeypatch.setattr(building, "ROWS_PER_BATCH", 20)


def build(store: ProjectStore, time_zone: str = ZONE) -> None:
    refresh(store, time_zone, {OS.name: cell_key(OS)})


STATES = LogStates()


def rolled(store: ProjectStore, ctx: ProjectContext) -> ProjectContext:
    state = STATES.of(store, data_version(store))
    return dataclasses.replace(ctx, people_by_day=state.people_by_day(ctx.time_zone))


def figures(store: ProjectStore, ctx: ProjectContext, query: Query) -> dict[str, Any]:
    return run(store.engine, ctx, query).model_dump(exclude={"sql", "rows_read", "bytes_read"})


def same(store: ProjectStore, ctx: ProjectContext, query: Query) -> None:
    """Figures and people are those of the log."""
    rolled_up = rolled(store, ctx)
    assert figures(store, rolled_up, query) == figures(store, ctx, query)
    for selection in selections(ctx, query):
        behind = people(store.engine, rolled_up, query, selection)
        assert behind == people(store.engine, ctx, query, selection)


def selections(ctx: ProjectContext, query: Query) -> list[Selection]:
    last = resolve(query.period, ctx).last_day.isoformat()
    match query:
        case LifecycleQuery(interval="day"):
            return [LifecycleSelection(bucket=last, stage=stage) for stage in STAGES]
        case StickinessQuery(per=None):
            return [StickinessSelection(units=1), StickinessSelection(units=1, at_least=True)]
        case RetentionQuery():
            came = RetentionSelection(column=1)
            return [RetentionSelection(), came, came.model_copy(update={"returned": False})]
        case TrendQuery(interval="day"):
            return [TrendSelection(), TrendSelection(bucket=last)]
    return []


def selectors() -> st.SearchStrategy[EventSelector]:
    names = st.lists(st.sampled_from(EVENTS), max_size=2, unique=True).map(tuple)
    return st.builds(EventSelector, events=names)


def queries(scene: Scene) -> st.SearchStrategy[Query]:
    days = periods(scene)
    trends = st.builds(
        lambda selector, breakdowns, **rest: TrendQuery(
            series=(TrendSeries(selector=selector, measure=People()),), breakdowns=tuple(breakdowns), **rest
        ),
        selector=selectors(),
        breakdowns=st.lists(st.builds(Breakdown, property=st.just(OS), top_n=st.integers(1, 3)), max_size=1),
        period=days,
        interval=st.sampled_from(["day", "week", "month", "quarter", "year"]),
        compare=st.sampled_from([None, "previous_period"]),
    )
    units = st.sampled_from(
        [("day", None), ("day", "week"), ("day", "month"), ("week", None), ("month", "year")]
    )
    sticky = st.builds(
        lambda units, **rest: StickinessQuery(interval=units[0], per=units[1], **rest),
        units=units,
        active=selectors(),
        period=days,
    )
    stages = st.builds(
        LifecycleQuery, active=selectors(), interval=st.sampled_from(["day", "week", "month"]), period=days
    )
    coming_back = st.builds(
        lambda start, back, **rest: RetentionQuery(start=start, back=back or start, **rest),
        start=selectors(),
        back=st.one_of(st.none(), selectors()),
        cohort=st.sampled_from(["first_time", "recurring"]),
        interval=st.sampled_from(["day", "day", "week", "month"]),
        returning=st.one_of(ON, OR_AFTER),
        period=days,
    )
    return st.one_of(trends, sticky, stages, coming_back)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, int, list[Query]]:
    scene = draw(scenes(max_events=30))
    built = draw(st.integers(0, len(scene.log.events)))
    return scene, built, draw(st.lists(queries(scene), min_size=4, max_size=4))


@settings(max_examples=12, deadline=None)
@given(cases())
def test_events_that_come_late_and_people_who_are_merged_after_it_was_built(
    store: ProjectStore, case: tuple[Scene, int, list[Query]]
) -> None:
    scene, built, asked = case
    load(store, EventLog(scene.log.events[:built], {}))
    store.engine.command(f"TRUNCATE TABLE {store.table('identity_overrides')}")
    build(store, scene.time_zone)
    add_events(store, scene.log.events[built:])
    add_overrides(store, scene.log)
    ctx = scene.context(store)
    for query in asked:
        same(store, ctx, query)
        if isinstance(query, LifecycleQuery):
            result = run(store.engine, rolled(store, ctx), query)
            expected = lifecycle(ctx, scene.log, query)[()]
            found = {(u.bucket, stage): getattr(u, stage) for u in result.units for stage in STAGES}
            assert found == {key: len(behind) for key, behind in expected.items()}


VIEWS = EventSelector(events=("view",))
WEEK = Dates(from_date=date(2025, 10, 9), to_date=date(2025, 10, 15))
ASKED: tuple[Query, ...] = (
    LifecycleQuery(period=WEEK),
    LifecycleQuery(active=VIEWS, interval="week", period=WEEK),
    StickinessQuery(active=VIEWS, period=WEEK),
    RetentionQuery(start=VIEWS, period=WEEK, returning=On(ages=3)),
    RetentionQuery(cohort="recurring", period=WEEK, returning=OnOrAfter(ages=3)),
    TrendQuery(
        series=(TrendSeries(selector=VIEWS, measure=People()),),
        breakdowns=(Breakdown(property=OS),),
        period=WEEK,
    ),
)


@settings(max_examples=6, deadline=None)
@given(STEPS)
def test_whatever_happens_the_answers_are_those_of_the_log(
    engine: Engine, steps: list[tuple[str, Any]]
) -> None:
    life = Life(engine, build)
    for what, given_to_it in [*steps, ("build", None)]:
        life.do(what, given_to_it)
        ctx = life.context()
        for query in ASKED:
            same(life.store, ctx, query)


def at(day: int, distinct_id: str, event: str = "view") -> LogEvent:
    return LogEvent(event, START_MS + day * DAY_MS, key64(distinct_id), distinct_id=distinct_id)


def test_a_built_rollup_is_read_instead_of_the_log(engine: Engine) -> None:
    store = fresh_project(engine)
    add_events(store, [at(day, name) for day in range(7) for name in IDS])
    ctx = context(store, time_zone=ZONE, now_ms=START_MS + 20 * DAY_MS)
    assert all("day_people" not in sql_of(rolled(store, ctx), query) for query in ASKED)
    build(store)
    for query in ASKED:
        sql = sql_of(rolled(store, ctx), query)
        assert "day_people" in sql
        assert store.table("events") not in sql
        for selection in selections(ctx, query):
            assert store.table("events") not in people_sql(rolled(store, ctx), query, selection)
        same(store, ctx, query)
    add_events(store, [at(2, "late")])
    stale = sql_of(rolled(store, ctx), ASKED[2])
    assert store.table("events") in stale
    assert f"toDate('{date(2025, 10, 9) + timedelta(days=2)}')" in stale


@pytest.mark.parametrize(
    "query",
    [
        LifecycleQuery(period=WEEK, filter=PresenceFilter(property=OS, operator="exists")),
        StickinessQuery(period=WEEK, sample=0.5),
        RetentionQuery(period=WEEK, interval="hour"),
        RetentionQuery(period=WEEK, returning=Rolling(window=2)),
        RetentionQuery(period=WEEK, breakdowns=(Breakdown(property=OS),)),
        LifecycleQuery(period=WEEK, breakdowns=(Breakdown(property=OS),)),
        StickinessQuery(period=WEEK, breakdowns=(Breakdown(property=OS),)),
        TrendQuery(series=(TrendSeries(measure=People()),), period=WEEK, interval="hour"),
        TrendQuery(
            series=(TrendSeries(measure=People()),),
            period=WEEK,
            breakdowns=(Breakdown(property=PropertyRef(name="x")),),
        ),
    ],
)
def test_what_it_cannot_answer_is_asked_of_the_log(engine: Engine, query: Query) -> None:
    store = fresh_project(engine)
    add_events(store, [at(day, name) for day in range(7) for name in IDS])
    build(store)
    ctx = context(store, time_zone=ZONE, now_ms=START_MS + 20 * DAY_MS)
    assert "day_people" not in sql_of(rolled(store, ctx), query)
    elsewhere = dataclasses.replace(ctx, time_zone="Europe/London")
    assert all("day_people" not in sql_of(rolled(store, elsewhere), query) for query in ASKED)


def test_a_rollup_built_anew_while_a_query_runs(engine: Engine) -> None:
    store = fresh_project(engine)
    add_events(store, [at(day, name) for day in range(7) for name in IDS])
    build(store)
    ctx = context(store, time_zone=ZONE, now_ms=START_MS + 20 * DAY_MS)
    before = rolled(store, ctx)
    assert "day_people" in sql_of(before, ASKED[2])
    add_events(store, [at(3, "new")])
    build(store)
    assert figures(store, before, ASKED[2]) == figures(store, ctx, ASKED[2])


def test_numbers_that_were_lost_are_noticed_and_given_again(engine: Engine) -> None:
    store = fresh_project(engine)
    add_events(store, [at(day, name) for day in range(7) for name in IDS])
    build(store)
    store.engine.command(f"TRUNCATE TABLE {store.table('person_numbers')}")
    ctx = context(store, time_zone=ZONE, now_ms=START_MS + 20 * DAY_MS)
    assert "day_people" not in sql_of(rolled(store, ctx), ASKED[2])
    build(store)
    assert "day_people" in sql_of(rolled(store, ctx), ASKED[2])
    assert figures(store, rolled(store, ctx), ASKED[2]) == figures(store, ctx, ASKED[2])


def test_everybody_has_one_number_of_their_own(engine: Engine) -> None:
    store = fresh_project(engine)
    for part in range(3):
        add_events(store, [at(day, f"p{part * 5 + number}") for day in range(3) for number in range(10)])
        build(store)
    assert store.engine.rows(
        f"SELECT uniqExact(person_id), uniqExact(number), max(number) FROM {store.table('person_numbers')}"
    ) == [(20, 20, 20)]


def test_a_run_reads_a_limited_number_of_rows_and_the_next_ones_the_rest(engine: Engine) -> None:
    store = fresh_project(engine)
    add_events(store, [at(day, name) for day in range(7) for name in IDS])
    first = refresh(store, ZONE, {}, most_rows=15)
    assert (first.cells, first.left) == (3, 4)
    assert refresh(store, ZONE, {}).cells == 4
    assert refresh(store, ZONE, {}).cells == 0
