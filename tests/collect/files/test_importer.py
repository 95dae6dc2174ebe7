"""Importing: exact figures of real files, ids, resumption after a crash anywhere, constant memory."""

from __future__ import annotations

import gc
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.files import (
    CheckpointDirectory,
    ImportProgress,
    Mapping,
    guess_file,
    import_file,
)
from bihuan.collect.files import row_ids as row_ids_module
from bihuan.collect.files.row_ids import OccurrenceCounter
from tests.collect.files.recording import RecordingSink, SinkStopped
from tests.shared_data import shared_file

MAPPING = Mapping.from_yaml(
    "event: {column: e}\ndistinct_id: {columns: [u]}\ntime: {columns: [t], format: unix_s}\n"
    "properties: [{name: n, column: n, type: number}]\n"
)


def small_file(path: Path, rows: int = 95) -> Path:
    """Rows with repeats (every fifth), a bad time (every 17th) and a short row (every 29th)."""
    lines = ["u,e,t,n\n"]
    for n in range(rows):
        if n % 29 == 28:
            lines.append("short,row\n")
        elif n % 5 == 4:
            lines.append("u1,again,1764590400,1\n")
        else:
            lines.append(f"u{n % 7},e{n % 3},{'bad' if n % 17 == 16 else 1764590400 + n},{n}\n")
    path.write_text("".join(lines))
    return path


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Without the cyclic garbage collector, which walks half a million kept events again and again."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("uncollected")
def test_online_retail() -> None:
    path = shared_file("online_retail/online_retail.csv.gz")
    guess = guess_file(path, timezone="Europe/London")
    sink = RecordingSink()
    result = import_file(path, guess.mapping, sink)
    assert result.totals.rows == result.totals.accepted == 541_909
    assert (result.totals.duplicates, result.totals.rejected, result.totals.skipped) == (0, 0, 0)
    assert len(sink.items) == 541_909
    # the ids of rows that repeat an earlier one in every column do not end in 0
    assert sum(not key.endswith("-0") for key in sink.items) == 5_268
    assert round(sink.total("$revenue"), 3) == 9_747_747.934
    assert len({event.properties["$order_id"] for event in sink.events}) == 25_900
    people = {event.distinct_id for event in sink.events}
    known = {person for person in people if not person.startswith("anonymous-")}
    assert (len(known), "17850" in known) == (4372, True)
    assert sum(event.distinct_id.startswith("anonymous-") for event in sink.events) == 135_080
    assert len({event.properties["$country"] for event in sink.events}) == 38
    first = sink.events[0]
    assert (first.event, first.time_ms, first.distinct_id) == ("purchase", 1_291_191_960_000, "17850")
    assert first.properties == {
        "$order_id": "536365", "$product_id": "85123A", "$product_name": "WHITE HANGING HEART T-LIGHT HOLDER",
        "$quantity": 6.0, "$price": 2.55, "$country": "United Kingdom", "$revenue": 15.3,
    }  # fmt: skip
    assert len(sink.batches) == 55
    assert max(sink.batches) == 10_000


def test_cdnow() -> None:
    path = shared_file("cdnow/CDNOW_master.txt")
    sink = RecordingSink()
    result = import_file(path, guess_file(path).mapping, sink)
    assert (result.totals.rows, result.totals.accepted) == (69_659, 69_659)
    assert len({event.distinct_id for event in sink.events}) == 23_570
    assert round(sink.total("$revenue"), 2) == 2_500_315.63
    assert sink.total("$quantity") == 167_881
    times = [event.time_ms or 0 for event in sink.events]
    assert (min(times), max(times)) == (852_076_800_000, 899_164_800_000)


def test_taobao_panel_and_its_cut_off_original() -> None:
    clean = shared_file("taobao_userbehavior/UserBehavior_panel814_clean.csv")
    sink = RecordingSink()
    import_file(clean, guess_file(clean, timezone="Asia/Shanghai").mapping, sink)
    counts = Counter(event.event for event in sink.events)
    assert counts == {"$pageview": 75_658, "cart": 4_494, "fav": 2_351, "buy": 1_749}
    assert len({event.distinct_id for event in sink.events}) == 814
    assert len({event.distinct_id for event in sink.events if event.event == "buy"}) == 558
    raw = shared_file("taobao_userbehavior/UserBehavior_first84476.csv")
    sink = RecordingSink()
    result = import_file(raw, guess_file(raw).mapping, sink)
    assert (result.totals.rows, result.totals.accepted, result.totals.rejected) == (84_476, 84_475, 1)
    (rejected,) = sink.rejected
    assert (rejected.reason, rejected.path) == ("cell_count", "line 84476")
    assert rejected.raw == "100370,1968385,1875258,pv"


