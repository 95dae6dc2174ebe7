"""Sessions are what the oracle says, on random logs."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.errors import SelectionInvalid
from bihuan.analytics.query import Breakdown, BreakdownValue
from bihuan.analytics.reference import EventLog, LogEvent, bucket_of
from bihuan.analytics.reference.sessions import Session, sessions
from bihuan.analytics.reference.trend import OTHER, percentile
from bihuan.analytics.run import people, run
from bihuan.analytics.sessions import SessionFigures, SessionsQuery, SessionsResult, SessionsSelection
from bihuan.analytics.sessions.sql import people_sql
from bihuan.warehouse.project import ProjectStore
from tests.analytics.golden import check, check_sql, plain_context
from tests.analytics.loading import context, load, reading_in_order_of_people
from tests.analytics.random_log import Scene, filters, periods, refs, scenes, selectors

DAY: dict[str, Any] = {"kind": "dates", "from_date": "2024-01-01", "to_date": "2024-01-01"}
START_MS = 1_704_038_400_000  # that day's midnight in Shanghai
MINUTE_MS = 60_000


@st.composite
def queries(draw: st.DrawFn, scene: Scene) -> SessionsQuery:
    breakdowns = st.builds(
        Breakdown, property=refs(), top_n=st.integers(1, 3), bounds=st.sampled_from([None, None, (0.0, 1.5)])
    )
    return SessionsQuery(
        period=draw(periods(scene)),
        filter=draw(st.one_of(st.none(), st.none(), filters(scene))),
        sample=draw(st.sampled_from([None, None, 0.5])),
        selector=draw(selectors(scene)),
        interval=draw(st.sampled_from(["hour", "day", "week", "month"])),
        page=draw(refs()),
        top_n=draw(st.integers(1, 3)),
        breakdown=draw(st.one_of(st.none(), breakdowns)),
        percentiles=(0, 50, 90),
    )


def told(value: BreakdownValue) -> object:
    return OTHER if value.other else value.value


def named(value: object) -> BreakdownValue:
    return BreakdownValue(other=True) if value is OTHER else BreakdownValue.model_validate({"value": value})


def same(figures: SessionFigures, expected: Sequence[Session]) -> None:
    seconds = [session.seconds for session in expected]
    assert (figures.sessions, figures.people) == (
        len(expected),
        len({session.person for session in expected}),
    )
    assert figures.events == sum(len(session.events) for session in expected)
    assert figures.bounces == sum(len(session.events) == 1 for session in expected)
    assert figures.mean_seconds == (pytest.approx(sum(seconds) / len(seconds)) if seconds else None)
    assert list(figures.percentiles) == pytest.approx(
        [percentile(seconds, percent) if seconds else None for percent in (0, 50, 90)]
    )


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_every_figure_and_its_people(store: ProjectStore, data: st.DataObject) -> None:
    scene = data.draw(scenes(max_people=2))
    load(store, scene.log)
    ctx = scene.context(store)
    for _ in range(3):
        query = data.draw(queries(scene))
        with reading_in_order_of_people() if data.draw(st.booleans()) else nullcontext():
            result = run(store.engine, ctx, query)
        assert isinstance(result, SessionsResult)
        expected = sessions(ctx, scene.log, query)
        groups = {
            None if group.breakdown is None else told(group.breakdown): group for group in result.groups
        }
        assert set(groups) == {session.group for session in expected} | (
            {None} if not query.breakdown else set()
        )
        for value, group in groups.items():
            own = [session for session in expected if session.group == value]
            same(group.total, own)
            for bucket, figures in zip(result.buckets, group.values, strict=True):
                same(figures, [one for one in own if bucket_of(ctx, query.interval, one.start_ms) == bucket])
        for ends, end_of in ((result.entries, "entry"), (result.exits, "exit")):
            assert {told(end.page) for end in ends} == {getattr(session, end_of) for session in expected}
            for end in ends:
                same(end.figures, [one for one in expected if getattr(one, end_of) == told(end.page)])
        if expected:
            chosen = data.draw(st.sampled_from(expected))
            _check_people(store, scene, query, expected, chosen, data)


def _check_people(
    store: ProjectStore, scene: Scene, query: SessionsQuery, expected: Sequence[Session], chosen: Session,
    data: st.DataObject,
) -> None:  # fmt: skip
    ctx = scene.context(store)
    asked = data.draw(st.sets(st.sampled_from(["bucket", "breakdown", "entry", "exit", "bounced"])))
    asked -= set() if query.breakdown else {"breakdown"}
    bucket = bucket_of(ctx, query.interval, chosen.start_ms)
    tests = {
        "bucket": lambda one: bucket_of(ctx, query.interval, one.start_ms) == bucket,
        "breakdown": lambda one: one.group == chosen.group,
        "entry": lambda one: one.entry == chosen.entry,
        "exit": lambda one: one.exit == chosen.exit,
        "bounced": lambda one: len(one.events) == 1,
    }
    values = {
        "bucket": bucket, "breakdown": named(chosen.group), "entry": named(chosen.entry),
        "exit": named(chosen.exit), "bounced": True,
    }  # fmt: skip
    selection = SessionsSelection.model_validate({name: values[name] for name in asked})
    matching = {one.person for one in expected if all(tests[name](one) for name in asked)}
    assert people(store.engine, ctx, query, selection) == sorted(matching)


def ask(store: ProjectStore, log: EventLog, **more: Any) -> SessionsResult:
    load(store, log)
    result = run(store.engine, context(store, log), SessionsQuery.model_validate({"period": DAY} | more))
    assert isinstance(result, SessionsResult)
    return result


def at(minute: float, event: str = "view", person: int = 1, **more: Any) -> LogEvent:
    return LogEvent(event, START_MS + round(minute * MINUTE_MS), person, **more)


def test_a_pause_of_exactly_the_gap_does_not_end_a_session(store: ProjectStore) -> None:
    log = EventLog((at(0), at(30), at(60.001, "buy"), at(90.002)))
    total = ask(store, log).groups[0].total
    assert (total.sessions, total.events, total.bounces, total.bounce_rate) == (3, 4, 2, 2 / 3)
    assert (total.mean_seconds, total.events_per_session) == (600.0, 4 / 3)
    assert total.percentiles == (0.0, pytest.approx(1440.0))


def test_a_session_over_midnight_belongs_to_the_day_it_begins(store: ProjectStore) -> None:
    midnight = 24 * 60
    log = EventLog((at(-10), at(5), at(midnight - 5, "buy"), at(midnight + 20), at(midnight + 45, "pay")))
    result = ask(store, log)
    # The first one began the day before; the last one runs for 50 minutes into the next day.
    assert (result.groups[0].total.sessions, result.groups[0].total.events) == (1, 3)
    assert result.groups[0].total.mean_seconds == 3000.0
    assert [end.page.value for end in result.entries] == ["buy"]
    assert [end.page.value for end in result.exits] == ["pay"]


def test_a_session_that_never_pauses_is_followed_for_a_day(store: ProjectStore) -> None:
    log = EventLog(tuple(at(minute) for minute in range(0, 4 * 24 * 60, 20)))
    total = ask(store, log).groups[0].total
    assert (total.sessions, total.events, total.mean_seconds) == (1, 144, (2 * 24 * 60 - 20) * 60.0)


def test_at_the_same_instant_the_more_frequent_page_comes_first(store: ProjectStore) -> None:
    log = EventLog((at(0, "rare"), at(0, "view"), at(1, "rare"), at(1, "view"), at(60)))
    result = ask(store, log)
    assert {end.page.value: end.figures.sessions for end in result.entries} == {"view": 2}
    assert {end.page.value: end.figures.sessions for end in result.exits} == {"view": 1, "rare": 1}


def test_no_events_no_sessions(store: ProjectStore) -> None:
    result = ask(store, EventLog(()))
    assert (result.groups[0].total.sessions, result.entries, result.exits) == (0, (), ())
    assert result.groups[0].values == (result.groups[0].total,)
    assert ask(store, EventLog(()), breakdown={"property": {"name": "x"}}).groups == ()


@pytest.mark.parametrize("fault", [{"bucket": "May"}, {"breakdown": {"value": "x"}}])
def test_a_selection_that_names_no_number_is_refused(store: ProjectStore, fault: dict[str, Any]) -> None:
    with pytest.raises(SelectionInvalid):
        people(store.engine, context(store), SessionsQuery(), SessionsSelection.model_validate(fault))


def test_golden_sql() -> None:
    query = SessionsQuery.model_validate(
        {
            "period": DAY,
            "page": {"name": "$path"},
            "breakdown": {"property": {"name": "$channel"}, "top_n": 3},
        }
    )
    check("sessions_by_channel", query)
    check("sessions_merged", SessionsQuery.model_validate({"period": DAY}), has_overrides=True)
    selection = SessionsSelection(entry=BreakdownValue(value="/"), bounced=True)
    check_sql("sessions_people", people_sql(plain_context(), query, selection))
