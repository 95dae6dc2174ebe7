"""``/api/projects/{project_id}/quarantine``: items kept aside.

A project's quarantine is found with ``request.app.state.quarantine``, a function from project id.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime

from bihuan.access import (
    Caller,
    CallerSight,
    ControlDatabase,
    DataEditor,
    PermissionMissing,
    ProjectPath,
    Viewer,
    record_act,
)
from bihuan.collect.asgi import language_of
from bihuan.collect.quarantine.repository import ItemStatus
from bihuan.collect.quarantine.schemas import (
    ChangedOutput,
    FilterInput,
    HeldItemOutput,
    PatchInput,
    RawInput,
    ReasonCountOutput,
    ReplayOutput,
)
from bihuan.collect.quarantine.service import Quarantine
from bihuan.database import Database, Page
from bihuan.kernel.errors import Language

router = APIRouter(prefix="/api/projects/{project_id}/quarantine", tags=["quarantine"])


def _quarantine(request: Request, project_id: ProjectPath) -> Quarantine:
    quarantine_of: Callable[[str], Quarantine] = request.app.state.quarantine
    return quarantine_of(project_id)


def _language(request: Request) -> Language:
    return language_of({"accept-language": request.headers.get("accept-language", "")})


def _filter(
    reason: Annotated[str | None, Query(max_length=100)] = None,
    source: Annotated[str | None, Query(max_length=100)] = None,
    protocol: Annotated[str | None, Query(max_length=100)] = None,
    event: Annotated[str | None, Query(max_length=255)] = None,
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    search: Annotated[str | None, Query(max_length=200, description="Text in the payload.")] = None,
) -> FilterInput:
    return FilterInput(
        reason=reason, source=source, protocol=protocol, event=event, since=since, until=until, search=search
    )


ProjectQuarantine = Annotated[Quarantine, Depends(_quarantine)]
CallerLanguage = Annotated[Language, Depends(_language)]
Wanted = Annotated[FilterInput, Depends(_filter)]
Cursor = Annotated[str | None, Query(max_length=400, description="next_cursor of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1_000)]


@router.get("")
def list_items(
    caller: Viewer,
    quarantine: ProjectQuarantine,
    language: CallerLanguage,
    sight: CallerSight,
    wanted: Wanted,
    status: ItemStatus | None = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[HeldItemOutput]:
    """Items, those seen last first, with reason, path and raw payload."""
    items, after = quarantine.list(wanted.filter(status), cursor=cursor, limit=limit)
    sight.saw("quarantine", of=[{"": each.item.raw} for each in items])
    shown = [HeldItemOutput.of(item, language, sight.mask) for item in items]
    return Page(items=shown, next_cursor=after)


@router.get("/summary")
def summarise(
    caller: Viewer, quarantine: ProjectQuarantine, wanted: Wanted, status: ItemStatus | None = None
) -> list[ReasonCountOutput]:
    """Counts by reason, event, source and status."""
    return [ReasonCountOutput.of(row) for row in quarantine.summary(wanted.filter(status))]


@router.get("/items/{item_id}")
def get_item(
    caller: Viewer,
    quarantine: ProjectQuarantine,
    language: CallerLanguage,
    sight: CallerSight,
    item_id: UUID,
) -> HeldItemOutput:
    """One item."""
    item = quarantine.get(item_id)
    sight.saw("quarantine", str(item_id), of=[{"": item.item.raw}])
    return HeldItemOutput.of(item, language, sight.mask)


@router.put("/items/{item_id}")
def fix_item(
    caller: DataEditor,
    quarantine: ProjectQuarantine,
    language: CallerLanguage,
    sight: CallerSight,
    database: ControlDatabase,
    item_id: UUID,
    body: RawInput,
) -> HeldItemOutput:
    """Replace the payload of one item."""
    if sight.mask.hides and sight.mask.payload(raw := quarantine.get(item_id).item.raw) != raw:
        # What they were shown, sent back, would put stars where data was.
        raise PermissionMissing(needed="unmask")
    item = quarantine.fix(item_id, body.raw)
    target = ("quarantine_item", str(item_id))
    record_act(database, caller, "quarantine.fixed", target, project_id=caller.project.id)
    return HeldItemOutput.of(item, language, sight.mask)


@router.post("/patch")
def patch_items(
    caller: DataEditor, quarantine: ProjectQuarantine, database: ControlDatabase, body: PatchInput
) -> ChangedOutput:
    """Change the payloads of many held items alike, at most 1,000 a call."""
    changed = quarantine.patch(body.filter.filter(), body.patch)
    _recorded(database, caller, "quarantine.patched", changed)
    return ChangedOutput(changed=changed)


@router.post("/replay")
def replay_items(
    caller: DataEditor, quarantine: ProjectQuarantine, database: ControlDatabase, body: FilterInput
) -> ReplayOutput:
    """Send held items through the pipeline again, at most 1,000 a call."""
    outcome = quarantine.replay(body.filter())
    _recorded(database, caller, "quarantine.replayed", outcome.stored)
    return ReplayOutput.of(outcome)


@router.post("/discard")
def discard_items(
    caller: DataEditor, quarantine: ProjectQuarantine, database: ControlDatabase, body: FilterInput
) -> ChangedOutput:
    """Mark held items as not wanted, at most 1,000 a call."""
    changed = quarantine.discard(body.filter())
    _recorded(database, caller, "quarantine.discarded", changed)
    return ChangedOutput(changed=changed)


def _recorded(database: Database, caller: Caller, action: str, count: int) -> None:
    target = ("project", caller.project.id)
    record_act(database, caller, action, target, project_id=caller.project.id, after={"count": count})
