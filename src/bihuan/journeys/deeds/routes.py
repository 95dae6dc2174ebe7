"""``/api/projects/{project_id}/journeys/{journey_id}/deeds``: what was not done about people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session

from bihuan.access import CallerSight, ControlDatabase, DataEditor, Viewer, record_change
from bihuan.database import Page
from bihuan.insights import Identifier, Limit, PersonBehind
from bihuan.journeys import repository
from bihuan.journeys.deeds import service
from bihuan.journeys.deeds.schemas import DeedOutput, DeedsResolved, DeedState, ResolveDeeds
from bihuan.journeys.models import JourneyDeed
from bihuan.journeys.people_routes import AfterNumber, Node
from bihuan.journeys.service import get_journey
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/journeys", tags=["journeys"])


@router.get("/{journey_id}/deeds")
def journey_deeds(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    journey_id: Identifier,
    state: Annotated[DeedState | None, Query()] = None,
    node: Node = None,
    cursor: AfterNumber = None,
    limit: Limit = 100,
) -> Page[DeedOutput]:
    """What was not done (yet) of what nodes ask for: tags, tasks, rewards, webhooks; the newest first."""
    people: People = request.app.state.people(caller.project.id)
    after = None if cursor is None else int(cursor)
    with database.read_session() as session:
        get_journey(session, caller.project.id, journey_id)
        numbers = {row.id: row.number for row in repository.versions(session, journey_id)}
        wanted = service.deeds(journey_id, state=state, node=node, after=after)
        rows = list(session.scalars(wanted.limit(limit + 1)))
    shown = people.summaries(sorted({row.person_id for row in rows[:limit]}))
    if shown:
        same = f"{node} {state} {cursor}"
        sight.saw("journey_deeds", journey_id, same=same, of=[each.seen() for each in shown])
    persons = {each.person_id: PersonBehind.of(each, sight.mask) for each in shown}
    items = [_output(row, numbers[row.version_id], persons.get(row.person_id)) for row in rows[:limit]]
    return Page(items=items, next_cursor=str(items[-1].id) if len(rows) > limit else None)


@router.post("/{journey_id}/deeds/resolve")
def resolve_deeds(
    caller: DataEditor,
    database: ControlDatabase,
    request: Request,
    journey_id: Identifier,
    body: ResolveDeeds,
) -> DeedsResolved:
    """Decide about what failed or is uncertain: once more, it happened, or leave it."""
    with database.read_session() as session:
        row = get_journey(session, caller.project.id, journey_id)

    def record(session: Session, changed: int) -> None:
        after = {"decision": body.decision, "node": body.node, "changed": changed}
        target = ("journey", journey_id)
        record_change(
            session, caller, "journey.deeds_resolved", target, project_id=row.project_id, after=after
        )

    services = request.app.state.journeys.services
    changed = service.resolve(database, services, row, body, record)
    return DeedsResolved(changed=changed)


def _output(row: JourneyDeed, version: int, person: PersonBehind | None) -> DeedOutput:
    said = row.error or {}
    return DeedOutput(
        id=row.id,
        node=row.node,
        version=version,
        person_id=str(row.person_id),
        person=person,
        state=row.state,  # type: ignore[arg-type]
        attempts=row.attempts,
        at_ms=row.at_ms,
        due_ms=row.due_ms,
        reason=said.get("reason"),
        reason_zh=said.get("reason_zh"),
    )
