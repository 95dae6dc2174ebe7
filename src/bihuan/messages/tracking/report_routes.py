"""``/api/projects/{project_id}/messages/{message_id}/happened``: replies, and what providers report."""

from __future__ import annotations

import time
from typing import Annotated, cast

from fastapi import APIRouter, Path, Request

from bihuan.access import ControlDatabase, DataEditor, record_act
from bihuan.messages.outbox.errors import MessageNotFound
from bihuan.messages.outbox.schemas import HappenedInput
from bihuan.messages.tracking.telling import Happening, happened

router = APIRouter(prefix="/api/projects/{project_id}", tags=["messages"])

MessagePath = Annotated[int, Path(ge=1, le=9_007_199_254_740_991)]


@router.post("/messages/{message_id}/happened", status_code=204)
def message_happened(
    caller: DataEditor,
    database: ControlDatabase,
    request: Request,
    message_id: MessagePath,
    body: HappenedInput,
) -> None:
    """Tell the event log that somebody replied to a message, or what its provider reports of it."""
    project_id = caller.project.id
    project = request.app.state.installation.project(project_id)
    event = cast(Happening, f"$message_{body.event}")
    now_ms = time.time_ns() // 1_000_000
    known = happened(database, project, str(message_id), event, at_ms=now_ms, properties=body.properties)
    if not known:
        raise MessageNotFound(message_id=message_id)
    target, after = ("message", str(message_id)), {"event": body.event}
    record_act(database, caller, "message.happened", target, project_id=project_id, after=after)
