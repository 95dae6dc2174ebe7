"""Group commit: what callers see of it."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections import Counter
from typing import Any

import msgspec
import pytest

from bihuan.kernel.errors import Overloaded
from bihuan.warehouse import (
    Batch,
    Engine,
    EngineUnavailable,
    GroupWriter,
    ProjectStore,
    QueryFailed,
    WriteLimits,
    WriteOutcome,
    drop_project,
    open_project,
)
from tests.warehouse.writing.samples import NOON_MS, sample_id, sample_row, stored_counts


def change(number: int) -> dict[str, Any]:
    return {
        "item_id": sample_id(number),
        "received_at": NOON_MS,
        "source": "web",
        "protocol": "native",
        "event": "buy",
        "reason": "property_type",
        "path": "properties.$revenue",
        "detail_en": "no number",
        "detail_zh": "不是数字",
        "raw": "{}",
        "status": "held",
        "version": 1,
    }


def parts(store: ProjectStore) -> int:
    return int(
        store.engine.scalar(
            "SELECT count() FROM system.parts WHERE table = 'events' "
            f"AND database = '{store.layout.database}'"
        )
    )


def test_a_row_is_stored_as_it_was_given(store: ProjectStore, writer: GroupWriter) -> None:
    row = sample_row(1, time_ms=1_700_000_000_123, received_ms=1_700_000_000_456)
    assert writer.submit(store, Batch([row])).result() == WriteOutcome(stored=1, duplicates=0)
    stored = store.engine.rows(
        "SELECT event_id, event, toUnixTimestamp64Milli(time), toUnixTimestamp64Milli(received_at), "
        "person_id, distinct_key, xxh3(distinct_id), distinct_id, session_id, source, properties.`$os`, "
        f"properties.number.:Float64 FROM {store.table('events')}"
    )
    key = row.distinct_key
    assert stored == [
        (
            sample_id(1),
            "buy",
            1_700_000_000_123,
            1_700_000_000_456,
            key,
            key,
            key,
            "user-1",
            "",
            "web",
            "iOS",
            1.0,
        )
    ]


def test_many_requests_become_few_inserts(store: ProjectStore) -> None:
    writer = GroupWriter(WriteLimits(linger_seconds=1.0))

    async def send_all() -> list[WriteOutcome]:
        first = [
            asyncio.create_task(writer.write(store, Batch([sample_row(number)]))) for number in range(100)
        ]
        return await asyncio.gather(*first)

    outcomes = asyncio.run(send_all())
    writer.close()
    assert outcomes == [WriteOutcome(stored=1, duplicates=0)] * 100
    assert stored_counts(store) == Counter(range(100))
    assert parts(store) < 20


def test_threads_and_loops_may_share_a_writer(store: ProjectStore, writer: GroupWriter) -> None:
    def send(first: int) -> None:
        for number in range(first, first + 10):
            writer.submit(store, Batch([sample_row(number)])).result()

    async def send_async() -> None:
        await asyncio.gather(*(writer.write(store, Batch([sample_row(n)])) for n in range(100, 130)))

    threads = [threading.Thread(target=send, args=(10 * number,)) for number in range(8)]
    threads.append(threading.Thread(target=lambda: asyncio.run(send_async())))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored_counts(store) == Counter([*range(80), *range(100, 130)])


def test_each_project_has_its_own_log(engine: Engine, store: ProjectStore, writer: GroupWriter) -> None:
    other = open_project(engine, f"w{uuid.uuid4().hex[:12]}", durable=False)
    outcomes = [writer.submit(one, Batch([sample_row(1)])).result() for one in (store, other)]
    assert outcomes == [WriteOutcome(1, 0)] * 2
    assert stored_counts(store) == stored_counts(other) == Counter([1])
    drop_project(other)


def test_other_tables_are_written_with_the_events(store: ProjectStore, writer: GroupWriter) -> None:
    batch = Batch([sample_row(1)], {"quarantine": [change(1), change(2)]})
    for duplicates in (0, 1):
        outcome = writer.submit(store, batch).result()
        assert outcome == WriteOutcome(stored=1 - duplicates, duplicates=duplicates)
    kept = store.engine.rows(
        "SELECT item_id, detail_zh, toUnixTimestamp64Milli(received_at) "
        f"FROM {store.table('quarantine')} FINAL"
    )
    assert sorted(kept) == sorted((sample_id(number), "不是数字", NOON_MS) for number in (1, 2))


def test_an_empty_batch_is_acknowledged(store: ProjectStore, writer: GroupWriter) -> None:
    assert writer.submit(store, Batch()).result() == WriteOutcome(0, 0)


def test_a_full_queue_refuses_and_recovers(store: ProjectStore) -> None:
    writer = GroupWriter(WriteLimits(queue_rows=50))
    large = Batch([sample_row(number) for number in range(40)])
    first = writer.submit(store, large)
    with pytest.raises(Overloaded) as refused:
        writer.submit(store, Batch([sample_row(number) for number in range(40, 51)]))
    assert refused.value.params["retry_after_seconds"] >= 1
    assert first.result().stored == 40
    writer.close()
    assert writer.queued_rows() == 0
    again = GroupWriter(WriteLimits(queue_rows=50))
    assert again.submit(store, large).result() == WriteOutcome(stored=0, duplicates=40)
    again.close()


def test_a_request_larger_than_the_queue_is_stored_when_it_is_empty(store: ProjectStore) -> None:
    writer = GroupWriter(WriteLimits(queue_rows=10, insert_rows=10))
    assert writer.submit(store, Batch([sample_row(n) for n in range(100)])).result().stored == 100
    writer.close()


def test_close_stores_what_is_queued_and_refuses_more(store: ProjectStore) -> None:
    writer = GroupWriter(WriteLimits(insert_rows=7))
    futures = [writer.submit(store, Batch([sample_row(number)])) for number in range(60)]
    writer.close()
    assert [future.result(0).stored for future in futures] == [1] * 60
    assert stored_counts(store) == Counter(range(60))
    with pytest.raises(EngineUnavailable):
        writer.submit(store, Batch([sample_row(61)]))


def test_rows_the_engine_refuses_fail_alone(store: ProjectStore) -> None:
    writer = GroupWriter(WriteLimits(linger_seconds=0.0))
    bad = msgspec.structs.replace(sample_row(5), properties=b'{"$revenue": "not a number"}')
    blocker = writer.submit(store, Batch([sample_row(number) for number in range(100, 3100)]))
    futures = [writer.submit(store, Batch([bad if n == 5 else sample_row(n)])) for n in range(10)]
    assert blocker.result().stored == 3000
    for number, future in enumerate(futures):
        if number == 5:
            assert isinstance(future.exception(), QueryFailed)
        else:
            assert future.result() == WriteOutcome(1, 0)
    writer.close()
    assert stored_counts(store) == Counter([*range(5), *range(6, 10), *range(100, 3100)])


def test_events_of_very_many_months_fit_one_insert(store: ProjectStore, writer: GroupWriter) -> None:
    rows = [sample_row(number, time_ms=number * 31 * 86_400_000) for number in range(130)]
    assert writer.submit(store, Batch(rows)).result().stored == 130
    assert stored_counts(store) == Counter(range(130))


def test_rows_without_a_column_fail_alone(store: ProjectStore) -> None:
    writer = GroupWriter(WriteLimits(linger_seconds=0.0))
    blocker = writer.submit(store, Batch([sample_row(number) for number in range(100, 3100)]))
    good = writer.submit(store, Batch([sample_row(1)], {"quarantine": [change(1)]}))
    bad = writer.submit(store, Batch([sample_row(2)], {"quarantine": [{"item_id": sample_id(2)}]}))
    assert isinstance(bad.exception(), QueryFailed)
    assert (blocker.result().stored, good.result().stored) == (3000, 1)
    writer.close()
    assert store.engine.scalar(f"SELECT count() FROM {store.table('quarantine')} FINAL") == 1
