"""The statements of every layout: run on one node, parsed by the engine itself for a cluster."""

from __future__ import annotations

import pytest

from bihuan.warehouse import Engine
from bihuan.warehouse.schema.layout import Layout
from bihuan.warehouse.schema.migrations import MIGRATIONS, VERSIONS_TABLE, applied_versions, migrate
from bihuan.warehouse.schema.tables import TABLES, Table
from bihuan.warehouse.sql import identifier
from tests.warehouse.cluster_parser import parse_cluster_statement

CLUSTER = Layout("bihuan_shop", cluster="bihuan", durable=True)
ALL_TABLES = (*TABLES, VERSIONS_TABLE)


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_cluster_statements_are_accepted_by_the_engines_parser(table: Table, engine: Engine) -> None:
    statements = CLUSTER.create_table(table)
    assert len(statements) == 2
    with engine.client() as client:
        for statement in statements:
            parse_cluster_statement(statement, client.command)
    local, distributed = statements
    assert "ON CLUSTER `bihuan`" in local
    assert "ReplicatedReplacingMergeTree" in local
    assert "Distributed('bihuan'" in distributed


def test_events_are_sharded_by_person_and_identities_are_on_every_shard() -> None:
    tables = {table.name: CLUSTER.create_table(table) for table in TABLES}
    assert tables["events"][1].endswith("'events_local', person_id)")
    assert "/{shard}/" in tables["events"][0]
    assert "/all/" in tables["identity_overrides"][0]


def test_migrating_twice_applies_nothing_the_second_time(engine: Engine) -> None:
    layout = Layout("bihuan_migrated")
    try:
        assert migrate(engine, layout) == [migration.version for migration in MIGRATIONS]
        assert migrate(engine, layout) == []
        assert applied_versions(engine, layout) == {migration.version for migration in MIGRATIONS}
    finally:
        engine.command(f"DROP DATABASE {identifier(layout.database)} SYNC")


def test_durability_decides_whether_inserts_are_synced() -> None:
    durable, quick = (Layout("d", durable=on).create_table(TABLES[0])[0] for on in (True, False))
    assert "fsync_after_insert = 1, fsync_part_directory = 1" in durable
    assert "fsync_after_insert = 0, fsync_part_directory = 0" in quick


def test_projects_from_before_wider_merges_get_them(engine: Engine) -> None:
    layout = Layout("bihuan_wider_merges")
    try:
        migrate(engine, layout)
        table = layout.name("events")
        engine.command(f"ALTER TABLE {table} RESET SETTING merge_selector_base")
        engine.command(f"TRUNCATE TABLE {layout.name(VERSIONS_TABLE.name)}")
        assert migrate(engine, layout) == [migration.version for migration in MIGRATIONS]
        made = engine.scalar(
            f"SELECT engine_full FROM system.tables WHERE database = '{layout.database}' AND name = 'events'"
        )
        assert "merge_selector_base = 20" in made
    finally:
        engine.command(f"DROP DATABASE {identifier(layout.database)} SYNC")
