"""Kept sequences of small logs."""

from __future__ import annotations

import dataclasses

import pytest

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.log_states import LogStates
from bihuan.analytics.query import PropertyRef
from bihuan.analytics.reference import EventLog
from bihuan.analytics.sequences import blocks
from bihuan.analytics.sequences.totals import number_sql
from bihuan.analytics.sql.day_people import cell_key
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sequences import building, drop, refresh
from bihuan.warehouse.version import data_version
from tests.analytics.kept_queries import OS, REVENUE
from tests.analytics.loading import add_events, add_overrides, load
from tests.analytics.random_log import Scene

NUMBERS = (REVENUE, PropertyRef(name="x"))
_STATES = LogStates()


def work_in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small logs are worth it, and are written and read in many pieces."""
    monkeypatch.setattr(building, "WORTH_ROWS", 0)
    monkeypatch.setattr(building, "WORTH_SHARE", 0.0)
    monkeypatch.setattr(building, "ROWS_PER_STATEMENT", 7)
    monkeypatch.setattr(blocks, "EVENTS_A_BLOCK", 5)


def build(store: ProjectStore) -> None:
    """Bring them up to date."""
    refresh(store, {OS.name: cell_key(OS)}, {each.name: number_sql(each.name) for each in NUMBERS})


def build_before_the_rest(store: ProjectStore, scene: Scene, built: int) -> None:
    """Sequences of a scene's first events; the others, and who was merged, come after they were written."""
    load(store, EventLog(scene.log.events[:built], {}))
    store.engine.command(f"TRUNCATE TABLE {store.table('identity_overrides')}")
    drop(store)
    build(store)
    add_events(store, scene.log.events[built:])
    add_overrides(store, scene.log)


def with_sequences(store: ProjectStore, ctx: ProjectContext) -> ProjectContext:
    """The context of one query, as the server makes it."""
    return dataclasses.replace(ctx, sequences=_STATES.of(store, data_version(store)).sequences())
