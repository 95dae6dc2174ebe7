"""Every format, every container, exact rows and line numbers."""

from __future__ import annotations

import bz2
import datetime as dt
import gzip
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from bihuan.collect.files import FileReader, ReadOptions
from bihuan.collect.files.errors import FileEmpty, FileFormatUnknown, FileMissing, FilePartMissing
from tests.collect.files.recording import read_all

ROWS = [{"id": "1", "name": "甲"}, {"id": "2", "name": "b,c"}]
CSV = 'id,name\n1,甲\n2,"b,c"\n'


def zstd(data: bytes, path: Path) -> bytes:
    with pa.OSFile(str(path), "wb") as raw, pa.CompressedOutputStream(raw, "zstd") as stream:
        stream.write(data)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "pack"),
    [("a.csv", bytes), ("a.csv.gz", gzip.compress), ("a.csv.bz2", bz2.compress)],
)
def test_a_csv_reads_the_same_in_every_compression(tmp_path: Path, name: str, pack) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / name
    path.write_bytes(pack(CSV.encode()))
    assert read_all(path) == (ROWS, [2, 3], [])


def test_zstandard_even_in_several_frames(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.zst"
    first, second = CSV.encode()[:20], CSV.encode()[20:]
    path.write_bytes(zstd(first, tmp_path / "1") + zstd(second, tmp_path / "2"))
    assert read_all(path) == (ROWS, [2, 3], [])


def test_a_zip_with_several_members_is_read_in_name_order(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b.tsv", "id\tname\n3\tc\n")
        archive.writestr("a.csv", CSV)
        archive.writestr("__MACOSX/._a.csv", "x")
        archive.writestr("dir/", "")
    rows, lines, dirty = read_all(path)
    assert rows == [*ROWS, {"id": "3", "name": "c"}]
    assert (lines, dirty) == ([2, 3, 2], [])
    assert read_all(path, ReadOptions(member="*.tsv"))[0] == [{"id": "3", "name": "c"}]
    with pytest.raises(FilePartMissing) as caught:
        read_all(path, ReadOptions(member="*.xml"))
    assert "a.csv, b.tsv" in (caught.value.hint("en") or "")


@pytest.mark.parametrize(
    ("text", "names", "first"),
    [
        ("a;b\n1;x,y\n2;z\n", ("a", "b"), ["1", "x,y"]),
        ("a\tb\n1\tx y\n2\tz\n", ("a", "b"), ["1", "x y"]),
        ("a|b\n1|x\n2|z\n", ("a", "b"), ["1", "x"]),
        (" a  b\n 1   x\n 2   z\n", ("a", "b"), ["1", "x"]),
        ("a,b\n'1','x,y'\n'2','z'\n'3','z'\n", ("a", "b"), ["1", "x,y"]),
        ('a,b\n1,"x \\"y\\" z, w"\n2,"q"\n', ("a", "b"), ["1", 'x "y" z, w']),
        ("1,x\n2,z\n", ("column_1", "column_2"), ["1", "x"]),
        ("a,a,\n1,2,3\n", ("a", "a_2", "column_3"), ["1", "2", "3"]),
        ("a,b\r\n1,x\r\n", ("a", "b"), ["1", "x"]),
        ("a,b\r1,x\r2,y\r", ("a", "b"), ["1", "x"]),
        ("a,b\n1,x", ("a", "b"), ["1", "x"]),
        ("a\n5\n6\n", ("a",), ["5"]),
    ],
)  # fmt: skip
def test_delimiters_quotes_headers_and_line_ends_are_guessed(
    tmp_path: Path, text: str, names: tuple[str, ...], first: list[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode())
    rows, _, dirty = read_all(path)
    assert tuple(rows[0]) == names
    assert list(rows[0].values()) == first
    assert dirty == []


def test_options_override_what_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("report of may\nid;v\n1;2,5\n")
    options = ReadOptions(delimiter=";", skip_lines=1, header=False, columns=("x", "y"))
    rows, lines, _ = read_all(path, options)
    assert rows == [{"x": "id", "y": "v"}, {"x": "1", "y": "2,5"}]
    assert lines == [2, 3]


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 10_000])
def test_json_lines_and_json_arrays(tmp_path: Path, chunk_rows: int) -> None:
    records = [{"id": n, "who": {"name": f"名{n}", "tags": [1, 2]}, "empty": {}} for n in range(5)]
    flat = [{"id": n, "who.name": f"名{n}", "who.tags": [1, 2]} for n in range(5)]
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in records) + "\n\n")
    array = tmp_path / "a.json"
    array.write_text(json.dumps(records, indent=2))
    pretty = tmp_path / "b.json"
    pretty.write_text("\n".join(json.dumps(r, indent=2) for r in records))
    for path in (lines, array, pretty):
        rows, places, dirty = read_all(path, chunk_rows=chunk_rows)
        assert (rows, places, dirty) == (flat, [1, 2, 3, 4, 5], [])


