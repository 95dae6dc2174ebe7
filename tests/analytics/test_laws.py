"""Laws that every analysis of this folder keeps, with events that went through the real writer."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.analytics.distribution import DistributionQuery
from bihuan.analytics.engagement import EngagementQuery
from bihuan.analytics.intervals import IntervalsQuery
from bihuan.analytics.query import Dates, EventSelector, Query
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.run import run
from bihuan.analytics.trend import TrendQuery, TrendResult
from bihuan.warehouse import Batch, EventRow, GroupWriter, ProjectStore, event_row
from tests.analytics.loading import add_events, context, load
from tests.analytics.random_log import Scene, scenes

DAYS = Dates(from_date=date(2024, 3, 1), to_date=date(2025, 1, 10))
QUERIES: tuple[Query, ...] = (
    TrendQuery.model_validate(
        {
            "period": DAYS,
            "interval": "month",
            "series": [
                {},
                {"measure": {"kind": "people"}},
                {"measure": {"kind": "first_ever"}},
                {"measure": {"kind": "property", "property": {"name": "$quantity"}, "aggregate": "median"}},
            ],
            "breakdowns": [{"property": {"name": "event", "scope": "field"}, "top_n": 2}],
        }
    ),
    DistributionQuery(period=DAYS),
    EngagementQuery(period=DAYS, interval="month"),
    IntervalsQuery(period=DAYS, start=EventSelector(events=("view",)), end=EventSelector(events=("buy",))),
)


ABOUT_THE_RUN = {"sql", "rows_read", "bytes_read"}


def answers(store: ProjectStore, scene: Scene) -> list[Any]:
    """What each question was answered with, without what the run itself cost."""
    ctx = scene.context(store)
    return [run(store.engine, ctx, query).model_dump(exclude=ABOUT_THE_RUN) for query in QUERIES]


def rows(events: Iterable[LogEvent]) -> list[EventRow]:
    return [
        event_row(
            event_id=event.event_id,
            event=event.event,
            time_ms=event.time_ms,
            received_ms=event.time_ms,
            distinct_id=event.distinct_id,
            source=event.source,
            properties=event.properties,
            session_id=event.session_id,
            person_id=event.person if event.stored_person is None else event.stored_person,
        )
        for event in events
    ]


@settings(max_examples=10, deadline=None)
@given(scenes(spread_days=1), st.randoms(use_true_random=False), st.integers(0, 25))
def test_order_of_arrival_batches_and_repeats_do_not_matter(
    store: ProjectStore, scene: Scene, chance: random.Random, cut: int
) -> None:
    load(store, scene.log)
    expected = answers(store, scene)
    load(store, EventLog((), scene.log.profiles))
    load_overrides_only(store, scene)
    shuffled = list(scene.log.events)
    chance.shuffle(shuffled)
    again = chance.sample(shuffled, len(shuffled) // 2)
    writer = GroupWriter()
    try:
        for part in (shuffled[:cut], shuffled[cut:] + again, again):
            if part:
                writer.submit(store, Batch(rows(part))).result(30)
    finally:
        writer.close()
    assert answers(store, scene) == expected


def load_overrides_only(store: ProjectStore, scene: Scene) -> None:
    """Leave the identities of the scene in place, without its events."""
    load(store, scene.log)
    store.engine.command(f"TRUNCATE TABLE {store.table('events')}")


@settings(max_examples=10, deadline=None)
@given(scenes(spread_days=1), st.integers(0, 25))
def test_two_logs_added_up_are_the_log_of_both(store: ProjectStore, scene: Scene, cut: int) -> None:
    load(store, scene.log)
    expected = answers(store, scene)
    load_overrides_only(store, scene)
    add_events(store, scene.log.events[:cut])
    add_events(store, scene.log.events[cut:])
    assert answers(store, scene) == expected


@settings(max_examples=10, deadline=None)
@given(scenes(spread_days=1))
def test_rewriting_merged_rows_changes_no_number(store: ProjectStore, scene: Scene) -> None:
    load(store, scene.log)
    before = answers(store, scene)
    rewritten = tuple(
        LogEvent(**{**event.__dict__, "stored_person": event.person}) for event in scene.log.events
    )
    squashed = Scene(
        EventLog(rewritten, scene.log.profiles), scene.time_zone, scene.first_weekday, scene.now_ms
    )
    load(store, squashed.log)
    assert answers(store, squashed) == before


@settings(max_examples=10, deadline=None)
@given(scenes(spread_days=1))
def test_groups_and_buckets_add_up(store: ProjectStore, scene: Scene) -> None:
    load(store, scene.log)
    ctx = scene.context(store)
    result = run(store.engine, ctx, QUERIES[0])
    assert isinstance(result, TrendResult)
    counted = [line for line in result.lines if line.series == 0]
    assert sum(line.total or 0 for line in counted) == len(scene.log.events)
    for line in result.lines:
        if line.series in (0, 2):
            assert sum(value or 0 for value in line.values) == line.total
        if line.series == 1:
            values = [value or 0 for value in line.values]
            assert max(values) <= (line.total or 0) <= sum(values)


def test_the_samples_are_parts_of_the_whole(store: ProjectStore) -> None:
    start = 1_704_038_400_000
    # Spread over all ids, as hashes are.
    people = range(1, 1 << 64, (1 << 64) // 10_000)
    load(store, EventLog(tuple(LogEvent("visit", start, person) for person in people[:10_000])))
    period = Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 1))
    series = [{"measure": {"kind": "people"}}, {}]
    for sample, expected in ((0.1, 1000.0), (0.5, 5000.0), (1.0, 10_000.0), (0.00001, 1.0)):
        query = TrendQuery.model_validate({"period": period, "series": series, "sample": sample})
        result = run(store.engine, context(store), query)
        assert isinstance(result, TrendResult)
        assert [line.total for line in result.lines] == [expected, expected]
        assert result.sample == pytest.approx(max(sample, 0.0001))
