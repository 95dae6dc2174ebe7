"""Funnels in SQL give what the definition gives."""

from __future__ import annotations

from statistics import mean, median
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics import run
from bihuan.analytics.funnel import FunnelGroup, FunnelQuery, FunnelResult
from bihuan.analytics.query import BreakdownValue, resolve
from bihuan.analytics.reference import EventLog, all_buckets
from bihuan.analytics.reference.funnel import Journey, funnel
from bihuan.warehouse.project import ProjectStore
from tests.analytics.funnels import funnel_queries
from tests.analytics.loading import load
from tests.analytics.random_log import Scene, scenes

QUERIES_PER_LOG = 6


@st.composite
def cases(draw: st.DrawFn, **fixed: Any) -> tuple[Scene, list[FunnelQuery]]:
    scene = draw(scenes(max_events=25, max_people=2, spread_days=1))
    queries = funnel_queries(scene, **fixed)
    return scene, draw(st.lists(queries, min_size=QUERIES_PER_LOG, max_size=QUERIES_PER_LOG))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_funnel_counts_what_the_definition_counts(store: ProjectStore, case: tuple[Scene, list[FunnelQuery]]) -> None:
    scene, queries = case
    load(store, scene.log)
    for query in queries:
        check(store, scene, query)


def check(store: ProjectStore, scene: Scene, query: FunnelQuery) -> None:
    ctx = scene.context(store)
    result = run(store.engine, ctx, query)
    assert isinstance(result, FunnelResult)
    found = funnel(ctx, scene.log, query)
    by_key: dict[str | None, FunnelGroup] = {key_of(group.breakdown): group for group in result.segments}
    if result.overall is not None:
        by_key[None] = result.overall
        found[None] = {person: journey for people in found.values() for person, journey in people.items()}
    assert set(by_key) == set(found)
    for key, group in by_key.items():
        expect(scene, query, group, list(found[key].values()), store)


def expect(scene: Scene, query: FunnelQuery, group: FunnelGroup, journeys: list[Journey], store: ProjectStore) -> None:
    for index, step in enumerate(group.steps):
        level = sum(required <= index for required in query.required)
        if step.optional:
            assert step.people == sum(index in journey.optional for journey in journeys)
        else:
            assert step.people == sum(journey.level >= level for journey in journeys)
    for time in group.times:
        first, last = (sum(required < step for required in query.required) for step in (time.from_step, time.to_step))
        ends = (0, 1) if query.order == "unordered" else (first - 1, last - 1)
        seconds = [(j.times_ms[ends[1]] - j.times_ms[ends[0]]) / 1000 for j in journeys if j.level >= last]
        assert time.people == len(seconds) == sum(held.people for held in time.bins)
        if seconds:
            assert abs((time.mean_seconds or 0) - mean(seconds)) < 1e-6
            assert abs((time.median_seconds or 0) - median(seconds)) < 1e-6
        for held in time.bins:
            assert held.people == sum(
                held.from_seconds <= took and (held.to_seconds is None or took < held.to_seconds) for took in seconds
            )
    if query.over_time is not None:
        ctx = scene.context(store)
        labels = all_buckets(ctx, query.over_time, resolve(query.period, ctx))
        assert [bucket.bucket for bucket in group.over_time] == labels
        for bucket in group.over_time:
            levels = [journey.starts.get(bucket.bucket, 0) for journey in journeys]
            assert bucket.people == tuple(
                sum(level >= wanted for level in levels) for wanted in range(1, len(query.required) + 1)
            )


def key_of(value: BreakdownValue | None) -> str | None:
    if value is None:
        return None
    return "o" if value.other else "n" if value.value is None else "v" + value.value


def test_an_empty_log_has_an_empty_funnel(store: ProjectStore) -> None:
    load(store, EventLog(()))
