"""Queries on saved insights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bihuan.insights.columns import contains, has_tag
from bihuan.insights.dashboards.models import Dashboard
from bihuan.insights.saved.models import Insight, InsightVersion
from bihuan.insights.stars import is_starred
from bihuan.insights.wire import Author


def insights(
    project_id: str,
    *,
    search: str | None = None,
    tag: str | None = None,
    kind: str | None = None,
    starred_by: Author | None = None,
) -> Select[Insight]:
    """The insights of a project that have all that is given."""
    statement = select(Insight).where(Insight.project_id == project_id)
    if search:
        statement = statement.where(
            or_(contains(Insight.name, search), contains(Insight.description, search))
        )
    if tag is not None:
        statement = statement.where(has_tag(Insight.tags, tag))
    if kind is not None:
        statement = statement.where(Insight.kind == kind)
    if starred_by is not None:
        statement = statement.where(is_starred(Insight.id, starred_by))
    return statement


def find_insight(
    session: Session, project_id: str, insight_id: str, *, for_update: bool = False
) -> Insight | None:
    """The insight, when it is of this project."""
    statement = insights(project_id).where(Insight.id == insight_id)
    return session.scalar(statement.with_for_update() if for_update else statement)


def insights_by_id(session: Session, project_id: str, ids: Iterable[str]) -> dict[str, Insight]:
    """Those of these insights that are of this project."""
    rows = session.scalars(insights(project_id).where(Insight.id.in_(list(ids))))
    return {row.id: row for row in rows}


def names_like(session: Session, project_id: str, start: str) -> set[str]:
    """The names of insights that begin like this."""
    names = select(Insight.name).where(Insight.project_id == project_id)
    return set(session.scalars(names.where(Insight.name.startswith(start, autoescape=True))))


def tags(session: Session, project_id: str) -> Counter[str]:
    """How many insights and dashboards have each tag."""
    found: Counter[str] = Counter()
    for table in (Insight, Dashboard):
        for each in session.scalars(select(table.tags).where(table.project_id == project_id)):
            found.update(each)
    return found


def versions(insight_id: str) -> Select[InsightVersion]:
    """The versions of an insight."""
    return select(InsightVersion).where(InsightVersion.insight_id == insight_id)