def test_json_elements_larger_than_a_block_and_cut_anywhere(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    records = [{"id": n, "text": 'a"b\\{[' * n, "n": -1.5e3} for n in range(40)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(records))
    for size in (1, 7, 64):
        monkeypatch.setattr("bihuan.collect.files.jsontext._BLOCK_CHARACTERS", size)
        rows, _, dirty = read_all(path)
        assert (rows, dirty) == (records, [])


def test_parquet_and_arrow_keep_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2, None], pa.int64()),
            "at": pa.array([dt.datetime(2026, 1, 1, 8, 0, 0, 5)] * 3, pa.timestamp("us", "Asia/Shanghai")),
            "ns": pa.array([1_500, None, 0], pa.timestamp("ns")),
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
            "tags": [["x"], [], None],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    with pa.ipc.new_file(tmp_path / "a.arrow", table.schema) as writer:
        writer.write_table(table)
    with pa.ipc.new_stream(tmp_path / "a.stream", table.schema) as writer:
        writer.write_table(table)
    (tmp_path / "b.parquet.gz").write_bytes(gzip.compress((tmp_path / "a.parquet").read_bytes()))
    seen = [read_all(tmp_path / n) for n in ("a.parquet", "a.arrow", "a.stream", "b.parquet.gz")]
    rows, lines, dirty = seen[0]
    assert (lines, dirty) == ([1, 2, 3], [])
    assert [row["id"] for row in rows] == [1, 2, None]
    assert [row["kind"] for row in rows] == ["a", "b", "a"]
    assert rows[0]["ns"] == dt.datetime(1970, 1, 1, 0, 0, 0, 1)
    assert rows[0]["tags"] == ["x"]
    assert all(other == seen[0] for other in seen[1:])


@pytest.mark.parametrize("limit", [0, 1 << 30])
def test_both_spreadsheet_readers_give_the_same(tmp_path: Path, monkeypatch, limit: int) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("bihuan.collect.files.spreadsheets.CALAMINE_LIMIT_BYTES", limit)
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet("数据")
        sheet.write_row(2, 2, ["用户ID", "时间", "金额", "ok"])
        sheet.write_row(3, 2, ["u1"])
        sheet.write_datetime(3, 3, dt.datetime(2026, 3, 1, 12, 30), date)
        sheet.write_number(3, 4, 12)
        sheet.write_boolean(3, 5, True)
        sheet.write_row(5, 2, ["u2", "", 1.5, "", "one too many"])
        sheet.write_row(6, 2, ["u3", "", 0.25])
        book.add_worksheet("empty")
    rows, lines, dirty = read_all(path)
    names = ("用户ID", "时间", "金额", "ok", "column_5")
    assert [tuple(row) for row in rows] == [names] * 3
    assert [tuple(row.values()) for row in rows] == [
        ("u1", dt.datetime(2026, 3, 1, 12, 30), 12, True, None),
        ("u2", None, 1.5, None, "one too many"),
        ("u3", None, 0.25, None, None),
    ]
    assert (lines, dirty) == ([4, 6, 7], [])
    with pytest.raises(FilePartMissing):
        read_all(path, ReadOptions(sheet="nope"))


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        FileReader(tmp_path / "absent.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "blank.csv").write_bytes(b"\n \n")
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([0, 1, 2, 250]) * 20)
    for name in ("empty.csv", "blank.csv"):
        with pytest.raises(FileEmpty):
            FileReader(tmp_path / name)
    with pytest.raises(FileFormatUnknown):
        FileReader(tmp_path / "image.csv")
