"""``/api/projects/{project_id}/messages``: what waits, what went out, what is uncertain, and the rules."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from bihuan.access import Caller, CallerSight, ControlDatabase, DataEditor, ProjectManager, Viewer, record_act
from bihuan.database import CursorInvalid
from bihuan.insights import Cursor, Limit
from bihuan.kernel.errors import InputInvalid
from bihuan.messages.media import Medium
from bihuan.messages.outbox import service, showing
from bihuan.messages.outbox.policies.kept import policy_of
from bihuan.messages.outbox.policies.settings import PolicySettings
from bihuan.messages.outbox.schemas import (
    CancelInput,
    ChangedOutput,
    CountOutput,
    MessageDetail,
    MessagePage,
    ResolveInput,
    SeedList,
    State,
    StatisticsOutput,
)
from bihuan.people import People
from bihuan.people.repository import person_key

router = APIRouter(prefix="/api/projects/{project_id}", tags=["messages"])

MessagePath = Annotated[int, Path(ge=1, le=9_007_199_254_740_991)]
Filter = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]


@router.get("/messages")
def list_messages(
    caller: Viewer,
    sight: CallerSight,
    database: ControlDatabase,
    request: Request,
    state: State | None = None,
    reason: Filter = None,
    occurrence: Filter = None,
    channel_id: Filter = None,
    template_id: Filter = None,
    medium: Medium | None = None,
    journey_id: Filter = None,
    person: Annotated[str | None, Query(max_length=1_024, pattern=r"^[^\x00]*$")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> MessagePage:
    """The messages of the project, the newest first; ``person``: an id of theirs, or ``#`` and the number."""
    project_id = caller.project.id
    person_id = None
    if person is not None:
        people: People = request.app.state.people(project_id)
        person_id = person_key(people.identities, person)
    wanted = service.messages(
        project_id,
        state=state,
        reason=reason,
        occurrence=occurrence,
        channel_id=channel_id,
        person_id=person_id,
        template_id=template_id,
        medium=medium,
        journey_id=journey_id,
    )
    with database.read_session() as session:
        rows, after = service.page(session, wanted, _before(cursor), limit)
        items = [showing.output(row, sight.mask) for row in rows]
    return MessagePage(items=items, next_cursor=None if after is None else str(after))


@router.get("/messages/statistics")
def message_statistics(
    caller: Viewer, database: ControlDatabase, occurrence: Filter = None
) -> StatisticsOutput:
    """How many messages there are by channel, state and reason."""
    with database.read_session() as session:
        rows = service.counts(session, caller.project.id, occurrence=occurrence)
    names = ("channel_id", "state", "reason", "count")
    return StatisticsOutput(counts=[CountOutput(**dict(zip(names, row, strict=True))) for row in rows])


@router.get("/messages/policy")
def get_policy(caller: Viewer, database: ControlDatabase) -> PolicySettings:
    """Caps, quiet hours, and what else holds for every message."""
    with database.read_session() as session:
        return policy_of(session, caller.project.id)


@router.put("/messages/policy")
def change_policy(caller: ProjectManager, database: ControlDatabase, body: PolicySettings) -> PolicySettings:
    """Other rules, for every message that is let out from now on."""
    with database.session() as session:
        before = service.change_policy(session, caller.project.id, body)
    target = ("message_policy", caller.project.id)
    said = {"before": before.model_dump(mode="json"), "after": body.model_dump(mode="json")}
    _record(database, caller, "message_policy.changed", target, **said)
    return body


@router.get("/messages/seeds")
def get_seeds(caller: DataEditor, database: ControlDatabase) -> SeedList:
    """Who gets tests."""
    with database.read_session() as session:
        return SeedList.model_validate({"seeds": service.seeds_of(session, caller.project.id)})


@router.put("/messages/seeds")
def change_seeds(caller: DataEditor, database: ControlDatabase, body: SeedList) -> SeedList:
    """Another seed list."""
    with database.session() as session:
        before = service.change_seeds(session, caller.project.id, [each.model_dump() for each in body.seeds])
    target = ("message_seeds", caller.project.id)
    said = {"before": {"count": before}, "after": {"count": len(body.seeds)}}
    _record(database, caller, "message_seeds.changed", target, **said)
    return body


@router.post("/messages/resolve")
def resolve_messages(caller: DataEditor, database: ControlDatabase, body: ResolveInput) -> ChangedOutput:
    """Decide about messages whose fate is unknown: send them again, or leave it at that."""
    with database.session() as session:
        resend = body.decision == "resend"
        changed = service.resolve(session, caller.project.id, resend=resend, ids=body.message_ids)
    after = {"decision": body.decision, "messages": changed}
    _record(database, caller, "messages.resolved", ("messages", caller.project.id), after=after)
    return ChangedOutput(changed=changed)


@router.post("/messages/cancel")
def cancel_messages(caller: DataEditor, database: ControlDatabase, body: CancelInput) -> ChangedOutput:
    """Take messages that wait out of the queue."""
    if body.occurrence is None and body.message_ids is None:
        raise InputInvalid(
            reason_en="Say which messages: occurrence or message_ids.",
            reason_zh="请指定要取消的消息：occurrence 或 message_ids。",
            path="occurrence",
        )
    with database.session() as session:
        ids = body.message_ids
        changed = service.cancel(session, caller.project.id, occurrence=body.occurrence, ids=ids)
    after = {"occurrence": body.occurrence, "messages": changed}
    _record(database, caller, "messages.cancelled", ("messages", caller.project.id), after=after)
    return ChangedOutput(changed=changed)


@router.get("/messages/{message_id}")
def get_message(
    caller: Viewer, sight: CallerSight, database: ControlDatabase, message_id: MessagePath
) -> MessageDetail:
    """One message with what its template saw beside the person."""
    with database.read_session() as session:
        row = service.get_message(session, caller.project.id, message_id)
        shown = showing.detail(row, sight.mask)
        context = dict(row.context)
    sight.saw("message", str(message_id), of=[context])
    return shown


def _before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not cursor.isdecimal() or len(cursor) > 18:
        raise CursorInvalid(path="cursor")
    return int(cursor)


def _record(
    database: ControlDatabase, caller: Caller, action: str, target: tuple[str, str], **what: Any
) -> None:
    record_act(database, caller, action, target, project_id=caller.project.id, **what)
