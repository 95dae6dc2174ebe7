"""The real client against the warehouse test server: queries, parameters, inserts, formats, streams."""

from __future__ import annotations

import datetime as dt
import ipaddress
import threading
import uuid
from collections.abc import Generator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from clickhouse_connect import common
from clickhouse_connect.driver.exceptions import StreamFailureError

from bihuan.warehouse import Engine
from tests.engine_server.encodings import encoder
from tests.engine_server.fixtures import ClientMaker, connect, engine_database, engine_server
from tests.engine_server.process import EngineServer

__all__ = ["connect", "engine_database", "engine_server"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENT = dt.datetime(2024, 2, 29, 23, 59, 59, 123000)
EVENTS = "CREATE TABLE events (id UInt64, name String, properties JSON) ENGINE = MergeTree ORDER BY id"


def test_the_client_learns_the_server_at_its_start(connect: ClientMaker) -> None:
    client = connect()
    assert client.server_version == client.query("SELECT version()").result_rows[0][0]
    assert client.server_settings["max_threads"].name == "max_threads"
    assert client.ping() is True


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("UInt64", 2**64 - 1),
        ("Int64", -(2**63)),
        ("UInt256", 2**200),
        ("Float64", 0.1),
        ("Bool", True),
        ("String", "it's a \\ \t\n\r\"`%{x} 闭环 🙂"),
        ("String", ""),
        ("Nullable(String)", None),
        ("Date", dt.date(2024, 2, 29)),
        ("DateTime64(3)", MOMENT),
        ("DateTime64(3, 'Asia/Shanghai')", MOMENT.replace(tzinfo=SHANGHAI)),
        ("UUID", uuid.UUID(int=7)),
        ("Decimal(18, 4)", Decimal("1234.5678")),
        ("IPv4", ipaddress.IPv4Address("10.1.2.3")),
        ("Array(String)", ["a'b", "c,d", "\\", "中\t"]),
        ("Array(UInt64)", [1, 2**63]),
        ("Array(Nullable(Float64))", [1.5, None]),
        ("Tuple(UInt8, String)", (1, "x'y")),
    ],
)
def test_a_parameter_comes_back_as_it_was_sent(connect: ClientMaker, kind: str, value: Any) -> None:
    result = connect().query(f"SELECT {{value:{kind}}} AS value", parameters={"value": value})
    assert result.result_rows == [(value,)]


def test_a_map_parameter_comes_back_as_it_was_sent(connect: ClientMaker) -> None:
    was = common.get_setting("dict_parameter_format")
    common.set_setting("dict_parameter_format", "map")
    try:
        value = {"a": 1, "b'": 2}
        result = connect().query("SELECT {value:Map(String, UInt8)}", parameters={"value": value})
        assert result.result_rows == [(value,)]
    finally:
        common.set_setting("dict_parameter_format", was)


def test_parameters_too_long_for_a_url_travel_as_a_form(connect: ClientMaker) -> None:
    numbers = list(range(40_000))
    query = "SELECT length({n:Array(UInt32)}), arraySum({n:Array(UInt32)}), {s:String}"
    rows = connect().query(query, parameters={"n": numbers, "s": "a\r\n--b"}).result_rows
    assert rows == [(40_000, sum(numbers), "a\r\n--b")]


def test_an_identifier_parameter_names_table_and_column(connect: ClientMaker) -> None:
    client = connect()
    client.command("CREATE TABLE `odd name` (`a b` UInt8) ENGINE = Memory")
    client.insert("`odd name`", [[5]], column_names=["a b"])
    query = "SELECT {c:Identifier} FROM {t:Identifier}"
    assert client.query(query, parameters={"c": "a b", "t": "odd name"}).result_rows == [(5,)]


