"""What a running job is given: its identity, resumable steps, progress, and word of being cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from dbos import DBOS

P = ParamSpec("P")
R = TypeVar("R")

# Often enough to watch; an import that reports every batch would otherwise write more rows here than there.
REPORT_SECONDS = 0.5


class Job:
    """One run of a job, handed to its function as the first argument.

    A job that is killed half-way is run again from its first line, in this process or another, with the
    same ``id``. So what it does must be either in a :meth:`step`, whose result was written down and is
    returned without doing it again, or harmless to repeat. Steps are recognised by their order: between
    two steps a job may depend on its arguments and on results of steps only, not on the clock or on the
    database. A step that was interrupted before its result was written down is done again.

    Attributes:
        id: the job's id.
        name: what it is registered as.
    """

    def __init__(
        self,
        job_id: str,
        name: str,
        report: Callable[[int, int | None, str | None], None],
        check: Callable[[], None],
    ) -> None:
        self.id = job_id
        self.name = name
        self._report = report
        self._check = check
        self._reported_at = float("-inf")

    def step(self, name: str, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do ``function(*args, **kwargs)`` once: its result (JSON) is written down, and read after a restart.

        About 4 ms on SQLite, so a step is a batch of work rather than a row.
        """
        result: R = DBOS.run_step({"name": name}, function, *args, **kwargs)
        return result

    def progress(self, done: int, total: int | None = None, note: str | None = None) -> None:
        """Say how far the job is; written at most every half second, and when ``done`` reaches ``total``.

        Raises:
            JobCancelled: somebody cancelled the job; let it pass, it ends the job.
            JobsStopped: this process is stopping; let it pass, the job is resumed later.
        """
        now = time.monotonic()
        if now - self._reported_at < REPORT_SECONDS and done != total:
            return
        self._reported_at = now
        self._check()
        self._report(done, total, note)
