"""Quiet months end in one part with all projections, whatever they were, and hold the same rows."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bihuan.warehouse import Batch, Engine, GroupWriter, ProjectStore, open_project, sequences
from bihuan.warehouse.rollups import refresh
from bihuan.warehouse.rollups.content import content_sql
from bihuan.warehouse.schema.layout import Layout
from bihuan.warehouse.settling import (
    MOST_ROWS,
    SMALL_ROWS,
    Month,
    Settled,
    arrived_rows,
    settle,
    unsettled,
)
from bihuan.warehouse.writing.seen import lookup
from tests.engine_server.process import ROOT, EngineServer
from tests.warehouse.cluster_parser import parse_cluster_statement
from tests.warehouse.settled_apart import (
    MIXED,
    PLAIN,
    ROWS_A_PART,
    add,
    months_apart,
    parts_of,
    rows_of,
    without_merges,
)
from tests.warehouse.writing.samples import sample_id, stored_counts

COMPLETE = ["by_id", "by_person", "by_quarter_hour"]
ALL_SETTLED = {"202510": [COMPLETE], "202509": [COMPLETE], "202508": [COMPLETE]}


def content(store: ProjectStore) -> set[tuple[Any, ...]]:
    """What the log says of each day, from the projections where parts have them, and from the rows."""
    found = [
        set(store.engine.rows(content_sql(store, "UTC"), settings={"optimize_use_projections": on}))
        for on in (1, 0)
    ]
    assert found[0] == found[1]
    return found[0]


def people(store: ProjectStore) -> list[tuple[Any, ...]]:
    """Everybody's events in order, which ``by_person`` answers."""
    return store.engine.rows(
        "SELECT person_id, groupArray((toUnixTimestamp64Milli(time), event, properties.number)) FROM "
        f"(SELECT * FROM {store.table('events')} ORDER BY person_id, time) GROUP BY person_id ORDER BY 1"
    )


def test_every_kind_of_month_becomes_one_part_with_the_same_rows(
    store: ProjectStore, writer: GroupWriter
) -> None:
    count = months_apart(store, writer)
    before = parts_of(store)
    assert sorted(before["202510"]) == [[], [], []]
    assert sorted(before["202509"]) == [[], [], COMPLETE]
    assert before["202508"] == [[]]
    refresh(store, "UTC", {})
    sequences.refresh(store, {})
    then = content(store), people(store)
    steps: list[tuple[int, int]] = []
    done = settle(store, quiet_seconds=0, progress=lambda *step: steps.append(step))
    assert done == Settled(merged=3, projected=1, left=0)
    assert parts_of(store) == ALL_SETTLED
    assert (content(store), people(store)) == then
    assert steps
    assert stored_counts(store) == Counter(range(count))
    # Neither the people of days nor the sequences have anything to build anew.
    assert refresh(store, "UTC", {}).cells == 0
    assert sequences.refresh(store, {}).rows == 0


def test_stored_ids_are_found_and_not_stored_again(store: ProjectStore, writer: GroupWriter) -> None:
    count = months_apart(store, writer)
    settle(store, quiet_seconds=0)
    ids = [sample_id(number).bytes for number in range(count + 5)]
    assert lookup(store, ids) == set(ids[:count])
    again = writer.submit(store, Batch([*rows_of(0, PLAIN), *rows_of(3, MIXED)])).result()
    assert (again.stored, again.duplicates) == (0, 2 * ROWS_A_PART)


def test_a_settled_project_is_left_alone(store: ProjectStore, writer: GroupWriter) -> None:
    months_apart(store, writer)
    settle(store, quiet_seconds=0)
    mutations = f"SELECT count() FROM system.mutations WHERE database = '{store.layout.database}'"
    names = f"SELECT groupArray(name) FROM system.parts WHERE database = '{store.layout.database}' AND active"
    before = store.engine.scalar(mutations), store.engine.scalar(names)
    assert settle(store, quiet_seconds=0) == Settled(0, 0, 0)
    assert (store.engine.scalar(mutations), store.engine.scalar(names)) == before


