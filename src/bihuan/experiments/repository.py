"""Queries on experiments."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.experiments.models import Experiment, Layer, Look, Weighing
from bihuan.insights import contains


def experiments(
    project_id: str, *, search: str | None = None, status: str | None = None
) -> Select[Experiment]:
    """The experiments of a project."""
    statement = select(Experiment).where(Experiment.project_id == project_id)
    if search:
        statement = statement.where(contains(Experiment.name, search))
    return statement if status is None else statement.where(Experiment.status == status)


def looks(experiment_id: str) -> Select[Look]:
    """The readings that were taken of it."""
    return select(Look).where(Look.experiment_id == experiment_id)


def last_look(session: Session, experiment_id: str) -> Look | None:
    """The latest reading."""
    return session.scalar(looks(experiment_id).order_by(Look.at.desc(), Look.id.desc()).limit(1))


def weighings(session: Session, experiment_id: str) -> list[Weighing]:
    """A bandit's weights, the oldest first."""
    statement = select(Weighing).where(Weighing.experiment_id == experiment_id)
    return list(session.scalars(statement.order_by(Weighing.at, Weighing.id)))


def layers(project_id: str) -> Select[Layer]:
    """The layers of a project."""
    return select(Layer).where(Layer.project_id == project_id)


def in_layer(session: Session, layer_id: str) -> list[Experiment]:
    """The experiments of a layer."""
    return list(session.scalars(select(Experiment).where(Experiment.layer_id == layer_id)))


def last_looks(session: Session, experiment_ids: Sequence[str]) -> dict[str, Look]:
    """The latest reading of each."""
    newest = select(func.max(Look.id)).where(Look.experiment_id.in_(experiment_ids))
    rows = session.scalars(select(Look).where(Look.id.in_(newest.group_by(Look.experiment_id))))
    return {row.experiment_id: row for row in rows}


def look_ids(session: Session, experiment_id: str) -> list[str]:
    """The readings that were taken of it, the oldest first."""
    statement = select(Look.id).where(Look.experiment_id == experiment_id)
    return list(session.scalars(statement.order_by(Look.id)))


def looks_of(session: Session, ids: Sequence[str]) -> list[Look]:
    """These readings, the oldest first."""
    return list(session.scalars(select(Look).where(Look.id.in_(ids)).order_by(Look.id)))
