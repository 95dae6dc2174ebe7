"""Lifecycle stages of everyone, when people come back, and moves between values."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bihuan.analytics.conditions import ActiveDays, Count, Ever, OfProperty
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.stages import returns, stages
from bihuan.analytics.stages import (
    STAGES,
    Link,
    ReturnsQuery,
    StageDefinition,
    assigned_sql,
    day_flows,
    link_people_sql,
    links_sql,
    moved_people_sql,
    moves_sql,
    read_links,
    read_moves,
    read_returns,
    returns_sql,
    sizes_sql,
    transitions,
    values_sql,
)
from bihuan.warehouse.assignments import assign
from bihuan.warehouse.project import ProjectStore
from tests.analytics.conftest import RealProject
from tests.analytics.golden import check_sql, plain_context
from tests.analytics.loading import NOW_MS, context, load
from tests.analytics.random_log import DAY_MS, Scene, periods, scenes, selectors

STEPS = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def definitions(draw: st.DrawFn, scene: Scene) -> StageDefinition:
    names = st.sampled_from(["x", "$revenue"])
    figures = st.one_of(
        st.just(ActiveDays()),
        st.just(Count()),
        st.builds(
            OfProperty,
            property=st.builds(PropertyRef, name=names),
            aggregate=st.sampled_from(["sum", "avg", "min", "max", "distinct"]),
        ),
    )
    dormant, growing = draw(st.integers(1, 4)), draw(st.sampled_from([-1.0, 0.0, 1.0, 2.0]))
    return StageDefinition(
        active=draw(st.one_of(st.just(EventSelector()), selectors(scene))),
        dormant_after_days=dormant,
        lost_after_days=dormant + draw(st.integers(1, 3)),
        new_days=draw(st.integers(1, 3)),
        of=draw(st.one_of(st.none(), selectors(scene))),
        activity=draw(figures),
        window_days=draw(st.integers(1, 4)),
        growing_from=growing,
        mature_from=growing + draw(st.sampled_from([1.0, 2.0])),
    )


@STEPS
@given(data=st.data())
def test_everyones_stage_is_the_oracles_as_of_any_day(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_events=30))
    load(store, scene.log)
    for _ in range(4):
        ctx = scene.context(store)
        ctx = replace(ctx, now_ms=ctx.now_ms + data.draw(st.integers(-3, 5)) * DAY_MS)
        definition = data.draw(definitions(scene))
        expected = stages(ctx, scene.log, definition)
        rows = store.engine.rows(values_sql(ctx, definition))
        assert sorted(rows) == sorted(expected.items()), definition
        sizes = dict(store.engine.rows(sizes_sql(ctx, definition)))
        assert sizes == Counter(expected.values())
        few = sorted(expected)[:1]
        among = f"SELECT arrayJoin(CAST({few} AS Array(UInt64)))"
        assert dict(store.engine.rows(values_sql(ctx, definition, among=among))) == {
            person: expected[person] for person in few
        }


@STEPS
@given(data=st.data())
def test_absences_are_the_oracles(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_events=30, max_people=3, spread_days=6, with_properties=False))
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(4):
        query = ReturnsQuery(
            active=data.draw(selectors(scene, with_filters=False)),
            window=data.draw(st.one_of(st.just(Ever()), periods(scene))),
            window_days=data.draw(st.integers(1, 5)),
        )
        rows = store.engine.rows(returns_sql(ctx, query))
        assert {(row[0], row[1]): row[3] for row in rows} == returns(ctx, scene.log, query)


def active(person: int, *days_ago: int) -> list[LogEvent]:
    return [LogEvent("open", NOW_MS - days * DAY_MS, person) for days in days_ago]


def test_one_of_each_stage(store: ProjectStore) -> None:
    people = {
        "onboarding": active(1, 2, 1),
        "growing": active(2, 20, 10, 1),
        "mature": active(3, *range(10)),
        "dormant": active(4, 40, 30),
        "lost": active(5, 100),
    }
    old = active(6, 300, 1)  # Came back after long: not new.
    log = EventLog(tuple(event for events in [*people.values(), old] for event in events))
    load(store, log)
    found = dict(store.engine.rows(values_sql(context(store, log), StageDefinition())))
    assert found == {**{events[0].person: stage for stage, events in people.items()}, 6: "growing"}


def test_how_often_and_by_how_many_people_returns_happen(store: ProjectStore) -> None:
    log = EventLog((*active(1, 9, 8, 7, 5), *active(2, 6, 5), *active(3, 0)))
    load(store, log)
    query = ReturnsQuery(window_days=6)
    read = read_returns(query, store.engine.rows(returns_sql(context(store, log), query)))
    found = {each.days: (each.returns, each.people, each.still_away) for each in read.absences}
    assert found == {0: (0, 0, 1), 1: (3, 2, 0), 2: (1, 1, 0), 3: (0, 0, 0), 4: (0, 0, 0), 5: (0, 0, 2)}
    assert read.active_days == (3,)
    assert read.dormant_because == "default"
    assert read.refused_en
    assert read.refused_zh
    assert read.suggested == StageDefinition(window_days=6, growing_from=2, mature_from=3)


def comers_and_goers() -> EventLog:
    """People who come every one to six days until they leave for good, one in twenty visits."""
    draw = random.Random(7)
    events: list[LogEvent] = []
    for person in range(1, 301):
        day = draw.randrange(200, 300)
        while day > 0:
            events += active(person, day)
            if draw.random() < 0.05:
                break
            day -= draw.choice([1, 1, 2, 3, 6])
    return EventLog(tuple(events))


def test_a_definition_follows_from_the_data(store: ProjectStore) -> None:
    log = comers_and_goers()
    load(store, log)
    query = ReturnsQuery()
    read = read_returns(query, store.engine.rows(returns_sql(context(store, log), query)))
    assert read.refused_en is None
    assert (read.dormant_because, read.lost_because) == ("curve", "curve")
    # Nobody who stays is ever away for seven days.
    assert 5 <= read.suggested.dormant_after_days <= 7
    assert read.suggested.lost_after_days in (read.suggested.dormant_after_days + 1, 6, 7)
    chances = [each.chance for each in read.absences if each.chance is not None]
    assert chances[0] > 0.9
    assert chances[7] == pytest.approx(0, abs=0.02)


def test_cdnow_buyers_come_back_later_than_after_a_month(cdnow: RealProject) -> None:
    engine, ctx = cdnow
    ctx = replace(ctx, now_ms=899_164_800_000)  # 1998-06-30
    query = ReturnsQuery(window=Ever(), window_days=90)
    read = read_returns(query, engine.rows(returns_sql(ctx, query)))
    assert sum(each.still_away for each in read.absences) == 23_570
    assert read.dormant_because == "curve"
    assert 30 < read.suggested.dormant_after_days < read.suggested.lost_after_days
    found = dict(engine.rows(sizes_sql(ctx, read.suggested)))
    assert sum(found.values()) == 23_570
    assert set(found) <= set(STAGES)


def test_golden_sql() -> None:
    orders = OfProperty(property=PropertyRef(name="$revenue"), aggregate="sum")
    definition = StageDefinition(of=EventSelector(events=("buy",)), activity=orders)
    check_sql("stages", values_sql(plain_context(has_overrides=True), definition, among="SELECT 1"))
    check_sql("stages_returns", returns_sql(plain_context(), ReturnsQuery()))
    check_sql("stages_links", links_sql(["SELECT person, value FROM a", "SELECT person, value FROM b"]))


SUBJECT = "tag_stage"


def history(store: ProjectStore, days: list[dict[int, str]]) -> list[int]:
    """Values of people day by day; returns the times."""
    store.engine.command(f"TRUNCATE TABLE {store.table('assignments')}")
    store.engine.command(f"TRUNCATE TABLE {store.table('identity_overrides')}")
    times = [NOW_MS + index * DAY_MS for index in range(len(days))]
    for at_ms, held in zip(times, days, strict=True):
        rows = [f"SELECT toUInt64({p}) AS person, '{v}' AS value" for p, v in held.items()]
        wanted = " UNION ALL ".join(rows) or "SELECT toUInt64(1) AS person, '' AS value WHERE false"
        assign(store, SUBJECT, wanted, at_ms=at_ms, cause="refresh")
    return times


@STEPS
@given(
    days=st.lists(
        st.dictionaries(st.integers(1, 4), st.sampled_from(["growing", "mature", "lost"])),
        min_size=2,
        max_size=4,
    )
)
def test_links_and_moves_are_those_of_the_history(store: ProjectStore, days: list[dict[int, str]]) -> None:
    times = history(store, days)
    ctx = context(store)
    values = assigned_sql(ctx, SUBJECT, times)
    links = read_links(store.engine.rows(links_sql(values)))
    expected: Counter[tuple[int, str, str]] = Counter()
    for step, (one, other) in enumerate(pairwise(days)):
        for person in {*one, *other}:
            expected[step, one.get(person, ""), other.get(person, "")] += 1
    assert {(link.step, link.before, link.value): link.people for link in links} == expected
    moves = read_moves(store.engine.rows(moves_sql(ctx, SUBJECT, after_ms=times[0], until_ms=times[-1])))
    changed = {key: people for key, people in expected.items() if key[1] != key[2]}
    assert Counter(move.people for move in moves) == Counter(changed.values())
    for flow in day_flows(moves):
        assert flow.entered == sum(m.people for m in moves if (m.day, m.value) == (flow.day, flow.value))
        assert flow.left == sum(m.people for m in moves if (m.day, m.before) == (flow.day, flow.value))


def test_the_matrix_and_the_people_behind_it(store: ProjectStore) -> None:
    times = history(
        store, [{1: "mature", 2: "mature", 3: "growing"}, {1: "dormant", 2: "mature", 4: "onboarding"}]
    )
    ctx = context(store)
    values = assigned_sql(ctx, SUBJECT, times)
    found = transitions(read_links(store.engine.rows(links_sql(values))), STAGES)
    assert found.values == (*STAGES, "")
    nonzero = {
        (found.values[i], found.values[j]): people
        for i, row in enumerate(found.matrix)
        for j, people in enumerate(row)
        if people
    }
    assert nonzero == {
        ("mature", "dormant"): 1, ("mature", "mature"): 1, ("growing", ""): 1, ("", "onboarding"): 1
    }  # fmt: skip
    link = Link(step=0, before="mature", value="dormant", people=1)
    assert store.engine.rows(link_people_sql(values, link)) == [(1,)]
    # Person 1 was merged into 9 since.
    store.engine.insert_rows(
        store.table("identity_overrides"),
        ["distinct_key", "distinct_id", "person_id", "pending", "version"],
        [[1, "one", 9, True, 1]],
    )
    moved = moved_people_sql(ctx, SUBJECT, "mature", "dormant", after_ms=times[0], until_ms=times[1])
    assert store.engine.rows(moved) == [(9,)]
    assert store.engine.rows(link_people_sql(values, link)) == [(9,)]


def test_transitions_between_two_days_need_no_history(store: ProjectStore) -> None:
    log = EventLog((*active(1, 100, 99), *active(2, 3), *active(3, 101, 100, 99, 2, 1, 0)))
    load(store, log)
    now = context(store, log)
    then = replace(now, now_ms=now.now_ms - 95 * DAY_MS)
    definition = StageDefinition()
    values = [values_sql(then, definition), values_sql(now, definition)]
    links = read_links(store.engine.rows(links_sql(values)))
    assert {(link.before, link.value): link.people for link in links} == {
        ("onboarding", "lost"): 1,
        ("growing", "growing"): 1,
        ("", "onboarding"): 1,
    }


def test_moves_are_of_the_projects_days(store: ProjectStore) -> None:
    history(store, [{}, {1: "mature"}])
    ctx = context(store, time_zone="America/New_York")  # 02:53 UTC is the evening before.
    moves = read_moves(store.engine.rows(moves_sql(ctx, SUBJECT, after_ms=0, until_ms=NOW_MS + DAY_MS)))
    assert [(str(move.day), move.before, move.value, move.people) for move in moves] == [
        ("2025-01-01", "", "mature", 1)
    ]


@pytest.mark.parametrize(
    "fault",
    [
        {"dormant_after_days": 30, "lost_after_days": 30},
        {"growing_from": 5, "mature_from": 5},
        {"window_days": 0},
        {"activity": {"kind": "in_a_row"}},
    ],
)
def test_what_makes_no_sense_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StageDefinition.model_validate(fault)
