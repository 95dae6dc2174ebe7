"""Making and reading static audiences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.audiences import repository
from bihuan.audiences.errors import AudienceNotFound, AudienceTooLarge
from bihuan.audiences.models import Audience
from bihuan.audiences.schemas import (
    SHOWN_UNKNOWN,
    AudienceCreated,
    AudienceInput,
    AudienceOutput,
    ListedPeople,
)
from bihuan.database import Database, new_id
from bihuan.insights import Author, PeopleQuestion, QueryService, selection_of
from bihuan.kernel.arrays import Array
from bihuan.kernel.hashing import key64
from bihuan.people import People
from bihuan.warehouse import ProjectStore

MOST_PEOPLE = 5_000_000
_AT_ONCE = 1_000_000


def create_audience(
    database: Database,
    queries: QueryService,
    project: Project,
    people: People,
    author: Author,
    given: AudienceInput,
) -> AudienceCreated:
    """Keep who is behind a number now, or who has these ids.

    Raises:
        AudienceTooLarge, SelectionInvalid, and what answering the question raises.
    """
    unknown: list[str] = []
    question: dict[str, Any] | None = None
    if isinstance(given.people, ListedPeople):
        persons, unknown = _listed(people, given.people.distinct_ids)
    else:
        persons = _behind(queries, project, people.store, given.people)
        question = json.loads(given.people.model_dump_json())
    audience_id = new_id()
    # First, so that an audience which is there has everybody in it.
    repository.add_people(people.store, audience_id, persons)
    with database.session() as session:
        row = Audience(
            id=audience_id,
            project_id=project.id,
            name=given.name,
            description=given.description,
            question=question,
            created_by=author.model_dump(),
        )
        session.add(row)
        session.flush()
        made = _output(row, len(persons))
    return AudienceCreated(
        **made.model_dump(), unknown_count=len(unknown), unknown_ids=unknown[:SHOWN_UNKNOWN]
    )


def get_audience(session: Session, project_id: str, audience_id: str) -> Audience:
    """One audience. Raises ``AudienceNotFound``."""
    found = repository.find_audience(session, project_id, audience_id)
    if found is None:
        raise AudienceNotFound(audience_id=audience_id)
    return found


def delete_audience(database: Database, store: ProjectStore, project_id: str, audience_id: str) -> str:
    """Delete an audience; its people stay. Returns its name. Raises ``AudienceNotFound``."""
    with database.session() as session:
        row = get_audience(session, project_id, audience_id)
        session.delete(row)
    repository.remove_people(store, audience_id)
    return row.name


def outputs(store: ProjectStore, rows: Sequence[Audience]) -> list[AudienceOutput]:
    """Audiences with their sizes of now."""
    sizes = repository.sizes(store, [row.id for row in rows])
    return [_output(row, sizes.get(row.id, 0)) for row in rows]


def _output(row: Audience, size: int) -> AudienceOutput:
    return AudienceOutput(
        id=row.id,
        name=row.name,
        description=row.description,
        kind="static",
        size=size,
        question=row.question,
        created_by=Author(**row.created_by),
        created_at=row.created_at,
    )


def _behind(queries: QueryService, project: Project, store: ProjectStore, question: PeopleQuestion) -> Array:
    selection = selection_of(question)
    found: list[int] = []
    after: int | None = None
    while len(found) <= MOST_PEOPLE:
        page = queries.people(project, store, question.query, selection, after=after, limit=_AT_ONCE)
        found += page
        if len(page) < _AT_ONCE:
            return np.array(found, np.uint64)
        after = page[-1]
    raise AudienceTooLarge(most=MOST_PEOPLE, path="people")


def _listed(people: People, distinct_ids: Sequence[str]) -> tuple[Array, list[str]]:
    """The persons with these ids, and the ids of which nothing is recorded."""
    keys = {each: key64(each) for each in dict.fromkeys(distinct_ids)}
    persons = {each: people.identities.person_of(key) for each, key in keys.items()}
    # Rows that are not yet rewritten carry the person of before a merge.
    recorded = repository.recorded_among(people.store, {*keys.values(), *persons.values()})
    known = [each for each, key in keys.items() if key in recorded or persons[each] in recorded]
    unknown = [each for each in keys if each not in set(known)]
    return np.unique(np.array([persons[each] for each in known], np.uint64)), unknown