def test_github_events() -> None:
    path = shared_file("github_events/2015-01-01-0.json.gz")
    sink = RecordingSink()
    result = import_file(path, guess_file(path).mapping, sink)
    assert (result.totals.rows, result.totals.accepted) == (7_702, 7_702)
    assert len({event.distinct_id for event in sink.events}) == 3_648
    first = next(event for event in sink.events if event.message_id == "2489368070")
    assert (first.event, first.distinct_id, first.time_ms) == ("PushEvent", "9152315", 1_420_070_400_000)
    assert first.properties["payload.size"] == 1
    assert first.properties["public"] is True
    assert first.properties["repo.name"] == "davidjhulse/davesbingrewardsbot"


def test_importing_twice_or_an_overlapping_export_adds_nothing(tmp_path: Path) -> None:
    path = small_file(tmp_path / "a.csv")
    sink = RecordingSink()
    first = import_file(path, MAPPING, sink, chunk_rows=10)
    assert first.totals.accepted == len(sink.items) == 95 - 4 - 3
    again = import_file(path, MAPPING, sink, chunk_rows=1000)
    assert (again.totals.accepted, again.totals.duplicates) == (0, 88)
    lines = path.read_text().splitlines(keepends=True)
    later = tmp_path / "later.csv"
    later.write_text("".join([lines[0], *reversed(lines[50:]), "u9,fresh,1764590400,1\n"]))
    third = import_file(later, MAPPING, sink)
    assert third.totals.accepted == 1


def test_the_same_row_is_another_event_under_another_event_rule(tmp_path: Path) -> None:
    path = small_file(tmp_path / "a.csv", rows=4)
    sink = RecordingSink()
    import_file(path, MAPPING, sink)
    other = MAPPING.model_copy(update={"event": type(MAPPING.event)(constant="copy")})  # type: ignore[misc]
    assert import_file(path, other, sink).totals.accepted == 4


@pytest.mark.parametrize("stores_first", [False, True])
@pytest.mark.parametrize("fail_at", range(10))
def test_an_import_goes_on_after_a_crash_at_any_batch(
    tmp_path: Path, fail_at: int, stores_first: bool
) -> None:
    path = small_file(tmp_path / "a.csv")
    whole = RecordingSink()
    import_file(path, MAPPING, whole, chunk_rows=10)
    assert len(whole.batches) == 10
    checkpoints = CheckpointDirectory(tmp_path / "checkpoints")
    sink = RecordingSink(fail_at, stores_first=stores_first)
    with pytest.raises(SinkStopped):
        import_file(path, MAPPING, sink, checkpoints=checkpoints, chunk_rows=10)
    sink.fail_at = None
    # another batch size: the checkpoint is a line, not a count of batches
    result = import_file(path, MAPPING, sink, checkpoints=checkpoints, chunk_rows=7)
    assert sink.items.keys() == whole.items.keys()
    assert result.resumed_from == max(0, fail_at * 10 - (1 if fail_at else 0))
    assert result.totals.rows == 95
    assert result.totals.accepted + result.totals.duplicates == 88
    assert result.totals.duplicates == (0 if not stores_first else sink_overlap(fail_at))
    assert {item.path for item in sink.rejected} == {item.path for item in whole.rejected}
    assert list((tmp_path / "checkpoints").iterdir()) == []


def sink_overlap(batch: int) -> int:
    """Good rows of one batch of ten lines (the header is the first line of the first batch)."""
    rows = range(max(0, batch * 10 - 1), min(95, batch * 10 + 9))
    return sum(n % 29 != 28 and (n % 5 == 4 or n % 17 != 16) for n in rows)


