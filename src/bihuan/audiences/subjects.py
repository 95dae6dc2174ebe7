"""Audiences and tags as what is refreshed: found by id, turned into SQL, checked, scheduled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from bihuan.access import Project
from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions import AnyCondition, Condition, values_sql
from bihuan.audiences.models import Audience
from bihuan.audiences.names import names_of
from bihuan.audiences.prediction.definitions import KINDS
from bihuan.audiences.prediction.service import train
from bihuan.audiences.refreshing import Refreshed
from bihuan.audiences.refreshing.checking import check_definition_parts
from bihuan.audiences.refreshing.errors import StillUsed
from bihuan.audiences.refreshing.references import check_order, in_order, users_of
from bihuan.audiences.refreshing.service import Subject
from bihuan.audiences.tags import sql_tag
from bihuan.audiences.tags.kinds import AnyTag, gives_numbers, rule_cases, tag_values_sql
from bihuan.audiences.tags.models import Tag
from bihuan.database import Database
from bihuan.insights import context
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import MEMBER
from bihuan.warehouse.scores import score_values_sql

Row = Audience | Tag
condition_adapter: TypeAdapter[AnyCondition] = TypeAdapter(Condition)
tag_adapter: TypeAdapter[Any] = TypeAdapter(AnyTag)


def rows_of(session: Session, project_id: str) -> dict[str, Row]:
    """All audiences and tags of a project, by id."""
    audiences = session.scalars(select(Audience).where(Audience.project_id == project_id))
    tags = session.scalars(select(Tag).where(Tag.project_id == project_id))
    return {row.id: row for row in (*audiences, *tags)}


def find_row(session: Session, project_id: str, subject_id: str) -> Row | None:
    """An audience or a tag of this project."""
    row = session.get(Audience, subject_id) or session.get(Tag, subject_id)
    return row if row is not None and row.project_id == project_id else None


def log_context(project: Project, store: ProjectStore) -> ProjectContext:
    """The project as conditions see it: the log alone, at this moment."""
    return replace(context(project, store), people_by_day=None, sequences=None)


def log_until_now(project: Project, store: ProjectStore) -> ProjectContext:
    """The same up to the present, for what is done from here (``Project.present_ms``)."""
    return replace(log_context(project, store), now_ms=project.present_ms())


def subject_of(database: Database, row: Row, project: Project, store: ProjectStore) -> Subject | None:
    """How to refresh a row; None where nothing is to be found out (lists, values given by hand).

    A tag by a model has it trained.
    """
    definition = row.definition
    if definition is None or definition.get("kind") == "manual":
        return None

    def values() -> str:
        ctx = log_context(project, store)
        if isinstance(row, Tag) and row.kind in KINDS:
            wanted = tag_adapter.validate_python(definition)
            return train(database, ctx, store, project.id, (row.id, row.version), wanted)
        return sql_of(row, ctx)

    limits = sql_tag.LIMITS if definition.get("kind") == "sql" else {}
    return Subject(type(row), row.id, row.name, row.version, values, limits)


def cases_of(row: Refreshed) -> list[tuple[AnyCondition, str]]:
    """The conditions that give a row's values, the first that holds first; none of other kinds."""
    if row.definition is None:
        return []
    if isinstance(row, Audience):
        return [(condition_adapter.validate_python(row.definition), MEMBER)]
    return rule_cases(tag_adapter.validate_python(row.definition))


def delete_unused(database: Database, project_id: str, find: Callable[[Session], Row]) -> str:
    """Delete the row that ``find`` gives, which no other may refer to. Returns its name.

    Raises:
        StillUsed, and what ``find`` raises.
    """
    with database.session() as session:
        row = find(session)
        rows = rows_of(session, project_id)
        users = users_of(row.id, {key: each.definition for key, each in rows.items()})
        if users:
            raise StillUsed(name=row.name, users=", ".join(rows[each].name for each in users))
        session.delete(row)
    return row.name


def has_history(row: Refreshed) -> bool:
    """Whether a row's values can be found out as of a past time, by one statement."""
    return row.definition is not None and row.definition.get("kind") not in ("manual", "churn", "value")


def has_numbers(row: Row) -> bool:
    """Whether people's values of it are numbers, not names."""
    return isinstance(row, Tag) and gives_numbers(tag_adapter.validate_python(row.definition))


def sql_of(row: Refreshed, ctx: ProjectContext, *, among: str | None = None) -> str:
    """SELECT of ``person, value`` of a row with a definition."""
    if isinstance(row, Audience):
        condition = condition_adapter.validate_python(row.definition)
        return values_sql(ctx, [(condition, MEMBER)], among=among)
    if isinstance(row, Tag) and row.kind in KINDS:
        return score_values_sql(ctx.table, row.id, among=among)
    return tag_values_sql(ctx, tag_adapter.validate_python(row.definition), among=among)


def check_definition(
    session: Session,
    project: Project,
    store: ProjectStore,
    subject_id: str,
    given: BaseModel,
    path: str,
) -> None:
    """Raise unless a new definition, which is at ``path`` of what the caller gave, can be meant as it is.

    Raises:
        NameUnknown, ReferenceUnknown, WindowImpossible, DefinitionCircular.
    """
    rows = rows_of(session, project.id)
    names = names_of(session, project.id, store, rows.values(), given)
    check_definition_parts(log_context(project, store), names, given, path)
    others = {each.id: each.definition for each in rows.values() if each.id != subject_id}
    called = {each.id: each.name for each in rows.values()}
    check_order(subject_id, given.model_dump(mode="json"), others, called)


def in_refresh_order(rows: dict[str, Row]) -> list[Row]:
    """Rows, each after those it refers to."""
    return [rows[each] for each in in_order({key: row.definition for key, row in rows.items()})]
