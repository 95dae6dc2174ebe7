from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bihuan.database import Database
from bihuan.jobs import Jobs
from tests.jobs import worker_process

LONG_SECONDS = 60


class Workers:
    """Worker processes on one database, and what they wrote down."""

    def __init__(self, dsn: str, file: Path) -> None:
        self.dsn = dsn
        self.file = file
        self._ending = ExitStack()

    def start(self, *names: str) -> list[subprocess.Popen[str]]:
        started = [
            subprocess.Popen(
                [sys.executable, worker_process.__file__, self.dsn, str(self.file), name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in names
        ]
        for process in started:
            self._ending.callback(process.wait, LONG_SECONDS)
            self._ending.callback(process.kill)
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        return started

    def lines(self) -> list[list[str]]:
        return (
            [line.split(" ", 2) for line in self.file.read_text().splitlines()] if self.file.exists() else []
        )

    def close(self) -> None:
        self._ending.close()


@pytest.fixture
def workers(control_dsn: str, tmp_path: Path) -> Iterator[Workers]:
    made = Workers(control_dsn, tmp_path / "written")
    yield made
    made.close()


@contextmanager
def _client(workers: Workers) -> Iterator[Jobs]:
    database = Database.open(workers.dsn)
    jobs = worker_process.build(database, workers.file, "client")
    jobs.start(work=False)
    try:
        yield jobs
    finally:
        jobs.stop()
        database.dispose()


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_a_job_killed_half_way_is_resumed_after_the_restart(workers: Workers) -> None:
    with _client(workers) as client:
        (first,) = workers.start("first")
        job_id = client.enqueue("test.steps", {"seconds": 0.2})
        _until(lambda: ["first", "step", "2"] in workers.lines())
        first.kill()
        first.wait()
        assert client.status(job_id).state == "running"
        workers.start("second")
        status = client.wait(job_id, LONG_SECONDS)
    assert (status.state, status.result) == ("succeeded", 15)
    steps = [(name, int(number)) for name, kind, number in workers.lines() if kind == "step"]
    by_first = [number for name, number in steps if name == "first"]
    by_second = [number for name, number in steps if name == "second"]
    assert by_first == list(range(len(by_first)))
    # Only the step that was interrupted is done again.
    assert by_second in (list(range(by_first[-1], 6)), list(range(by_first[-1] + 1, 6)))


def test_a_dead_worker_is_replaced_by_a_living_one(postgres_dsn: str, tmp_path: Path) -> None:
    workers = Workers(postgres_dsn, tmp_path / "written")
    try:
        with _client(workers) as client:
            processes = dict(zip(("a", "b"), workers.start("a", "b"), strict=True))
            job_id = client.enqueue("test.steps", {"seconds": 0.2})
            _until(lambda: any(line[1:] == ["step", "1"] for line in workers.lines()))
            dead = next(line[0] for line in workers.lines() if line[1:] == ["step", "1"])
            processes[dead].kill()
            status = client.wait(job_id, LONG_SECONDS)
    finally:
        workers.close()
    assert (status.state, status.result) == ("succeeded", 15)
    living = ({"a", "b"} - {dead}).pop()
    finished = [name for name, kind, number in workers.lines() if (kind, number) == ("step", "5")]
    assert finished == [living]
    done = Counter(int(number) for _, kind, number in workers.lines() if kind == "step")
    assert sorted(done) == [0, 1, 2, 3, 4, 5]
    assert sum(done.values()) <= 7


def test_two_workers_share_jobs_and_schedules_and_do_each_once(postgres_dsn: str, tmp_path: Path) -> None:
    workers = Workers(postgres_dsn, tmp_path / "written")
    try:
        with _client(workers) as client:
            workers.start("a", "b")
            job_ids = [client.enqueue("test.once", {"number": number}) for number in range(60)]
            states = {client.wait(job_id, LONG_SECONDS).state for job_id in job_ids}
            _until(lambda: sum(line[1] == "tick" for line in workers.lines()) >= 4)
    finally:
        workers.close()
    assert states == {"succeeded"}
    once = [(name, number) for name, kind, number in workers.lines() if kind == "once"]
    assert sorted(int(number) for _, number in once) == list(range(60))
    assert {name for name, _ in once} == {"a", "b"}
    ticks = [job_id for _, kind, job_id in workers.lines() if kind == "tick"]
    assert len(ticks) == len(set(ticks))


def test_a_worker_that_stops_hands_its_job_over_at_once(postgres_dsn: str, tmp_path: Path) -> None:
    workers = Workers(postgres_dsn, tmp_path / "written")
    try:
        with _client(workers) as client:
            (first,) = workers.start("a")
            job_id = client.enqueue("test.steps", {"seconds": 0.3})
            _until(lambda: ["a", "step", "1"] in workers.lines())
            first.communicate("", timeout=LONG_SECONDS)
            assert first.returncode == 0
            assert client.status(job_id).state == "running"
            workers.start("b")
            status = client.wait(job_id, LONG_SECONDS)
    finally:
        workers.close()
    assert (status.state, status.result) == ("succeeded", 15)
    done = [(name, int(number)) for name, kind, number in workers.lines() if kind == "step"]
    assert done[-1] == ("b", 5)
    assert sorted({number for _, number in done}) == [0, 1, 2, 3, 4, 5]
    assert len(done) <= 7
