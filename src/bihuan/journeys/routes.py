"""``/api/projects/{project_id}/journeys``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session

from bihuan.access import Caller, ControlDatabase, DataEditor, InsightEditor, Viewer, record_change
from bihuan.database import Database, Page
from bihuan.insights import Cursor, Identifier, Limit, Search, author_of, newest_first
from bihuan.journeys import repository, service
from bihuan.journeys.faults import check_draft
from bihuan.journeys.graph.yaml_text import yaml_of
from bihuan.journeys.models import Journey
from bihuan.journeys.schemas import (
    CheckInput,
    GraphChecked,
    JourneyChange,
    JourneyInput,
    JourneyOutput,
    JourneyWeek,
    PublishInput,
    ResumeInput,
    StopInput,
    VersionOutput,
    YamlOutput,
)
from bihuan.journeys.weeks import weeks
from bihuan.warehouse import ProjectStore

router = APIRouter(prefix="/api/projects/{project_id}/journeys", tags=["journeys"])


@router.get("")
def list_journeys(
    caller: Viewer,
    database: ControlDatabase,
    search: Search = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[JourneyOutput]:
    """The journeys, the newest first; ``search`` looks in names."""
    wanted = repository.journeys(caller.project.id, search=search)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Journey.id, cursor, limit)
    return Page(items=[JourneyOutput.model_validate(row) for row in rows], next_cursor=after)


@router.post("", status_code=201)
def create_journey(caller: InsightEditor, database: ControlDatabase, body: JourneyInput) -> JourneyOutput:
    """A new journey as a draft; nobody comes into it before it is published and started."""
    with database.session() as session:
        row = service.create_journey(session, caller.project, author_of(caller), body)
        _record(session, caller, "journey.created", row)
        return JourneyOutput.model_validate(row)


@router.get("/week")
def journeys_week(caller: Viewer, database: ControlDatabase, request: Request) -> list[JourneyWeek]:
    """Of every journey how many are inside, and who came in and reached the goal in the last seven days."""
    return weeks(database, caller.project, _store(request, caller))


@router.post("/check")
def check_journey(
    caller: Viewer, database: ControlDatabase, request: Request, body: CheckInput
) -> GraphChecked:
    """The faults of a definition, however far it is written, each with its place; and both its forms."""
    services, store = request.app.state.journeys.services, _store(request, caller)
    with database.read_session() as session:
        return check_draft(session, caller.project.id, store, services, body)


@router.get("/{journey_id}")
def get_journey(caller: Viewer, database: ControlDatabase, journey_id: Identifier) -> JourneyOutput:
    """One journey."""
    with database.read_session() as session:
        return JourneyOutput.model_validate(service.get_journey(session, caller.project.id, journey_id))


@router.get("/{journey_id}/yaml")
def get_yaml(caller: Viewer, database: ControlDatabase, journey_id: Identifier) -> YamlOutput:
    """The draft as YAML."""
    with database.read_session() as session:
        row = service.get_journey(session, caller.project.id, journey_id)
    return YamlOutput(yaml=yaml_of(row.draft))


@router.patch("/{journey_id}")
def change_journey(
    caller: InsightEditor, database: ControlDatabase, journey_id: Identifier, body: JourneyChange
) -> JourneyOutput:
    """Give a journey new values; its people see a new definition once it is published."""
    with _changed(caller, database, journey_id, "journey.changed") as done:
        service.change_journey(done.row, author_of(caller), body, caller.project.time_zone)
    return done.output()


@router.post("/{journey_id}/publish", status_code=201)
def publish_journey(
    caller: DataEditor,
    database: ControlDatabase,
    request: Request,
    journey_id: Identifier,
    body: PublishInput,
) -> JourneyOutput:
    """Make the draft a version; those inside finish on theirs, or move on to it."""
    with _changed(caller, database, journey_id, "journey.published") as done:
        done.publish(request, body)
    return done.output()


@router.post("/{journey_id}/start")
def start_journey(
    caller: DataEditor, database: ControlDatabase, request: Request, journey_id: Identifier
) -> JourneyOutput:
    """Let people in from now on; a draft that was never published is published first."""
    with _changed(caller, database, journey_id, "journey.started") as done:
        if not done.row.version:
            done.publish(request, PublishInput())
        service.start(done.row)
    return done.output()


@router.post("/{journey_id}/pause")
def pause_journey(caller: DataEditor, database: ControlDatabase, journey_id: Identifier) -> JourneyOutput:
    """Nobody is moved until it is resumed."""
    with _changed(caller, database, journey_id, "journey.paused") as done:
        service.pause(done.row)
    return done.output()


@router.post("/{journey_id}/resume")
def resume_journey(
    caller: DataEditor, database: ControlDatabase, journey_id: Identifier, body: ResumeInput
) -> JourneyOutput:
    """Go on; whose wait was over meanwhile is moved at once."""
    with _changed(caller, database, journey_id, "journey.resumed") as done:
        service.resume(done.row, body)
    return done.output()


@router.post("/{journey_id}/stop")
def stop_journey(
    caller: DataEditor, database: ControlDatabase, journey_id: Identifier, body: StopInput
) -> JourneyOutput:
    """Let nobody in any more; those inside finish, or leave now."""
    with _changed(caller, database, journey_id, "journey.stopped") as done:
        service.stop(done.row, body)
    return done.output()


@router.get("/{journey_id}/versions")
def list_versions(caller: Viewer, database: ControlDatabase, journey_id: Identifier) -> list[VersionOutput]:
    """What was published, in order, and how many people are on each."""
    with database.read_session() as session:
        service.get_journey(session, caller.project.id, journey_id)
        rows = repository.versions(session, journey_id)
        inside = repository.inside(session, [row.id for row in rows])
    return [
        VersionOutput(
            number=row.number,
            definition=row.definition,
            created_by=row.created_by,  # type: ignore[arg-type]
            created_at=row.created_at,
            moves_on=row.moves is not None,
            inside=inside[row.id],
        )
        for row in rows
    ]


@router.delete("/{journey_id}", status_code=204)
def delete_journey(caller: DataEditor, database: ControlDatabase, journey_id: Identifier) -> None:
    """Delete a journey with everybody's way through it; what it sent stays."""
    with database.session() as session:
        row = service.get_journey(session, caller.project.id, journey_id, lock=True)
        _record(session, caller, "journey.deleted", row)
        session.delete(row)


@dataclass
class _Change:
    """A journey that is locked while it is changed."""

    session: Session
    caller: Caller
    row: Journey

    def publish(self, request: Request, given: PublishInput) -> None:
        services, store = request.app.state.journeys.services, _store(request, self.caller)
        author = author_of(self.caller)
        service.publish(self.session, self.caller.project, store, services, self.row, author, given)

    def output(self) -> JourneyOutput:
        return JourneyOutput.model_validate(self.row)


@contextmanager
def _changed(caller: Caller, database: Database, journey_id: str, action: str) -> Iterator[_Change]:
    """A journey to change in one transaction, which also records what was done."""
    with database.session() as session:
        row = service.get_journey(session, caller.project.id, journey_id, lock=True)
        yield _Change(session, caller, row)
        _record(session, caller, action, row)
        session.flush()


def _record(session: Session, caller: Caller, action: str, row: Journey) -> None:
    after = {"name": row.name, "state": row.state, "version": row.version}
    record_change(session, caller, action, ("journey", row.id), project_id=row.project_id, after=after)


def _store(request: Request, caller: Caller) -> ProjectStore:
    store: ProjectStore = request.app.state.people(caller.project.id).store
    return store
