"""``/api/projects/{project_id}/messages``: how they went, and what one says and what became of it."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from bihuan.access import CallerSight, ControlDatabase, Viewer
from bihuan.messages.channels.service import get_channel
from bihuan.messages.outbox import course, service
from bihuan.messages.outbox.course import CourseOutput, MessageEvent
from bihuan.messages.outbox.showing_content import ContentOutput, content_of, went_out

# Before the routes of one message, whose number stands where the word does.
router = APIRouter(prefix="/api/projects/{project_id}", tags=["messages"])
MessagePath = Annotated[int, Path(ge=1, le=9_007_199_254_740_991)]


@router.get("/messages/course")
def message_course(
    caller: Viewer,
    request: Request,
    days: Annotated[int, Query(ge=1, le=366)] = 14,
    channel_id: Annotated[str | None, Query(max_length=26, pattern=r"^[^\x00]*$")] = None,
) -> CourseOutput:
    """What happened to messages in the last days, by hour or day, channel and reason."""
    project = request.app.state.installation.project(caller.project.id)
    return course.course(project, days, time.time_ns() // 1_000_000, channel_id)


@router.get("/messages/{message_id}/content")
def message_content(
    caller: Viewer, sight: CallerSight, database: ControlDatabase, request: Request, message_id: MessagePath
) -> ContentOutput:
    """What a message said as it went out; of one that waits, or is too long ago, what it would say now."""
    with database.read_session() as session:
        row = service.get_message(session, caller.project.id, message_id)
        channel = get_channel(session, caller.project.id, row.channel_id)
        writing = went_out(session, row)
        session.expunge_all()
    installation = request.app.state.installation
    project = installation.project(caller.project.id)
    found = content_of(installation.messaging.renderer, project, row, channel, sight.mask, writing)
    sight.saw("message", str(message_id), of=[found.content or {}])
    return found


@router.get("/messages/{message_id}/events")
def message_events(
    caller: Viewer, sight: CallerSight, database: ControlDatabase, request: Request, message_id: MessagePath
) -> list[MessageEvent]:
    """What the event log knows of a message."""
    with database.read_session() as session:
        row = service.get_message(session, caller.project.id, message_id)
        session.expunge_all()
    project = request.app.state.installation.project(caller.project.id)
    return course.life(project, row, sight.mask)
