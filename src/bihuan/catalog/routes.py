"""``/api/projects/{project_id}/catalog``: the tracking plan 埋点方案."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.orm import Session

from bihuan.access import (
    Caller,
    CallerSight,
    ControlDatabase,
    DataEditor,
    ProjectManager,
    Viewer,
    record_change,
)
from bihuan.catalog import documents, repository, service
from bihuan.catalog.models import CatalogEvent, CatalogViolation, PlanSettings
from bihuan.catalog.schemas import (
    EventOutput,
    EventSummary,
    ImportOutput,
    PlanEvent,
    PlanSettingsChange,
    PlanSettingsOutput,
    Status,
    ViolationOutput,
)
from bihuan.catalog.service import PlanChanged
from bihuan.database import Page, emit, paginate

router = APIRouter(prefix="/api/projects/{project_id}/catalog", tags=["catalog"])

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YAML = "application/yaml"
Cursor = Annotated[str | None, Query(max_length=400, description="next_cursor of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1_000)]
EventName = Annotated[str, Query(min_length=1, max_length=255)]


@router.get("/settings")
def get_settings(caller: Viewer, database: ControlDatabase) -> PlanSettingsOutput:
    """How strictly the plan is applied."""
    with database.read_session() as session:
        settings = repository.find_settings(session, caller.project.id)
    default = PlanSettings(mode="observe", unknown_events="allow", unknown_properties="allow")
    return PlanSettingsOutput.model_validate(settings or default)


@router.patch("/settings")
def change_settings(
    caller: ProjectManager, database: ControlDatabase, body: PlanSettingsChange
) -> PlanSettingsOutput:
    """Observe, warn or enforce; and what becomes of events and properties outside the plan."""
    with database.session() as session:
        settings = service.change_settings(session, caller.project.id, body)
        _recorded(session, caller, "plan.settings_changed", "", body.model_dump(exclude_none=True))
        emit(session, PlanChanged(caller.project.id))
        return PlanSettingsOutput.model_validate(settings)


@router.get("/events")
def list_events(
    caller: Viewer,
    database: ControlDatabase,
    status: Status | None = None,
    search: Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[EventSummary]:
    """Events planned and seen, by name."""
    statement = repository.events(caller.project.id, status=status, search=search)
    with database.read_session() as session:
        rows, after = paginate(session, statement, CatalogEvent.name, cursor, limit)
    return Page(items=[service.summary(row) for row in rows], next_cursor=after)


@router.get("/event")
def get_event(caller: Viewer, database: ControlDatabase, event: EventName) -> EventOutput:
    """One event with its properties."""
    with database.read_session() as session:
        return service.get_event(session, caller.project.id, event)


@router.put("/event")
def put_event(caller: DataEditor, database: ControlDatabase, body: PlanEvent) -> EventOutput:
    """Add or change an event; properties that are not given stay as they are."""
    with database.session() as session:
        service.put_event(session, caller.project.id, body)
        after = body.model_dump(mode="json", exclude_defaults=True)
        _recorded(session, caller, "plan.event_changed", body.name, after)
        emit(session, PlanChanged(caller.project.id))
        session.flush()
        return service.get_event(session, caller.project.id, body.name)


@router.delete("/event", status_code=204)
def delete_event(caller: DataEditor, database: ControlDatabase, event: EventName) -> None:
    """Remove an event from the catalog, not from the log; traffic brings it back as a draft."""
    with database.session() as session:
        service.delete_event(session, caller.project.id, event)
        _recorded(session, caller, "plan.event_deleted", event)
        emit(session, PlanChanged(caller.project.id))


@router.get("/violations")
def list_violations(
    caller: Viewer,
    database: ControlDatabase,
    sight: CallerSight,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[ViolationOutput]:
    """How traffic broke the plan since warnings were turned on."""
    with database.read_session() as session:
        statement = repository.violations(caller.project.id)
        rows, after = paginate(session, statement, CatalogViolation.id, cursor, limit)
    items = [ViolationOutput.model_validate(row) for row in rows]
    for item in items:
        item.example = str(sight.mask.value(item.path.rpartition("properties.")[2], item.example))
    return Page(items=items, next_cursor=after)


@router.get("/plan.{form}", responses={200: {"content": {YAML: {}, XLSX: {}}}}, response_class=Response)
def export_plan(
    caller: Viewer, database: ControlDatabase, form: Annotated[str, Path(pattern="^(yaml|xlsx)$")]
) -> Response:
    """The plan as a file."""
    with database.read_session() as session:
        plan = service.export_plan(session, caller.project.id)
    if form == "yaml":
        return Response(documents.to_yaml(plan), media_type=YAML)
    return Response(
        documents.to_xlsx(plan),
        media_type=XLSX,
        headers={"content-disposition": f'attachment; filename="plan-{caller.project.id}.xlsx"'},
    )


@router.put(
    "/plan.{form}",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
async def import_plan(
    request: Request,
    caller: ProjectManager,
    database: ControlDatabase,
    form: Annotated[str, Path(pattern="^(yaml|xlsx)$")],
) -> ImportOutput:
    """Add or change what the file has; what it does not name stays as it is."""
    content = await request.body()
    plan = documents.from_yaml(content) if form == "yaml" else documents.from_xlsx(content)
    with database.session() as session:
        changed = service.import_plan(session, caller.project.id, plan)
        _recorded(session, caller, "plan.imported", "", changed.model_dump())
        emit(session, PlanChanged(caller.project.id))
        return changed


def _recorded(
    session: Session, caller: Caller, action: str, event: str, after: dict[str, Any] | None = None
) -> None:
    project_id = caller.project.id
    target = ("event", event) if event else ("plan", project_id)
    record_change(session, caller, action, target, project_id=project_id, after=after)
