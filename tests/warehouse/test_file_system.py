"""What is acknowledged was brought to disk first, whichever way, and nothing is after that failed."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bihuan.warehouse import Batch, Engine, GroupWriter, ProjectStore, drop_project, open_project
from bihuan.warehouse import file_system as module
from bihuan.warehouse.errors import EngineUnavailable
from bihuan.warehouse.file_system import FileSystem, file_system
from tests.warehouse.settled_apart import PLAIN, rows_of

Sync = Callable[[int], None]


@pytest.fixture
def store(engine: Engine) -> Iterator[ProjectStore]:
    if engine.file_system is None:
        pytest.skip("this system cannot sync a whole file system")
    opened = open_project(engine, f"s{uuid.uuid4().hex[:12]}")
    yield opened
    drop_project(opened)


def with_sync(store: ProjectStore, monkeypatch: pytest.MonkeyPatch, sync: Sync) -> None:
    assert store.engine.directory is not None
    monkeypatch.setattr(store.engine, "file_system", FileSystem(store.engine.directory, sync))


def count(store: ProjectStore) -> int:
    return int(store.engine.scalar(f"SELECT count() FROM {store.table('events')}"))


def test_the_real_call_syncs_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ONE_BY_ONE_SECONDS", 0.0)
    found = file_system(tmp_path)
    if found is None:
        pytest.skip("this system cannot sync a whole file system")
    with found.written(tmp_path):
        (tmp_path / "file").write_text("something")
    found.close()
    with pytest.raises(OSError, match="Bad file descriptor"), found.written(tmp_path):
        pass


@pytest.mark.parametrize(
    ("release", "can"), [("5.7.19", False), ("5.8.0", True), ("6.1-x", True), ("?", False)]
)
def test_kernels_that_would_not_say_errors_are_not_relied_on(
    release: str, can: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "uname", lambda: type("Uname", (), {"release": release}))
    if file_system(tmp_path) is None:
        assert not can or not hasattr(module.ctypes.CDLL(None), "syncfs")
    else:
        assert can


def test_an_answer_waits_for_the_disk(
    store: ProjectStore, writer: GroupWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def sync(_: int) -> None:
        begun.set()
        assert may_end.wait(60)

    with_sync(store, monkeypatch, sync)
    outcome = writer.submit(store, Batch(rows_of(0, PLAIN)))
    assert begun.wait(60)
    assert count(store) > 0, "synced before the engine had the rows"
    time.sleep(0.2)
    assert not outcome.done()
    may_end.set()
    assert outcome.result(60).stored == count(store)


def test_after_a_failure_nothing_is_stored_until_a_sync_succeeds(
    store: ProjectStore, writer: GroupWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = [False]

    def sync(_: int) -> None:
        if not works[0]:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    with_sync(store, monkeypatch, sync)
    first, second = rows_of(0, PLAIN), rows_of(1, PLAIN)
    with pytest.raises(EngineUnavailable, match="Input/output error"):
        writer.submit(store, Batch(first)).result(60)
    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            writer.submit(store, Batch(second)).result(60)
        assert count(store) == 0, "refused rows stay, or the second batch was inserted after a failed sync"
    works[0] = True
    assert writer.submit(store, Batch(second)).result(60).stored == len(second)
    assert count(store) == len(second), "what was refused is still there"
    again = writer.submit(store, Batch(first)).result(60)
    assert (again.stored, again.duplicates) == (len(first), 0)
    assert count(store) == len(first) + len(second)


def test_where_the_whole_is_slow_each_file_of_the_new_parts_is_synced(
    store: ProjectStore, writer: GroupWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def sync(handle: int) -> None:
        calls.append(handle)
        time.sleep(module.SLOW_SECONDS * 1.2)

    with_sync(store, monkeypatch, sync)
    store.engine.command(f"SYSTEM STOP MERGES {store.table('events')}")
    writer.submit(store, Batch(rows_of(0, PLAIN))).result(60)
    assert len(calls) == 1
    directory = store.directory("events")
    assert directory is not None
    table = directory.resolve()
    before = set(table.iterdir())
    synced: set[Path] = set()
    real = os.fsync

    def recorded(handle: int) -> None:
        synced.add(Path(os.readlink(f"/proc/self/fd/{handle}")))
        real(handle)

    monkeypatch.setattr(os, "fsync", recorded)
    writer.submit(store, Batch(rows_of(1, PLAIN))).result(60)
    assert len(calls) == 1, "the slow way was gone again at once"
    new = set(table.iterdir()) - before
    assert len(new) == 1
    assert synced == {table, *new, *(path for part in new for path in part.rglob("*"))}
    monkeypatch.setattr(module, "ONE_BY_ONE_SECONDS", 0.0)
    assert store.engine.file_system is not None
    store.engine.file_system._one_by_one_until = 0.0
    writer.submit(store, Batch(rows_of(2, PLAIN))).result(60)
    assert len(calls) == 2


@pytest.fixture
def one_by_one(tmp_path: Path) -> Iterator[tuple[FileSystem, list[int]]]:
    """A file system that is synced file by file, and the syncs of the whole."""
    wholes: list[int] = []
    found = FileSystem(tmp_path, wholes.append)
    found._one_by_one_until = time.monotonic() + 60
    yield found, wholes
    found.close()


def before_syncing(monkeypatch: pytest.MonkeyPatch, happens: Callable[[Path], object]) -> None:
    """Have something happen before each sync of one file."""
    real = module.sync

    def sync(path: Path) -> None:
        happens(path)
        real(path)

    monkeypatch.setattr(module, "sync", sync)


def test_what_others_are_writing_beside_is_left_to_them(
    tmp_path: Path, one_by_one: tuple[FileSystem, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, wholes = one_by_one
    synced: list[str] = []
    before_syncing(monkeypatch, lambda path: synced.append(path.name))
    with found.written(tmp_path):
        for name in ("202511_7_7_0", "tmp_insert_202511_8_8_0", "202511_1_6_1", "tmp_merge_202511_1_7_0"):
            (tmp_path / name / "inner").mkdir(parents=True)
            (tmp_path / name / "inner" / f"data of {name}").write_text("rows")
    assert synced == ["data of 202511_7_7_0", "inner", "202511_7_7_0", tmp_path.name]
    assert not wholes


def test_a_part_that_goes_while_it_is_synced_is_on_disk_all_the_same(
    tmp_path: Path, one_by_one: tuple[FileSystem, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are in the part it went into."""
    found, wholes = one_by_one
    part = tmp_path / "202511_7_7_0"
    before_syncing(monkeypatch, lambda _: shutil.rmtree(part, ignore_errors=True))
    with found.written(tmp_path):
        part.mkdir()
        (part / "data").write_text("rows")
    assert len(wholes) == 1
