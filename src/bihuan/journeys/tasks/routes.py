"""``/api/projects/{project_id}/journeys/tasks``: what journeys ask members to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import select

from bihuan.access import CallerSight, ControlDatabase, InsightEditor, Viewer, record_change
from bihuan.database import Database, Page, utc_now
from bihuan.insights import Cursor, Identifier, Limit, PersonBehind, author_of, newest_first
from bihuan.journeys.models import Journey
from bihuan.journeys.tasks import service
from bihuan.journeys.tasks.models import JourneyTask
from bihuan.journeys.tasks.schemas import MemberTaskChange, MemberTaskOutput, MemberTaskState
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/journeys", tags=["journeys"])


@router.get("/tasks")
def list_member_tasks(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    state: Annotated[MemberTaskState | None, Query()] = None,
    member: Annotated[str | None, Query(max_length=26, pattern=r"^[0-9A-Za-z]+$")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[MemberTaskOutput]:
    """The tasks that journeys made, the newest first; of one ``member``, or of all."""
    with database.read_session() as session:
        wanted = service.tasks(caller.project.id, state=state, member_id=member)
        rows, after = newest_first(session, wanted, JourneyTask.id, cursor, limit)
    people = request.app.state.people(caller.project.id)
    return Page(items=_outputs(database, people, rows, sight), next_cursor=after)


@router.patch("/tasks/{task_id}")
def change_member_task(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    task_id: Identifier,
    body: MemberTaskChange,
) -> MemberTaskOutput:
    """Tick a task off, or open it again."""
    with database.session() as session:
        row = service.set_state(session, caller.project.id, task_id, body.state, author_of(caller))
        target = ("journey_task", row.id)
        after = {"title": row.title, "state": row.state}
        record_change(session, caller, "journey.task_changed", target, project_id=row.project_id, after=after)
    return _outputs(database, request.app.state.people(caller.project.id), [row], sight)[0]


def _outputs(
    database: Database, people: People, rows: Sequence[JourneyTask], sight: CallerSight
) -> list[MemberTaskOutput]:
    shown = people.summaries(sorted({row.person_id for row in rows}))
    if shown:
        sight.saw("journey_tasks", of=[each.seen() for each in shown])
    persons = {each.person_id: PersonBehind.of(each, sight.mask) for each in shown}
    wanted = select(Journey.id, Journey.name).where(Journey.id.in_({row.journey_id for row in rows}))
    with database.read_session() as session:
        names = {row[0]: row[1] for row in session.execute(wanted)}
    now = utc_now()
    own = set(MemberTaskOutput.model_fields) - {"journey_name", "person", "overdue"}
    return [
        MemberTaskOutput.model_validate(
            {name: getattr(row, name) for name in own}
            | {
                "journey_name": names.get(row.journey_id),
                "person": persons.get(row.person_id),
                "overdue": row.state == "open" and row.due_at is not None and row.due_at < now,
            }
        )
        for row in rows
    ]
