"""Metrics: defined once, used by many insights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bihuan.analytics import Query
from bihuan.analytics.trend import TrendQuery
from bihuan.database import Database, utc_now
from bihuan.insights.metrics import repository
from bihuan.insights.metrics.errors import MetricExists, MetricInUse, MetricNotFound, MetricUnusable
from bihuan.insights.metrics.models import Metric
from bihuan.insights.metrics.resolution import Definition, Resolved, metric_ids, resolve
from bihuan.insights.metrics.schemas import MetricChange, MetricInput, MetricOutput, MetricUses, Use
from bihuan.insights.wire import Author


def get_metric(session: Session, project_id: str, metric_id: str, *, for_update: bool = False) -> Metric:
    """One metric. Raises ``MetricNotFound``."""
    found = repository.find_metric(session, project_id, metric_id, for_update=for_update)
    if found is None:
        raise MetricNotFound(metric_id=metric_id)
    return found


def create_metric(session: Session, project_id: str, author: Author, given: MetricInput) -> Metric:
    """Define a metric. Raises ``MetricExists``."""
    if repository.metric_named(session, project_id, given.name) is not None:
        raise MetricExists(name=given.name, path="name")
    by = author.model_dump()
    values = {**given.model_dump(exclude={"query"}), "query": _stored(given.query)}
    row = Metric(project_id=project_id, created_by=by, updated_by=by, **values)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        # Another process defined one at the same moment.
        raise MetricExists(name=given.name, path="name") from error
    return row


def change_metric(
    session: Session, project_id: str, metric_id: str, author: Author, change: MetricChange
) -> Metric:
    """Define a metric anew; what uses it follows.

    Raises:
        MetricNotFound, MetricExists.
    """
    row = get_metric(session, project_id, metric_id, for_update=True)
    renamed = change.name if change.name != row.name else None
    if renamed is not None and repository.metric_named(session, project_id, renamed) is not None:
        raise MetricExists(name=renamed, path="name")
    values = change.model_dump(exclude={"query"}, exclude_none=True)
    if change.query is not None:
        values["query"] = _stored(change.query)
    for name, value in values.items():
        setattr(row, name, value)
    row.updated_by, row.updated_at = author.model_dump(), utc_now()
    session.flush()
    return row


def delete_metric(session: Session, project_id: str, metric_id: str) -> str:
    """Delete a metric that nothing uses. Returns its name.

    Raises:
        MetricNotFound, MetricInUse.
    """
    row = get_metric(session, project_id, metric_id, for_update=True)
    used = repository.count_uses(session, metric_id)
    if used:
        raise MetricInUse(name=row.name, insights=used)
    session.delete(row)
    return row.name


def uses_of(session: Session, project_id: str, metric_id: str) -> MetricUses:
    """Where a metric is used. Raises ``MetricNotFound``."""
    get_metric(session, project_id, metric_id)
    insights = session.scalars(repository.insights_with(metric_id))
    dashboards = session.scalars(repository.dashboards_with(metric_id))
    return MetricUses(
        insights=[Use.model_validate(row) for row in insights],
        dashboards=[Use.model_validate(row) for row in dashboards],
    )


def check_metrics(session: Session, project_id: str, query: Query) -> None:
    """Raise unless a question that is to be saved refers to metrics that it can use.

    Raises:
        MetricNotFound, MetricUnusable.
    """
    _resolved(session, project_id, query)


def note_uses(session: Session, project_id: str, insight_id: str, stored: Mapping[str, Any]) -> None:
    """Write down which metrics a saved question refers to; those that are gone are left out."""
    series = stored.get("series", [])
    named = [each.get("metric") for each in series if isinstance(each, dict)]
    wanted = list(dict.fromkeys(each for each in named if isinstance(each, str)))
    repository.replace_uses(session, insight_id, repository.metrics_by_id(session, project_id, wanted))


def resolve_metrics(database: Database, project_id: str, query: Query) -> Resolved:
    """A question with the definitions of its metrics in it; free of cost without metrics.

    Raises:
        MetricNotFound, MetricUnusable.
    """
    if not metric_ids(query):
        return Resolved(query)
    with database.read_session() as session:
        return _resolved(session, project_id, query)


def output(row: Metric) -> MetricOutput:
    """A metric on the wire."""
    try:
        query = TrendQuery.model_validate(row.query)
    except ValidationError:
        query = None
    names = [name for name in MetricOutput.model_fields if name != "query"]
    return MetricOutput.model_validate({name: getattr(row, name) for name in names} | {"query": query})


def _resolved(session: Session, project_id: str, query: Query) -> Resolved:
    held = repository.metrics_by_id(session, project_id, metric_ids(query))

    def definition(metric_id: str, index: int) -> Definition:
        row = held.get(metric_id)
        if row is None:
            raise MetricNotFound(metric_id=metric_id, path=f"series[{index}].metric")
        try:
            return Definition(row.name, TrendQuery.model_validate(row.query))
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            raise MetricUnusable(name=row.name, reason=reason, path=f"series[{index}].metric") from error

    return resolve(query, definition)


def _stored(query: TrendQuery) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(query.model_dump_json())
    return stored
