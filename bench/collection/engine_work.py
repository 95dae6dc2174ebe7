"""What needs the engine itself, run in processes of its own: a process can open one embedded engine only."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from bench import generate
from bench.collection.bodies import EVENTS_A_BATCH, batch_bodies, numbered
from bench.generate import Shape
from bench.stores import OWN_COLUMNS, TIME_ZONE
from bihuan.access import bootstrap
from bihuan.collect import EnrichmentSettings
from bihuan.collect.preparation import Preparation, TimeRules
from bihuan.collect.protocols import all_protocols
from bihuan.collect.protocols.base import Request
from bihuan.database import Database
from bihuan.insights import roll_up
from bihuan.people import People
from bihuan.settings import Settings
from bihuan.warehouse import Engine, open_project
from bihuan.warehouse.writing.columns import events_table
from bihuan.warehouse.writing.insertion import insert

BATCH_ROWS = 10_000
BATCH_TABLES = 4
SOURCE = "default"
Answer = TypeVar("Answer")


def apart(function: Callable[..., Answer], *arguments: object) -> Answer:
    """The function's answer, from a process of its own: forked from one that has only imported this."""
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(function, *arguments).result()


def prepare(data: Path, events: int) -> tuple[str, str]:
    """Make an installation whose project already has a log of ``events``; gives project id and write key."""
    settings = Settings(data=data)
    data.mkdir(parents=True, exist_ok=True)
    database = Database.open(settings.database_dsn)
    made = bootstrap(database, data)
    database.dispose()
    assert made.write_key is not None
    engine = Engine(settings.warehouse_dsn)
    store = open_project(engine, made.project_id)
    for batch in generate.batches(Shape(events=events, people=max(100, events // 50))):
        own = batch.select(OWN_COLUMNS).append_column("properties_json", batch["properties"])
        engine.insert_arrow(store.table("events"), own, settings={"max_partitions_per_insert_block": 0})
    engine.command(f"OPTIMIZE TABLE {store.table('events')} FINAL")
    # The server's job does it within two minutes, which the session would not wait for.
    roll_up(store, TIME_ZONE, settings.rollup_properties)
    engine.close()
    return made.project_id, made.write_key


def arrow_rate(directory: Path, seconds: float) -> float:
    """Rows a second of the load's own events, from Arrow in batches of 10,000, into an empty project's log.

    One thread, fsync on, with the settings of the write path; every batch has ids of its own.
    """
    engine = Engine(f"chdb://{directory}")
    store = open_project(engine, "arrow")
    tables = _arrow_tables(People(store))
    insert(store, "events", _with_new_ids(tables[0]))
    count, started = 0, time.perf_counter()
    while (now := time.perf_counter()) - started < seconds:
        insert(store, "events", _with_new_ids(tables[count % len(tables)]))
        count += 1
    rate = count * BATCH_ROWS / (now - started)
    engine.close()
    return rate


def stored_requests(data: Path, project_id: str, source: str) -> tuple[dict[int, int], int]:
    """By number of request how many different events of it are in the log, and how many are there twice."""
    engine = Engine(Settings(data=data).warehouse_dsn)
    store = open_project(engine, project_id)
    rows = engine.rows(
        "SELECT substring(toString(event_id), 1, 8) AS number, count(), uniqExact(event_id) "
        f"FROM {store.table('events')} WHERE source = '{source}' GROUP BY number"
    )
    engine.close()
    return {int(number, 16): different for number, _, different in rows}, sum(row[1] - row[2] for row in rows)


def _arrow_tables(people: People) -> list[pa.Table]:
    protocol = all_protocols()["segment"]
    preparation = Preparation(SOURCE, people, rules=TimeRules(), enrichment=EnrichmentSettings())
    bodies, now_ms, tables = batch_bodies(), time.time_ns() // 1_000_000, []
    each = BATCH_ROWS // EVENTS_A_BATCH
    for first in range(0, BATCH_TABLES * each, each):
        rows = []
        for number in range(first, first + each):
            body = numbered(bodies[number % len(bodies)], number)
            request = Request(
                method="POST",
                path="/v1/batch",
                query={},
                headers={},
                client_ip=None,
                received_ms=now_ms,
                body=body,
            )
            rows += preparation.prepare(protocol.parse(request), now_ms).events
        tables.append(events_table(rows))
    return tables


def _with_new_ids(table: pa.Table) -> pa.Table:
    ids = pa.Array.from_buffers(pa.binary(16), len(table), [None, pa.py_buffer(os.urandom(16 * len(table)))])
    return table.set_column(0, "event_id", ids)
