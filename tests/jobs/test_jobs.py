from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from bihuan.database import Base, Database
from bihuan.jobs import Job, JobNameUnknown, JobNotFound, Jobs, JobsStopped, JobWorkerRunning
from bihuan.jobs.models import JobProgress

LONG_SECONDS = 30


def _add(job: Job, left: int, right: int) -> dict[str, int]:
    total = job.step("add", lambda: left + right)
    job.progress(2, 2, "added")
    return {"sum": total}


def _fail_after(database: Database, act: Callable[[Session], object]) -> None:
    with database.session() as session:
        act(session)
        raise ZeroDivisionError


def test_a_job_runs_with_its_arguments_and_reports(jobs: Jobs) -> None:
    jobs.register("test.add", _add)
    jobs.start()
    job_id = jobs.enqueue("test.add", {"left": 1, "right": 2}, project_id="shop")
    status = jobs.wait(job_id, LONG_SECONDS)
    assert (status.id, status.name, status.state) == (job_id, "test.add", "succeeded")
    assert (status.done, status.total, status.note) == (2, 2, "added")
    assert (status.result, status.error, status.project_id) == ({"sum": 3}, None, "shop")
    assert status.finished_at is not None
    assert jobs.list_project("shop") == [status]
    assert jobs.list_project("other") == []


def test_a_failing_job_keeps_its_reason(jobs: Jobs) -> None:
    def fail(_job: Job) -> None:
        raise ValueError("坏 data")

    jobs.register("test.fail", fail)
    jobs.start()
    status = jobs.wait(jobs.enqueue("test.fail"), LONG_SECONDS)
    assert (status.state, status.error, status.result) == ("failed", "ValueError: 坏 data", None)


def test_the_same_idempotency_key_is_one_job(jobs: Jobs) -> None:
    jobs.register("test.add", _add)
    jobs.start()
    first = jobs.enqueue("test.add", {"left": 1, "right": 1}, idempotency_key="k")
    again = jobs.enqueue("test.add", {"left": 5, "right": 5}, idempotency_key="k")
    assert first == again
    assert jobs.wait(first, LONG_SECONDS).result == {"sum": 2}
    assert jobs.enqueue("test.add", {"left": 5, "right": 5}, idempotency_key="k") == first
    other = jobs.enqueue("test.add", {"left": 5, "right": 5}, idempotency_key="other")
    assert jobs.wait(other, LONG_SECONDS).result == {"sum": 10}


def test_a_job_of_a_rolled_back_transaction_never_was(jobs: Jobs, database: Database) -> None:
    jobs.register("test.add", _add)
    jobs.start(work=False)
    ids: list[str] = []
    args = {"left": 1, "right": 1}
    with pytest.raises(ZeroDivisionError):
        _fail_after(database, lambda session: ids.append(jobs.enqueue("test.add", args, session=session)))
    with database.session() as session:
        ids.append(jobs.enqueue("test.add", args, session=session))
    with pytest.raises(JobNotFound):
        jobs.status(ids[0])
    assert jobs.status(ids[1]).state == "queued"
    with database.read_session() as session:
        assert session.scalar(select(func.count()).select_from(JobProgress)) == 1


def test_a_process_that_does_not_work_leaves_jobs_to_one_that_does(jobs: Jobs) -> None:
    jobs.register("test.add", _add)
    jobs.start(work=False)
    job_id = jobs.enqueue("test.add", {"left": 2, "right": 2})
    assert jobs.status(job_id).state == "queued"
    jobs.stop()
    jobs.start()
    assert jobs.wait(job_id, LONG_SECONDS).result == {"sum": 4}


def test_a_queued_job_that_is_cancelled_never_runs(jobs: Jobs) -> None:
    ran: list[str] = []
    jobs.register("test.note", lambda job: ran.append(job.id))
    jobs.start(work=False)
    job_id = jobs.enqueue("test.note")
    assert jobs.cancel(job_id).state == "cancelled"
    jobs.stop()
    jobs.start()
    jobs.wait(jobs.enqueue("test.note", idempotency_key="later"), LONG_SECONDS)
    assert ran == ["test.note:later"]
    assert jobs.status(job_id).state == "cancelled"


def test_a_running_job_that_is_cancelled_ends_at_its_next_report(jobs: Jobs) -> None:
    began, ended = threading.Event(), threading.Event()
    done: list[int] = []

    def count(job: Job) -> None:
        try:
            for number in range(10_000):
                done.append(number)
                job.progress(number, 10_000)
                began.set()
                ended.wait(0.01)
        finally:
            ended.set()

    jobs.register("test.count", count)
    jobs.start()
    job_id = jobs.enqueue("test.count")
    assert began.wait(LONG_SECONDS)
    jobs.cancel(job_id)
    assert ended.wait(LONG_SECONDS)
    assert len(done) < 10_000
    assert jobs.status(job_id).state == "cancelled"


def test_a_finished_job_cannot_be_cancelled(jobs: Jobs) -> None:
    jobs.register("test.add", _add)
    jobs.start()
    job_id = jobs.enqueue("test.add", {"left": 1, "right": 1})
    jobs.wait(job_id, LONG_SECONDS)
    assert jobs.cancel(job_id).state == "succeeded"


