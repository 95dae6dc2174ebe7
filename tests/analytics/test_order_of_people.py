"""Long periods are read in the order of people, and that changes no number."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bihuan.analytics import run, sql_of
from bihuan.analytics.funnel import FunnelQuery, FunnelResult, FunnelStep, FunnelWindow
from bihuan.analytics.paths import PathsQuery, PathsResult
from bihuan.analytics.query import Dates, EventSelector, Query
from bihuan.analytics.reference import EventLog, LogEvent
from bihuan.analytics.reference.funnel import funnel
from bihuan.analytics.reference.paths import paths
from bihuan.analytics.sql.sequences import event_names_sql, is_long, is_pruned_by_day
from bihuan.kernel.hashing import key64
from bihuan.warehouse.project import ProjectStore
from tests.analytics.loading import add_events, context, load

MINUTE_MS, DAY_MS = 60_000, 86_400_000
START_MS = int(datetime(2024, 3, 1, tzinfo=UTC).timestamp() * 1000)
MONTH = Dates(from_date=date(2024, 3, 1), to_date=date(2024, 3, 31))
WEEK = Dates(from_date=date(2024, 3, 4), to_date=date(2024, 3, 10))
STRICT = FunnelQuery(
    steps=tuple(FunnelStep(selector=EventSelector(events=(name,))) for name in ("view", "add", "buy")),
    order="strict", window=FunnelWindow(count=1), period=MONTH,
)  # fmt: skip
PATHS = PathsQuery(period=MONTH, steps=3)


def events(count: int, seed: int) -> tuple[LogEvent, ...]:
    chance = random.Random(seed)
    people = [key64(f"person {number}") for number in range(400)]
    return tuple(
        LogEvent(
            event=chance.choice(("view", "view", "add", "buy", "read")),
            time_ms=START_MS + chance.randrange(20 * 24) * 3_600_000 + chance.randrange(90) * MINUTE_MS,
            person=chance.choice(people),
        )
        for _ in range(count)
    )


@pytest.fixture(scope="module")
def log(store: ProjectStore) -> EventLog:
    """Twenty-five thousand events in a part with projections, three thousand in one without."""
    merged, fresh = events(25_000, 1), events(3_000, 2)
    load(store, EventLog(merged))
    table = store.table("events")
    store.engine.command(f"OPTIMIZE TABLE {table} FINAL")
    store.engine.command(f"SYSTEM STOP MERGES {table}")
    add_events(store, fresh)
    return EventLog((*merged, *fresh))


@pytest.mark.parametrize("query", [STRICT, PATHS], ids=["funnel", "paths"])
def test_the_engine_takes_the_projection_for_a_long_period(
    store: ProjectStore, log: EventLog, query: Query
) -> None:
    assert "by_person" in plan(store, query)
    assert "by_person" not in plan(store, query.model_copy(update={"period": WEEK}))


def plan(store: ProjectStore, query: Query) -> str:
    sql = sql_of(context(store, time_zone="UTC"), query)
    reads = (row[0] for row in store.engine.rows(f"EXPLAIN {sql}"))
    return "\n".join(line for line in reads if "ReadFromMergeTree" in line)


def test_a_strict_funnel_counts_what_the_definition_counts(store: ProjectStore, log: EventLog) -> None:
    ctx = context(store, time_zone="UTC")
    result = run(store.engine, ctx, STRICT)
    assert isinstance(result, FunnelResult)
    assert result.overall is not None
    journeys = funnel(ctx, log, STRICT)[None].values()
    reached = [sum(journey.level >= level for journey in journeys) for level in (1, 2, 3)]
    assert [step.people for step in result.overall.steps] == reached
    assert reached[2] > 0


def test_paths_count_what_the_definition_counts(store: ProjectStore, log: EventLog) -> None:
    ctx = context(store, time_zone="UTC")
    result = run(store.engine, ctx, PATHS)
    assert isinstance(result, PathsResult)
    found = paths(ctx, log, PATHS)
    assert (result.paths, result.people) == (len(found), len({path.person for path in found}))
    for link in result.links:
        ends = {link.step: link.source.value, link.step + 1: link.target.value}
        same = [path for path in found if ends.items() <= path.nodes.items()]
        assert (link.paths, link.people) == (len(same), len({path.person for path in same}))


@pytest.mark.parametrize("shift_ms", [0, 1, 7 * MINUTE_MS])
def test_names_are_in_the_order_of_their_events(store: ProjectStore, log: EventLog, shift_ms: int) -> None:
    start_ms, end_ms = START_MS + shift_ms, START_MS + DAY_MS + 2 * shift_ms
    counts: dict[str, int] = {}
    for event in log.events:
        if start_ms <= event.time_ms < end_ms:
            counts[event.event] = counts.get(event.event, 0) + 1
    names = store.engine.scalar(f"SELECT {event_names_sql(context(store), start_ms, end_ms)}")
    assert names == sorted(counts, key=lambda name: (-counts[name], name))


def at(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("first", "end", "long", "pruned"),
    [
        (date(2024, 3, 1), date(2024, 4, 1), True, False),
        (date(2024, 3, 1), date(2024, 3, 10), False, True),
        (date(2024, 3, 10), date(2024, 3, 27), True, True),
        (date(2024, 3, 25), date(2024, 4, 8), False, True),
        (date(2024, 3, 1), None, True, False),
        (date(2024, 6, 1), None, False, True),
    ],
)
def test_how_long_a_range_is_for_its_months(
    store: ProjectStore, first: date, end: date | None, long: bool, pruned: bool
) -> None:
    changes: dict[str, Any] = {"now_ms": at(date(2024, 5, 1)) - 1}
    ctx = context(store, **changes)
    span = at(first), None if end is None else at(end)
    assert (is_long(ctx, *span), is_pruned_by_day(ctx, *span)) == (long, pruned)
