"""``/api/projects/{project_id}/holdout``."""

from __future__ import annotations

from fastapi import APIRouter, Request

from bihuan.access import ControlDatabase, ProjectManager, Viewer, record_act, record_change
from bihuan.database import Page, utc_now
from bihuan.experiments.holdouts import service
from bihuan.experiments.holdouts.looks import looks
from bihuan.experiments.holdouts.looks import read_holdout as read_kept
from bihuan.experiments.holdouts.membership import HeldOut
from bihuan.experiments.holdouts.models import HoldoutLook
from bihuan.experiments.holdouts.schemas import (
    HoldoutInput,
    HoldoutLookOutput,
    HoldoutOutput,
    HoldoutQuestion,
    HoldoutReading,
    HoldoutSize,
)
from bihuan.insights import Cursor, Limit, author_of, newest_first
from bihuan.people import People
from bihuan.warehouse import ProjectStore

router = APIRouter(prefix="/api/projects/{project_id}/holdout", tags=["experiments"])


@router.get("")
def get_holdout(caller: Viewer, database: ControlDatabase) -> HoldoutOutput:
    """The global holdout: people whom no campaign and no journey reaches."""
    with database.read_session() as session:
        return service.output(service.get_holdout(session, caller.project.id))


@router.get("/size")
def holdout_size(caller: Viewer, database: ControlDatabase, request: Request) -> HoldoutSize:
    """How many people are held out now."""
    store = _store(request, caller.project.id)
    with database.read_session() as session:
        row = service.get_holdout(session, caller.project.id)
        held = HeldOut.at(row, utc_now())
    return service.size_of(caller.project, store, held)


@router.post("/read")
def read_holdout(
    caller: Viewer, database: ControlDatabase, request: Request, body: HoldoutQuestion
) -> HoldoutReading:
    """What all campaigns, journeys and experiments together changed so far, beyond those held out.

    Every reading is kept, so that everybody sees how often somebody looked.
    """
    store = _store(request, caller.project.id)
    found = read_kept(database, caller.project, store, body, cause="member")
    record_act(database, caller, "holdout.read", ("holdout", caller.project.id), project_id=caller.project.id)
    return found


@router.get("/looks")
def list_holdout_looks(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 30
) -> Page[HoldoutLookOutput]:
    """The readings that were taken, the newest first."""
    with database.read_session() as session:
        rows, after = newest_first(session, looks(caller.project.id), HoldoutLook.id, cursor, limit)
    return Page(items=[HoldoutLookOutput.model_validate(row) for row in rows], next_cursor=after)


@router.put("")
def set_holdout(
    caller: ProjectManager, database: ControlDatabase, request: Request, body: HoldoutInput
) -> HoldoutOutput:
    """Hold people out of everything, or change how many."""
    store, author = _store(request, caller.project.id), author_of(caller)
    with database.session() as session:
        before, row = service.set_holdout(session, caller.project, store, author, body)
        target, after = ("holdout", caller.project.id), body.model_dump(mode="json", exclude={"excluded"})
        record_change(
            session, caller, "holdout.set", target, project_id=caller.project.id, before=before, after=after
        )
        return service.output(row)


@router.delete("", status_code=204)
def delete_holdout(caller: ProjectManager, database: ControlDatabase) -> None:
    """Hold nobody out any more."""
    with database.session() as session:
        row = service.get_holdout(session, caller.project.id)
        before = {"percent": row.percent, "rotation_days": row.rotation_days}
        session.delete(row)
        target = ("holdout", caller.project.id)
        record_change(session, caller, "holdout.deleted", target, project_id=caller.project.id, before=before)


def _store(request: Request, project_id: str) -> ProjectStore:
    people: People = request.app.state.people(project_id)
    return people.store