def test_a_crash_between_the_members_of_a_zip(tmp_path: Path) -> None:
    text = small_file(tmp_path / "a.csv", rows=20).read_text()
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.csv", "b.csv", "c.csv"):
            archive.writestr(name, text)
    whole = RecordingSink()
    import_file(path, MAPPING, whole, chunk_rows=8)
    assert len(whole.items) == 3 * 19
    assert whole.rejected[0].path == "a.csv line 18, column t"
    for fail_at in range(9):
        checkpoints = CheckpointDirectory(tmp_path / "checkpoints")
        sink = RecordingSink(fail_at)
        with pytest.raises(SinkStopped):
            import_file(path, MAPPING, sink, checkpoints=checkpoints, chunk_rows=8)
        sink.fail_at = None
        import_file(path, MAPPING, sink, checkpoints=checkpoints, chunk_rows=8)
        assert sink.items.keys() == whole.items.keys()
        assert [item.path for item in sink.rejected] == [item.path for item in whole.rejected]


def test_a_changed_file_or_mapping_starts_from_the_beginning(tmp_path: Path) -> None:
    path = small_file(tmp_path / "a.csv")
    checkpoints = CheckpointDirectory(tmp_path / "checkpoints")
    with pytest.raises(SinkStopped):
        import_file(path, MAPPING, RecordingSink(5), checkpoints=checkpoints, chunk_rows=10)
    other = Mapping.from_yaml(MAPPING.to_yaml() + "other_columns: keep\n")
    assert import_file(path, other, RecordingSink(), checkpoints=checkpoints).resumed_from == 0
    path.write_text(path.read_text() + "u1,e,1764590400,1\n")
    assert import_file(path, MAPPING, RecordingSink(), checkpoints=checkpoints).resumed_from == 0


def test_progress_and_totals(tmp_path: Path) -> None:
    path = small_file(tmp_path / "a.csv")
    seen: list[ImportProgress] = []
    import_file(path, MAPPING, RecordingSink(), progress=seen.append, chunk_rows=20)
    assert [step.totals.rows for step in seen] == [19, 39, 59, 79, 95]
    assert (seen[-1].bytes_read, seen[-1].size_bytes) == (path.stat().st_size,) * 2
    assert seen[-1].totals.rejected == 7
    assert all(step.rows_per_second > 0 for step in seen)


@given(st.lists(st.lists(st.integers(0, 5), max_size=30), max_size=30), st.sampled_from([1, 4, 1_000_000]))
def test_occurrences_are_numbered_exactly_however_the_file_is_cut(
    chunks: list[list[int]], limit: int
) -> None:
    before = row_ids_module.RUN_ROWS_LIMIT
    row_ids_module.RUN_ROWS_LIMIT = limit
    try:
        counter, seen = OccurrenceCounter(), Counter[int]()
        for chunk in chunks:
            numbers = counter.number(np.array(chunk, dtype=np.uint64)).tolist()
            for value, number in zip(chunk, numbers, strict=True):
                assert number == seen[value]
                seen[value] += 1
    finally:
        row_ids_module.RUN_ROWS_LIMIT = before


MEASURE = """
import resource, sys
from pathlib import Path
from bihuan.collect.files import Mapping, WriteResult, import_file

class Sink:
    def write(self, items, rejected):
        return WriteResult(accepted=len(items))

mapping = Mapping.from_yaml(sys.argv[1])
for path in sys.argv[2:]:
    result = import_file(Path(path), mapping, Sink())
    print(result.totals.accepted, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_memory_stays_flat_over_300_mb(tmp_path: Path) -> None:
    note = "x" * 2_300
    block = "".join(f"u{n},view,{1764590400 + n},{note}{n}\n" for n in range(10_000)).encode()
    yaml = (
        "event: {column: e}\ndistinct_id: {columns: [u]}\ntime: {columns: [t], format: unix_s}\n"
        "properties: [{name: note, column: note}]\n"
    )
    paths = [tmp_path / "small.csv", tmp_path / "large.csv"]
    for path, blocks in zip(paths, (1, 13), strict=True):
        with path.open("wb") as file:
            file.write(b"u,e,t,note\n")
            for _ in range(blocks):
                file.write(block)
    assert paths[1].stat().st_size > 300_000_000
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, yaml, *map(str, paths)], capture_output=True, text=True, check=True
    )
    small, large = (tuple(map(int, line.split())) for line in run.stdout.splitlines())
    assert (small[0], large[0]) == (10_000, 130_000)
    assert large[1] - small[1] < 60
