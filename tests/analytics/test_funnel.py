"""Funnels in SQL give what the definition gives."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime
from statistics import mean, median
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics import people, run
from bihuan.analytics.funnel import (
    ConversionTime,
    FunnelBreakdown,
    FunnelGroup,
    FunnelQuery,
    FunnelResult,
    FunnelSelection,
    FunnelStep,
    FunnelWindow,
)
from bihuan.analytics.funnel.rows import needs_every_event
from bihuan.analytics.query import BreakdownValue, Dates, EventSelector, PropertyRef, resolve
from bihuan.analytics.reference import EventLog, LogEvent, all_buckets
from bihuan.analytics.reference.funnel import Journey, funnel
from bihuan.analytics.sql import breakdown_value
from bihuan.warehouse.project import ProjectStore
from tests.analytics import golden
from tests.analytics.funnels import funnel_queries
from tests.analytics.loading import context, load, reading_in_order_of_people
from tests.analytics.random_log import Scene, scenes

QUERIES_PER_LOG = 5
START_MS = int(datetime(2024, 5, 6, tzinfo=UTC).timestamp() * 1000)


@st.composite
def cases(draw: st.DrawFn, **fixed: Any) -> tuple[Scene, list[FunnelQuery]]:
    scene = draw(scenes(max_events=25, max_people=2, spread_days=1))
    queries = funnel_queries(scene, **fixed)
    return scene, draw(st.lists(queries, min_size=QUERIES_PER_LOG, max_size=QUERIES_PER_LOG))


@settings(max_examples=12, deadline=None)
@given(cases())
def test_a_funnel_counts_what_the_definition_counts(
    store: ProjectStore, case: tuple[Scene, list[FunnelQuery]]
) -> None:
    scene, queries = case
    load(store, scene.log)
    for query in queries:
        check(store, scene, query)
        if needs_every_event(query):
            with reading_in_order_of_people():
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


def expect(
    scene: Scene, query: FunnelQuery, group: FunnelGroup, journeys: list[Journey], store: ProjectStore
) -> None:
    for index, step in enumerate(group.steps):
        level = sum(required <= index for required in query.required)
        if step.optional:
            assert step.people == sum(index in journey.optional for journey in journeys)
        else:
            assert step.people == sum(journey.level >= level for journey in journeys)
    for time in group.times:
        first, last = (
            sum(required < step for required in query.required) for step in (time.from_step, time.to_step)
        )
        ends = (0, 1) if query.order == "unordered" else (first - 1, last - 1)
        seconds = [(j.times_ms[ends[1]] - j.times_ms[ends[0]]) / 1000 for j in journeys if j.level >= last]
        assert time.people == len(seconds) == sum(held.people for held in time.bins)
        if seconds:
            assert abs((time.mean_seconds or 0) - mean(seconds)) < 1e-6
            assert abs((time.median_seconds or 0) - median(seconds)) < 1e-6
        for held in time.bins:
            assert held.people == sum(
                held.from_seconds <= took and (held.to_seconds is None or took < held.to_seconds)
                for took in seconds
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


@settings(max_examples=8, deadline=None)
@given(cases())
def test_the_people_behind_each_number_are_those_counted(
    store: ProjectStore, case: tuple[Scene, list[FunnelQuery]]
) -> None:
    scene, queries = case
    load(store, scene.log)
    ctx = scene.context(store)
    for query in queries[:3]:
        for segment, journeys in list(funnel(ctx, scene.log, query).items())[:1]:
            value = None if segment is None else breakdown_value(segment)
            for index, step in enumerate(query.steps):
                before = sum(required < index for required in query.required)
                reached = {
                    person
                    for person, journey in journeys.items()
                    if (index in journey.optional if step.optional else journey.level > before)
                }
                selection = FunnelSelection(step=index + 1, breakdown=value)
                assert people(store.engine, ctx, query, selection) == sorted(reached)
                if index:
                    arrived = {person for person, journey in journeys.items() if journey.level >= before}
                    dropped = selection.model_copy(update={"outcome": "dropped"})
                    assert people(store.engine, ctx, query, dropped) == sorted(arrived - reached)


def shop_log(people_count: int, *, seed: int = 3) -> EventLog:
    """Views, carts and payments of a few days, many at the same instants."""
    chosen = random.Random(seed)
    events = []
    for number in range(people_count * 12):
        name = chosen.choice(["view", "view", "cart", "cart", "pay"])
        time_ms = START_MS + chosen.randrange(0, 4 * 24 * 12) * 300_000
        person = chosen.randrange(people_count) + seed * 1000
        properties = {"order": chosen.choice("abc")}
        event_id = uuid.UUID(int=seed * 10**6 + number)
        events.append(LogEvent(name, time_ms, person, f"p{person}", properties, event_id=event_id))
    return EventLog(tuple(events))


def shop_query(**fixed: Any) -> FunnelQuery:
    steps = tuple(FunnelStep(selector=EventSelector(events=(name,))) for name in ("view", "cart", "pay"))
    period = Dates(from_date=date(2024, 5, 6), to_date=date(2024, 5, 8))
    return FunnelQuery(**({"steps": steps, "period": period, "window": FunnelWindow(count=1)} | fixed))


def counts(store: ProjectStore, query: FunnelQuery) -> list[int]:
    result = run(store.engine, context(store, time_zone="UTC"), query)
    assert isinstance(result, FunnelResult)
    assert result.overall is not None
    return [step.people for step in result.overall.steps]


def test_later_steps_have_no_more_people_and_wider_windows_no_fewer(store: ProjectStore) -> None:
    load(store, shop_log(60))
    for order, since in [("ordered", "first_step"), ("ordered", "previous_step"), ("strict", "first_step")]:
        before = [0, 0, 0]
        for minutes in (1, 60, 600, 6000):
            window = FunnelWindow(count=minutes, unit="minute")
            found = counts(store, shop_query(order=order, window_from=since, window=window))
            assert found == sorted(found, reverse=True)
            assert all(now >= then for now, then in zip(found, before, strict=True))
            before = found
        assert before[2] > 0
    assert counts(store, shop_query(order="strict"))[2] < counts(store, shop_query())[2]
    assert counts(store, shop_query())[2] <= counts(store, shop_query(order="unordered"))[2]


def test_order_of_arrival_does_not_matter_and_disjoint_people_add_up(store: ProjectStore) -> None:
    first, second = shop_log(20, seed=1), shop_log(20, seed=2)
    queries = [
        shop_query(),
        shop_query(order="strict"),
        shop_query(order="unordered"),
        shop_query(window_from="session"),
    ]
    each = []
    for log in (first, second):
        load(store, log)
        each.append([counts(store, query) for query in queries])
    load(store, EventLog(tuple(reversed(first.events)) + tuple(reversed(second.events))))
    together = [counts(store, query) for query in queries]
    assert together == [
        [a + b for a, b in zip(left, right, strict=True)] for left, right in zip(*each, strict=True)
    ]
    assert all(figures[0] > 20 for figures in together)


def test_optional_steps_and_the_general_way_leave_required_counts_alone(store: ProjectStore) -> None:
    load(store, shop_log(60))
    view, cart, pay = shop_query().steps
    extra = FunnelStep(selector=EventSelector(events=("cart",)), optional=True)
    found = counts(store, shop_query(steps=(view, extra, cart, pay)))
    assert [found[0], found[2], found[3]] == counts(store, shop_query())
    assert counts(store, shop_query(conversion_time=ConversionTime())) == counts(store, shop_query())
    assert counts(store, shop_query(over_time="day")) == counts(store, shop_query())


def test_an_empty_log_has_an_empty_funnel(store: ProjectStore) -> None:
    load(store, EventLog(()))
    for extra in ({}, {"order": "unordered"}, {"conversion_time": ConversionTime()}, {"over_time": "day"}):
        assert counts(store, shop_query(**extra)) == [0, 0, 0]
    breakdown = FunnelBreakdown(property=PropertyRef(name="order"))
    assert counts(store, shop_query(breakdown=breakdown)) == [0, 0, 0]


def test_twenty_steps_can_be_asked_for(store: ProjectStore) -> None:
    load(store, shop_log(5))
    steps = tuple(FunnelStep(selector=EventSelector(events=(f"e{n}",))) for n in range(20))
    for extra in ({}, {"order": "strict"}, {"order": "unordered"}, {"conversion_time": ConversionTime()}):
        assert counts(store, shop_query(steps=steps, **extra)) == [0] * 20


def test_segments_say_how_they_differ_from_the_rest(store: ProjectStore) -> None:
    load(store, shop_log(60))
    query = shop_query(breakdown=FunnelBreakdown(property=PropertyRef(name="order"), top_n=2))
    result = run(store.engine, context(store, time_zone="UTC"), query)
    assert isinstance(result, FunnelResult)
    assert len(result.segments) == 3
    assert result.segments[-1].breakdown == BreakdownValue(other=True)
    assert result.overall is not None
    assert sum(group.steps[0].people for group in result.segments) == result.overall.steps[0].people
    for group in result.segments:
        assert group.difference is not None
        assert group.difference.low is not None
        assert group.difference.low <= (group.difference.difference or 0) <= (group.difference.high or 0)


@pytest.mark.parametrize("days", [30, 60, 3_000])
@pytest.mark.parametrize("extra", [{}, {"window_from": "previous_step"}, {"order": "unordered"}])
def test_the_time_to_convert_within_any_window(store: ProjectStore, days: int, extra: dict[str, Any]) -> None:
    scene = Scene(shop_log(20), "UTC", 1, START_MS + 40 * 86_400_000)
    load(store, scene.log)
    wanted = ConversionTime(bin_seconds=600, bins=4)
    check(store, scene, shop_query(window=FunnelWindow(count=days), conversion_time=wanted, **extra))
    growing = shop_query(window=FunnelWindow(count=days), conversion_time=ConversionTime(), **extra)
    result = run(store.engine, scene.context(store), growing)
    assert isinstance(result, FunnelResult)
    assert result.overall is not None
    assert sum(each.people for each in result.overall.times[-1].bins) == result.overall.times[-1].people > 0


def test_of_events_that_end_a_chain_together_the_latest_start_counts(store: ProjectStore) -> None:
    moments = [("view", 0), ("view", 60_000), ("pay", 60_000)]
    events = tuple(
        LogEvent(name, START_MS + at_ms, 7, "p7", {}, event_id=uuid.UUID(int=1 + number))
        for number, (name, at_ms) in enumerate(moments)
    )
    scene = Scene(EventLog(events), "UTC", 1, START_MS + 86_400_000)
    load(store, scene.log)
    pay, view = (FunnelStep(selector=EventSelector(events=(name,))) for name in ("pay", "view"))
    query = shop_query(steps=(pay, view), order="unordered", conversion_time=ConversionTime())
    check(store, scene, query)
    result = run(store.engine, scene.context(store), query)
    assert isinstance(result, FunnelResult)
    assert result.overall is not None
    assert result.overall.times[-1].median_seconds == 0


@pytest.mark.parametrize("touch", ["first", "last"])
@pytest.mark.parametrize("order", ["ordered", "strict", "unordered"])
def test_parts_of_a_person_have_one_touch(store: ProjectStore, order: Any, touch: Any) -> None:
    scene = Scene(shop_log(30), "UTC", 1, START_MS + 40 * 86_400_000)
    load(store, scene.log)
    breakdown = FunnelBreakdown(property=PropertyRef(name="order"), top_n=3, touch=touch)
    for extra in ({"hold": PropertyRef(name="order")}, {"window_from": "session"}):
        check(store, scene, shop_query(order=order, breakdown=breakdown, **extra))


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("ordered", {}),
        ("strict", {"order": "strict"}),
        ("unordered", {"order": "unordered"}),
        ("first_touch", {"breakdown": FunnelBreakdown(property=PropertyRef(name="$utm_source"))}),
        ("conversion_time", {"conversion_time": ConversionTime()}),
        ("over_time", {"over_time": "week"}),
        ("held_in_session", {"window_from": "session", "hold": PropertyRef(name="order")}),
    ],
)
def test_the_sql_is_the_one_on_file(name: str, extra: dict[str, Any]) -> None:
    golden.check(f"funnel_{name}", shop_query(**extra))
