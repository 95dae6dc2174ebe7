"""Queries on dashboards."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bihuan.insights.columns import contains, has_tag
from bihuan.insights.dashboards.models import Dashboard, Tile
from bihuan.insights.stars import is_starred
from bihuan.insights.wire import Author


def dashboards(
    project_id: str, *, search: str | None = None, tag: str | None = None, starred_by: Author | None = None
) -> Select[Dashboard]:
    """The dashboards of a project that have all that is given."""
    statement = select(Dashboard).where(Dashboard.project_id == project_id)
    if search:
        statement = statement.where(
            or_(contains(Dashboard.name, search), contains(Dashboard.description, search))
        )
    if tag is not None:
        statement = statement.where(has_tag(Dashboard.tags, tag))
    if starred_by is not None:
        statement = statement.where(is_starred(Dashboard.id, starred_by))
    return statement


def find_dashboard(
    session: Session, project_id: str, dashboard_id: str, *, for_update: bool = False
) -> Dashboard | None:
    """The dashboard, when it is of this project."""
    statement = dashboards(project_id).where(Dashboard.id == dashboard_id)
    return session.scalar(statement.with_for_update() if for_update else statement)


def tiles_of(session: Session, dashboard_ids: Iterable[str]) -> dict[str, list[Tile]]:
    """The tiles of some boards, in order."""
    wanted = list(dashboard_ids)
    found: dict[str, list[Tile]] = {each: [] for each in wanted}
    statement = select(Tile).where(Tile.dashboard_id.in_(wanted)).order_by(Tile.position)
    for row in session.scalars(statement):
        found[row.dashboard_id].append(row)
    return found


def names_like(session: Session, project_id: str, start: str) -> set[str]:
    """The names of dashboards that begin like this."""
    names = select(Dashboard.name).where(Dashboard.project_id == project_id)
    return set(session.scalars(names.where(Dashboard.name.startswith(start, autoescape=True))))


def templates_made(session: Session, project_id: str) -> set[str]:
    """Which ready boards the project has already."""
    made = select(Dashboard.template).where(Dashboard.project_id == project_id)
    return {template for template in session.scalars(made) if template is not None}
