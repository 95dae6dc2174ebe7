"""Making, changing and reading tags."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.access import Mask, Project
from bihuan.analytics.statistic import TEXTS, Statistic
from bihuan.audiences.lists import listed_people
from bihuan.audiences.prediction.definitions import OutcomeTag
from bihuan.audiences.refreshing.service import keep_version
from bihuan.audiences.subjects import check_definition, delete_unused, log_context, tag_adapter
from bihuan.audiences.tags import repository, sql_tag
from bihuan.audiences.tags.definitions import ManualTag
from bihuan.audiences.tags.errors import (
    SqlTagForbidden,
    TagExists,
    TagKindFixed,
    TagNotFound,
    TagNotManual,
    TagPersonal,
)
from bihuan.audiences.tags.kinds import TagDefinition
from bihuan.audiences.tags.models import Tag
from bihuan.audiences.tags.schemas import (
    SHOWN_UNKNOWN,
    TagChange,
    TagInput,
    TagOutput,
    ValuesGiven,
    ValueSize,
)
from bihuan.audiences.tags.sql_tag import SqlTag
from bihuan.database import Database, new_id, utc_now
from bihuan.insights import Author
from bihuan.people import People
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import Held, assign, forget, last_change_ms, moved, sizes
from bihuan.warehouse.scores import forget_scores

SHOWN_VALUES = 50


def create_tag(
    database: Database, project: Project, store: ProjectStore, author: Author, given: TagInput, mask: Mask
) -> Tag:
    """Define a tag; nobody has a value until it is refreshed.

    Raises:
        TagExists, SqlRefused, SqlTagForbidden, TagPersonal, and what ``check_definition`` raises.
    """
    manual = isinstance(given.definition, ManualTag)
    with database.session() as session:
        _name_is_free(session, project.id, given.name)
        row = Tag(
            id=new_id(),
            project_id=project.id,
            kind=given.definition.kind,
            refresh="never" if manual else given.refresh,
            created_by=author.model_dump(),
            **given.model_dump(include={"name", "description", "category", "owner"}),
        )
        row.definition = _checked(session, project, store, row.id, given.definition, mask)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError as error:
            raise TagExists(name=given.name, path="name") from error
        keep_version(session, row, author.model_dump())
    return row


def change_tag(
    database: Database,
    project: Project,
    store: ProjectStore,
    tag_id: str,
    author: Author,
    change: TagChange,
    mask: Mask,
) -> bool:
    """Give a tag new values. Returns whether people's values are to be found out anew.

    Raises:
        TagNotFound, TagExists, TagKindFixed, and what ``create_tag`` raises.
    """
    with database.session() as session:
        row = get_tag(session, project.id, tag_id)
        if change.name is not None and change.name != row.name:
            _name_is_free(session, project.id, change.name)
        for name, value in change.model_dump(
            include={"name", "description", "category", "owner"}, exclude_none=True
        ).items():
            setattr(row, name, value)
        before = (row.definition, row.refresh)
        if change.definition is not None:
            if change.definition.kind != row.kind:
                raise TagKindFixed(name=row.name, kind=row.kind, path="definition.kind")
            row.definition = _checked(session, project, store, row.id, change.definition, mask)
        if change.refresh is not None and row.kind != "manual":
            row.refresh = change.refresh
        row.updated_at = utc_now()
        if (row.definition, row.refresh) == before:
            return False
        row.version += 1
        keep_version(session, row, author.model_dump())
        return row.definition != before[0]


def get_tag(session: Session, project_id: str, tag_id: str) -> Tag:
    """One tag. Raises ``TagNotFound``."""
    found = repository.find_tag(session, project_id, tag_id)
    if found is None:
        raise TagNotFound(tag_id=tag_id)
    return found


def delete_tag(database: Database, store: ProjectStore, project_id: str, tag_id: str) -> str:
    """Delete a tag with its values and their history. Returns its name.

    Raises:
        TagNotFound, StillUsed.
    """
    name = delete_unused(database, project_id, lambda session: get_tag(session, project_id, tag_id))
    forget(store, tag_id)
    forget_scores(store, tag_id)
    return name


def give_values(people: People, row: Tag, values: Mapping[str, str | None], *, cause: str) -> ValuesGiven:
    """Give people values by hand: id to value, None for none; the last of several ids of one person counts.

    Raises:
        TagNotManual.
    """
    if row.kind != "manual":
        raise TagNotManual(name=row.name)
    persons, unknown = listed_people(people, list(values))
    given = {person: values[each] or "" for each, person in persons.items()}
    changed = 0
    store = people.store
    if given:
        wanted, among = repository.given_sql(store, row.id, given)
        before_ms = last_change_ms(store, row.id) or 0
        at_ms = max(time.time_ns() // 1_000_000, before_ms + 1)
        settings = {"max_query_size": 64 << 20}
        assign(store, row.id, wanted, at_ms=at_ms, cause=cause, among=among, settings=settings)
        steps = moved(store, row.id, after_ms=at_ms - 1, until_ms=at_ms)
        changed = steps.entered + steps.changed + steps.left
    return ValuesGiven(changed=changed, unknown_count=len(unknown), unknown_ids=unknown[:SHOWN_UNKNOWN])


def outputs(store: ProjectStore, rows: Sequence[Tag], mask: Mask) -> list[TagOutput]:
    """Tags with how many people have which value now."""
    held = sizes(store, [row.id for row in rows])
    return [_output(row, held[row.id], mask) for row in rows]


def _output(row: Tag, held: Held, mask: Mask) -> TagOutput:
    computed = ("people", "values", "value_count")
    values: dict[str, Any] = {
        name: getattr(row, name) for name in TagOutput.model_fields if name not in computed
    }
    most = list(held.values.items())[:SHOWN_VALUES]
    return TagOutput.model_validate(
        {
            **values,
            "people": held.people,
            "values": [ValueSize(value=mask.text(value), people=people) for value, people in most],
            "value_count": held.value_count,
        }
    )


def _checked(
    session: Session,
    project: Project,
    store: ProjectStore,
    tag_id: str,
    definition: TagDefinition,
    mask: Mask,
) -> dict[str, Any]:
    stored: dict[str, Any] = tag_adapter.dump_python(definition, mode="json")
    check_definition(session, project, store, tag_id, definition, "definition")
    if isinstance(definition, SqlTag):
        if mask.hides:
            raise SqlTagForbidden(path="definition.kind")
        sql_tag.check(store, log_context(project, store), definition, "definition")
    if (
        isinstance(definition, Statistic)
        and definition.property is not None
        and definition.aggregate in TEXTS
    ):
        name = definition.property.name
        if mask.kind(name) is not None:
            raise TagPersonal(name=name, path="definition.property")
    if isinstance(definition, OutcomeTag) and mask.kind(definition.label.name) is not None:
        raise TagPersonal(name=definition.label.name, path="definition.label")
    return stored


def _name_is_free(session: Session, project_id: str, name: str) -> None:
    if repository.tag_named(session, project_id, name) is not None:
        raise TagExists(name=name, path="name")


def categories(rows: Iterable[Tag]) -> dict[str, int]:
    """How many tags each category has, those below it included; every parent is there."""
    found: dict[str, int] = {}
    for row in rows:
        parts = row.category.split("/") if row.category else []
        for depth in range(1, len(parts) + 1):
            place = "/".join(parts[:depth])
            found[place] = found.get(place, 0) + 1
    return dict(sorted(found.items()))
