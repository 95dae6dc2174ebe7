"""The test server's HTTP: headers, formats, errors, credentials, settings, sessions, cancelling."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from tests.engine_server.fixtures import ClientMaker, connect, engine_database, engine_server
from tests.engine_server.process import EngineServer

__all__ = ["connect", "engine_database", "engine_server"]

ENDLESS = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"
RUNNING = (
    "SELECT count() FROM system.processes WHERE query LIKE '%1000000000000%' AND query NOT LIKE '%processes%'"
)
KEY = {"X-ClickHouse-User": "bihuan", "X-ClickHouse-Key": "secret"}


def ask(
    server: EngineServer,
    body: bytes | str = b"",
    *,
    method: Any = "POST",
    headers: Any = None,
    path: Any = "/",
    **parameters: Any,
) -> tuple[int, dict[str, str], bytes]:
    """One HTTP request on a connection of its own: status, headers (lower case) and body of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    data = body.encode() if isinstance(body, str) else body
    try:
        connection.request(
            method, f"{path}?{urlencode(parameters)}", data, KEY if headers is None else headers
        )
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def until_nothing_runs(server: EngineServer) -> None:
    """Wait, at most 20 s, until the endless statement is gone."""
    for _ in range(200):
        if ask(server, RUNNING)[2] == b"0\n":
            return
        time.sleep(0.1)
    pytest.fail("the statement is still running")


def until_something_runs(server: EngineServer) -> None:
    """Wait, at most 20 s, until the endless statement runs."""
    for _ in range(200):
        if ask(server, RUNNING)[2] != b"0\n":
            return
        time.sleep(0.1)
    pytest.fail("the statement never ran")


def test_headers_tell_id_format_zone_and_summary(engine_server: EngineServer) -> None:
    status, headers, body = ask(
        engine_server, "SELECT number FROM numbers(3) FORMAT JSONEachRow", query_id="q-1"
    )
    assert (status, body) == (200, b'{"number":0}\n{"number":1}\n{"number":2}\n')
    assert headers["x-clickhouse-query-id"] == "q-1"
    assert headers["x-clickhouse-format"] == "JSONEachRow"
    assert headers["content-type"] == "application/x-ndjson; charset=UTF-8"
    assert headers["x-clickhouse-timezone"] == ask(engine_server, "SELECT timezone()")[2].decode().strip()
    summary = json.loads(headers["x-clickhouse-summary"])
    assert (summary["read_rows"], summary["result_rows"], summary["written_rows"]) == ("3", "3", "0")
    assert uuid.UUID(ask(engine_server, "SELECT 1")[1]["x-clickhouse-query-id"]).version == 4


@pytest.mark.parametrize(
    ("query", "options", "expected"),
    [
        ("SELECT 1 AS a, 'x\ty' AS b", {}, b"1\tx\\ty\n"),
        ("SELECT 1 AS a, 'x' AS b", {"default_format": "CSV"}, b'1,"x"\n'),
        ("SELECT 1 AS a -- comment", {"default_format": "JSONCompactEachRow"}, b"[1]\n"),
        ("SELECT 1 AS a;", {"default_format": "JSONEachRow"}, b'{"a":1}\n'),
        ("SELECT 'FORMAT Native' AS a FORMAT TSVWithNames", {}, b"a\nFORMAT Native\n"),
        ("SELECT 1 AS a FORMAT CSV SETTINGS max_threads = 1", {}, b"1\n"),
        ("WITH 2 AS b SELECT b UNION ALL SELECT 2 FORMAT CSV", {}, b"2\n2\n"),
        ("(SELECT 3) UNION ALL (SELECT 3)", {}, b"3\n3\n"),
        ("SHOW DATABASES LIKE 'system'", {}, b"system\n"),
        ("EXISTS TABLE system.one FORMAT JSONEachRow", {}, b'{"result":1}\n'),
        ("SELECT 1 AS a FORMAT Native", {}, b"\x01\x01\x01a\x05UInt8\x01"),
        ("SELECT 1 WHERE 0", {}, b""),
        ("SELECT '闭环'", {}, "闭环\n".encode()),
    ],
)
def test_formats(engine_server: EngineServer, query: str, options: dict[str, str], expected: bytes) -> None:
    assert ask(engine_server, query, **options)[::2] == (200, expected)
    assert ask(engine_server, query=query, **options)[::2] == (200, expected)


def test_a_statement_may_be_split_between_url_and_body(
    engine_server: EngineServer, engine_database: str
) -> None:
    at = {"database": engine_database}
    assert (
        ask(engine_server, "CREATE TABLE t (a UInt8, b String) ENGINE = MergeTree ORDER BY a", **at)[0] == 200
    )
    assert ask(engine_server, "1\tx\n2\ty\n", query="INSERT INTO t FORMAT TabSeparated", **at)[0] == 200
    assert ask(engine_server, "(3, 'z')", query="INSERT INTO t VALUES", **at)[0] == 200
    assert ask(engine_server, "FROM t ORDER BY a", query="SELECT *", **at)[2] == b"1\tx\n2\ty\n3\tz\n"
    large = b"".join(b"4\t%d\n" % number for number in range(200_000))
    assert ask(engine_server, b"INSERT INTO t\nFORMAT TSV\n" + large, **at)[0] == 200
    assert ask(engine_server, "SELECT count() FROM t WHERE a = 4", **at)[2] == b"200000\n"


