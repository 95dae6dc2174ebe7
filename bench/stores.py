"""The same log in three stores: Bihuan's schema, PostHog's layout in the same engine, and a DuckDB file.

Built once and kept under ``bench/data/<hash of shape and schema>/``.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from bench import generate
from bench.generate import DAY_MS, DAYS, EVENT_NAMES, START_MS, Shape
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.log_states import LogStates
from bihuan.insights import roll_up
from bihuan.warehouse import Engine, ProjectStore, open_project
from bihuan.warehouse.engine import Reading, Row, Settings
from bihuan.warehouse.schema.tables import EVENTS
from bihuan.warehouse.version import data_version

DATA = Path(__file__).resolve().parent / "data"
PROJECT = "bench"
CHANNEL = "$utm_source"
REVENUE = "$revenue"
POSTHOG_TABLE = "posthog.events"
TIME_ZONE = "Asia/Shanghai"
BUILT = "BUILT"
OWN_COLUMNS = (
    "event_id",
    "event",
    "time",
    "received_at",
    "person_id",
    "distinct_key",
    "distinct_id",
    "session_id",
    "source",
)
# PostHog's order and types of the columns that queries touch; persons are on the events, as it recommends.
POSTHOG_DDL = f"""CREATE TABLE {POSTHOG_TABLE} (
    uuid UUID, event String, properties String CODEC(ZSTD(3)), timestamp DateTime64(6, 'UTC'),
    distinct_id String, person_id UUID
) ENGINE = ReplacingMergeTree PARTITION BY toYYYYMM(timestamp)
ORDER BY (toDate(timestamp), event, cityHash64(distinct_id), cityHash64(uuid))"""
POSTHOG_COLUMNS = "uuid, event, properties, timestamp, distinct_id, person_id"
# The local day is stored, event and channel are enumerations, rows lie by event and time.
DUCK_DDL = f"""
CREATE TYPE event_name AS ENUM ({", ".join(f"'{name}'" for name in EVENT_NAMES)});
CREATE TYPE channel_name AS ENUM ({", ".join(f"'{name}'" for name in generate.CHANNELS)});
CREATE TABLE loaded (event_id UUID, event event_name, time TIMESTAMP, day DATE, person UBIGINT,
    channel channel_name, browser VARCHAR, path VARCHAR, plan VARCHAR, quantity DOUBLE, revenue DOUBLE)"""

Say = Callable[[str], None]


class QuietEngine:
    """An engine whose queries cannot profit from what an earlier run of them found out."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def rows(self, sql: str, *, settings: Settings | None = None) -> list[Row]:
        """The rows of a SELECT, without the engine's cache of which granules matched."""
        return self.reading(sql, settings=settings).rows

    def reading(self, sql: str, *, settings: Settings | None = None) -> Reading:
        """The rows and what was read for them, without that cache."""
        return self._engine.reading(sql, settings={**(settings or {}), "use_query_condition_cache": 0})


