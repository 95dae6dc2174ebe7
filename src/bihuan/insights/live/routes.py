"""``/api/projects/{project_id}/events/…``: the latest events, and those that arrive."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints, TypeAdapter

from bihuan.access import CallerSight, Mask, SameRights, Viewer
from bihuan.database import Page
from bihuan.insights.live import repository
from bihuan.insights.live.repository import Arrived, Wanted
from bihuan.insights.live.schemas import LiveEvent
from bihuan.insights.live.service import Batches, LiveEvents
from bihuan.insights.wire import Cursor
from bihuan.people import People
from bihuan.people.cursor import decode, encode

router = APIRouter(prefix="/api/projects/{project_id}/events", tags=["live events"])

# Proxies and browsers give up a connection on which nothing is said.
HEARTBEAT_SECONDS = 15
# How long somebody still sees events after their session ended or their role changed.
RECHECK_SECONDS = 3.0
# A browser comes back by itself, and is asked for its right to look again.
DEFAULT_SECONDS, MOST_SECONDS = 900, 3_600

EventName = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]+$")]
EventNames = Annotated[
    list[EventName] | None, Query(alias="event", max_length=100, description="Only events of these names.")
]
PersonName = Annotated[
    str | None,
    Query(min_length=1, max_length=1024, description="Any id of the person, or # and the person_id."),
]
_batch: TypeAdapter[list[LiveEvent]] = TypeAdapter(list[LiveEvent])


class ServerSentEvents(StreamingResponse):
    """``event: events`` with a list of events as ``data``; comments keep the connection alive."""

    media_type = "text/event-stream"


@router.get("/recent")
def recent_events(
    caller: Viewer,
    request: Request,
    sight: CallerSight,
    events: EventNames = None,
    person: PersonName = None,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Page[LiveEvent]:
    """The events with the latest times, the latest first."""
    before = None if cursor is None else decode(cursor, int, uuid.UUID)
    wanted = _wanted(events, person)
    found = repository.latest(_people(request, caller.project.id), wanted, before=before, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    after = None if last is None else encode(last.time_ms, last.event_id)
    sight.saw("recent_events", of=[each.properties for each in found[:limit]])
    return Page(items=[LiveEvent.of(event, sight.mask) for event in found[:limit]], next_cursor=after)


@router.get("/live", response_class=ServerSentEvents, responses={200: {"model": list[LiveEvent]}})
def live_events(
    caller: Viewer,
    request: Request,
    sight: CallerSight,
    same_rights: SameRights,
    events: EventNames = None,
    person: PersonName = None,
    seconds: Annotated[
        int, Query(ge=1, le=MOST_SECONDS, description="When to end; an EventSource then comes back.")
    ] = DEFAULT_SECONDS,
) -> ServerSentEvents:
    """Events as they arrive, at most 200 a second (then the latest): server-sent events.

    Some that arrived just before the call are among the first; an event may also be in ``/recent``. It ends
    within seconds when the caller's session or key does, or when they may do other things than before.
    """
    live: LiveEvents = request.app.state.live
    sight.saw("live_events")
    listening = live.listening(caller.project.id, request.app.state.people, _wanted(events, person))
    stream = _stream(listening, seconds, sight.mask, same_rights)
    return ServerSentEvents(stream, headers={"cache-control": "no-store", "x-accel-buffering": "no"})


async def _stream(
    listening: AbstractAsyncContextManager[Batches],
    seconds: int,
    mask: Mask,
    same_rights: Callable[[], bool],
) -> AsyncIterator[bytes]:
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    checked = said = clock()
    yield b"retry: 2000\n\n"
    async with listening as batches:
        while (left := until - clock()) > 0:
            wait = min(left, max(0.0, checked + RECHECK_SECONDS - clock()))
            try:
                batch = await asyncio.wait_for(batches.get(), wait)
            except TimeoutError:
                batch = []
            if batch is None:
                return
            if clock() >= checked + RECHECK_SECONDS:
                if not await asyncio.to_thread(same_rights):
                    return
                checked = clock()
            if batch:
                yield _message(batch, mask)
                said = clock()
            elif clock() >= said + HEARTBEAT_SECONDS:
                yield b": nothing new\n\n"
                said = clock()


def _message(batch: list[Arrived], mask: Mask) -> bytes:
    shown = _batch.dump_json([LiveEvent.of(each, mask) for each in batch])
    return b"event: events\ndata: " + shown + b"\n\n"


def _wanted(events: list[str] | None, person: str | None) -> Wanted:
    return Wanted(tuple(sorted(set(events or ()))), person)


def _people(request: Request, project_id: str) -> People:
    people: People = request.app.state.people(project_id)
    return people
