"""The statement of a metric against its definition in plain Python, on random logs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.conditions import Span
from bihuan.analytics.query import EventSelector, NumberFilter, PropertyRef
from bihuan.experiments.measuring import (
    ByEvent,
    Figure,
    Frame,
    FunnelStep,
    Groups,
    Mean,
    Metric,
    OfCampaign,
    Proportion,
    Quantile,
    Ratio,
    Retention,
    reference,
)
from bihuan.experiments.measuring.statement import SUMS, entered_sql, sums_sql, values_sql
from bihuan.stats.experiments import Moments
from bihuan.warehouse import Engine, ProjectStore
from tests.analytics.loading import fresh_project, load
from tests.analytics.random_log import DAY_MS, Scene, scenes

VARIANTS = ("a", "ab", "1", "1.5", "true", "北京")
NAMES = st.sampled_from(["view", "add", "buy"])
NUMBER = st.sampled_from([PropertyRef(name="x"), PropertyRef(name="y"), PropertyRef(name="$revenue")])
POSITIVE = NumberFilter(property=PropertyRef(name="y"), operator="gte", value=0)
SPANS = st.sampled_from([Span(count=1, unit="minute"), Span(count=1, unit="hour"), Span(count=2, unit="day")])


@pytest.fixture(scope="module")
def store(engine: Engine) -> ProjectStore:
    return fresh_project(engine)


def selectors() -> st.SearchStrategy[EventSelector]:
    events = st.lists(NAMES, max_size=2, unique=True).map(tuple)
    return st.builds(EventSelector, events=events, filter=st.sampled_from([None, POSITIVE]))


def figures() -> st.SearchStrategy[Figure]:
    return st.builds(Figure, event=selectors(), property=st.one_of(st.none(), NUMBER))


@st.composite
def metrics(draw: st.DrawFn) -> Metric:
    capped = st.sampled_from([{}, {"cap": 2.0}, {"cap_percentile": 50.0}, {"cap_percentile": 90.0}])
    measure = draw(
        st.one_of(
            st.builds(Proportion, event=selectors(), times=st.integers(1, 2)),
            st.builds(lambda figure, cap: Mean(figure=figure, **cap), figures(), capped),
            st.builds(Ratio, numerator=figures(), denominator=figures()),
            st.builds(Retention, event=selectors(), day=st.integers(0, 2), days=st.integers(1, 2)),
            st.builds(Quantile, figure=figures(), only_above_zero=st.booleans()),
            st.builds(
                FunnelStep,
                steps=st.lists(selectors(), min_size=2, max_size=3).map(tuple),
                within=st.one_of(st.none(), SPANS),
            ),
        )
    )
    window, delay = (
        (None, None) if isinstance(measure, Retention) else (draw(st.one_of(st.none(), SPANS)) for _ in "12")
    )
    return Metric(key="m", name="m", measure=measure, window=window, delay=delay)


@st.composite
def frames(draw: st.DrawFn, scene: Scene) -> Frame:
    of_events = PropertyRef(name="n.m"), PropertyRef(scope="person", name="x")
    begin = scene.now_ms - draw(st.integers(0, 4)) * DAY_MS
    groups = Groups(
        subject_id="e1",
        source=ByEvent(event=EventSelector(events=("view", "add")), variant=PropertyRef(name="x")),
        variants=VARIANTS,
        from_ms=begin,
        to_ms=begin + draw(st.integers(1, 5)) * DAY_MS,
        segments=draw(st.sampled_from([(), of_events])),
    )
    periods = draw(st.sampled_from([(), (begin + DAY_MS // 2, begin + DAY_MS)]))
    pre_ms = draw(st.sampled_from([0, DAY_MS, 5 * DAY_MS]))
    return Frame(groups, min(groups.to_ms, scene.now_ms), pre_ms, periods)


@settings(max_examples=18)
@given(scene=scenes(max_events=25, max_people=8), data=st.data())
def test_sums_are_those_of_the_definition(store: ProjectStore, scene: Scene, data: st.DataObject) -> None:
    load(store, scene.log)
    frame, metric = data.draw(frames(scene)), data.draw(metrics())
    ctx = scene.context(store)
    expected = reference.sums(ctx, scene.log, frame, metric)
    rows = store.engine.rows(sums_sql(ctx, frame, metric))
    found = {tuple(row[:3]): Moments(row[3], **dict(zip(SUMS, row[4:], strict=True))) for row in rows}
    assert {key: each.people for key, each in found.items()} == {
        key: each.people for key, each in expected.items()
    }
    for key, each in expected.items():
        for name in SUMS:
            close = pytest.approx(getattr(each, name), rel=1e-9, abs=1e-9)
            assert getattr(found[key], name) == close, (key, name)
    counts: dict[tuple[str, float], int] = {}
    only = isinstance(metric.measure, Quantile) and metric.measure.only_above_zero
    for who in reference.measured(ctx, scene.log, frame, metric):
        if who.y > 0 or not only:
            counts[who.who.variant, who.y] = counts.get((who.who.variant, who.y), 0) + 1
    values = store.engine.rows(values_sql(ctx, frame, metric))
    assert sum(row[2] for row in values) == sum(counts.values())
    for variant, value, people in values:
        alike = [key for key in counts if key[0] == variant and key[1] == pytest.approx(value)]
        assert sum(counts[key] for key in alike) == people


@settings(max_examples=10)
@given(scene=scenes(max_events=20, max_people=5, with_properties=False), data=st.data())
def test_groups_of_a_campaign_are_those_of_its_events(
    store: ProjectStore, scene: Scene, data: st.DataObject
) -> None:
    names = {"view": "$message_sent", "add": "$campaign_held_out", "buy": "buy"}
    events = [
        replace(
            event,
            event=names[event.event],
            properties={
                "$campaign_id": data.draw(st.sampled_from(["c1", "c2"])),
                "$variant": data.draw(st.sampled_from(["a", "b"])),
            },
        )
        for event in scene.log.events
    ]
    log = replace(scene.log, events=tuple(events))
    load(store, log)
    groups = Groups(
        subject_id="c1",
        source=OfCampaign(campaign_id="c1", by_variant=data.draw(st.booleans())),
        variants=("holdout", "treated", "a", "b"),
        from_ms=scene.now_ms - 3 * DAY_MS,
        to_ms=scene.now_ms + 3 * DAY_MS,
    )
    ctx = scene.context(store)
    counts: dict[str, tuple[int, int]] = {}
    for who in reference.entered(ctx, log, groups):
        people, several = counts.get(who.variant, (0, 0))
        counts[who.variant] = (people + 1, several + who.several)
    found = {row[0]: (row[2], row[3]) for row in store.engine.rows(entered_sql(ctx, groups))}
    assert found == counts