def test_rows_of_every_type_are_inserted_natively(connect: ClientMaker) -> None:
    client = connect()
    client.command(
        "CREATE TABLE kinds (i Int32, f Float64, s String, l LowCardinality(String), n Nullable(String), "
        "b Bool, d Date, t DateTime64(3, 'UTC'), u UUID, a Array(String), m Map(String, UInt64), "
        "x Nullable(Decimal(9, 2))) ENGINE = MergeTree ORDER BY i"
    )
    day = dt.date(2024, 1, 1)
    rows: list[tuple[Any, ...]] = [
        (1, 0.5, "a\n", "x", None, True, day, MOMENT, uuid.UUID(int=1), ["p", ""], {"k": 1}, Decimal("1.25")),
        (2, -1e300, "闭环", "x", "y", False, day, MOMENT, uuid.UUID(int=2), [], {}, None),
    ]
    summary = client.insert("kinds", rows)
    assert summary.written_rows == 2
    assert client.query("SELECT * FROM kinds ORDER BY i").result_rows == rows


def test_json_objects_keep_their_types(connect: ClientMaker) -> None:
    client = connect()
    client.command(EVENTS)
    objects: list[dict[str, Any]] = [
        {"amount": 1.5, "on": True, "tags": ["a", "b"]},
        {"page": {"url": "/x"}},
        {},
    ]
    client.insert("events", [[i, "e", value] for i, value in enumerate(objects)])
    found = client.query("SELECT properties FROM events ORDER BY id").result_columns[0]
    assert found == objects
    query = "SELECT properties.amount.:Float64, properties.page.url.:String FROM events ORDER BY id"
    assert client.query(query).result_rows == [(1.5, None), (None, "/x"), (None, None)]


def test_arrow_goes_in_and_comes_out(connect: ClientMaker) -> None:
    client = connect()
    client.command(EVENTS)
    table = pa.table({"id": [1, 2], "name": ["a", "b"], "properties": ['{"k":1}', '{"k":"v"}']})
    assert client.insert_arrow("events", table).written_rows == 2
    found = client.query_arrow("SELECT id, name, toString(properties.k) AS k FROM events ORDER BY id")
    assert found.to_pylist() == [{"id": 1, "name": "a", "k": "1"}, {"id": 2, "name": "b", "k": "v"}]
    with client.query_arrow_stream("SELECT number FROM numbers(300000)", use_strings=True) as stream:
        assert sum(batch.num_rows for batch in stream) == 300_000


def test_a_data_frame_goes_in_and_comes_out(connect: ClientMaker) -> None:
    pandas = pytest.importorskip("pandas")
    client = connect()
    client.command("CREATE TABLE frame (a UInt32, b String) ENGINE = MergeTree ORDER BY a")
    client.insert_df("frame", pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]}))
    found = client.query_df("SELECT * FROM frame ORDER BY a")
    assert found.to_dict("list") == {"a": [1, 2], "b": ["x", "y"]}


def _pieces() -> Generator[bytes, None, None]:
    for number in range(1000):
        yield b'{"id":%d,"name":"n",' % number
        yield b'"properties":{"k":%d}}\n' % number


@pytest.mark.parametrize("compression", [None, "gzip", "lz4", "zstd", "deflate"])
def test_raw_json_lines_in_chunks_and_every_compression(
    connect: ClientMaker, compression: str | None
) -> None:
    client = connect()
    client.command(EVENTS)
    block: Any = _pieces()
    if compression:
        packer = encoder(compression)
        block = packer.compress(b"".join(_pieces())) + packer.flush()
    client.raw_insert("events", insert_block=block, fmt="JSONEachRow", compression=compression)
    assert client.query(
        "SELECT count(), sum(id), uniqExact(properties.k.:Int64) FROM events"
    ).result_rows == [(1000, 499_500, 1000)]


@pytest.mark.parametrize("compress", [False, "gzip", "lz4", "zstd", "deflate", True])
def test_both_directions_in_every_compression(connect: ClientMaker, compress: Any) -> None:
    client = connect(compress=compress)
    # The client itself can read deflate, but not write it.
    writer = connect() if compress == "deflate" else client
    writer.command(EVENTS)
    writer.insert("events", [[i, "name", {"k": str(i)}] for i in range(5000)])
    query = "SELECT id, toString(properties.k) FROM events ORDER BY id"
    assert client.query(query).result_rows == [(i, str(i)) for i in range(5000)]


