"""Every event id is stored once, whatever the order, the time between and the company it comes in."""

from __future__ import annotations

import uuid
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.warehouse import (
    Batch,
    Engine,
    GroupWriter,
    ProjectStore,
    WriteLimits,
    WriteOutcome,
    drop_project,
    open_project,
    sweep_duplicates,
)
from bihuan.warehouse.deletion import delete_rows
from bihuan.warehouse.writing.columns import events_table
from bihuan.warehouse.writing.duplicates import remove_duplicates
from bihuan.warehouse.writing.seen import SeenIds
from tests.warehouse.writing.samples import NOON_MS, sample_id, sample_row, stored_counts


def test_within_a_request_the_first_row_stays(store: ProjectStore, writer: GroupWriter) -> None:
    rows = [sample_row(1, event="first"), sample_row(2), sample_row(1, event="second")]
    assert writer.submit(store, Batch(rows)).result() == WriteOutcome(stored=2, duplicates=1)
    assert store.engine.rows(
        f"SELECT event FROM {store.table('events')} WHERE event_id = '{sample_id(1)}'"
    ) == [("first",)]


def test_much_later_with_another_time_and_after_a_restart(store: ProjectStore, writer: GroupWriter) -> None:
    assert writer.submit(store, Batch([sample_row(1)])).result() == WriteOutcome(1, 0)
    later = Batch([sample_row(1, time_ms=NOON_MS - 40 * 86_400_000, event="other"), sample_row(2)])
    assert writer.submit(store, later).result() == WriteOutcome(1, 1)
    restarted = GroupWriter()
    assert restarted.submit(store, later).result() == WriteOutcome(0, 2)
    restarted.close()
    assert stored_counts(store) == Counter([1, 2])


def test_rows_that_were_erased_are_stored_again_however_equal(
    store: ProjectStore, writer: GroupWriter
) -> None:
    for _ in range(2):
        assert writer.submit(store, Batch([sample_row(1), sample_row(2)])).result() == WriteOutcome(2, 0)
        assert stored_counts(store) == Counter([1, 2])
        delete_rows(store, "events", "true")
        assert not stored_counts(store)


_ROUNDS = st.lists(
    st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=6), min_size=1, max_size=8),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rounds=_ROUNDS, inserters=st.integers(1, 3), insert_rows=st.integers(1, 12), memory=st.booleans())
def test_random_interleavings_agree_with_a_set(
    engine: Engine, rounds: list[list[list[int]]], inserters: int, insert_rows: int, memory: bool
) -> None:
    """Requests of one round are under way together; a round begins when the one before is answered."""
    store = open_project(engine, f"w{uuid.uuid4().hex[:12]}", durable=False)
    limits = WriteLimits(inserters=inserters, insert_rows=insert_rows, linger_seconds=0.0)
    writer = GroupWriter(limits, seen_memory_bytes=10_000_000 if memory else 32)
    model: set[int] = set()
    for requests in rounds:
        futures: list[Future[WriteOutcome]] = [
            writer.submit(store, Batch([sample_row(number) for number in request])) for request in requests
        ]
        sent = {number for request in requests for number in request}
        outcomes = [future.result(60) for future in futures]
        assert sum(outcome.stored for outcome in outcomes) == len(sent - model)
        assert [o.stored + o.duplicates for o in outcomes] == [len(request) for request in requests]
        model |= sent
    writer.close()
    assert stored_counts(store) == Counter(model)
    drop_project(store)


def test_the_filter_is_filled_from_the_log_and_then_spares_the_look_up(
    store: ProjectStore, writer: GroupWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.submit(store, Batch([sample_row(number) for number in range(5_000)])).result()
    seen = SeenIds(store)
    known = [sample_id(number).bytes for number in range(5_000)]
    new = [sample_id(number).bytes for number in range(5_000, 10_000)]
    assert seen.stored(known + new) == set(known)
    assert not seen.complete
    seen.fill()
    assert seen.complete
    assert seen.stored(known + new) == set(known)
    asked: list[int] = []
    monkeypatch.setattr(
        "bihuan.warehouse.writing.seen.lookup", lambda _, ids: asked.append(len(ids)) or set()
    )
    seen.stored(new)
    assert sum(asked) < 100


def test_look_ups_use_the_projection_by_id(store: ProjectStore) -> None:
    store.engine.command(
        f"INSERT INTO {store.table('events')} (event_id, event, time) "
        "SELECT generateUUIDv4(), 'buy', toDateTime64(1760000000 + number, 3, 'UTC') FROM numbers(60000)"
    )
    store.engine.command(f"OPTIMIZE TABLE {store.table('events')} FINAL")
    plan = store.engine.rows(
        f"EXPLAIN SELECT event_id FROM {store.table('events')} WHERE event_id IN ('{sample_id(1)}')"
    )
    assert any("ReadFromMergeTree (by_id)" in row[0] for row in plan)


def raced(store: ProjectStore) -> None:
    """What three processes leave that stored ids 1 and 2 at the same moment, 2 with another time."""
    groups = (
        [sample_row(1), sample_row(2), sample_row(3)],
        [sample_row(1), sample_row(2, time_ms=NOON_MS + 5_000, received_ms=NOON_MS + 1_000)],
        [sample_row(1), sample_row(4)],
    )
    for writer, rows in enumerate(groups):
        store.engine.insert_arrow(
            store.table("events"), events_table(rows, writer=writer), settings={"insert_deduplicate": 0}
        )


def test_sweeping_keeps_one_row_of_each_id(store: ProjectStore) -> None:
    store.engine.command(f"SYSTEM STOP MERGES {store.table('events')}")
    raced(store)
    store.engine.command(f"SYSTEM START MERGES {store.table('events')}")
    assert sweep_duplicates(store, NOON_MS) >= 1
    assert stored_counts(store) == Counter([1, 2, 3, 4])
    times = store.engine.rows(
        f"SELECT toUnixTimestamp64Milli(time) FROM {store.table('events')} WHERE event_id = '{sample_id(2)}'"
    )
    assert times == [(NOON_MS,)]
    assert sweep_duplicates(store, NOON_MS) == 0


def test_removals_at_the_same_time_leave_one_row_of_equal_ones(store: ProjectStore) -> None:
    store.engine.command(f"SYSTEM STOP MERGES {store.table('events')}")
    raced(store)
    store.engine.command(f"SYSTEM START MERGES {store.table('events')}")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: remove_duplicates(store, [sample_id(1).bytes]), range(2)))
    assert stored_counts(store)[1] == 1


def test_sweeping_looks_only_at_what_came_since(store: ProjectStore) -> None:
    raced(store)
    assert sweep_duplicates(store, NOON_MS + 2_000) == 0
    assert sweep_duplicates(store, NOON_MS + 1_000) == 1
    assert stored_counts(store)[2] == 1


def test_removal_by_id_leaves_other_ids_alone(store: ProjectStore) -> None:
    raced(store)
    assert remove_duplicates(store, [sample_id(2).bytes, sample_id(3).bytes]) == 1
    assert stored_counts(store)[2] == 1
