"""A preview says exactly what the import then does, for every format."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bihuan.catalog import PlanChecker, PlanDocument, PlanEvent, PlanProperty
from bihuan.collect import EnrichmentSettings, IncomingEvent, Intake, TimeRules
from bihuan.collect.files import Mapping, guess_file
from bihuan.collect.files.previewing import ROWS_READ, column_of, line_of, preview_file
from bihuan.people import People
from bihuan.warehouse import Engine, GroupWriter, ProjectStore, drop_project, open_project

NOW_MS = 1_790_000_000_000
HEAD = ["订单号", "用户", "下单时间", "金额"]
ROWS = [["1", "张三", "2026-05-01 10:00:00", "12.5"], ["2", "李四", "2026-05-02 11:00:00", "20"]]
_numbers = count()


@pytest.fixture(scope="module")
def store(engine: Engine) -> Iterator[ProjectStore]:
    opened = open_project(engine, f"preview{next(_numbers)}", durable=False)
    yield opened
    drop_project(opened)


@pytest.fixture
def noted() -> list[object]:
    return []


@pytest.fixture
def intake(store: ProjectStore, noted: list[object]) -> Iterator[Intake]:
    rule = PlanProperty(name="金额", type="number", maximum=1_000)
    plan = PlanDocument(mode="enforce", events=[PlanEvent(name="order", properties=[rule])])
    checker = PlanChecker(plan, noted=noted.append)
    writer = GroupWriter()
    yield Intake(
        People(store), writer, rules=TimeRules(), enrichment=EnrichmentSettings(), plan=lambda: checker
    )
    writer.close()


def mapping() -> Mapping:
    return Mapping.model_validate(
        {
            "event": {"constant": "order"},
            "distinct_id": {"columns": ["用户"]},
            "time": {"columns": ["下单时间"], "timezone": "Asia/Shanghai"},
            "message_id": {"columns": ["订单号"]},
            "properties": [{"name": "金额", "column": "金额", "type": "number"}],
        }
    )


def _csv(delimiter: str = ",") -> str:
    return "\n".join(delimiter.join(row) for row in [HEAD, *ROWS]) + "\n"


def _excel() -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in [HEAD, *ROWS]:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table({name: [row[at] for row in ROWS] for at, name in enumerate(HEAD)}), buffer)
    return buffer.getvalue()


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("orders.csv", _csv().encode("gb18030"))
    return buffer.getvalue()


def _zstd() -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(_csv().encode())
    return bytes(sink.getvalue())


FORMATS: dict[str, Callable[[], bytes]] = {
    "orders.csv": lambda: _csv().encode("utf-8-sig"),
    "orders.gbk.csv": lambda: _csv().encode("gbk"),
    "orders.tsv": lambda: _csv("\t").encode(),
    "orders.jsonl": lambda: "\n".join(json.dumps(dict(zip(HEAD, row, strict=True))) for row in ROWS).encode(),
    "orders.parquet": _parquet,
    "orders.xlsx": _excel,
    "orders.csv.gz": lambda: gzip.compress(_csv().encode("gbk")),
    "orders.csv.zst": _zstd,
    "orders.zip": _zip,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_shown_as_it_is_read(name: str, tmp_path: Path, intake: Intake) -> None:
    path = tmp_path / name
    path.write_bytes(FORMATS[name]())
    found = preview_file(path, mapping(), intake, source="import", received_ms=NOW_MS)
    assert (found.columns, [row.cells for row in found.rows]) == (HEAD, ROWS)
    assert [
        (item.event, item.distinct_id, item.time_ms, item.properties["金额"])
        for item in found.items
        if isinstance(item, IncomingEvent)
    ] == [("order", "张三", 1_777_600_800_000, 12.5), ("order", "李四", 1_777_690_800_000, 20)]
    assert (found.read, found.faulty, found.faults, found.complete) == (2, 0, [], True)
    assert guess_file(path, timezone="Asia/Shanghai").mapping.distinct_id.columns == ("用户",)


def test_faults_have_line_column_and_reason_also_those_of_the_plan(
    tmp_path: Path, intake: Intake, noted: list[object]
) -> None:
    rows = [
        *ROWS,
        ["3", "", "2026-05-03", "1"],
        ["4", "王五", "不详", "1"],
        ["5", "王五", "2026-05-04", "五千"],
    ]
    rows += [
        ["6", "王五", "2026-05-04", "5000"],
        ["7", "王五", "2026-05-04"],
        ["8", "王五", "2026-05-04", "8"],
    ]
    path = tmp_path / "orders.csv"
    path.write_bytes("\n".join(",".join(row) for row in [HEAD, *rows]).encode("gbk"))
    found = preview_file(path, mapping(), intake, source="import", received_ms=NOW_MS)
    faults = {line_of(each): (each.reason, column_of(each)) for each in found.faults}
    assert {line: column for line, (_, column) in faults.items()}.keys() == {4, 5, 6, 7, 8}
    assert faults[4] == ("distinct_id_missing", "用户")
    assert faults[5][1] == "下单时间"
    assert faults[6][1] == "金额"
    assert all(each.detail_zh and each.detail_en for each in found.faults)
    assert [item.distinct_id for item in found.items if isinstance(item, IncomingEvent)] == [
        "张三",
        "李四",
        "王五",
    ]
    assert (found.read, found.faulty) == (8, 5)
    # Looking is not sending: nothing is counted, no name becomes known.
    assert (noted, intake.names.fresh()) == ([], [])


def test_faults_beyond_the_first_rows_are_found_too(tmp_path: Path, intake: Intake) -> None:
    lines = [
        ",".join((str(n), f"u{n}", "2026-05-01", "x" if n in (30, 4_000, 9_000) else "1"))
        for n in range(10_000)
    ]
    path = tmp_path / "long.csv"
    path.write_text("\n".join([",".join(HEAD), *lines]), encoding="utf-8")
    found = preview_file(path, mapping(), intake, source="import", received_ms=NOW_MS)
    assert [line_of(each) for each in found.faults] == [32, 4_002]
    assert (len(found.rows), len(found.items), found.complete) == (20, 20, False)
    assert ROWS_READ <= found.read < 9_000
