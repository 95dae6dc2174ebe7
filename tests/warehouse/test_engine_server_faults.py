"""Failures on command, ``kill -9``, and the scanning of statements of the warehouse test server."""

from __future__ import annotations

import threading
import time
import urllib.error
from pathlib import Path

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError, OperationalError

from tests.engine_server.fixtures import ClientMaker, connect, engine_database, engine_server
from tests.engine_server.process import EngineServer, EngineServerNotReady
from tests.engine_server.statements import (
    Kind,
    insert_head,
    into_pipe,
    kill_by_request,
    kind_of,
    output_format,
)

__all__ = ["connect", "engine_database", "engine_server"]


def table(client: Client) -> None:
    client.command("CREATE TABLE IF NOT EXISTS t (a UInt64) ENGINE = MergeTree ORDER BY a")


def stored(client: Client) -> list[int]:
    return [row[0] for row in client.query("SELECT a FROM t ORDER BY a").result_rows]


@pytest.mark.parametrize(
    ("code", "name"),
    [(243, "NOT_ENOUGH_SPACE"), (242, "TABLE_IS_READ_ONLY"), (241, "MEMORY_LIMIT_EXCEEDED")],
)
def test_the_next_inserts_fail_and_store_nothing(
    connect: ClientMaker, engine_server: EngineServer, code: int, name: str
) -> None:
    client = connect()
    table(client)
    engine_server.control(insert_errors=2, insert_error_code=code)
    for _ in range(2):
        with pytest.raises(DatabaseError) as caught:
            client.insert("t", [[1]])
        assert (caught.value.code, caught.value.name) == (code, name)
    client.insert("t", [[2]])
    assert stored(client) == [2]
    assert engine_server.state()["counts"]["inserts_hurt"] == 2
    assert engine_server.state()["faults"]["insert_errors"] == 0


def test_only_matching_inserts_are_hurt(connect: ClientMaker, engine_server: EngineServer) -> None:
    client = connect()
    table(client)
    client.command("CREATE TABLE other (a UInt64) ENGINE = Memory")
    engine_server.control(insert_errors=1, match="`?other`?")
    client.insert("t", [[1]])
    with pytest.raises(DatabaseError):
        client.command("INSERT INTO other VALUES (1)")
    assert stored(client) == [1]
    assert engine_server.state()["counts"]["inserts"] == 1


def test_an_executed_insert_goes_unanswered(connect: ClientMaker, engine_server: EngineServer) -> None:
    client = connect()
    table(client)
    engine_server.control(drop_after_insert=1)
    with pytest.raises(OperationalError):
        client.command("INSERT INTO t VALUES (1)")
    client.command("INSERT INTO t VALUES (2)")
    assert stored(client) == [1, 2]


def test_the_client_repeats_an_unanswered_insert_by_itself(
    connect: ClientMaker, engine_server: EngineServer
) -> None:
    client = connect()
    table(client)
    # Once more, unasked: without a token the rows are there twice.
    engine_server.control(drop_after_insert=1)
    client.insert("t", [[1]])
    assert stored(client) == [1, 1]
    engine_server.control(drop_after_insert=2)
    with pytest.raises(OperationalError):
        client.insert("t", [[2]])
    assert stored(client) == [1, 1, 2, 2]
    client.command("ALTER TABLE t MODIFY SETTING non_replicated_deduplication_window = 100")
    engine_server.control(drop_after_insert=1)
    client.insert("t", [[3]], settings={"insert_deduplication_token": "3"})
    assert stored(client) == [1, 1, 2, 2, 3]
    counts = engine_server.state()["counts"]
    assert (counts["inserts"], counts["inserts_hurt"]) == (6, 4)


def test_an_insert_is_lost_with_its_connection(connect: ClientMaker, engine_server: EngineServer) -> None:
    client = connect()
    table(client)
    engine_server.control(drop_before_insert=2)
    with pytest.raises(OperationalError):
        client.insert("t", [[1]])
    client.insert("t", [[2]])
    assert stored(client) == [2]


def test_a_slow_disk_delays_inserts_and_nothing_else(
    connect: ClientMaker, engine_server: EngineServer
) -> None:
    client, other = connect(), connect()
    table(client)
    engine_server.control(insert_delay_ms=1500)
    insert = threading.Thread(target=client.insert, args=("t", [[1]]))
    insert.start()
    for _ in range(100):
        if engine_server.state()["counts"]["inserts"]:
            break
        time.sleep(0.01)
    assert stored(other) == []
    insert.join(30)
    assert stored(other) == [1]


def test_the_server_is_unavailable_and_comes_back(connect: ClientMaker, engine_server: EngineServer) -> None:
    client = connect()
    table(client)
    engine_server.control(unavailable=1000)
    assert client.ping() is False
    with pytest.raises(OperationalError, match="503"):
        client.insert("t", [[1]])
    with pytest.raises(OperationalError, match="503"):
        client.query("SELECT 1")
    engine_server.control(unavailable=1)
    assert client.query("SELECT 1").first_row == (1,), "reading is tried again"
    client.insert("t", [[2]])
    assert stored(client) == [2]


