"""Saving questions: insights with their versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from bihuan.analytics import Query
from bihuan.analytics.registry import query_adapter
from bihuan.database import utc_now
from bihuan.insights import stars
from bihuan.insights.metrics.service import check_metrics, note_uses
from bihuan.insights.saved import repository
from bihuan.insights.saved.errors import (
    InsightChanged,
    InsightNotFound,
    InsightUnreadable,
    InsightVersionNotFound,
)
from bihuan.insights.saved.models import Insight, InsightVersion
from bihuan.insights.saved.schemas import InsightChange, InsightInput, as_stored
from bihuan.insights.wire import Author

# What a version keeps.
CONTENT = ("name", "description", "query", "chart", "options", "tags")
_MAY_BE_NULL = ("chart",)


def get_insight(session: Session, project_id: str, insight_id: str, *, for_update: bool = False) -> Insight:
    """One insight. Raises ``InsightNotFound``."""
    found = repository.find_insight(session, project_id, insight_id, for_update=for_update)
    if found is None:
        raise InsightNotFound(insight_id=insight_id)
    return found


def create_insight(session: Session, project_id: str, author: Author, given: InsightInput) -> Insight:
    """Save a question.

    Raises:
        MetricNotFound, MetricUnusable: it refers to a metric that it cannot use.
    """
    check_metrics(session, project_id, given.query)
    row = Insight(
        project_id=project_id,
        name=given.name,
        description=given.description,
        kind=kind_of_query(given.query),
        query=as_stored(given.query),
        chart=given.chart,
        options=given.options,
        tags=given.tags,
        created_by=author.model_dump(),
        updated_by=author.model_dump(),
    )
    session.add(row)
    session.flush()
    _keep_version(session, row, author)
    return row


def change_insight(
    session: Session, project_id: str, insight_id: str, author: Author, change: InsightChange
) -> Insight:
    """Give an insight new values; a change of anything makes a version.

    Raises:
        InsightNotFound.
        InsightChanged: it has another version than the change is meant for.
        MetricNotFound, MetricUnusable: the question refers to a metric that it cannot use.
    """
    row = get_insight(session, project_id, insight_id, for_update=True)
    if change.version is not None and change.version != row.version:
        raise InsightChanged(version=row.version, path="version")
    given = {name: getattr(change, name) for name in CONTENT if name in change.model_fields_set}
    values = {name: value for name, value in given.items() if value is not None or name in _MAY_BE_NULL}
    if change.query is not None:
        check_metrics(session, project_id, change.query)
        values["query"] = as_stored(change.query)
    _assign(session, row, author, values)
    return row


def restore_version(
    session: Session, project_id: str, insight_id: str, author: Author, version: int
) -> Insight:
    """Make an insight what it was, as a new version.

    Raises:
        InsightNotFound, InsightVersionNotFound.
    """
    row = get_insight(session, project_id, insight_id, for_update=True)
    held = session.get(InsightVersion, (insight_id, version))
    if held is None:
        raise InsightVersionNotFound(insight_id=insight_id, version=version)
    _assign(session, row, author, {name: getattr(held, name) for name in CONTENT})
    return row


def duplicate_insight(
    session: Session, project_id: str, insight_id: str, author: Author, name: str | None = None
) -> Insight:
    """A copy, with its own versions. Raises ``InsightNotFound``."""
    original = get_insight(session, project_id, insight_id)
    taken = repository.names_like(session, project_id, original.name[:190])
    values = {each: getattr(original, each) for each in CONTENT}
    values["name"] = name or numbered_name(original.name, taken)
    by = author.model_dump()
    row = Insight(project_id=project_id, kind=original.kind, created_by=by, updated_by=by, **values)
    session.add(row)
    session.flush()
    _keep_version(session, row, author)
    return row


def delete_insight(session: Session, project_id: str, insight_id: str) -> str:
    """Delete an insight with its versions; boards lose its tiles. Returns its name.

    Raises:
        InsightNotFound.
    """
    row = get_insight(session, project_id, insight_id, for_update=True)
    stars.forget_stars(session, row.id)
    session.delete(row)
    return row.name


def read_query(stored: Mapping[str, Any]) -> Query:
    """The question that is stored.

    Raises:
        InsightUnreadable: this version does not know such questions.
    """
    try:
        return query_adapter().validate_python(dict(stored))
    except ValidationError as invalid:
        first = invalid.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InsightUnreadable(reason=f"{place}: {first['msg']}", path="query") from invalid


def kind_of_query(query: Query) -> str:
    """The ``kind`` of a question."""
    return str(getattr(query, "kind", ""))


def numbered_name(name: str, taken: set[str]) -> str:
    """``name (2)``, or the next number that is free."""
    number = 2
    while f"{name[:190]} ({number})" in taken:
        number += 1
    return f"{name[:190]} ({number})"


def _assign(session: Session, row: Insight, author: Author, values: Mapping[str, Any]) -> None:
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(row, name, values[name])
    row.kind = str(row.query.get("kind", ""))
    row.version += 1
    row.updated_by, row.updated_at = author.model_dump(), utc_now()
    session.flush()
    _keep_version(session, row, author)


def _keep_version(session: Session, row: Insight, author: Author) -> None:
    content = {name: getattr(row, name) for name in CONTENT}
    by = author.model_dump()
    note_uses(session, row.project_id, row.id, row.query)
    session.add(InsightVersion(insight_id=row.id, version=row.version, created_by=by, **content))
