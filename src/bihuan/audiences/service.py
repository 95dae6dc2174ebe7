"""Making, changing and reading audiences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.analytics.conditions import AnyCondition
from bihuan.audiences import repository
from bihuan.audiences.errors import AudienceNotFound, AudienceStatic, AudienceTooLarge
from bihuan.audiences.lists import listed_people
from bihuan.audiences.models import Audience
from bihuan.audiences.refreshing.service import keep_version
from bihuan.audiences.schemas import (
    SHOWN_UNKNOWN,
    AudienceChange,
    AudienceCreated,
    AudienceInput,
    AudienceOutput,
    ListedPeople,
    PeopleByCondition,
)
from bihuan.audiences.subjects import check_definition, condition_adapter, delete_unused
from bihuan.database import Database, new_id, utc_now
from bihuan.insights import Author, PeopleQuestion, QueryService, selection_of
from bihuan.kernel.arrays import Array
from bihuan.people import People
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import forget, sizes

MOST_PEOPLE = 10_000_000
_AT_ONCE = 1_000_000


def create_audience(
    database: Database,
    queries: QueryService,
    project: Project,
    people: People,
    author: Author,
    given: AudienceInput,
) -> AudienceCreated:
    """Keep who is behind a number now, or who has these ids, or what people have to be.

    One by a condition is empty until it is refreshed.

    Raises:
        AudienceTooLarge, SelectionInvalid, what answering the question raises, and what
        ``check_definition`` raises.
    """
    unknown: list[str] = []
    row = Audience(id=new_id(), project_id=project.id, name=given.name, description=given.description)
    row.created_by, row.refresh = author.model_dump(), given.refresh
    persons: Array = np.zeros(0, np.uint64)
    match given.people:
        case PeopleByCondition():
            row.kind = "condition"
            with database.read_session() as session:
                row.definition = _checked(session, project, people.store, row.id, given.people.condition)
        case ListedPeople():
            known, unknown = listed_people(people, given.people.distinct_ids)
            persons = np.unique(np.array(list(known.values()), np.uint64))
        case PeopleQuestion():
            persons = _behind(queries, project, people.store, given.people)
            row.question = json.loads(given.people.model_dump_json())
    # First, so that an audience which is there has everybody in it.
    repository.add_people(people.store, row.id, persons, utc_now())
    with database.session() as session:
        session.add(row)
        session.flush()
        keep_version(session, row, author.model_dump())
        made = _output(row, len(persons))
    return AudienceCreated(**dict(made), unknown_count=len(unknown), unknown_ids=unknown[:SHOWN_UNKNOWN])


def change_audience(
    database: Database,
    project: Project,
    store: ProjectStore,
    audience_id: str,
    author: Author,
    change: AudienceChange,
) -> bool:
    """Give an audience new values. Returns whether its people are to be found out anew.

    Raises:
        AudienceNotFound, AudienceStatic, and what ``check_definition`` raises.
    """
    with database.session() as session:
        row = get_audience(session, project.id, audience_id)
        if row.kind != "condition" and (
            change.condition is not None or change.refresh not in (None, "never")
        ):
            raise AudienceStatic(name=row.name)
        row.name = row.name if change.name is None else change.name
        row.description = row.description if change.description is None else change.description
        before = (row.definition, row.refresh)
        if change.condition is not None:
            row.definition = _checked(session, project, store, row.id, change.condition)
        row.refresh = change.refresh or row.refresh
        row.updated_at = utc_now()
        if (row.definition, row.refresh) == before:
            return False
        row.version += 1
        keep_version(session, row, author.model_dump())
        return row.definition != before[0]


def get_audience(session: Session, project_id: str, audience_id: str) -> Audience:
    """One audience. Raises ``AudienceNotFound``."""
    found = repository.find_audience(session, project_id, audience_id)
    if found is None:
        raise AudienceNotFound(audience_id=audience_id)
    return found


def delete_audience(database: Database, store: ProjectStore, project_id: str, audience_id: str) -> str:
    """Delete an audience; its people stay. Returns its name.

    Raises:
        AudienceNotFound, StillUsed.
    """
    name = delete_unused(database, project_id, lambda session: get_audience(session, project_id, audience_id))
    forget(store, audience_id)
    return name


def outputs(store: ProjectStore, rows: Sequence[Audience]) -> list[AudienceOutput]:
    """Audiences with their sizes of now."""
    held = sizes(store, [row.id for row in rows])
    return [_output(row, held[row.id].people) for row in rows]


def _checked(
    session: Session, project: Project, store: ProjectStore, audience_id: str, condition: AnyCondition
) -> dict[str, Any]:
    stored: dict[str, Any] = condition_adapter.dump_python(condition, mode="json")
    check_definition(session, project, store, audience_id, condition, "condition")
    return stored


def _output(row: Audience, size: int) -> AudienceOutput:
    names = [name for name in AudienceOutput.model_fields if name not in ("size", "condition")]
    condition = None if row.definition is None else condition_adapter.validate_python(row.definition)
    values = {name: getattr(row, name) for name in names}
    return AudienceOutput.model_validate({**values, "size": size, "condition": condition})


def _behind(queries: QueryService, project: Project, store: ProjectStore, question: PeopleQuestion) -> Array:
    selection = selection_of(question)
    pages: list[Array] = []
    found, after = 0, None
    while found <= MOST_PEOPLE:
        page = queries.people(project, store, question.query, selection, after=after, limit=_AT_ONCE)
        pages.append(np.array(page, np.uint64))
        found += len(page)
        if len(page) < _AT_ONCE:
            break
        after = page[-1]
    if found > MOST_PEOPLE:
        raise AudienceTooLarge(most=MOST_PEOPLE, path="people")
    return np.concatenate(pages)
