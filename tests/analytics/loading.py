"""Put a small event log into a project of the real engine."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.reference import EventLog, LogEvent, Properties
from bihuan.analytics.sql import sequences
from bihuan.kernel.hashing import key64
from bihuan.warehouse.engine import Engine
from bihuan.warehouse.project import ProjectStore, open_project

NOW_MS = 1_735_700_000_000  # 2025-01-01T02:53:20Z
_numbers = itertools.count(1)


def fresh_project(engine: Engine) -> ProjectStore:
    """A project with empty tables."""
    return open_project(engine, f"analytics_{next(_numbers)}", durable=False)


def load(store: ProjectStore, log: EventLog) -> None:
    """Replace everything the project holds by ``log``; each event id is stored once, as the writer does."""
    for table in ("events", "profiles", "identity_overrides"):
        store.engine.command(f"TRUNCATE TABLE {store.table(table)}")
    add_events(store, log.events)
    add_overrides(store, log)
    profiles = [[person, 1, False, json.dumps(nested(known))] for person, known in log.profiles.items()]
    store.engine.insert_rows(
        store.table("profiles"), ["person_id", "version", "deleted", "properties"], profiles
    )


def add_overrides(store: ProjectStore, log: EventLog) -> None:
    """Say whose the rows are that were stored for another person."""
    overrides = {
        (key64(event.distinct_id), event.distinct_id, event.person, True, 1)
        for event in log.events
        if event.stored_person not in (None, event.person)
    }
    columns = ["distinct_key", "distinct_id", "person_id", "pending", "version"]
    store.engine.insert_rows(store.table("identity_overrides"), columns, sorted(overrides))


@contextmanager
def reading_in_order_of_people() -> Iterator[None]:
    """Every period counts as long, so that all events of it are read in the order of people."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequences, "LONG_SHARE", 0.0)
        yield


def add_events(store: ProjectStore, events: Iterable[LogEvent]) -> None:
    """Insert events, 50,000 rows at a time, those already given in this call left out."""
    rows = _once(events)
    while batch := list(itertools.islice(rows, 50_000)):
        with store.engine.client() as client:
            client.raw_insert(store.table("events"), insert_block=b"\n".join(batch), fmt="JSONEachRow")


def context(store: ProjectStore, log: EventLog | None = None, **changes: Any) -> ProjectContext:
    """The context of a loaded project."""
    merged = log is not None and any(event.stored_person not in (None, event.person) for event in log.events)
    plain = ProjectContext(table=store.table, now_ms=NOW_MS, has_overrides=merged)
    return dataclasses.replace(plain, **changes)


def nested(properties: Properties) -> dict[str, Any]:
    """Flat properties as the object a sender would have sent, numbers as floats."""
    tree: dict[str, Any] = {}
    for name, value in properties.items():
        *parents, last = name.split(".")
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
        branch[last] = float(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return tree


def _once(events: Iterable[LogEvent]) -> Iterator[bytes]:
    seen = set()
    for event in events:
        if event.event_id not in seen:
            seen.add(event.event_id)
            time = f"{event.time_ms // 1000}.{event.time_ms % 1000:03}"
            yield _ENCODER.encode(
                {
                    "event_id": event.event_id,
                    "event": event.event,
                    "time": time,
                    "received_at": time,
                    "person_id": event.person if event.stored_person is None else event.stored_person,
                    "distinct_key": key64(event.distinct_id),
                    "distinct_id": event.distinct_id,
                    "session_id": event.session_id,
                    "source": event.source,
                    "properties": nested(event.properties),
                }
            )


_ENCODER = msgspec.json.Encoder()
