"""Encodings, and rows that cannot be read: none is lost, each is named by its line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bihuan.collect.files import FileReader, ReadOptions
from bihuan.collect.files.encodings import detect_encoding
from bihuan.collect.files.errors import EncodingUnknown, FileLineTooLong
from tests.collect.files.recording import read_all

CHINESE = "用户ID,事件,备注\n张三,浏览商品,今天天气很好\n李四,提交订单,价格有点贵，再看看\n"
FRENCH = "identifiant,événement\n1,achevé à l'été\n2,années\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "utf-16", "utf-16"),
        ("id,name\n" + "17,buy\n" * 20, "utf-16-le", "utf-16-le"),
        ("id,name\n" + "17,buy\n" * 20, "utf-16-be", "utf-16-be"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE + "王五,退货,𠮷字和😀\n", "gb18030", "gb18030"),
        (FRENCH, "latin-1", "latin-1"),
        (FRENCH + "3,12 €\n", "cp1252", "cp1252"),
        ("a,b\n1,2\n", "ascii", "utf-8"),
    ],
)
def test_encodings_are_found_and_read(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    assert detect_encoding(text.encode(encoding)) == found
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    expected = [line.split(",") for line in text.splitlines()]
    rows, _, dirty = read_all(path)
    assert [list(rows[0]), *[list(row.values()) for row in rows]] == expected
    assert dirty == []
    declared = read_all(path, ReadOptions(encoding=encoding))
    assert declared == (rows, list(range(2, len(expected) + 1)), [])


def test_chinese_far_behind_ascii_is_still_found(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    body = "id,备注\n".replace("备注", "note") + "1,plain\n" * 300_000
    path.write_bytes(body.encode() + "2,不错的商品\n".encode("gbk"))
    with FileReader(path) as reader:
        assert reader.layouts[0].encoding == "gb18030"
    rows, lines, dirty = read_all(path)
    assert (rows[-1]["note"], lines[-1], dirty) == ("不错的商品", 300_002, [])


def test_bad_bytes_cost_only_their_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,name\n1,\xe7\x94\xb2\n2,\xff\xfe\n3,c\n")
    rows, lines, dirty = read_all(path, ReadOptions(encoding="utf-8"))
    assert rows == [{"id": "1", "name": "甲"}, {"id": "3", "name": "c"}]
    assert (lines, dirty) == ([2, 4], [(3, "encoding_invalid")])
    with FileReader(path, ReadOptions(encoding="utf-8")) as reader:
        (chunk,) = reader.chunks(reader.layouts[0])
    assert chunk.dirty[0].raw == "2,\\xff\\xfe"
    with pytest.raises(EncodingUnknown):
        FileReader(path, ReadOptions(encoding="klingon"))


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 5, 1000])
def test_rows_with_too_few_or_too_many_cells(tmp_path: Path, chunk_rows: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2,3\n\n4,5\n6,7,8,9\n10,11,12,,\n   \n13,14,15\n")
    rows, lines, dirty = read_all(path, chunk_rows=chunk_rows)
    assert [tuple(row.values()) for row in rows] == [("1", "2", "3"), ("10", "11", "12"), ("13", "14", "15")]
    assert lines == [2, 6, 8]
    assert dirty == [(4, "cell_count"), (5, "cell_count")]


@pytest.mark.parametrize("chunk_rows", [1, 2, 3, 4, 5, 1000])
def test_cells_over_several_lines_and_unclosed_quotes(tmp_path: Path, chunk_rows: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"x\ny\n\nz"\n2,"never closed\n3,c\n4,"q""q"\n5,"last, never closed\n')
    rows, lines, dirty = read_all(path, ReadOptions(delimiter=",", header=True), chunk_rows=chunk_rows)
    assert [tuple(row.values()) for row in rows] == [("1", "x\ny\n\nz"), ("3", "c"), ("4", 'q"q')]
    assert lines == [2, 7, 8]
    assert dirty == [(6, "quote_unclosed"), (9, "quote_unclosed")]


def test_an_unclosed_quote_does_not_swallow_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    body = "".join(f"{n},v{n}\n" for n in range(30_000))
    path.write_text("a,b\n" + body + '30000,"open\n' + body)
    rows, lines, dirty = read_all(path)
    assert len(rows) == 60_000
    assert dirty == [(30_002, "quote_unclosed")]
    assert (lines[29_999], lines[30_000], lines[-1]) == (30_001, 30_003, 60_002)


def test_a_cell_larger_than_the_parser_takes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1," + "x" * 200_000 + "\n2,y\n")
    rows, _, dirty = read_all(path)
    assert rows == [{"a": "2", "b": "y"}]
    assert dirty == [(2, "row_unreadable")]


def test_a_line_without_end_is_refused_before_memory_fills(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("bihuan.collect.files.encodings.LINE_LIMIT_BYTES", 3_000_000)
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"x" * 9_000_000)
    with pytest.raises(FileLineTooLong):
        read_all(path)


def test_bad_json_lines_and_elements(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"a":1}\n{"a":\n[1]\n"x"\n{"a":2} extra\n{"a":3}\n')
    assert read_all(lines) == (
        [{"a": 1}, {"a": 3}],
        [1, 6],
        [(2, "json_invalid"), (3, "not_an_object"), (4, "not_an_object"), (5, "json_invalid")],
    )
    array = tmp_path / "a.json"
    array.write_text('[{"a":1}, {"a":tru}, 7, {"a":"]},{"}, {"b" 2}, {"a":3}]')
    assert read_all(array) == (
        [{"a": 1}, {"a": "]},{"}, {"a": 3}],
        [1, 4, 6],
        [(2, "json_invalid"), (3, "not_an_object"), (5, "json_invalid")],
    )


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_truncated_gzip_gives_its_rows_and_says_so(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}.gz"
    if kind == "csv":
        text = "a,b\n" + "".join(f"{n},{n * 7919 % 10007}\n" for n in range(50_000))
    else:
        text = "".join(json.dumps({"a": n, "b": n * 7919 % 10007}) + "\n" for n in range(50_000))
    packed = gzip.compress(text.encode())
    path.write_bytes(packed[: len(packed) * 2 // 3])
    rows, lines, dirty = read_all(path)
    assert 20_000 < len(rows) < 50_000
    assert [int(str(row["a"])) for row in rows] == list(range(len(rows)))
    assert dirty[-1][1] == "file_truncated"
    assert dirty[-1][0] > lines[-1]
