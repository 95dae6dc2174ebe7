"""``/api/projects/{project_id}/message-channels/{channel_id}/returns``: how reports come in."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request

from bihuan.access import ControlDatabase, ProjectManager, record_act
from bihuan.insights import Identifier
from bihuan.messages.channels.sealing import Seal
from bihuan.messages.channels.service import get_channel
from bihuan.messages.returns import service
from bihuan.messages.returns.polling import poll
from bihuan.messages.returns.schemas import PolledOutput, ReturnsChange, ReturnsOutput

router = APIRouter(prefix="/api/projects/{project_id}/message-channels", tags=["messages"])


@router.get("/{channel_id}/returns")
def get_returns(
    caller: ProjectManager, database: ControlDatabase, request: Request, channel_id: Identifier
) -> ReturnsOutput:
    """Where providers report, whether that is signed, and the mailbox that is read."""
    with database.read_session() as session:
        channel = get_channel(session, caller.project.id, channel_id)
        return service.output(session, database, channel, str(request.base_url).rstrip("/"))


@router.patch("/{channel_id}/returns")
def change_returns(
    caller: ProjectManager,
    database: ControlDatabase,
    request: Request,
    channel_id: Identifier,
    body: ReturnsChange,
) -> ReturnsOutput:
    """Give keys and a mailbox, or have callbacks come to another address."""
    seal = Seal(database)
    with database.session() as session:
        channel = get_channel(session, caller.project.id, channel_id)
        before, after = service.change_returns(session, seal, channel, body)
    target = ("message_channel", channel_id)
    said = {"before": before, "after": after}
    record_act(database, caller, "message_returns.changed", target, project_id=caller.project.id, **said)
    with database.read_session() as session:
        return service.output(session, database, channel, str(request.base_url).rstrip("/"))


@router.post("/{channel_id}/returns/poll")
def poll_mailbox(
    caller: ProjectManager, database: ControlDatabase, request: Request, channel_id: Identifier
) -> PolledOutput:
    """Read the mailbox at once, as is done every minute."""
    project = request.app.state.installation.project(caller.project.id)
    done = poll(database, project, channel_id, _now_ms)
    target, after = ("message_channel", channel_id), done.model_dump()
    record_act(database, caller, "message_returns.polled", target, project_id=caller.project.id, after=after)
    return done


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
