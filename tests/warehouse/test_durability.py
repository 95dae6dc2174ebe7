"""A change of ``durability`` reaches tables that are there already."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bihuan.warehouse import Engine, ProjectStore, drop_project, open_project
from bihuan.warehouse.schema.durability import alteration, apply_durability
from bihuan.warehouse.schema.layout import Layout
from bihuan.warehouse.sql import literal
from tests.warehouse.cluster_parser import parse_cluster_statement

PROJECT_ID = "durable_or_not"


@pytest.fixture
def store(engine: Engine) -> Iterator[ProjectStore]:
    opened = open_project(engine, PROJECT_ID, durable=True)
    yield opened
    drop_project(opened)


def syncs_of_an_insert(store: ProjectStore) -> int:
    def synced() -> int:
        return int(store.engine.scalar("SELECT sum(value) FROM system.events WHERE event = 'FileSync'"))

    before = synced()
    store.engine.command(
        f"INSERT INTO {store.table('erasures')} (distinct_key, erased_at, actor, version) "
        f"VALUES ({before + 1}, now64(3), 'test', {before + 1})"
    )
    return synced() - before


def settings_of(store: ProjectStore, which: str = "name != 'events'") -> set[str]:
    rows = store.engine.rows(
        "SELECT DISTINCT extract(engine_full, 'fsync_after_insert = .') || ' ' "
        "|| extract(engine_full, 'fsync_part_directory = .') "
        f"FROM system.tables WHERE database = {literal(store.layout.database)} AND {which}"
    )
    return {row[0] for row in rows}


def test_tables_follow_the_setting_at_the_next_start(engine: Engine, store: ProjectStore) -> None:
    assert settings_of(store) == {"fsync_after_insert = 1 fsync_part_directory = 1"}
    assert syncs_of_an_insert(store) > 0
    relaxed = open_project(engine, PROJECT_ID, durable=False)
    assert settings_of(store) == {"fsync_after_insert = 0 fsync_part_directory = 0"}
    assert syncs_of_an_insert(relaxed) == 0
    strict = open_project(engine, PROJECT_ID, durable=True)
    assert settings_of(store) == {"fsync_after_insert = 1 fsync_part_directory = 1"}
    assert syncs_of_an_insert(strict) > 0


def test_tables_that_do_so_already_are_left_alone(engine: Engine, store: ProjectStore) -> None:
    assert apply_durability(engine, store.layout) == []
    changed = apply_durability(engine, Layout(store.layout.database, durable=False))
    assert {"profiles", "quarantine", "schema_versions"} <= set(changed)
    assert apply_durability(engine, store.layout) == changed
    alone = Layout(store.layout.database, group_sync=False)
    assert apply_durability(engine, alone) == (["events"] if store.layout.group_sync else [])


def test_events_are_synced_by_their_writer_where_the_file_system_can_be(store: ProjectStore) -> None:
    events = settings_of(store, "name = 'events'")
    if store.engine.file_system is None:
        assert events == {"fsync_after_insert = 1 fsync_part_directory = 1"}
    else:
        assert events == {"fsync_after_insert = 0 fsync_part_directory = 0"}


def test_one_table_that_differs_is_altered_alone(engine: Engine, store: ProjectStore) -> None:
    engine.command(f"ALTER TABLE {store.table('profiles')} MODIFY SETTING fsync_part_directory = 0")
    assert apply_durability(engine, store.layout) == ["profiles"]


def test_the_statement_for_a_cluster_is_accepted_by_the_engines_parser(engine: Engine) -> None:
    layout = Layout("bihuan_shop", cluster="bihuan", durable=False)
    statement = alteration(layout, "events_local")
    assert "`events_local` ON CLUSTER `bihuan` MODIFY SETTING fsync_after_insert = 0," in statement
    with engine.client() as client:
        parse_cluster_statement(statement, client.command)