def test_inserts_from_values_and_select(connect: ClientMaker) -> None:
    client = connect()
    client.command("CREATE TABLE t (a UInt64, b String) ENGINE = MergeTree ORDER BY a")
    client.command("INSERT INTO t VALUES (1, 'x;y'), (2, '-- no comment')")
    client.command("INSERT INTO t SELECT number + 3, 'FORMAT Native' FROM numbers(2)")
    client.command("INSERT INTO t (a) FORMAT CSV", data="9\n")
    assert client.query("SELECT * FROM t ORDER BY a").result_rows == [
        (1, "x;y"),
        (2, "-- no comment"),
        (3, "FORMAT Native"),
        (4, "FORMAT Native"),
        (9, ""),
    ]


def test_a_token_stores_a_repeated_insert_once(connect: ClientMaker) -> None:
    client = connect()
    client.command(
        "CREATE TABLE t (a UInt64) ENGINE = MergeTree ORDER BY a "
        "SETTINGS non_replicated_deduplication_window = 100"
    )
    for token in ("x", "x", "y"):
        client.insert("t", [[1], [2]], settings={"insert_deduplication_token": token})
    assert client.query("SELECT count() FROM t").first_row == (4,)


def test_one_insert_of_many_chunks_makes_one_part(connect: ClientMaker) -> None:
    client = connect()
    client.command(EVENTS)
    client.raw_insert("events", insert_block=_pieces(), fmt="JSONEachRow")
    query = "SELECT count() FROM system.parts WHERE database = currentDatabase() AND active"
    assert client.query(query).first_row == (1,)


def test_sixteen_threads_insert_and_select(connect: ClientMaker) -> None:
    connect().command(EVENTS)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            client = connect()
            for batch in range(6):
                first = number * 1000 + batch * 10
                client.insert("events", [[first + i, f"w{number}", {"b": batch}] for i in range(10)])
                query = "SELECT count(), min(id), max(id) FROM events WHERE name = {n:String}"
                rows = client.query(query, parameters={"n": f"w{number}"}).result_rows
                assert rows == [(10 * (batch + 1), number * 1000, first + 9)]
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    query = "SELECT count(), uniqExact(id) FROM events"
    assert connect().query(query).result_rows == [(960, 960)]


def test_five_million_rows_stream_in_constant_memory(
    connect: ClientMaker, engine_server: EngineServer
) -> None:
    client = connect(compress=False)
    query = "SELECT number, concat('row ', toString(number), ' of a wide enough result to fill memory') FROM "
    with client.query_column_block_stream(f"{query} numbers(1000000)") as warm:
        assert sum(len(block[0]) for block in warm) == 1_000_000
    before = engine_server.peak_memory_bytes()
    rows = total = 0
    with client.query_column_block_stream(f"{query} numbers(5000000)") as stream:
        for block in stream:
            rows += len(block[0])
            total += sum(block[0])
    assert (rows, total) == (5_000_000, 12_499_997_500_000)
    # The result is 340 MB; what five times the rows add to the peak must be far from it.
    assert engine_server.peak_memory_bytes() - before < 100_000_000


def test_a_failure_in_the_middle_of_a_stream_reaches_the_client(connect: ClientMaker) -> None:
    query = "SELECT number, throwIf(number = 3000000, 'too far') FROM numbers(5000000)"
    rows: list[int] = []

    def read() -> None:
        with connect(compress=False).query_row_block_stream(query) as stream:
            rows.extend(len(block) for block in stream)

    with pytest.raises(StreamFailureError, match="too far") as caught:
        read()
    assert caught.value.code == 395
    assert 0 < sum(rows) <= 3_000_000


def test_the_engine_says_what_it_read(engine_server: EngineServer) -> None:
    engine = Engine(engine_server.dsn)
    reading = engine.reading("SELECT number FROM numbers(3)")
    assert (reading.rows, reading.rows_read) == ([(0,), (1,), (2,)], 3)
    assert reading.bytes_read is not None
    engine.close()
