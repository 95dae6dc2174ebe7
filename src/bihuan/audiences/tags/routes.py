"""``/api/projects/{project_id}/tags``."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Query, Request, UploadFile

from bihuan.access import CallerSight, ControlDatabase, InsightEditor, Viewer, record_act
from bihuan.audiences.histories import values_of_person
from bihuan.audiences.refreshing.jobs import enqueue_refresh
from bihuan.audiences.schemas import PersonName
from bihuan.audiences.tags import repository, service
from bihuan.audiences.tags.importing import read_values
from bihuan.audiences.tags.models import Tag
from bihuan.audiences.tags.schemas import (
    GivenValues,
    ImportedValues,
    PastValue,
    PersonTag,
    TagChange,
    TagInput,
    TagOutput,
    ValuesGiven,
)
from bihuan.database import Page
from bihuan.insights import Cursor, Identifier, Limit, PersonBehind, Search, author_of, newest_first
from bihuan.people import People

router = APIRouter(prefix="/api/projects/{project_id}/tags", tags=["tags"])


@router.get("")
def list_tags(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    search: Search = None,
    category: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[TagOutput]:
    """The tags, the newest first; ``category``: those in it and below it."""
    wanted = repository.tags(caller.project.id, search=search, category=category)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Tag.id, cursor, limit)
    return Page(
        items=service.outputs(_people(request, caller.project.id).store, rows, sight.mask), next_cursor=after
    )


@router.post("", status_code=201)
def create_tag(
    caller: InsightEditor, database: ControlDatabase, request: Request, sight: CallerSight, body: TagInput
) -> TagOutput:
    """Define a tag; a job finds out who has which value."""
    store = _people(request, caller.project.id).store
    row = service.create_tag(database, caller.project, store, author_of(caller), body, sight.mask)
    if row.kind != "manual":
        enqueue_refresh(request.app.state.jobs, caller.project.id, row.id)
    return service.outputs(store, [row], sight.mask)[0]


@router.get("/categories")
def tag_categories(caller: Viewer, database: ControlDatabase) -> dict[str, int]:
    """How many tags each category has, those below it included."""
    with database.read_session() as session:
        return service.categories(session.scalars(repository.tags(caller.project.id)))


@router.get("/of-person")
def tags_of_person(
    caller: Viewer, database: ControlDatabase, request: Request, sight: CallerSight, person: PersonName
) -> list[PersonTag]:
    """The tags that a person has or had, with the history of each."""
    people = _people(request, caller.project.id)
    with database.read_session() as session:
        rows = {row.id: row for row in session.scalars(repository.tags(caller.project.id))}
    person_id = people.get(person).summary.person_id

    def shown(value: str) -> str | None:
        return sight.mask.text(value) if value else None

    return [
        PersonTag(
            tag_id=tag_id,
            name=rows[tag_id].name,
            category=rows[tag_id].category,
            kind=rows[tag_id].kind,
            value=shown(past[-1].value),
            since=past[-1].at,
            history=[
                PastValue(at=each.at, before=shown(each.before), value=shown(each.value)) for each in past
            ],
        )
        for tag_id, past in values_of_person(people.store, person_id, rows).items()
    ]


@router.get("/{tag_id}")
def get_tag(
    caller: Viewer, database: ControlDatabase, request: Request, sight: CallerSight, tag_id: Identifier
) -> TagOutput:
    """One tag."""
    with database.read_session() as session:
        row = service.get_tag(session, caller.project.id, tag_id)
    return service.outputs(_people(request, caller.project.id).store, [row], sight.mask)[0]


@router.patch("/{tag_id}")
def change_tag(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    tag_id: Identifier,
    body: TagChange,
) -> TagOutput:
    """Give a tag new values; a new definition has people's values found out anew, by a job."""
    store = _people(request, caller.project.id).store
    if service.change_tag(database, caller.project, store, tag_id, author_of(caller), body, sight.mask):
        enqueue_refresh(request.app.state.jobs, caller.project.id, tag_id)
    with database.read_session() as session:
        row = service.get_tag(session, caller.project.id, tag_id)
    return service.outputs(store, [row], sight.mask)[0]


@router.get("/{tag_id}/people")
def people_with_value(
    caller: Viewer,
    database: ControlDatabase,
    request: Request,
    sight: CallerSight,
    tag_id: Identifier,
    value: Annotated[str, Query(min_length=1, max_length=200)],
    cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,20}$")] = None,
    limit: Limit = 100,
) -> Page[PersonBehind]:
    """Who has a value now, by person id."""
    with database.read_session() as session:
        service.get_tag(session, caller.project.id, tag_id)
    people = _people(request, caller.project.id)
    after = int(cursor) if cursor else None
    ids = repository.people_with_value(people.store, tag_id, value, after=after, limit=limit + 1)
    shown = people.summaries(ids[:limit])
    sight.saw("tag", tag_id, of=[each.seen() for each in shown])
    items = [PersonBehind.of(each, sight.mask) for each in shown]
    return Page(items=items, next_cursor=str(ids[limit - 1]) if len(ids) > limit else None)


@router.post("/{tag_id}/values")
def give_values(
    caller: InsightEditor, database: ControlDatabase, request: Request, tag_id: Identifier, body: GivenValues
) -> ValuesGiven:
    """Give some people a value of a manual tag, or take theirs away."""
    with database.read_session() as session:
        row = service.get_tag(session, caller.project.id, tag_id)
    people = _people(request, caller.project.id)
    values = dict.fromkeys(body.distinct_ids, body.value)
    return service.give_values(people, row, values, cause="member")


@router.post("/{tag_id}/import")
def import_values(
    caller: InsightEditor,
    database: ControlDatabase,
    request: Request,
    tag_id: Identifier,
    file: Annotated[UploadFile, File(description="CSV with a heading: id, value.")],
    value: Annotated[
        str | None, Query(min_length=1, max_length=200, description="For files of ids only.")
    ] = None,
) -> ImportedValues:
    """Give people values of a manual tag from a file of ids; UTF-8 or GBK."""
    with database.read_session() as session:
        row = service.get_tag(session, caller.project.id, tag_id)
    read = read_values(file.file.read(), value=value)
    people = _people(request, caller.project.id)
    given = service.give_values(people, row, read.values, cause="import")
    after = {"lines": read.lines, "changed": given.changed, "refused": len(read.refused)}
    target = ("tag", tag_id)
    record_act(database, caller, "tag.imported", target, project_id=caller.project.id, after=after)
    return ImportedValues(**dict(given), lines=read.lines, refused=read.refused[:1_000])


@router.delete("/{tag_id}", status_code=204)
def delete_tag(
    caller: InsightEditor, database: ControlDatabase, request: Request, tag_id: Identifier
) -> None:
    """Delete a tag that nothing refers to, with everybody's values."""
    store = _people(request, caller.project.id).store
    name = service.delete_tag(database, store, caller.project.id, tag_id)
    target, before = ("tag", tag_id), {"name": name}
    record_act(database, caller, "tag.deleted", target, project_id=caller.project.id, before=before)


def _people(request: Request, project_id: str) -> People:
    people: People = request.app.state.people(project_id)
    return people