def test_a_fault_that_does_not_exist_is_refused(engine_server: EngineServer) -> None:
    for fault in ({"insert_error": 1}, {"insert_errors": "1"}, {"match": "("}):
        with pytest.raises(urllib.error.HTTPError) as caught:
            engine_server.control(**fault)
        assert caught.value.code == 400
        caught.value.close()
    assert engine_server.state()["faults"]["insert_errors"] == 0


def test_acknowledged_rows_survive_kill_minus_nine(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    server = EngineServer.start(tmp_path / "engine")
    table(clickhouse_connect.get_client(dsn=server.dsn))

    def write(first: int) -> None:
        client = clickhouse_connect.get_client(dsn=server.dsn)
        for batch in range(1000):
            rows = [[first + batch * 10 + i] for i in range(10)]
            try:
                client.insert("t", rows)
            except ClickHouseError:
                return
            acknowledged.extend(row[0] for row in rows)

    writers = [threading.Thread(target=write, args=(number * 1_000_000,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for _ in range(1000):
        if len(acknowledged) >= 400:
            break
        time.sleep(0.01)
    server.kill()
    for writer in writers:
        writer.join(30)

    with server.restart() as again:
        client = clickhouse_connect.get_client(dsn=again.dsn)
        rows = stored(client)
        client.close()
    assert len(acknowledged) >= 400
    assert len(set(rows)) == len(rows)
    assert set(acknowledged) <= set(rows)
    # At most the batch each writer had under way may be there unacknowledged.
    assert len(rows) - len(acknowledged) <= 4 * 10


def test_a_second_server_on_the_same_directory_is_refused(engine_server: EngineServer) -> None:
    with pytest.raises(EngineServerNotReady):
        EngineServer.start(engine_server.path, deadline_seconds=15)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("-- a comment\nSELECT 1", Kind.SELECT),
        ("/* INSERT */ (SELECT 1)", Kind.SELECT),
        ("WITH 'INSERT' AS a SELECT a", Kind.SELECT),
        ("WITH 1 AS a INSERT INTO t SELECT a", Kind.COMMAND),
        ("insert into t format CSV 1", Kind.INSERT),
        ("kill query where 1", Kind.KILL),
        ("USE x", Kind.SET),
        ("ALTER TABLE t DELETE WHERE 1", Kind.COMMAND),
        ("", Kind.COMMAND),
    ],
)
def test_the_kind_of_a_statement(sql: str, kind: Kind) -> None:
    assert kind_of(sql) is kind


@pytest.mark.parametrize(
    ("sql", "statement", "data_format", "data"),
    [
        ("INSERT INTO t FORMAT Native\n\n\x01", "INSERT INTO t", "Native", "\n\x01"),
        (
            "INSERT INTO t (`format x`, format) FORMAT CSV  1,2",
            "INSERT INTO t (`format x`, format)",
            "CSV",
            "1,2",
        ),
        (
            "INSERT INTO t SETTINGS a = 'FORMAT b' FORMAT TSV\r\n1",
            "INSERT INTO t SETTINGS a = 'FORMAT b'",
            "TSV",
            "1",
        ),
        (
            "insert into t -- FORMAT CSV\n format JSONEachRow {}",
            "insert into t -- FORMAT CSV",
            "JSONEachRow",
            "{}",
        ),
    ],
)
def test_where_the_data_of_an_insert_begin(sql: str, statement: str, data_format: str, data: str) -> None:
    head = insert_head(sql)
    assert head is not None
    assert (head.statement, head.format, sql[head.data_start :]) == (statement, data_format, data)


@pytest.mark.parametrize(
    "sql",
    ["INSERT INTO t VALUES (1)", "INSERT INTO t SELECT 1 FORMAT CSV", "INSERT INTO t FORMAT Values (1)"],
)
def test_rows_that_are_sql_have_no_head(sql: str) -> None:
    assert insert_head(sql) is None


@pytest.mark.parametrize(
    ("sql", "piped", "name"),
    [
        ("SELECT 1", "SELECT 1\nINTO OUTFILE 'p' TRUNCATE FORMAT TSV", None),
        ("SELECT 1; -- end", "SELECT 1\nINTO OUTFILE 'p' TRUNCATE FORMAT TSV", None),
        ("SELECT 'FORMAT CSV'", "SELECT 'FORMAT CSV'\nINTO OUTFILE 'p' TRUNCATE FORMAT TSV", None),
        ("SELECT 1\n FORMAT Native", "SELECT 1\nINTO OUTFILE 'p' TRUNCATE FORMAT Native", "Native"),
        (
            "SELECT 1 format CSV SETTINGS a = 1",
            "SELECT 1\nINTO OUTFILE 'p' TRUNCATE format CSV SETTINGS a = 1",
            "CSV",
        ),
    ],
)
def test_a_result_is_sent_into_the_pipe(sql: str, piped: str, name: str | None) -> None:
    assert into_pipe(sql, "p", "TSV") == piped
    assert output_format(sql) == name


def test_kill_reads_the_id_of_the_request() -> None:
    found = kill_by_request("KILL QUERY WHERE query_id = 'query_id' OR `query_id` = 'a' SYNC")
    kept = "Settings['log_comment']"
    assert found == f"KILL QUERY WHERE {kept} = 'query_id' OR {kept} = 'a' SYNC"
