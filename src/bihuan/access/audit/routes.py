"""``/api/projects/{project_id}/audit`` and, for the whole installation, ``/api/audit``."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from bihuan.access.actors import Acting
from bihuan.access.audit import repository, service
from bihuan.access.audit.models import AuditRecord
from bihuan.access.audit.repository import Wanted
from bihuan.access.audit.schemas import AuditOutput, AuditState
from bihuan.access.permissions import Auditor, ControlDatabase, InstanceAdmin
from bihuan.access.routes import Limit
from bihuan.database import Database, Page

router = APIRouter(prefix="/api", tags=["audit"])

CSV = "text/csv"
_COLUMNS = tuple(AuditOutput.model_fields)
_AT_ONCE = 1_000

Before = Annotated[
    str | None, Query(alias="cursor", pattern=r"^[0-9]{1,18}$", description="next_cursor of the page before.")
]
Text = Annotated[str | None, Query(max_length=300, pattern=r"^[^\x00]*$")]


def _wanted(
    action: Annotated[
        str | None, Query(max_length=60, pattern=r"^[^\x00]*$", description="One, or a family: login.")
    ] = None,
    actor: Annotated[
        str | None, Query(max_length=254, pattern=r"^[^\x00]*$", description="Id, or part of the name.")
    ] = None,
    target: Text = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
) -> Wanted:
    return Wanted(action=action, actor=actor, target=target, since=since, until=until)


Filters = Annotated[Wanted, Depends(_wanted)]
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {"schema": {"type": "string"}}}}}


@router.get("/projects/{project_id}/audit")
def list_project_records(
    caller: Auditor, database: ControlDatabase, wanted: Filters, cursor: Before = None, limit: Limit = 100
) -> Page[AuditOutput]:
    """Who did what in a project, the latest first."""
    return _page(database, _in(wanted, caller.project.id), cursor, limit)


@router.get("/projects/{project_id}/audit.csv", response_class=StreamingResponse, responses=_FILE)
def export_project_records(caller: Auditor, database: ControlDatabase, wanted: Filters) -> StreamingResponse:
    """The same as CSV, whole."""
    return _csv(database, caller, _in(wanted, caller.project.id))


@router.get("/audit")
def list_records(
    caller: InstanceAdmin,
    database: ControlDatabase,
    wanted: Filters,
    cursor: Before = None,
    limit: Limit = 100,
) -> Page[AuditOutput]:
    """Who did what anywhere, log-ins too, the latest first."""
    return _page(database, wanted, cursor, limit)


@router.get("/audit.csv", response_class=StreamingResponse, responses=_FILE)
def export_records(caller: InstanceAdmin, database: ControlDatabase, wanted: Filters) -> StreamingResponse:
    """The same as CSV, whole."""
    return _csv(database, caller, wanted)


@router.get("/audit/state")
def check_records(caller: InstanceAdmin, database: ControlDatabase) -> AuditState:
    """Walk the chain of records and say where it is broken."""
    state = service.verify(database)
    return AuditState(records=state.records, whole=state.broken is None, first_broken=state.broken)


def _in(wanted: Wanted, project_id: str) -> Wanted:
    return Wanted(
        project_id, wanted.action, wanted.actor, wanted.target, since=wanted.since, until=wanted.until
    )


def _page(database: Database, wanted: Wanted, cursor: str | None, limit: int) -> Page[AuditOutput]:
    with database.read_session() as session:
        rows = _after(session, wanted, None if cursor is None else int(cursor), limit + 1)
    items = [_shown(row) for row in rows[:limit]]
    return Page(items=items, next_cursor=str(items[-1].number) if len(rows) > limit else None)


def _after(session: Session, wanted: Wanted, before: int | None, limit: int) -> list[AuditRecord]:
    statement = repository.records(wanted).limit(limit)
    if before is not None:
        statement = statement.where(AuditRecord.number < before)
    return list(session.scalars(statement))


def _csv(database: Database, caller: Acting, wanted: Wanted) -> StreamingResponse:
    with database.session() as session:
        after = {"format": "csv"}
        target = ("audit_log", wanted.project_id or "")
        service.record(session, caller, "export.audit_log", target, project_id=wanted.project_id, after=after)
    headers = {"content-disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(_lines(database, wanted), media_type=CSV, headers=headers)


def _lines(database: Database, wanted: Wanted) -> Iterator[str]:
    yield _line(_COLUMNS)
    before: int | None = None
    while True:
        with database.read_session() as session:
            rows = _after(session, wanted, before, _AT_ONCE)
        for row in rows:
            yield _line([_safe(getattr(row, name)) for name in _COLUMNS])
        if len(rows) < _AT_ONCE:
            return
        before = rows[-1].number


def _line(values: object) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(values)  # type: ignore[arg-type]
    return text.getvalue()


def _safe(value: object) -> object:
    # What somebody typed at the log-in page must be no formula in a spreadsheet.
    text = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _shown(row: AuditRecord) -> AuditOutput:
    values = {name: getattr(row, name) for name in _COLUMNS}
    for name in ("before", "after"):
        values[name] = None if values[name] is None else json.loads(values[name])
    return AuditOutput(**values)