@dataclass(frozen=True)
class Stores:
    """The log, ready to be asked.

    Args:
        engine: of Bihuan's schema and PostHog's layout.
        duck: connection to the DuckDB file.
    """

    shape: Shape
    directory: Path
    engine: QuietEngine
    store: ProjectStore
    context: ProjectContext
    duck: duckdb.DuckDBPyConnection
    states: LogStates = field(default_factory=LogStates)

    def fresh_context(self) -> ProjectContext:
        """The context of one query, as the server makes it: what comparing the rollup with the log gave is
        remembered while the tables' parts stay the same, which is asked each time."""
        state = self.states.of(self.store, data_version(self.store))
        return replace(
            self.context, people_by_day=state.people_by_day(TIME_ZONE), sequences=state.sequences()
        )

    @property
    def events(self) -> str:
        """The qualified name of Bihuan's table of events."""
        return self.store.table("events")

    def duck_rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a SELECT on DuckDB."""
        return self.duck.execute(sql).fetchall()

    def sizes_bytes(self) -> dict[str, int]:
        """What each store takes on disk."""
        rows = self.store.engine.rows(
            "SELECT database, sum(bytes_on_disk) FROM system.parts WHERE active AND table = "
            "'events' GROUP BY database"
        )
        sizes = {str(database): int(size) for database, size in rows}
        return {
            "Bihuan": sizes[self.store.layout.database],
            "PostHog's layout": sizes["posthog"],
            "Bihuan's sequences": _size_bytes(self.store.sequences),
            "DuckDB": (self.directory / "log.duckdb").stat().st_size,
        }


def _size_bytes(directory: Path | None) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file()) if directory else 0


def directory_of(shape: Shape) -> Path:
    """Where the stores of this shape, schema and recipe are kept."""
    # Projections and settings are brought to stores that exist by migrations.
    columns = (EVENTS.columns, EVENTS.order_by, EVENTS.partition_by)
    made = Path(generate.__file__).read_text("utf-8")
    recipe = repr((asdict(shape), columns, POSTHOG_DDL, DUCK_DDL)) + made
    return DATA / f"{shape.events}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}"


@contextmanager
def open_stores(shape: Shape, say: Say, directory: Path | None = None) -> Iterator[Stores]:
    """The stores of ``shape``, built at first use."""
    directory = directory or directory_of(shape)
    if not (directory / BUILT).exists():
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        with _opened(shape, directory) as stores:
            _build(stores, say)
        (directory / BUILT).touch()
    with _opened(shape, directory) as stores:
        yield stores


@contextmanager
def _opened(shape: Shape, directory: Path) -> Iterator[Stores]:
    engine = Engine(f"chdb://{directory / 'engine'}")
    duck = duckdb.connect(str(directory / "log.duckdb"))
    duck.execute("SET enable_progress_bar = false")
    try:
        store = open_project(engine, PROJECT)
        _settle(store)
        context = ProjectContext(table=store.table, now_ms=START_MS + DAYS * DAY_MS - 1, time_zone=TIME_ZONE)
        yield Stores(shape, directory, QuietEngine(engine), store, context, duck)
    finally:
        duck.close()
        engine.close()


def _settle(store: ProjectStore) -> None:
    """Wait for what migrations began, and bring the rollup up to date as the server's job does."""
    for _ in range(600):
        if not store.engine.scalar("SELECT count() FROM system.mutations WHERE NOT is_done"):
            break
        time.sleep(0.5)
    roll_up(store, TIME_ZONE, [CHANNEL], [REVENUE])


def _build(stores: Stores, say: Say) -> None:
    engine, duck = stores.store.engine, stores.duck
    engine.command("CREATE DATABASE posthog")
    engine.command(POSTHOG_DDL)
    duck.execute(DUCK_DDL)
    for table in (stores.events, POSTHOG_TABLE):
        # Each row is merged once, at the end, rather than again and again beside the load.
        engine.command(f"SYSTEM STOP MERGES {table}")
    started, done = time.monotonic(), 0
    for batch in generate.batches(stores.shape):
        own = batch.select(OWN_COLUMNS).append_column("properties_json", batch["properties"])
        engine.insert_arrow(stores.events, own, settings={"max_partitions_per_insert_block": 0})
        engine.insert_arrow(POSTHOG_TABLE, _posthog(batch), settings={"max_partitions_per_insert_block": 0})
        _to_duck(duck, batch)
        done += len(batch)
        say(
            f"loaded {done:,} of {stores.shape.events:,} events, {done / (time.monotonic() - started):,.0f}/s"
        )
    for table in (stores.events, POSTHOG_TABLE):
        say(f"merging {table}")
        engine.command(f"SYSTEM START MERGES {table}")
        engine.command(f"OPTIMIZE TABLE {table} FINAL")
    say("sorting the DuckDB table")
    duck.execute("CREATE TABLE events AS SELECT * FROM loaded ORDER BY event, day, person, time")
    duck.execute("DROP TABLE loaded")
    duck.execute("CHECKPOINT")


def _posthog(batch: pa.Table) -> pa.Table:
    keys = batch["person_id"].to_numpy()
    halves = np.stack([np.zeros_like(keys), keys.byteswap()], axis=1)
    columns = {
        "uuid": batch["event_id"],
        "event": batch["event"],
        "properties": batch["properties"],
        "timestamp": batch["time"],
        "distinct_id": batch["distinct_id"],
        "person_id": pa.Array.from_buffers(pa.binary(16), len(keys), [None, pa.py_buffer(halves)]),
    }
    return pa.table(columns)


def _to_duck(duck: duckdb.DuckDBPyConnection, batch: pa.Table) -> None:
    duck.register("batch", batch)
    duck.execute(
        "INSERT INTO loaded SELECT event_id::UUID, event::event_name, utc, (utc + INTERVAL 8 "
        "HOUR)::DATE, person_id, "
        "channel::channel_name, browser, path, plan, quantity, revenue "
        "FROM (SELECT *, (time AT TIME ZONE 'UTC')::TIMESTAMP AS utc FROM batch)"
    )
    duck.unregister("batch")
