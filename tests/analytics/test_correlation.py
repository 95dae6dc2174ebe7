"""Correlations in SQL give what the definition gives."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics import people, run
from bihuan.analytics.correlation import (
    FunnelCorrelationQuery,
    FunnelCorrelationResult,
    FunnelCorrelationSelection,
)
from bihuan.analytics.funnel import FunnelQuery, FunnelStep, FunnelWindow
from bihuan.analytics.query import Dates, EventSelector, PropertyRef
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.correlation import correlation
from bihuan.warehouse.project import ProjectStore
from tests.analytics import golden
from tests.analytics.funnels import funnel_queries
from tests.analytics.loading import context, load
from tests.analytics.random_log import Scene, refs, scenes


@st.composite
def cases(draw: st.DrawFn) -> tuple[Scene, FunnelCorrelationQuery]:
    scene = draw(scenes(max_events=20, max_people=4, spread_days=1))
    funnel = draw(funnel_queries(scene, breakdown=None, over_time=None, conversion_time=None))
    chosen = tuple(draw(st.lists(refs(), max_size=2, unique=True)))
    events = draw(st.booleans()) or not chosen
    return scene, FunnelCorrelationQuery(funnel=funnel, properties=chosen, events=events, min_people=1)


def test_the_sql_is_the_one_on_file() -> None:
    steps = tuple(FunnelStep(selector=EventSelector(events=(name,))) for name in ("view", "buy"))
    days = Dates(from_date=date(2024, 5, 6), to_date=date(2024, 5, 12))
    funnel = FunnelQuery(steps=steps, period=days)
    plan = PropertyRef(scope="person", name="plan")
    golden.check("funnel_correlation", FunnelCorrelationQuery(funnel=funnel, properties=(plan,)))


@settings(max_examples=25, deadline=None)
@given(cases())
def test_factors_count_the_people_the_definition_names(
    store: ProjectStore, case: tuple[Scene, FunnelCorrelationQuery]
) -> None:
    scene, query = case
    load(store, scene.log)
    ctx = scene.context(store)
    result = run(store.engine, ctx, query)
    assert isinstance(result, FunnelCorrelationResult)
    converted, others, factors = correlation(ctx, scene.log, query)
    everybody = len(converted) + len(others)
    assert (result.entered, result.converted) == (everybody, len(converted))
    found = {
        found.event or (found.property, found.value): (found.people_with, found.converted_with)
        for found in result.factors
    }
    wanted = {
        factor: (len(who), len(who & converted))
        for factor, who in factors.items()
        if 0 < len(who) < everybody
    }
    assert found == wanted
    for factor, who in list(factors.items())[:1]:
        event, (ref, value) = (factor, (None, None)) if isinstance(factor, str) else (None, factor)
        selection = FunnelCorrelationSelection(event=event, property=ref, value=value, converted=False)
        assert people(store.engine, ctx, query, selection) == sorted(who & others)


def test_what_makes_people_convert_is_found_among_noise(store: ProjectStore) -> None:
    chosen = random.Random(7)
    start_ms = int(datetime(2024, 5, 6, tzinfo=UTC).timestamp() * 1000)
    events = []
    for person in range(1, 401):
        helped = chosen.random() < 0.5
        names = [
            "view",
            *(["help"] if helped else []),
            *(f"noise{n}" for n in range(20) if chosen.random() < 0.5),
        ]
        names += ["buy"] if chosen.random() < (0.6 if helped else 0.2) else []
        events += [
            LogEvent(
                name,
                start_ms + minute * 60_000,
                person,
                f"p{person}",
                event_id=uuid.UUID(int=person * 100 + minute),
            )
            for minute, name in enumerate(names)
        ]
    log = EventLog(tuple(events))
    load(store, log)
    steps = tuple(FunnelStep(selector=EventSelector(events=(name,))) for name in ("view", "buy"))
    period = Dates(from_date=date(2024, 5, 6), to_date=date(2024, 5, 6))
    query = FunnelCorrelationQuery(
        funnel=FunnelQuery(steps=steps, period=period, window=FunnelWindow(count=1))
    )
    result = run(store.engine, context(store, log, time_zone="UTC"), query)
    assert isinstance(result, FunnelCorrelationResult)
    best = result.factors[0]
    assert (best.event, len(result.factors)) == ("help", 21)
    assert best.difference_low > 0.2
    assert best.odds_ratio_low > 2
    assert [found.event for found in result.factors if (found.adjusted_p_value or 0) < 0.01] == ["help"]


def test_a_property_can_separate_people(store: ProjectStore) -> None:
    start_ms = int(datetime(2024, 5, 6, tzinfo=UTC).timestamp() * 1000)
    events = []
    for person in range(1, 41):
        for minute, name in enumerate(["view", "buy"] if person % 4 == 0 else ["view"]):
            properties = {"plan": "pro" if person % 2 == 0 else "free"}
            events.append(LogEvent(name, start_ms + minute * 60_000, person, f"p{person}", properties))
    log = EventLog(tuple(events))
    load(store, log)
    steps = tuple(FunnelStep(selector=EventSelector(events=(name,))) for name in ("view", "buy"))
    period = Dates(from_date=date(2024, 5, 6), to_date=date(2024, 5, 6))
    ref = PropertyRef(name="plan")
    query = FunnelCorrelationQuery(
        funnel=FunnelQuery(steps=steps, period=period), properties=(ref,), events=False
    )
    result = run(store.engine, context(store, log, time_zone="UTC"), query)
    assert isinstance(result, FunnelCorrelationResult)
    pro = next(found for found in result.factors if found.value == "pro")
    assert (pro.people_with, pro.converted_with, pro.people_without, pro.converted_without) == (20, 10, 20, 0)
    assert pro.difference == 0.5