def test_a_job_interrupted_by_a_stop_is_resumed_after_its_last_step(jobs: Jobs) -> None:
    did: list[str] = []
    waiting, go = threading.Event(), threading.Event()

    def work(job: Job) -> list[str]:
        first = job.step("first", lambda: did.append("first") or "one")
        waiting.set()
        while not go.is_set():
            job.progress(1, 2)
            go.wait(0.01)
        second = job.step("second", lambda: did.append("second") or "two")
        return [first, second]

    jobs.register("test.work", work)
    jobs.start()
    job_id = jobs.enqueue("test.work")
    assert waiting.wait(LONG_SECONDS)
    jobs.stop(wait_seconds=0)
    go.set()
    assert did == ["first"]
    jobs.start(work=False)
    assert jobs.status(job_id).state == "running"
    jobs.stop()
    jobs.start()
    assert jobs.wait(job_id, LONG_SECONDS).result == ["one", "two"]
    assert did == ["first", "second"]


def test_an_exclusive_job_is_not_run_twice_at_a_time(jobs: Jobs) -> None:
    inside, go = threading.Event(), threading.Event()

    def hold(_job: Job) -> str:
        inside.set()
        go.wait(LONG_SECONDS)
        return "held"

    jobs.register("test.hold", hold, exclusive=True)
    jobs.start()
    first = jobs.enqueue("test.hold")
    assert inside.wait(LONG_SECONDS)
    second = jobs.wait(jobs.enqueue("test.hold"), LONG_SECONDS)
    go.set()
    assert second.result == {"skipped": True}
    assert jobs.wait(first, LONG_SECONDS).result == "held"
    assert jobs.wait(jobs.enqueue("test.hold"), LONG_SECONDS).result == "held"


def test_a_scheduled_job_runs_at_its_times_with_its_arguments(jobs: Jobs) -> None:
    runs: list[tuple[str, str]] = []
    twice = threading.Event()

    def tick(job: Job, word: str) -> None:
        runs.append((job.id, word))
        if len(runs) == 2:
            twice.set()

    jobs.register("test.tick", tick)
    jobs.schedule("test.tick", every_seconds=1, args={"word": "滴"})
    jobs.start()
    assert twice.wait(LONG_SECONDS)
    assert {word for _, word in runs} == {"滴"}
    moments = [job_id.removeprefix("sched-test.tick-") for job_id, _ in runs]
    assert moments == sorted(set(moments))
    assert all(datetime.fromisoformat(moment).tzinfo == UTC for moment in moments)


def test_a_schedule_that_is_no_longer_declared_is_dropped(jobs: Jobs, database: Database) -> None:
    jobs.register("test.old", lambda job: None)
    jobs.schedule("test.old", cron="0 3 * * *", time_zone="Asia/Shanghai")
    jobs.start()
    assert _schedules(jobs) == {"test.old": ("0 0 3 * * *", "Asia/Shanghai")}
    jobs.stop()
    newer = Jobs(database)
    newer.register("test.new", lambda job: None)
    newer.schedule("test.new", every_seconds=3600, key="hourly")
    newer.start()
    assert _schedules(newer) == {"test.new:hourly": ("0 0 * * * *", "UTC")}
    newer.stop()


def _schedules(jobs: Jobs) -> dict[str, tuple[str, str | None]]:
    found = jobs._require_client().list_schedules()
    return {each["schedule_name"]: (each["schedule"], each["cron_timezone"]) for each in found}


def test_old_finished_jobs_are_forgotten_and_others_kept(database: Database) -> None:
    jobs = Jobs(database, polling_interval_seconds=0.05, keep_days=0)
    jobs.register("test.add", _add)
    jobs.start()
    try:
        finished = jobs.enqueue("test.add", {"left": 1, "right": 1})
        jobs.wait(finished, LONG_SECONDS)
        waiting = jobs.enqueue("test.add", {"left": 1, "right": 1}, delay_seconds=3_600)
        # The time of finishing has whole seconds on SQLite.
        threading.Event().wait(1.1)
        assert jobs.prune() == 1
        with pytest.raises(JobNotFound):
            jobs.status(finished)
        assert jobs.status(waiting).state == "queued"
        with database.read_session() as session:
            assert session.scalars(select(JobProgress.job_id)).all() == [waiting]
    finally:
        jobs.stop()


def test_what_was_not_registered_cannot_be_enqueued_or_scheduled(jobs: Jobs) -> None:
    with pytest.raises(JobNameUnknown):
        jobs.schedule("test.none", every_seconds=60)
    with pytest.raises(JobNameUnknown):
        jobs.enqueue("test.none")


def test_nothing_is_enqueued_before_start_or_after_stop(jobs: Jobs) -> None:
    jobs.register("test.add", _add)
    with pytest.raises(JobsStopped):
        jobs.enqueue("test.add")
    jobs.start(work=False)
    jobs.stop()
    with pytest.raises(JobsStopped):
        jobs.enqueue("test.add")


def test_arguments_that_are_not_json_are_refused_and_leave_nothing(jobs: Jobs, database: Database) -> None:
    jobs.register("test.add", _add)
    jobs.start(work=False)
    with pytest.raises(TypeError):
        jobs.enqueue("test.add", {"left": object()})
    with database.read_session() as session:
        assert session.scalars(select(JobProgress)).all() == []


def test_one_process_works_on_an_sqlite_file(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("on PostgreSQL several processes share the work")
    from bihuan.jobs.exclusive import only_worker
    from bihuan.jobs.store import file_of

    jobs = Jobs(database)
    with only_worker(file_of(database)), pytest.raises(JobWorkerRunning):
        jobs.start()
    jobs.start()
    jobs.stop()


def test_our_tables_and_those_of_dbos_have_different_names(jobs: Jobs, database: Database) -> None:
    ours = set(Base.metadata.tables)
    before = set(inspect(database.engine).get_table_names())
    jobs.start(work=False)
    added: set[Any] = set(inspect(database.engine).get_table_names()) - before
    assert added.isdisjoint(ours)
    assert ("workflow_status" in added) == database.is_sqlite
