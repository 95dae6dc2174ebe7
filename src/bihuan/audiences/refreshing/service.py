"""Refreshing: find out who has which value now, keep the differences, and write down how it went."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.analytics.calendar import day_start_ms, local_date
from bihuan.audiences.refreshing.columns import Refreshed
from bihuan.audiences.refreshing.errors import RefreshRunning
from bihuan.audiences.refreshing.models import Run, Version
from bihuan.database import Database, new_id, utc_now
from bihuan.kernel.errors import BihuanError
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import assign, last_change_ms, moved, sizes

# Whoever began a refresh longer ago than this is taken for dead.
CLAIM = timedelta(hours=1)
# What a refresh may use: ten million people are grouped on disk rather than refused.
SETTINGS: dict[str, Any] = {
    "max_execution_time": 1_800,
    "max_bytes_before_external_group_by": 2 << 30,
    "max_bytes_before_external_sort": 2 << 30,
}


@dataclass(frozen=True)
class Subject:
    """What is refreshed: the kind of row, its id and how to find out who has which value.

    ``values`` gives a SELECT of ``person, value`` as of now; ``limits`` are settings of the engine for it.
    """

    model: type[Refreshed]
    id: str
    name: str
    version: int
    values: Callable[[], str]
    limits: Mapping[str, Any] = field(default_factory=dict)


def refresh(
    database: Database, store: ProjectStore, project_id: str, subject: Subject, *, cause: str = "refresh"
) -> Run:
    """Refresh a subject; the run says what changed, or why it failed.

    A failure is written down, and raised unless the caller is the schedule.

    Raises:
        RefreshRunning, and what the engine raises.
    """
    _claim(database, subject)
    begun = time.monotonic()
    run = Run(
        id=new_id(),
        subject_id=subject.id,
        project_id=project_id,
        version=subject.version,
        cause=cause,
        at=utc_now(),
        people=0,
        entered=0,
        changed=0,
        left=0,
        sizes={},
    )
    failure: BihuanError | None = None
    try:
        _assign(store, subject, run, cause)
    except BihuanError as error:
        failure = error
        said = {"code": error.code, "en": error.message("en"), "zh": error.message("zh")}
        run.error = {**said, "at": run.at.isoformat()}
    except Exception:
        _release(database, subject)
        raise
    run.milliseconds = round((time.monotonic() - begun) * 1000)
    _end(database, subject, run)
    if failure is not None and cause != "schedule":
        raise failure
    return run


def _assign(store: ProjectStore, subject: Subject, run: Run, cause: str) -> None:
    before_ms = last_change_ms(store, subject.id) or 0
    at_ms = max(time.time_ns() // 1_000_000, before_ms + 1)
    assign(
        store, subject.id, subject.values(), at_ms=at_ms, cause=cause, settings={**SETTINGS, **subject.limits}
    )
    count_changes(store, run, at_ms)


def count_changes(store: ProjectStore, run: Run, at_ms: int) -> None:
    """Write into a run what changed at its time, and who has which value after it."""
    steps = moved(store, run.subject_id, after_ms=at_ms - 1, until_ms=at_ms)
    run.entered, run.changed, run.left = steps.entered, steps.changed, steps.left
    held = sizes(store, [run.subject_id])[run.subject_id]
    run.people, run.sizes = held.people, dict(sorted(held.values.items()))


def _claim(database: Database, subject: Subject) -> None:
    now = utc_now()
    model = subject.model
    free = or_(model.claimed_at.is_(None), model.claimed_at < now - CLAIM)
    with database.session() as session:
        claimed = session.execute(update(model).where(model.id == subject.id, free).values(claimed_at=now))
    if not claimed.rowcount:  # type: ignore[attr-defined]
        raise RefreshRunning(name=subject.name)


def _release(database: Database, subject: Subject) -> None:
    with database.session() as session:
        session.execute(update(subject.model).where(subject.model.id == subject.id).values(claimed_at=None))


def _end(database: Database, subject: Subject, run: Run) -> None:
    values: dict[str, Any] = {"claimed_at": None, "error": run.error}
    if run.error is None:
        values["refreshed_at"] = run.at
    with database.session() as session:
        session.add(run)
        session.execute(update(subject.model).where(subject.model.id == subject.id).values(**values))
        session.flush()
        session.expunge(run)


def is_due(row: Refreshed, project: Project, now: datetime) -> bool:
    """Whether the schedule asks for a refresh now.

    A failed refresh is tried again after an hour at the earliest.
    """
    if row.refresh == "never":
        return False
    if row.error is not None:
        return now - datetime.fromisoformat(row.error["at"]) >= timedelta(hours=1)
    tried = row.refreshed_at
    if tried is None:
        return True
    if row.refresh == "hourly":
        return now - tried >= timedelta(hours=1)
    now_ms = round(now.timestamp() * 1000)
    zone = ZoneInfo(project.time_zone)
    return tried.timestamp() * 1000 < day_start_ms(local_date(now_ms, zone), zone)


def keep_version(session: Session, row: Refreshed, author: dict[str, Any]) -> None:
    """Write down what a row is from now on."""
    session.add(
        Version(
            subject_id=row.id,
            version=row.version,
            project_id=row.project_id,
            definition=row.definition,
            refresh=row.refresh,
            created_by=author,
        )
    )
