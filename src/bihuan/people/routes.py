"""``/api/projects/{project_id}/people`` and ``…/identity-links``.

The people of a project are found with ``request.app.state.people``, a function from project id to
``People``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, StringConstraints

from bihuan.access import (
    Caller,
    CallerSight,
    ControlDatabase,
    DataEditor,
    Eraser,
    Mask,
    ProjectPath,
    Viewer,
    record_act,
)
from bihuan.database import Database, Page
from bihuan.people.identity.links import LinkKind, LinkStatus
from bihuan.people.identity.service import IdentityChange
from bihuan.people.repository import person_key
from bihuan.people.schemas import (
    ErasedOutput,
    LinkOutput,
    LinksChanged,
    MergeInput,
    PersonDetailOutput,
    PersonOutput,
    TimelineEventOutput,
)
from bihuan.people.service import People

router = APIRouter(prefix="/api/projects/{project_id}", tags=["people"])


def _people(request: Request, project_id: ProjectPath) -> People:
    people_of: Callable[[str], People] = request.app.state.people
    return people_of(project_id)


ProjectPeople = Annotated[People, Depends(_people)]
Cursor = Annotated[str | None, Query(max_length=400, description="next_cursor of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1_000)]
# As PropertyRef has it: text between the dots.
PropertyName = Annotated[str, StringConstraints(max_length=400, pattern=r"^[^.]+(\.[^.]+)*$")]
EventName = Annotated[str, StringConstraints(min_length=1, max_length=255)]
PersonName = Annotated[
    str, Query(min_length=1, max_length=1024, description="Any id of the person, or # and the person_id.")
]


@router.get("/people")
def list_people(
    caller: Viewer,
    people: ProjectPeople,
    sight: CallerSight,
    search: Annotated[str | None, Query(max_length=200)] = None,
    properties: Annotated[
        list[PropertyName] | None,
        Query(alias="property", max_length=20, description="Look for the text in these properties only."),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[PersonOutput]:
    """People with a profile, the last changed first; ``search`` looks in ids, names, mail and telephone."""
    found, after = people.search(
        search=search, properties=properties or (), mask=sight.mask, cursor=cursor, limit=limit
    )
    sight.saw("people", same=f"{search}", of=[each.seen() for each in found])
    return Page(items=[PersonOutput.of(person, sight.mask) for person in found], next_cursor=after)


@router.get("/person")
def get_person(
    caller: Viewer, people: ProjectPeople, sight: CallerSight, person: PersonName
) -> PersonDetailOutput:
    """One person."""
    found = people.get(person)
    sight.saw("person", str(found.summary.person_id), of=[found.summary.seen()])
    return PersonDetailOutput.of_detail(found, sight.mask)


@router.get("/person/timeline")
def get_timeline(
    caller: Viewer,
    people: ProjectPeople,
    sight: CallerSight,
    person: PersonName,
    before: Annotated[AwareDatetime | None, Query(description="Only events before this moment.")] = None,
    events: Annotated[
        list[EventName] | None,
        Query(max_length=100, description="Only events of these names."),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[TimelineEventOutput]:
    """A person's events, the latest first."""
    before_ms = None if before is None else round(before.timestamp() * 1000)
    found, after = people.timeline(
        person, events=events or (), before_ms=before_ms, cursor=cursor, limit=limit
    )
    starts = people.session_starts(person, found, gap_seconds=caller.project.session_gap_seconds)
    number = person_key(people.identities, person)
    sight.saw("timeline", str(number), of=[{**each.properties, "": each.distinct_id} for each in found])
    items = [
        TimelineEventOutput.of(event, start, sight.mask) for event, start in zip(found, starts, strict=True)
    ]
    return Page(items=items, next_cursor=after)


@router.get("/person/identity-links")
def person_links(
    caller: Viewer,
    people: ProjectPeople,
    sight: CallerSight,
    person: PersonName,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[LinkOutput]:
    """What was said of a person's ids, the latest first: links, merges, undoing, and what was refused.

    Also of ids that are no longer theirs; a row with the status ``applied`` can be undone.
    """
    links, after = people.links(person, cursor=cursor, limit=limit)
    return Page(items=[LinkOutput.of(link, sight.mask) for link in links], next_cursor=after)


@router.delete("/person")
def erase_person(
    caller: Eraser, people: ProjectPeople, database: ControlDatabase, person: PersonName
) -> ErasedOutput:
    """Erase everything recorded of a person, under all ids. It cannot be undone."""
    # Not by name: that would keep what is to be forgotten.
    number = person_key(people.identities, person)
    ids = people.erase(person, actor=caller.actor.id)
    target, after = ("person", str(number)), {"ids": len(ids)}
    record_act(database, caller, "person.erased", target, project_id=caller.project.id, after=after)
    return ErasedOutput(distinct_ids=ids)


@router.get("/identity-links")
def list_links(
    caller: Viewer,
    people: ProjectPeople,
    sight: CallerSight,
    kind: LinkKind | None = None,
    status: LinkStatus | None = None,
    distinct_id: Annotated[str | None, Query(max_length=1024)] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[LinkOutput]:
    """The identity log, the latest first; ``status=refused`` lists what waits for a decision."""
    links, after = people.identities.links(
        kind=kind, status=status, distinct_id=distinct_id, cursor=cursor, limit=limit
    )
    return Page(items=[LinkOutput.of(link, sight.mask) for link in links], next_cursor=after)


@router.post("/identity-links/merge", status_code=201)
def merge_people(
    caller: DataEditor, people: ProjectPeople, database: ControlDatabase, sight: CallerSight, body: MergeInput
) -> LinksChanged:
    """Join two persons. It can be undone."""
    change = people.merge(body.from_id, body.to_id, actor=caller.actor.id)
    _recorded(database, caller, "person.merged", change)
    return _changed(change, sight.mask)


@router.post("/identity-links/{link_id}/undo", status_code=201)
def undo_link(
    caller: DataEditor, people: ProjectPeople, database: ControlDatabase, sight: CallerSight, link_id: UUID
) -> LinksChanged:
    """Take back a merge, a link, an alias or an undo."""
    change = people.undo(link_id, actor=caller.actor.id)
    _recorded(database, caller, "identity_link.undone", change)
    return _changed(change, sight.mask)


def _recorded(database: Database, caller: Caller, action: str, change: IdentityChange) -> None:
    for stored in change.links:
        target = ("identity_link", str(stored.link.link_id))
        record_act(database, caller, action, target, project_id=caller.project.id)


def _changed(change: IdentityChange, mask: Mask) -> LinksChanged:
    links = [LinkOutput.of(link, mask) for link in change.links]
    return LinksChanged(links=links, persons_changed=len(change.persons))
