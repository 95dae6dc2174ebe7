"""``/api/projects/{project_id}/journeys/{journey_id}``: who is in it, how many, and sending people in."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from bihuan.access import CallerSight, ControlDatabase, DataEditor, Viewer, record_change
from bihuan.database import Page
from bihuan.insights import Identifier, Limit, PersonBehind
from bihuan.journeys import repository, service
from bihuan.journeys.errors import VersionNotFound
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.models import JourneyEntry, JourneyVersion
from bihuan.journeys.rehearsal.result import Rehearsal
from bihuan.journeys.rehearsal.service import rehearse
from bihuan.journeys.schemas import (
    Accepted,
    Counts,
    EntryOutput,
    MoveOutput,
    PeopleSent,
    RehearsalInput,
)
from bihuan.journeys.trace import moves
from bihuan.people import People
from bihuan.people.repository import person_key

router = APIRouter(prefix="/api/projects/{project_id}/journeys", tags=["journeys"])
AfterNumber = Annotated[str | None, Query(pattern=r"^[0-9]{1,18}$")]
Node = Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]


@router.get("/{journey_id}/counts")
def journey_counts(
    caller: Viewer,
    database: ControlDatabase,
    journey_id: Identifier,
    version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Counts:
    """Live counts on every node and way, of one version or of all."""
    with database.read_session() as session:
        service.get_journey(session, caller.project.id, journey_id)
        rows = repository.versions(session, journey_id)
        chosen = [row for row in rows if version in (None, row.number)]
        if version is not None and not chosen:
            raise VersionNotFound(number=version)
        return repository.counts(session, journey_id, [row.id for row in chosen], _ports(chosen))


@router.get("/{journey_id}/people")
def journey_people(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    journey_id: Identifier,
    node: Node = None,
    person: Annotated[str | None, Query(max_length=1024, pattern=r"^[^\x00]+$")] = None,
    state: Annotated[Literal["inside", "left"] | None, Query()] = None,
    cursor: AfterNumber = None,
    limit: Limit = 100,
) -> Page[EntryOutput]:
    """Ways of people through the journey with every move, the latest first."""
    people: People = request.app.state.people(caller.project.id)
    key = None if person is None else person_key(people.identities, person)
    after = None if cursor is None else int(cursor)
    with database.read_session() as session:
        service.get_journey(session, caller.project.id, journey_id)
        numbers = {row.id: row.number for row in repository.versions(session, journey_id)}
        wanted = repository.entries(journey_id, node=node, person=key, state=state, after=after)
        rows = list(session.scalars(wanted.limit(limit + 1)))
    shown = people.summaries(sorted({row.person_id for row in rows[:limit]}))
    if shown:
        sight.saw(
            "journey",
            journey_id,
            same=f"{node} {person} {state} {cursor}",
            of=[each.seen() for each in shown],
        )
    persons = {each.person_id: PersonBehind.of(each, sight.mask) for each in shown}
    items = [_entry(row, numbers[row.version_id], persons.get(row.person_id)) for row in rows[:limit]]
    return Page(items=items, next_cursor=str(items[-1].id) if len(rows) > limit else None)


@router.post("/{journey_id}/people", status_code=202)
def send_people(
    caller: DataEditor, database: ControlDatabase, request: Request, journey_id: Identifier, body: PeopleSent
) -> Accepted:
    """Send people into a journey whose entry is the API; the same key is taken once."""
    people: People = request.app.state.people(caller.project.id)
    with database.session() as session:
        row = service.get_journey(session, caller.project.id, journey_id)
        accepted = service.send_in(session, people, row, body)
        target = ("journey", journey_id)
        after = {"people": accepted}
        record_change(session, caller, "journey.people_sent", target, project_id=row.project_id, after=after)
    return Accepted(accepted=accepted)


@router.post("/rehearse")
def rehearse_journey(caller: Viewer, request: Request, body: RehearsalInput) -> Rehearsal:
    """What would have happened to whom in a past time, from the log; nothing is sent or changed."""
    definition = service.definition_of(body)
    people: People = request.app.state.people(caller.project.id)
    return rehearse(caller.project, people, request.app.state.journeys.services, definition, body)


def _ports(versions: list[JourneyVersion]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in versions:
        for key, node in Definition.model_validate(row.definition).nodes.items():
            found.setdefault(key, set()).update(port for port, _ in node.ways())
    return found


def _entry(row: JourneyEntry, version: int, person: PersonBehind | None) -> EntryOutput:
    return EntryOutput(
        id=row.id,
        journey_id=row.journey_id,
        version=version,
        person_id=str(row.person_id),
        person=person,
        state="inside" if row.left_ms is None else "left",
        node=row.node,
        entered_ms=row.entered_ms,
        at_ms=row.at_ms,
        due_ms=row.due_ms,
        left_ms=row.left_ms,
        reason=row.reason,
        converted_ms=row.converted_ms,
        moves=[MoveOutput(node=each.node, port=each.port, at_ms=each.at_ms) for each in moves(row.path)],
    )
