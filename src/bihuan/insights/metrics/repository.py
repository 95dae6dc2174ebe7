"""Queries on metrics."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from bihuan.insights.columns import contains
from bihuan.insights.dashboards.models import Dashboard, Tile
from bihuan.insights.metrics.models import InsightMetric, Metric
from bihuan.insights.saved.models import Insight


def metrics(project_id: str, *, search: str | None = None) -> Select[Metric]:
    """The metrics of a project."""
    statement = select(Metric).where(Metric.project_id == project_id)
    if search:
        statement = statement.where(or_(contains(Metric.name, search), contains(Metric.description, search)))
    return statement


def find_metric(
    session: Session, project_id: str, metric_id: str, *, for_update: bool = False
) -> Metric | None:
    """The metric, when it is of this project."""
    statement = metrics(project_id).where(Metric.id == metric_id)
    return session.scalar(statement.with_for_update() if for_update else statement)


def metric_named(session: Session, project_id: str, name: str) -> Metric | None:
    """The metric with this name."""
    return session.scalar(metrics(project_id).where(Metric.name == name))


def metrics_by_id(session: Session, project_id: str, ids: Iterable[str]) -> dict[str, Metric]:
    """Those of these metrics that are of this project."""
    rows = session.scalars(metrics(project_id).where(Metric.id.in_(list(ids))))
    return {row.id: row for row in rows}


def count_uses(session: Session, metric_id: str) -> int:
    """How many insights refer to it."""
    statement = select(func.count()).select_from(InsightMetric)
    return int(session.scalar(statement.where(InsightMetric.metric_id == metric_id)) or 0)


def insights_with(metric_id: str) -> Select[Insight]:
    """The insights that refer to it, by name."""
    mine = select(InsightMetric.insight_id).where(InsightMetric.metric_id == metric_id)
    return select(Insight).where(Insight.id.in_(mine)).order_by(Insight.name, Insight.id)


def dashboards_with(metric_id: str) -> Select[Dashboard]:
    """The dashboards with such an insight, by name."""
    mine = select(InsightMetric.insight_id).where(InsightMetric.metric_id == metric_id)
    boards = select(Tile.dashboard_id).where(Tile.insight_id.in_(mine))
    return select(Dashboard).where(Dashboard.id.in_(boards)).order_by(Dashboard.name, Dashboard.id)


def replace_uses(session: Session, insight_id: str, metric_ids: Iterable[str]) -> None:
    """Write down which metrics an insight refers to now."""
    session.execute(delete(InsightMetric).where(InsightMetric.insight_id == insight_id))
    session.add_all(InsightMetric(insight_id=insight_id, metric_id=each) for each in metric_ids)
