"""The engine fails: nobody is told "stored" who is not, and everything mends itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bihuan.warehouse import (
    Batch,
    Engine,
    EngineUnavailable,
    GroupWriter,
    ProjectStore,
    WriteLimits,
    WriteOutcome,
    drop_project,
    open_project,
)
from tests.engine_server.fixtures import engine_server
from tests.engine_server.process import ROOT, EngineServer
from tests.warehouse.writing.samples import sample_row, stored_counts

__all__ = ["engine_server"]

NOT_ENOUGH_SPACE, TABLE_IS_READ_ONLY, MEMORY_LIMIT_EXCEEDED = 243, 242, 241


@pytest.fixture
def remote(engine_server: EngineServer) -> Iterator[ProjectStore]:
    """A project on the test server, reached over HTTP as any server is."""
    engine = Engine(engine_server.dsn)
    store = open_project(engine, f"w{uuid.uuid4().hex[:12]}", durable=False)
    yield store
    engine_server.reset()
    drop_project(store)
    engine.close()


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.warehouse.writing.insertion.SERVER_RETRY_SECONDS", (0.01, 0.01))


def test_a_server_deduplicates_over_the_whole_history(remote: ProjectStore, writer: GroupWriter) -> None:
    batch = Batch([sample_row(1), sample_row(2), sample_row(1)])
    assert writer.submit(remote, batch).result() == WriteOutcome(2, 1)
    assert writer.submit(remote, batch).result() == WriteOutcome(0, 3)
    assert not writer.ready(remote)
    assert stored_counts(remote) == Counter([1, 2])


@pytest.mark.parametrize("code", [NOT_ENOUGH_SPACE, TABLE_IS_READ_ONLY, MEMORY_LIMIT_EXCEEDED])
def test_every_request_of_the_group_is_refused_and_can_be_sent_again(
    engine_server: EngineServer, remote: ProjectStore, writer: GroupWriter, code: int
) -> None:
    writer.open(remote)
    engine_server.control(insert_errors=10_000, insert_error_code=code, match="events")
    batches = [Batch([sample_row(number)]) for number in range(20)]
    refused = [writer.submit(remote, batch) for batch in batches]
    failures = [future.exception() for future in refused]
    assert all(
        isinstance(one, EngineUnavailable) and one.params["retry_after_seconds"] == 2 for one in failures
    )
    assert stored_counts(remote) == Counter()
    engine_server.reset()
    assert [writer.submit(remote, batch).result().stored for batch in batches] == [1] * 20
    assert stored_counts(remote) == Counter(range(20))
    assert writer.queued_rows() == 0


@pytest.mark.parametrize("fault", ["drop_before_insert", "drop_after_insert"])
@pytest.mark.parametrize("drops", [1, 2])
def test_a_lost_connection_is_tried_again_and_stores_once(
    engine_server: EngineServer, remote: ProjectStore, writer: GroupWriter, fault: str, drops: int
) -> None:
    writer.open(remote)
    engine_server.control(**{fault: drops, "match": "events"})
    assert writer.submit(remote, Batch([sample_row(1), sample_row(2)])).result() == WriteOutcome(2, 0)
    assert stored_counts(remote) == Counter([1, 2])


def test_stored_but_never_answered_is_a_duplicate_when_sent_again(
    engine_server: EngineServer, remote: ProjectStore, writer: GroupWriter
) -> None:
    writer.open(remote)
    engine_server.control(drop_after_insert=1_000, match="events")
    batch = Batch([sample_row(1), sample_row(2)])
    assert isinstance(writer.submit(remote, batch).exception(), EngineUnavailable)
    engine_server.reset()
    assert writer.submit(remote, batch).result() == WriteOutcome(stored=0, duplicates=2)
    assert stored_counts(remote) == Counter([1, 2])


def test_a_follower_is_not_acknowledged_by_a_failed_leader(
    engine_server: EngineServer, remote: ProjectStore
) -> None:
    writer = GroupWriter(WriteLimits(inserters=2, linger_seconds=0.0))
    writer.open(remote)
    engine_server.control(insert_errors=3, insert_delay_ms=100, match="events")
    first = writer.submit(remote, Batch([sample_row(1)]))
    second = writer.submit(remote, Batch([sample_row(1), sample_row(2)]))
    third = writer.submit(remote, Batch([sample_row(1)]))
    outcomes = [future.exception() or future.result() for future in (first, second, third)]
    writer.close()
    # The three failures are one group's three tries: the first alone, or all that were queued with it.
    stored = sum(outcome.stored for outcome in outcomes if isinstance(outcome, WriteOutcome))
    assert isinstance(outcomes[0], EngineUnavailable)
    assert sum(stored_counts(remote).values()) == stored
    assert set(stored_counts(remote).values()) <= {1}
    if isinstance(outcomes[1], WriteOutcome):
        assert stored_counts(remote) == Counter([1, 2])


def test_a_slow_disk_only_delays(
    engine_server: EngineServer, remote: ProjectStore, writer: GroupWriter
) -> None:
    writer.open(remote)
    engine_server.control(insert_delay_ms=150, match="events")
    futures = [writer.submit(remote, Batch([sample_row(number)])) for number in range(30)]
    assert [future.result().stored for future in futures] == [1] * 30


def test_two_processes_racing_on_one_server_leave_one_row(
    engine_server: EngineServer, remote: ProjectStore
) -> None:
    """Two writers know nothing of each other, as two processes do."""
    writers = [GroupWriter(), GroupWriter()]
    engine_server.control(insert_delay_ms=100, match="events")
    batch = Batch([sample_row(number) for number in range(5)])
    outcomes = [future.result() for future in [writer.submit(remote, batch) for writer in writers]]
    assert sum(outcome.stored for outcome in outcomes) >= 5
    assert stored_counts(remote) == Counter(range(5))
    for writer in writers:
        writer.close()


DISK_MB = 48


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that can be full."""
    mount = shutil.which("mount")
    if mount is None:
        pytest.skip("no mount command")
    options = ["-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(tmp_path)]
    if subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system is not allowed here")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_a_full_disk_refuses_and_loses_nothing(small_disk: Path) -> None:
    """Fill the disk, write, make room, write again: in a process of its own, which owns the engine."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.warehouse.writing.full_disk", str(small_disk)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.splitlines()[-1:] == ["refused, then recovered"], done.stdout + done.stderr
