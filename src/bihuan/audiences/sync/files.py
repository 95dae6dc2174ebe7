"""Whole audiences as CSV files in the data directory, written on a schedule and kept for some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bihuan.access import Mask, Project
from bihuan.analytics.calendar import day_start_ms, local_date, local_datetime
from bihuan.audiences.sync.models import AudienceSync, Delivery
from bihuan.database import Database, new_id, utc_now
from bihuan.insights import context, persons_sql, table_of_statement, table_options
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import literal


@dataclass(frozen=True)
class Files:
    """Writes and deletes the files of syncs."""

    directory: Path
    database: Database
    project: Project
    store: ProjectStore

    def write(self, sync: AudienceSync, mask: Mask) -> Delivery:
        """Write everybody who is in it now; the file appears when it is whole."""
        now = utc_now()
        clock = local_datetime(_ms(now), ZoneInfo(self.project.time_zone))
        name = f"{clock:%Y%m%d-%H%M%S}-{new_id()[-6:]}.csv"
        ctx = context(self.project, self.store)
        held = value_sql(self.store.table, sync.subject_id)
        persons = f"SELECT person FROM ({held}) WHERE value = {literal(sync.value)}"
        sql = persons_sql(ctx, persons, sync.properties)
        people = self.store.engine.rows(f"SELECT count() FROM ({persons})")[0][0]
        options = table_options(self.project, "people", spreadsheet=True)
        target = file_path(self.directory, sync.project_id, sync.id, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        try:
            with partial.open("wb") as file:
                for piece in table_of_statement(self.store, sql, "csv", options, mask):
                    file.write(piece)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        row = Delivery(
            sync_id=sync.id,
            project_id=sync.project_id,
            state="delivered",
            attempts=1,
            ended_at=utc_now(),
            until_ms=_ms(now),
            file=name,
            masked=mask.hides,
            people=people,
            size_bytes=target.stat().st_size,
        )
        with self.database.session() as session:
            session.add(row)
            kept = session.get_one(AudienceSync, sync.id)
            kept.sent_ms, kept.error, kept.next_at = _ms(now), None, None
            session.flush()
            session.expunge(row)
        return row

    def tidy(self, sync: AudienceSync) -> int:
        """Delete files that are older than they are kept, and what a kill left half-written."""
        oldest = utc_now() - timedelta(days=sync.keep_days)
        gone = 0
        with self.database.session() as session:
            wanted = select(Delivery).where(
                Delivery.sync_id == sync.id,
                Delivery.state == "delivered",
                Delivery.file.is_not(None),
                Delivery.created_at < oldest,
            )
            for each in session.scalars(wanted):
                file_path(self.directory, sync.project_id, sync.id, each.file or "").unlink(missing_ok=True)
                each.state = "deleted"
                gone += 1
        return gone


def file_path(directory: Path, project_id: str, sync_id: str, name: str) -> Path:
    """Where a file is."""
    return directory / project_id / sync_id / name


def is_due(sync: AudienceSync, project: Project, now: datetime) -> bool:
    """Whether the next file is to be written: an hour after the last, or as the project's day begins."""
    if not sync.sent_ms:
        return True
    now_ms = _ms(now)
    if sync.every == "hourly":
        return now_ms - sync.sent_ms >= 3_600_000
    zone = ZoneInfo(project.time_zone)
    return sync.sent_ms < day_start_ms(local_date(now_ms, zone), zone)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
