"""Cluster statements are read by the engine's own parser, and wrong ones are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import clickhouse_connect
import pytest

from tests.engine_server.process import EngineServer
from tests.warehouse.cluster_parser import Ask, ClusterStatementRefused, parse_cluster_statement


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    path: Path = tmp_path_factory.mktemp("parser")
    with EngineServer.start(path) as server:
        client = clickhouse_connect.get_client(dsn=server.dsn)
        yield client.command
        client.close()


REPLICATED = """
CREATE TABLE IF NOT EXISTS bihuan_x.events_local ON CLUSTER two_shards
(event_id UUID, time DateTime64(3, 'UTC'), person_id UInt64, properties JSON(amount Nullable(Float64)),
 PROJECTION by_id (SELECT event_id ORDER BY event_id))
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/{shard}/a,b', '{replica}', time)
PARTITION BY toYYYYMM(time) ORDER BY (event_id)
"""


def test_a_replicated_table_is_read(ask: Ask) -> None:
    parsed = parse_cluster_statement(REPLICATED, ask)
    assert parsed.cluster == "two_shards"
    assert parsed.engine == "ReplicatedReplacingMergeTree"
    assert parsed.engine_arguments == ("'/clickhouse/{shard}/a,b'", "'{replica}'", "time")


def test_a_distributed_table_is_read(ask: Ask) -> None:
    parsed = parse_cluster_statement(
        "CREATE TABLE d.events ON CLUSTER 'my cluster' AS d.events_local "
        "ENGINE = Distributed('my cluster', 'd', 'events_local', xxh3(person_id, 1))",
        ask,
    )
    assert parsed.cluster == "my cluster"
    assert parsed.engine == "Distributed"
    assert parsed.engine_arguments == ("'my cluster'", "'d'", "'events_local'", "xxh3(person_id, 1)")


@pytest.mark.parametrize(
    ("statement", "cluster"),
    [
        ("CREATE DATABASE IF NOT EXISTS bihuan_x ON CLUSTER c", "c"),
        ("DROP DATABASE bihuan_x ON CLUSTER c SYNC", "c"),
        ("ALTER TABLE bihuan_x.events ON CLUSTER c ADD COLUMN a UInt8", "c"),
        ("ALTER TABLE t ON CLUSTER c UPDATE person_id = 1 WHERE person_id = 2", "c"),
        ("OPTIMIZE TABLE t ON CLUSTER c FINAL", "c"),
        ("CREATE DATABASE plain", None),
    ],
)
def test_other_statements_are_read(ask: Ask, statement: str, cluster: str | None) -> None:
    assert parse_cluster_statement(statement, ask).cluster == cluster


@pytest.mark.parametrize(
    "statement",
    [
        REPLICATED.replace("ON CLUSTER", "ON CLSTER"),
        REPLICATED.replace("PARTITION BY", "PARTITIONED BY"),
        REPLICATED.replace("time)\nPARTITION", "time\nPARTITION"),
        REPLICATED.replace("ReplicatedReplacingMergeTree", "ReplicatedReplacingMergeTrie"),
        "CREATE TABLE t ON CLUSTER (a UInt8) ENGINE = Memory",
        "CREATE DATABASE a ON CLUSTER c; DROP DATABASE b ON CLUSTER c",
        "ALTER TABLE t ON CLUSTER c ADD COLUM a UInt8",
        "",
    ],
)
def test_a_wrong_statement_is_refused(ask: Ask, statement: str) -> None:
    with pytest.raises(ClusterStatementRefused):
        parse_cluster_statement(statement, ask)