def test_months_that_got_rows_just_now_wait(store: ProjectStore, writer: GroupWriter) -> None:
    months_apart(store, writer)
    before = parts_of(store)
    assert settle(store, quiet_seconds=600) == Settled(0, 0, 0)
    assert parts_of(store) == before
    assert len(unsettled(store, 0)) == 3


def test_a_month_that_is_never_quiet_gets_projections_and_is_not_merged(
    store: ProjectStore, writer: GroupWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    months_apart(store, writer)
    monkeypatch.setattr("bihuan.warehouse.settling.STUCK_SECONDS", 0)
    done = settle(store, quiet_seconds=600)
    assert (done.merged, done.projected) == (0, 3)
    assert parts_of(store) == {
        "202510": [COMPLETE] * 3,
        "202509": [COMPLETE] * 3,
        "202508": [COMPLETE],
    }


def test_rows_that_come_meanwhile_are_kept_and_settled_next_time(
    store: ProjectStore, writer: GroupWriter
) -> None:
    count = months_apart(store, writer)
    came = iter(range(count // ROWS_A_PART, 100))

    def more(done: int, total: int) -> None:
        for time_ms in (PLAIN, MIXED):
            add(store, writer, next(came), time_ms)

    done = settle(store, quiet_seconds=0, progress=more)
    rows = next(came) * ROWS_A_PART
    assert stored_counts(store) == Counter(range(rows))
    assert done.left > 0
    settle(store, quiet_seconds=0)
    assert parts_of(store) == ALL_SETTLED
    assert stored_counts(store) == Counter(range(rows))
    content(store)


def test_rows_that_came_just_now_are_counted(store: ProjectStore, writer: GroupWriter) -> None:
    without_merges(store)
    assert arrived_rows(store, 60) == 0
    for part in range(2):
        add(store, writer, part, PLAIN)
    assert arrived_rows(store, 60) == 2 * ROWS_A_PART
    settle(store, quiet_seconds=0)
    assert arrived_rows(store, 60) in (0, 2 * ROWS_A_PART)


def test_a_busy_store_is_left_for_later(store: ProjectStore, writer: GroupWriter) -> None:
    months_apart(store, writer)
    asked = iter([False, True, True, True, True])
    assert settle(store, quiet_seconds=0, is_busy=lambda: next(asked)) == Settled(1, 0, 2)
    assert settle(store, quiet_seconds=0).left == 0


def test_projections_that_cannot_be_made_are_taken_back(store: ProjectStore, writer: GroupWriter) -> None:
    count = months_apart(store, writer)
    store.engine.command(
        f"ALTER TABLE {store.table('events')} MATERIALIZE PROJECTION by_id IN PARTITION ID '202509', "
        "UPDATE distinct_id = toString(throwIf(1)) WHERE 1",
        settings={"mutations_sync": 0},
    )
    assert settle(store, quiet_seconds=0) == Settled(0, 0, 3)
    # Others need not wait behind them, and the next run does the work.
    assert settle(store, quiet_seconds=0).left == 0
    assert parts_of(store) == ALL_SETTLED
    assert stored_counts(store) == Counter(range(count))


def test_a_part_with_some_of_the_projections_gets_the_others(
    store: ProjectStore, writer: GroupWriter
) -> None:
    without_merges(store)
    for part in range(2):
        add(store, writer, part, PLAIN)
        store.engine.command(
            f"ALTER TABLE {store.table('events')} MATERIALIZE PROJECTION by_id",
            settings={"mutations_sync": 2},
        )
    assert parts_of(store) == {"202510": [["by_id"], ["by_id"]]}
    assert settle(store, quiet_seconds=0) == Settled(merged=1, projected=1, left=0)
    assert parts_of(store) == {"202510": [COMPLETE]}


MONTH = Month(
    "202510",
    parts=4,
    bare=0,
    half=0,
    rows=SMALL_ROWS * 2,
    apart=SMALL_ROWS // 8,
    size_bytes=1,
    quiet_seconds=0,
    stuck_seconds=0,
)


@pytest.mark.parametrize(
    ("month", "wanted"),
    [
        (MONTH, False),
        (replace(MONTH, bare=1), True),
        (replace(MONTH, apart=SMALL_ROWS // 4), True),
        (replace(MONTH, parts=40), False),
        (replace(MONTH, rows=SMALL_ROWS, apart=9, parts=6), True),
        (replace(MONTH, rows=SMALL_ROWS, apart=9, parts=5), False),
        (replace(MONTH, rows=MOST_ROWS + 1, apart=MOST_ROWS), False),
        (replace(MONTH, rows=MOST_ROWS, apart=MOST_ROWS // 2, size_bytes=2 << 30), False),
        (replace(MONTH, parts=1, apart=0), False),
    ],
)
def test_months_are_merged_where_it_pays(month: Month, wanted: bool) -> None:
    assert month.is_unsettled is wanted


def test_over_http_it_is_the_same(tmp_path: Path, writer: GroupWriter) -> None:
    with EngineServer.start(tmp_path / "engine") as server:
        engine = Engine(server.dsn)
        store = open_project(engine, "over_http", durable=False)
        count = months_apart(store, writer)
        assert settle(store, quiet_seconds=0) == Settled(merged=3, projected=1, left=0)
        assert parts_of(store) == ALL_SETTLED
        assert stored_counts(store) == Counter(range(count))
        writer.close()
        engine.close()


class _Recorded(Engine):
    """An engine that keeps what it is told for a cluster instead of doing it."""

    def __init__(self, inner: Engine) -> None:
        self.inner, self.said = inner, list[str]()

    def rows(self, sql: str, *, settings: Any = None) -> list[tuple[Any, ...]]:
        self.said.append(sql)
        if "mutations" in sql:
            return []
        merged = any("OPTIMIZE" in each for each in self.said)
        projected = any(each.startswith("ALTER") for each in self.said)
        return [
            ("202510", 1, 0, 0, 9, 0, 9, 999, 0) if merged else ("202510", 3, 3, 0, 9, 6, 9, 999, 99),
            ("202509", 3, 0, 0, 9, 6, 9, 999, 0) if projected else ("202509", 3, 2, 0, 9, 6, 9, 999, 99),
        ]

    def command(self, sql: str, *, settings: Any = None) -> None:
        self.said.append(sql)


def test_a_cluster_is_told_on_every_node(engine: Engine) -> None:
    recorded = _Recorded(engine)
    settle(ProjectStore(recorded, Layout("bihuan_shop", cluster="bihuan")))
    with engine.client() as client:
        for statement in recorded.said:
            parsed = parse_cluster_statement(statement, client.command)
            if "OPTIMIZE" in statement or "ALTER" in statement:
                assert parsed.cluster == "bihuan"
                assert "`events_local`" in statement or "events_local" in parsed.text
            else:
                assert "clusterAllReplicas('bihuan'" in statement
    told = [each for each in recorded.said if "ON CLUSTER" in each]
    assert [each.split()[0] for each in told] == ["OPTIMIZE", "ALTER", "OPTIMIZE"]


def settle_and_kill(directory: Path, wait_seconds: float | None) -> tuple[dict[str, Any], Any]:
    """Settle in a process that is killed this long after it began to; what was held then, and the parts if it
    came to the end.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.warehouse.settled_apart", str(directory)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    held = json.loads(process.stdout.readline())
    killer = threading.Timer(wait_seconds or 0, process.send_signal, [signal.SIGKILL])
    if wait_seconds is not None:
        killer.start()
    ended = process.stdout.read()
    killer.cancel()
    process.wait(60)
    process.stdout.close()
    return held, json.loads(ended) if ended else None


def test_killed_at_any_moment_it_leaves_the_same_rows(tmp_path: Path) -> None:
    kills = 0
    rows = 7 * ROWS_A_PART
    for wait_seconds in (0.01, 0.08, 0.2, None):
        held, parts = settle_and_kill(tmp_path, wait_seconds)
        assert held == {"rows": list(range(rows)), "same": True}
        kills += parts is None
        rows += 3 * ROWS_A_PART
    assert kills > 0
    assert parts == ALL_SETTLED