@pytest.mark.parametrize(
    ("query", "code", "status", "name"),
    [
        ("SELEC 1", 62, 400, "SYNTAX_ERROR"),
        ("SELECT 1; SELECT 2", 62, 400, "SYNTAX_ERROR"),
        ("", 62, 400, "SYNTAX_ERROR"),
        ("SELECT * FROM nowhere", 60, 404, "UNKNOWN_TABLE"),
        ("SELECT nothing FROM system.one", 47, 404, "UNKNOWN_IDENTIFIER"),
        ("SELECT toUInt8('x')", 6, 400, "CANNOT_PARSE_TEXT"),
        ("SELECT {absent:String}", 456, 500, "UNKNOWN_QUERY_PARAMETER"),
        ("SELECT throwIf(1)", 395, 500, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO"),
        ("SELECT 1 SETTINGS no_such_setting = 1", 115, 404, "UNKNOWN_SETTING"),
        ("INSERT INTO nowhere FORMAT JSONEachRow {}", 60, 404, "UNKNOWN_TABLE"),
        ("CREATE TABLE system.one (a UInt8) ENGINE = Memory", 57, 500, "TABLE_ALREADY_EXISTS"),
    ],
)
def test_errors_have_clickhouse_code_status_and_text(
    engine_server: EngineServer, query: str, code: int, status: int, name: str
) -> None:
    found, headers, body = ask(engine_server, query)
    text = body.decode()
    assert (found, headers["x-clickhouse-exception-code"]) == (status, str(code))
    assert text.startswith(f"Code: {code}. DB::Exception: ")
    assert f"({name}) (version " in text


def test_the_client_sees_code_and_name(connect: ClientMaker) -> None:
    with pytest.raises(DatabaseError) as caught:
        connect().query("SELECT * FROM nowhere")
    assert (caught.value.code, caught.value.name) == (60, "UNKNOWN_TABLE")


def test_bad_data_store_nothing(connect: ClientMaker) -> None:
    client = connect()
    client.command("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
    with pytest.raises(DatabaseError) as caught:
        client.raw_insert("t", insert_block=b'{"a":1}\n{"a":"x"}\n', fmt="JSONEachRow")
    assert caught.value.code == 27
    with pytest.raises(DatabaseError) as caught:
        client.raw_insert("t", insert_block=b"not gzip", fmt="CSV", compression="gzip")
    assert caught.value.code == 271
    assert client.query("SELECT count() FROM t").first_row == (0,)


def test_an_upload_that_breaks_off_stores_nothing(engine_server: EngineServer, engine_database: str) -> None:
    at = {"database": engine_database}
    ask(engine_server, "CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a", **at)
    connection = http.client.HTTPConnection("127.0.0.1", engine_server.port, timeout=20)
    connection.putrequest("POST", f"/?{urlencode({'query': 'INSERT INTO t FORMAT CSV', **at})}")
    for name, value in {**KEY, "Transfer-Encoding": "chunked"}.items():
        connection.putheader(name, value)
    connection.endheaders(b"4\r\n1\n2\n\r\n")
    connection.close()
    assert ask(engine_server, "SELECT count() FROM t", **at)[2] == b"0\n"
    assert ask(engine_server, "INSERT INTO t FORMAT CSV\n7\n", **at)[0] == 200
    assert ask(engine_server, "SELECT * FROM t", **at)[2] == b"7\n"


def test_credentials_in_every_form(engine_server: EngineServer) -> None:
    basic = {"Authorization": "Basic YmlodWFuOnNlY3JldA=="}
    assert ask(engine_server, "SELECT 1", headers=basic)[0] == 200
    assert ask(engine_server, "SELECT 1", headers={}, user="bihuan", password="secret")[0] == 200
    wrong: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({}, {"user": "bihuan", "password": "Secret"}),
        ({**KEY, "X-ClickHouse-Key": "no"}, {}),
        ({**KEY, "X-ClickHouse-User": "other"}, {}),
        ({"Authorization": "Basic !"}, {}),
    ]
    for headers, parameters in wrong:
        status, answer, body = ask(engine_server, "SELECT 1", headers=headers, **parameters)
        assert (status, answer["x-clickhouse-exception-code"]) == (403, "516")
        assert b"AUTHENTICATION_FAILED" in body
    assert ask(engine_server, path="/ping", method="GET", headers={})[::2] == (200, b"Ok.\n")
    assert ask(engine_server, path="/elsewhere", method="GET")[0] == 404


def test_settings_hold_for_their_request_only(connect: ClientMaker) -> None:
    client = connect(settings={"max_block_size": 1234})
    query = "SELECT getSetting('max_block_size'), getSetting('max_result_rows')"
    assert client.query(query, settings={"max_result_rows": 7}).first_row == (1234, 7)
    assert client.query(query).first_row == (1234, 0)
    with pytest.raises(DatabaseError) as caught:
        client.query("SELECT number FROM numbers(10)", settings={"max_result_rows": 7})
    assert caught.value.code == 396


def test_limits_of_time_and_memory(connect: ClientMaker) -> None:
    client = connect()
    with pytest.raises(DatabaseError) as caught:
        client.query(ENDLESS, settings={"max_execution_time": 1})
    assert (caught.value.code, caught.value.name) == (159, "TIMEOUT_EXCEEDED")
    with pytest.raises(DatabaseError) as caught:
        client.query(
            "SELECT groupArray(number) FROM numbers(100000000)", settings={"max_memory_usage": 10**7}
        )
    assert (caught.value.code, caught.value.name) == (241, "MEMORY_LIMIT_EXCEEDED")


def test_reading_only(engine_server: EngineServer, engine_database: str) -> None:
    create = f"CREATE TABLE {engine_database}.t (a UInt8) ENGINE = Memory"
    assert ask(engine_server, method="GET", query=create)[1]["x-clickhouse-exception-code"] == "164"
    assert ask(engine_server, create, readonly="1")[1]["x-clickhouse-exception-code"] == "164"
    assert ask(engine_server, method="GET", query="SELECT 1", max_threads="1")[::2] == (200, b"1\n")
    assert ask(engine_server, f"EXISTS TABLE {engine_database}.t")[2] == b"0\n"


def test_a_session_keeps_its_state_to_itself(engine_server: EngineServer, engine_database: str) -> None:
    mine, other = {"session_id": "mine"}, {"session_id": "other"}
    read = "SELECT getSetting('max_block_size')"
    usual = ask(engine_server, read)[2]
    assert ask(engine_server, "CREATE TEMPORARY TABLE scratch (a UInt8)", **mine)[0] == 200
    assert ask(engine_server, "SET max_block_size = 77", **mine)[0] == 200
    assert ask(engine_server, f"USE {engine_database}", **mine)[0] == 200
    assert ask(engine_server, read, **mine, max_block_size="88")[2] == b"88\n"
    assert ask(engine_server, read, **mine)[2] == b"77\n"
    assert ask(engine_server, "SELECT currentDatabase()", **mine)[2].decode() == f"{engine_database}\n"
    assert ask(engine_server, "SELECT count() FROM scratch", **mine)[0] == 200
    assert ask(engine_server, "SELECT count() FROM scratch", **other)[0] == 404
    assert ask(engine_server, "SELECT count() FROM scratch")[0] == 404
    assert ask(engine_server, read)[2] == ask(engine_server, read, **other)[2] == usual
    gone = ask(engine_server, "SELECT 1", session_id="never", session_check="1")
    assert gone[1]["x-clickhouse-exception-code"] == "372"


def test_a_session_runs_one_statement_at_a_time(engine_server: EngineServer) -> None:
    query = threading.Thread(
        target=ask, args=(engine_server, ENDLESS), kwargs={"session_id": "s", "query_id": "x"}
    )
    query.start()
    until_something_runs(engine_server)
    assert ask(engine_server, "SELECT 1", session_id="s")[1]["x-clickhouse-exception-code"] == "373"
    assert ask(engine_server, "KILL QUERY WHERE query_id = 'x'")[0] == 200
    query.join(30)
    assert ask(engine_server, "SELECT 1", session_id="s")[0] == 200


def test_a_statement_is_killed_by_the_id_of_its_request(
    connect: ClientMaker, engine_server: EngineServer
) -> None:
    caught: list[DatabaseError] = []

    def run() -> None:
        try:
            connect().query(ENDLESS, transport_settings={}, settings={"query_id": "to-be-killed"})
        except DatabaseError as failure:
            caught.append(failure)

    query = threading.Thread(target=run)
    query.start()
    until_something_runs(engine_server)
    client = connect()
    client.command("KILL QUERY WHERE query_id = 'another' SYNC")
    assert query.is_alive()
    client.command("KILL QUERY WHERE query_id = {id:String} SYNC", parameters={"id": "to-be-killed"})
    query.join(30)
    assert [failure.code for failure in caught] == [394]


def test_a_client_that_hangs_up_cancels_its_statement(engine_server: EngineServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", engine_server.port, timeout=20)
    options = urlencode({"cancel_http_readonly_queries_on_client_close": "1"})
    connection.request("POST", f"/?{options}", ENDLESS, KEY)
    until_something_runs(engine_server)
    connection.close()
    until_nothing_runs(engine_server)


def test_unsupported_is_said(engine_server: EngineServer) -> None:
    assert ask(engine_server, "SELECT 1", compress="1")[0] == 501
    boundary = {"Content-Type": "multipart/form-data; boundary=b", **KEY}
    table = '--b\r\nContent-Disposition: form-data; name="x"; filename="x"\r\n\r\n1\r\n--b--\r\n'
    assert ask(engine_server, table, headers=boundary, query="SELECT * FROM x")[0] == 400
