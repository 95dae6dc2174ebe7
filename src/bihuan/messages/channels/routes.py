"""``/api/projects/{project_id}/message-channels``: the ways out, configured by who manages the project."""

from __future__ import annotations

import time
from typing import Any

from fastapi import APIRouter, Request

from bihuan.access import (
    Caller,
    CallerSight,
    ControlDatabase,
    DataEditor,
    PermissionMissing,
    ProjectManager,
    Viewer,
    record_act,
)
from bihuan.database import Page
from bihuan.insights import Cursor, Identifier, Limit, author_of, newest_first
from bihuan.messages.channels import service
from bihuan.messages.channels.activity import activity, day_start_ms
from bihuan.messages.channels.errors import AddressMissing
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.channels.schemas import (
    ChannelActivity,
    ChannelChange,
    ChannelInput,
    ChannelOutput,
    KindOutput,
    TestInput,
    TestOutput,
)
from bihuan.messages.channels.testing import send_test
from bihuan.messages.outbox.service import seeds_of

router = APIRouter(prefix="/api/projects/{project_id}/message-channels", tags=["messages"])


@router.get("/kinds")
def list_kinds(caller: Viewer) -> list[KindOutput]:
    """The kinds of channels there are, and what each needs to know."""
    return service.kinds()


@router.get("")
def list_channels(
    caller: Viewer, database: ControlDatabase, cursor: Cursor = None, limit: Limit = 100
) -> Page[ChannelOutput]:
    """The channels of the project, the newest first."""
    with database.read_session() as session:
        wanted = service.channels(caller.project.id)
        rows, after = newest_first(session, wanted, MessageChannel.id, cursor, limit)
    return Page(items=[service.output(database, row) for row in rows], next_cursor=after)


@router.get("/activity")
def channel_activity(caller: Viewer, database: ControlDatabase) -> list[ChannelActivity]:
    """What each channel sent today, what waits for it, and its last trouble."""
    project = caller.project
    since_ms = day_start_ms(project.time_zone, time.time_ns() // 1_000_000)
    with database.read_session() as session:
        return activity(session, project.id, since_ms)


@router.post("", status_code=201)
def create_channel(caller: ProjectManager, database: ControlDatabase, body: ChannelInput) -> ChannelOutput:
    """Configure a channel."""
    row = service.create_channel(database, caller.project.id, author_of(caller), body)
    after = body.model_dump(mode="json", exclude={"secrets"})
    _record(database, caller, "message_channel.created", row.id, after=after)
    return service.output(database, row)


@router.get("/{channel_id}")
def get_channel(caller: Viewer, database: ControlDatabase, channel_id: Identifier) -> ChannelOutput:
    """One channel."""
    with database.read_session() as session:
        row = service.get_channel(session, caller.project.id, channel_id)
    return service.output(database, row)


@router.patch("/{channel_id}")
def change_channel(
    caller: ProjectManager, database: ControlDatabase, channel_id: Identifier, body: ChannelChange
) -> ChannelOutput:
    """Give a channel new values, or switch it off: its messages wait."""
    before, after = service.change_channel(database, caller.project.id, channel_id, body)
    _record(database, caller, "message_channel.changed", channel_id, before=before, after=after)
    with database.read_session() as session:
        row = service.get_channel(session, caller.project.id, channel_id)
    return service.output(database, row)


@router.delete("/{channel_id}", status_code=204)
def delete_channel(caller: ProjectManager, database: ControlDatabase, channel_id: Identifier) -> None:
    """Delete a channel that no message waits for."""
    row = service.delete_channel(database, caller.project.id, channel_id)
    before = {"name": row.name, "kind": row.kind}
    _record(database, caller, "message_channel.deleted", channel_id, before=before)


@router.post("/{channel_id}/test")
def send_test_message(
    caller: DataEditor,
    sight: CallerSight,
    database: ControlDatabase,
    request: Request,
    channel_id: Identifier,
    body: TestInput,
) -> TestOutput:
    """Send a test at once, to some addresses or the seed list."""
    project_id = caller.project.id
    with database.read_session() as session:
        row = service.get_channel(session, project_id, channel_id)
        seeds = seeds_of(session, project_id) if body.seeds else []
    addresses = [*body.addresses, *(each["address"] for each in seeds if each["medium"] == row.medium)]
    if not addresses:
        raise AddressMissing(path="addresses")
    # The message shows whoever reads it what is known of the person.
    if body.person is not None and not caller.may("unmask"):
        raise PermissionMissing(needed="unmask", path="person")
    installation = request.app.state.installation
    found = send_test(installation.messaging, installation.project(project_id), row, body, addresses)
    after = {"addresses": len(addresses), "sent": sum(each.outcome == "sent" for each in found)}
    _record(database, caller, "message_channel.tested", channel_id, after=after)
    results = [each.model_copy(update={"address": sight.mask.text(each.address)}) for each in found]
    return TestOutput(results=results)


def _record(database: ControlDatabase, caller: Caller, action: str, channel_id: str, **what: Any) -> None:
    target = ("message_channel", channel_id)
    record_act(database, caller, action, target, project_id=caller.project.id, **what)
