"""``/api/projects/{project_id}/metrics``."""

from __future__ import annotations

from fastapi import APIRouter

from bihuan.access import ControlDatabase, InsightEditor, Viewer, record_change
from bihuan.database import Page
from bihuan.insights.metrics import repository, service
from bihuan.insights.metrics.models import Metric
from bihuan.insights.metrics.schemas import MetricChange, MetricInput, MetricOutput, MetricUses
from bihuan.insights.paging import newest_first
from bihuan.insights.wire import Cursor, Identifier, Limit, Search, author_of

router = APIRouter(prefix="/api/projects/{project_id}/metrics", tags=["metrics"])


@router.get("")
def list_metrics(
    caller: Viewer,
    database: ControlDatabase,
    search: Search = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[MetricOutput]:
    """The metrics, the newest first; ``search`` looks in names and descriptions."""
    wanted = repository.metrics(caller.project.id, search=search)
    with database.read_session() as session:
        rows, after = newest_first(session, wanted, Metric.id, cursor, limit)
    return Page(items=[service.output(row) for row in rows], next_cursor=after)


@router.post("", status_code=201)
def create_metric(caller: InsightEditor, database: ControlDatabase, body: MetricInput) -> MetricOutput:
    """Define a metric."""
    with database.session() as session:
        return service.output(service.create_metric(session, caller.project.id, author_of(caller), body))


@router.get("/{metric_id}")
def get_metric(caller: Viewer, database: ControlDatabase, metric_id: Identifier) -> MetricOutput:
    """One metric."""
    with database.read_session() as session:
        return service.output(service.get_metric(session, caller.project.id, metric_id))


@router.patch("/{metric_id}")
def change_metric(
    caller: InsightEditor, database: ControlDatabase, metric_id: Identifier, body: MetricChange
) -> MetricOutput:
    """Define a metric anew; every insight that uses it follows."""
    author = author_of(caller)
    with database.session() as session:
        return service.output(service.change_metric(session, caller.project.id, metric_id, author, body))


@router.delete("/{metric_id}", status_code=204)
def delete_metric(caller: InsightEditor, database: ControlDatabase, metric_id: Identifier) -> None:
    """Delete a metric that no insight uses."""
    with database.session() as session:
        name = service.delete_metric(session, caller.project.id, metric_id)
        target, before = ("metric", metric_id), {"name": name}
        record_change(session, caller, "metric.deleted", target, project_id=caller.project.id, before=before)


@router.get("/{metric_id}/uses")
def metric_uses(caller: Viewer, database: ControlDatabase, metric_id: Identifier) -> MetricUses:
    """The insights that use a metric, and the dashboards they are on."""
    with database.read_session() as session:
        return service.uses_of(session, caller.project.id, metric_id)
