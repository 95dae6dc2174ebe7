"""Activity scores: everyone's points are the oracle's, and scores, tiers and sums follow from them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.activity_score import (
    ActivityScore,
    FixedCap,
    Part,
    PercentileCap,
    Tiers,
    default_score,
    explained_sql,
    people_sql,
    read_explained,
    read_sizes,
    sizes_sql,
    trend_sql,
    values_sql,
)
from bihuan.analytics.conditions import ActiveDays, Count, Ever, LongestRun, OfProperty
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.activity_score import points
from bihuan.warehouse.project import ProjectStore
from tests.analytics.golden import check_sql, plain_context
from tests.analytics.loading import NOW_MS, context, load
from tests.analytics.random_log import DAY_MS, Scene, periods, scenes, selectors

STEPS = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def parts(scene: Scene, name: str) -> st.SearchStrategy[Part]:
    figures = st.one_of(
        st.just(Count()),
        st.just(ActiveDays()),
        st.just(LongestRun()),
        st.builds(
            OfProperty,
            property=st.sampled_from([PropertyRef(name="x"), PropertyRef(scope="field", name="event")]),
            aggregate=st.sampled_from(["sum", "avg", "distinct"]),
        ),
    )
    caps = st.one_of(
        st.builds(FixedCap, value=st.sampled_from([1.0, 3.0])),
        st.builds(PercentileCap, percent=st.sampled_from([50.0, 95.0, 100.0])),
    )
    return st.builds(
        Part,
        name=st.just(name),
        event=selectors(scene),
        figure=figures,
        weight=st.sampled_from([1.0, 2.5]),
        cap=caps,
    )


@st.composite
def scores(draw: st.DrawFn, scene: Scene) -> ActivityScore:
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    return ActivityScore(
        window=draw(st.one_of(st.just(Ever()), periods(scene))),
        parts=tuple(draw(parts(scene, name)) for name in names),
        tiers=draw(st.sampled_from([Tiers(), Tiers(cuts=(100,), names=("some", "all"))])),
    )


@STEPS
@given(data=st.data())
def test_points_and_what_follows_from_them(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_events=30))
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(2):
        score = data.draw(scores(scene))
        expected = points(ctx, scene.log, score)
        explained = read_explained(score, store.engine.rows(explained_sql(ctx, score)))
        assert {each.person for each in explained} == set(expected)
        for each in explained:
            assert [part.points for part in each.parts] == pytest.approx(expected[each.person], abs=1e-6)
            assert abs(each.score - sum(expected[each.person])) <= 0.5 + 1e-6
            assert 0 <= each.score <= 100
        values = dict(store.engine.rows(values_sql(ctx, score)))
        assert values == {each.person: str(each.score) for each in explained}
        tiers = dict(store.engine.rows(values_sql(ctx, score, of="tier")))
        assert tiers == {each.person: each.tier for each in explained}
        sizes = read_sizes(score, store.engine.rows(sizes_sql(ctx, score)))
        assert sizes.people == len(explained)
        for tier in sizes.tiers:
            assert tier.people == list(tiers.values()).count(tier.name)
        for index, part in enumerate(sizes.parts):
            total = sum(own[index] for own in expected.values())
            assert part.mean_points * len(expected) == pytest.approx(total, abs=1e-6)
        few = [each.person for each in explained[:1]]
        among = f"SELECT arrayJoin(CAST({few} AS Array(UInt64)))"
        again = store.engine.rows(explained_sql(ctx, score, among=among))
        assert read_explained(score, again) == explained[:1]


def did(person: int, event: str, *days_ago: int) -> list[LogEvent]:
    return [LogEvent(event, NOW_MS - days * DAY_MS, person) for days in days_ago]


ACTIVE, BUY = EventSelector(), EventSelector(events=("buy",))
FIXED = ActivityScore(
    parts=(
        Part(name="days", event=ACTIVE, figure=ActiveDays(), weight=3, cap=FixedCap(value=4)),
        Part(name="orders", event=BUY, weight=1, cap=FixedCap(value=2)),
    )
)


def test_a_score_is_the_sum_of_its_parts(store: ProjectStore) -> None:
    log = EventLog(
        (*did(1, "open", 0, 1), *did(1, "buy", 1), *did(2, "open", *range(9)), *did(3, "open", 40))
    )
    load(store, log)
    ctx = context(store, log)
    two, one = read_explained(FIXED, store.engine.rows(explained_sql(ctx, FIXED)))
    # Two of four days are half of 75 points, one of two orders half of 25.
    assert (one.person, one.score, one.tier) == (1, 50, "high")
    assert [(part.name, part.figure, part.points, part.most) for part in one.parts] == [
        ("days", 2, 37.5, 75),
        ("orders", 1, 12.5, 25),
    ]
    assert (two.person, two.score, two.tier) == (2, 75, "core")
    assert store.engine.rows(people_sql(ctx, FIXED, 0, 50)) == [(1,)]


def test_a_trend_with_the_caps_of_now_moves_with_the_person_alone(store: ProjectStore) -> None:
    log = EventLog((*did(1, "open", 0, 1, 40), *did(2, "open", *range(30))))
    load(store, log)
    ctx = context(store, log)
    score = ActivityScore(parts=(Part(name="days", event=ACTIVE, figure=ActiveDays()),))
    sizes = read_sizes(score, store.engine.rows(sizes_sql(ctx, score)))
    fixed = score.with_caps([part.cap for part in sizes.parts])
    assert fixed.parts[0].cap == FixedCap(value=sizes.parts[0].cap)
    among = "SELECT toUInt64(1)"
    times = [NOW_MS - 35 * DAY_MS, NOW_MS - 5 * DAY_MS, NOW_MS]
    rows = sorted(store.engine.rows(trend_sql(ctx, fixed, times, among=among)))
    assert [(time, person) for time, person, _ in rows] == [(times[0], 1), (times[2], 1)]
    # The cap lies 0.95 of the way from 2 to 30 days: one day is 3.5 points, two are 7.0.
    assert [score for _, _, score in rows] == [3, 7]
    then = dict(store.engine.rows(values_sql(replace(ctx, now_ms=times[0]), fixed)))
    assert then == {1: str(rows[0][2])}


def test_a_score_to_begin_with(store: ProjectStore) -> None:
    log = EventLog((*did(1, "open", *range(5)), *did(1, "buy", 1), *did(2, "open", 1)))
    load(store, log)
    score = default_score(ACTIVE, orders=BUY)
    assert sum(score.points) == pytest.approx(100)
    one, two = read_explained(score, store.engine.rows(explained_sql(context(store, log), score)))
    assert (one.person, two.person) == (1, 2)
    assert one.score > two.score > 0
    assert [part.name for part in one.parts] == ["days", "frequency", "features", "orders"]
    # Asked for alone, somebody is measured by everybody's figures all the same.
    alone = explained_sql(context(store, log), score, among="SELECT toUInt64(2)")
    assert read_explained(score, store.engine.rows(alone)) == (two,)


def test_golden_sql() -> None:
    check_sql("activity_score", values_sql(plain_context(), default_score(ACTIVE, orders=BUY), of="tier"))
    check_sql("activity_score_fixed", values_sql(plain_context(), FIXED, among="SELECT 1"))


def test_nobody_did_anything(store: ProjectStore) -> None:
    load(store, EventLog(()))
    sizes = read_sizes(FIXED, store.engine.rows(sizes_sql(context(store), FIXED)))
    assert (sizes.people, sizes.mean, sum(sizes.people_by_score)) == (0, None, 0)
    assert [tier.people for tier in sizes.tiers] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "fault",
    [
        {"parts": []},
        {"parts": [{"name": "a", "event": {}}, {"name": "a", "event": {}}]},
        {"parts": [{"name": "a", "event": {}, "weight": 0}]},
        {"parts": [{"name": "a", "event": {}, "cap": {"kind": "fixed", "value": 0}}]},
        {"parts": [{"name": "a", "event": {}}], "tiers": {"cuts": [50, 20], "names": ["a", "b", "c"]}},
        {"parts": [{"name": "a", "event": {}}], "tiers": {"cuts": [50], "names": ["a"]}},
        {"parts": [{"name": "a", "event": {}}], "tiers": {"cuts": [50], "names": ["a", "a"]}},
        {"parts": [{"name": "a", "event": {}}], "tiers": {"cuts": [101], "names": ["a", "b"]}},
    ],
)
def test_what_makes_no_sense_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ActivityScore.model_validate(fault)
