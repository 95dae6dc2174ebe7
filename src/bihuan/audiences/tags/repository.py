"""Queries on tags and on the values that people have of them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.audiences.tags.models import Tag
from bihuan.insights import contains
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import value_sql
from bihuan.warehouse.sql import array, literal


def tags(project_id: str, *, search: str | None = None, category: str | None = None) -> Select[Tag]:
    """The tags of a project; ``category``: those in it and below it."""
    statement = select(Tag).where(Tag.project_id == project_id)
    if category:
        statement = statement.where(
            (Tag.category == category) | Tag.category.startswith(f"{category}/", autoescape=True)
        )
    return statement.where(contains(Tag.name, search)) if search else statement


def find_tag(session: Session, project_id: str, tag_id: str) -> Tag | None:
    """The tag, when it is of this project."""
    return session.scalar(tags(project_id).where(Tag.id == tag_id))


def tag_named(session: Session, project_id: str, name: str) -> Tag | None:
    """The tag with a name."""
    return session.scalar(tags(project_id).where(Tag.name == name))


def given_sql(store: ProjectStore, tag_id: str, given: Mapping[int, str]) -> tuple[str, str]:
    """SELECT of ``person, value`` after some persons got values ('' for none), and of those persons."""
    persons = f"CAST({array(sorted(given))} AS Array(UInt64))"
    values = array(given[each] for each in sorted(given))
    people = f"SELECT arrayJoin({persons}) AS person"
    new = f"SELECT person, transform(person, {persons}, {values}, '') AS value FROM ({people})"
    return f"SELECT person, value FROM ({new}) WHERE value != ''", people


def people_with_value(
    store: ProjectStore, tag_id: str, value: str, *, after: int | None, limit: int
) -> list[int]:
    """The next ids of people who have a value, ascending."""
    beyond = "" if after is None else f" AND person > {after}"
    rows = store.engine.rows(
        f"SELECT person FROM ({value_sql(store.table, tag_id)}) WHERE value = {literal(value)}{beyond} "
        f"ORDER BY person LIMIT {limit}"
    )
    return [row[0] for row in rows]
