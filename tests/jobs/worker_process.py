"""A worker process for tests: appends a line to a file for everything it does.

Usage: ``worker_process.py DSN FILE NAME``. Prints ``ready`` when it works, and stops when its input ends.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bihuan.database import Database
from bihuan.jobs import Job, Jobs

STEPS = 6


def build(database: Database, file: Path, name: str) -> Jobs:
    """Jobs that write down what they do."""

    def note(*words: object) -> None:
        line = " ".join(map(str, (name, *words))) + "\n"
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(descriptor, line.encode())
        os.close(descriptor)

    def steps(job: Job, seconds: float) -> int:
        def do(number: int) -> int:
            note("step", number)
            time.sleep(seconds)
            return number

        return sum(job.step(f"step {number}", do, number) for number in range(STEPS))

    def tick(job: Job) -> None:
        note("tick", job.id)

    def once(_job: Job, number: int) -> None:
        note("once", number)
        time.sleep(0.1)

    jobs = Jobs(
        database, worker_concurrency=2, polling_interval_seconds=0.05, beat_seconds=0.2, silent_seconds=2
    )
    jobs.register("test.steps", steps)
    jobs.register("test.tick", tick)
    jobs.register("test.once", once)
    jobs.schedule("test.tick", every_seconds=1)
    return jobs


def main() -> None:
    """Work until the input ends."""
    dsn, file, name = sys.argv[1:]
    database = Database.open(dsn)
    jobs = build(database, Path(file), name)
    jobs.start()
    print("ready", flush=True)
    sys.stdin.read()
    jobs.stop(wait_seconds=0)
    database.dispose()


if __name__ == "__main__":
    main()
