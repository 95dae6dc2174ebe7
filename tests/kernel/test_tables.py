"""Writers: what is written is read back with the same values, in constant memory, safely for spreadsheets."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pyarrow as pa
import pytest
import python_calamine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.collect.files import ReadOptions
from bihuan.kernel.tables import (
    MEDIA_TYPES,
    SUFFIXES,
    TableFormatUnknown,
    TableOptions,
    format_of,
    write_table,
)
from bihuan.kernel.tables.spreadsheet import write_xlsx
from tests.collect.files.recording import read_all

SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("count", pa.int64()),
        ("share", pa.float64()),
        ("ok", pa.bool_()),
        ("at", pa.timestamp("ms", "UTC")),
        ("day", pa.date32()),
        ("tags", pa.list_(pa.string())),
    ]
)
NOON = dt.datetime(2025, 12, 1, 12, 0, 0, 250_000, tzinfo=dt.UTC)
ROWS = [
    {
        "name": '甲,"x"\n2', "count": 7, "share": 0.1, "ok": True,
        "at": NOON, "day": dt.date(2025, 12, 1), "tags": ["a", "b"],
    },
    {"name": None, "count": None, "share": None, "ok": None, "at": None, "day": None, "tags": None},
    {
        "name": "=1+1", "count": -(2**60), "share": -2.5e-300, "ok": False,
        "at": NOON, "day": dt.date(1999, 1, 2), "tags": [],
    },
]  # fmt: skip


def batches(rows: list[dict[str, Any]], schema: Any = SCHEMA, size: int = 2) -> Iterator[Any]:
    for start in range(0, len(rows), size):
        yield pa.RecordBatch.from_pylist(rows[start : start + size], schema=schema)


def written(
    rows: list[dict[str, Any]], kind: Any, options: TableOptions | None = None, schema: Any = SCHEMA
) -> bytes:
    stream = io.BytesIO()
    assert write_table(batches(rows, schema), schema, stream, kind, options) == len(rows)
    return stream.getvalue()


def test_csv_text() -> None:
    text = written(ROWS, "csv", TableOptions(timezone="Asia/Shanghai")).decode()
    assert text == (
        "name,count,share,ok,at,day,tags\r\n"
        '"甲,""x""\n2",7,0.1,true,2025-12-01 20:00:00.250,2025-12-01,"[""a"",""b""]"\r\n'
        ",,,,,,\r\n"
        "=1+1,-1152921504606846976,-2.5e-300,false,2025-12-01 20:00:00.250,1999-01-02,[]\r\n"
    )


def test_csv_for_excel() -> None:
    schema = pa.schema([("=head", pa.string()), ("n", pa.int64())])
    rows = [{"=head": text, "n": -5} for text in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "a=1", "'=1", "")]
    data = written(rows, "csv", TableOptions(byte_order_mark=True, formula_safe=True), schema)
    assert data.startswith(b"\xef\xbb\xbf'=head,n\r\n")
    cells = [line.rsplit(",", 1) for line in data.decode("utf-8-sig").split("\r\n")[1:-1]]
    assert [cell for cell, _ in cells] == [
        "'=1+1", "'+1", "'-1", "'@x", "'\tx", "\"'\rx\"", "a=1", "'=1", "",
    ]  # fmt: skip
    assert {number for _, number in cells} == {"-5"}


def test_json_lines_text() -> None:
    lines = written(ROWS, "jsonl").decode().splitlines()
    first = json.loads(lines[0])
    assert first == {**ROWS[0], "at": "2025-12-01T12:00:00.250000+00:00", "day": "2025-12-01"}
    assert json.loads(lines[1]) == ROWS[1]
    assert json.loads(lines[2])["count"] == -(2**60)


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_columnar_formats_keep_schema_and_values(kind: str) -> None:
    data = pa.BufferReader(written(ROWS, kind))
    table = pa.parquet.read_table(data) if kind == "parquet" else pa.ipc.open_file(data).read_all()
    assert table.schema == SCHEMA
    assert table.to_pylist() == ROWS


def test_xlsx_has_real_dates_numbers_and_texts() -> None:
    data = written(ROWS, "xlsx", TableOptions(timezone="Asia/Shanghai", sheet_name="第1/2季"))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["第1_2季"]
    head, first, empty, last = book.get_sheet_by_index(0).to_python()
    assert head == SCHEMA.names
    assert first == [
        '甲,"x"\n2', 7.0, 0.1, True,
        dt.datetime(2025, 12, 1, 20, 0, 0, 250_000), dt.date(2025, 12, 1), '["a","b"]',
    ]  # fmt: skip
    assert empty == [""] * 7
    assert last[:4] == ["=1+1", "-1152921504606846976", -2.5e-300, False]


def test_a_full_sheet_goes_on_in_the_next_one() -> None:
    schema = pa.schema([("n", pa.int64())])
    stream = io.BytesIO()
    rows = [{"n": n} for n in range(10)]
    assert write_xlsx(batches(rows, schema, 3), schema, stream, TableOptions(), sheet_rows=5) == 10
    stream.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(stream)
    assert book.sheet_names == ["Sheet1", "Sheet1 2", "Sheet1 3"]
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert sheets == [
        [["n"], [0.0], [1.0], [2.0], [3.0]],
        [["n"], [4.0], [5.0], [6.0], [7.0]],
        [["n"], [8.0], [9.0]],
    ]


@pytest.mark.parametrize("kind", sorted(MEDIA_TYPES))
def test_a_table_without_rows_has_its_columns(kind: Any, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    assert write_table(iter(()), SCHEMA, path, kind) == 0
    if kind == "jsonl":
        assert path.read_bytes() == b""
    elif kind in ("csv", "xlsx"):
        rows, _, _ = read_all(path, ReadOptions(header=False))
        assert [list(row.values()) for row in rows] == [SCHEMA.names]
    else:
        assert read_all(path) == ([], [], [])


@pytest.mark.parametrize("kind", sorted(MEDIA_TYPES))
def test_batches_are_taken_one_at_a_time(kind: Any) -> None:
    schema = pa.schema([("n", pa.int64())])
    alive: list[int] = []

    def flow() -> Iterator[Any]:
        for _ in range(15):
            yield pa.RecordBatch.from_pylist([{"n": 1}] * 2_000, schema=schema)
            alive.append(pa.total_allocated_bytes())

    write_table(flow(), schema, io.BytesIO(), kind)
    assert max(alive[5:]) - min(alive[5:]) < 3_000_000


def test_a_path_is_replaced_only_by_a_whole_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")

    def broken() -> Iterator[Any]:
        yield from batches(ROWS)
        raise RuntimeError("the query failed")

    with pytest.raises(RuntimeError, match="the query failed"):
        write_table(broken(), SCHEMA, path, "csv")
    assert path.read_text() == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]
    assert write_table(batches(ROWS), SCHEMA, path, "csv") == 3
    assert path.read_text().startswith("name,count")


def test_formats_by_name() -> None:
    assert {suffix: format_of(Path(f"x{suffix.upper()}")) for suffix in SUFFIXES} == SUFFIXES
    with pytest.raises(TableFormatUnknown):
        format_of(Path("a.docx"))
    with pytest.raises(TableFormatUnknown):
        write_table(iter(()), SCHEMA, io.BytesIO(), "docx")  # type: ignore[arg-type]
    with pytest.raises(ZoneInfoNotFoundError):
        write_table(iter(()), SCHEMA, io.BytesIO(), "csv", TableOptions(timezone="Mars/Olympus"))


PLAIN = pa.schema([("s", pa.string()), ("i", pa.int64()), ("f", pa.float64()), ("b", pa.bool_())])
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
VALUES = st.fixed_dictionaries(
    {
        "s": TEXTS,
        "i": st.integers(-(2**62), 2**62),
        "f": st.floats(allow_nan=False, allow_infinity=False),
        "b": st.booleans(),
    }
)
QUICK = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)


@QUICK
@given(rows=st.lists(VALUES, min_size=1, max_size=8))
def test_round_trip_csv(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_table(batches(rows, PLAIN), PLAIN, path, "csv")
    options = ReadOptions(kind="csv", encoding="utf-8", delimiter=",", quote='"', escape="", header=True)
    for chunk_rows in (1, 1000):
        read, _, dirty = read_all(path, options, chunk_rows=chunk_rows)
        assert dirty == []
        typed = [
            {"s": row["s"], "i": int(str(row["i"])), "f": float(str(row["f"])), "b": row["b"] == "true"}
            for row in read
        ]
        assert typed == rows


@QUICK
@given(rows=st.lists(VALUES, min_size=1, max_size=8), kind=st.sampled_from(["jsonl", "parquet", "arrow"]))
def test_round_trip_typed(rows: list[dict[str, Any]], kind: Any, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    write_table(batches(rows, PLAIN), PLAIN, path, kind)
    assert read_all(path, ReadOptions(kind=kind)) == (rows, list(range(1, len(rows) + 1)), [])


XLSX_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=12
)


@QUICK
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "s": XLSX_TEXTS.filter(lambda text: text.strip() == text and "_x" not in text),
                "i": st.integers(-(10**15), 10**15),
                "f": st.floats(-1e15, 1e15).map(lambda value: float(f"{value:.15g}")),
                "b": st.booleans(),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_round_trip_xlsx(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_table(batches(rows, PLAIN), PLAIN, path, "xlsx")
    read, lines, dirty = read_all(path, ReadOptions(header=True))
    assert read == rows
    assert (lines, dirty) == (list(range(2, len(rows) + 2)), [])
