"""Queries on audiences and the people in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.analytics import ProjectContext
from bihuan.analytics.run import page_sql
from bihuan.audiences.models import Audience
from bihuan.insights import contains, persons_sql
from bihuan.kernel.arrays import Array
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import MEMBER, TABLE, value_sql

_ROWS_AT_ONCE = 1_000_000


def audiences(project_id: str, *, search: str | None = None) -> Select[Audience]:
    """The audiences of a project."""
    statement = select(Audience).where(Audience.project_id == project_id)
    return statement.where(contains(Audience.name, search)) if search else statement


def find_audience(session: Session, project_id: str, audience_id: str) -> Audience | None:
    """The audience, when it is of this project."""
    return session.scalar(audiences(project_id).where(Audience.id == audience_id))


def add_people(store: ProjectStore, audience_id: str, persons: Array, at: datetime) -> None:
    """Put people into a new audience."""
    for start in range(0, len(persons), _ROWS_AT_ONCE):
        part = persons[start : start + _ROWS_AT_ONCE].astype(np.uint64)
        columns = {"subject_id": audience_id, "time": at, "value": MEMBER, "before": "", "cause": "member"}
        repeated = {name: pa.repeat(pa.scalar(value), len(part)) for name, value in columns.items()}
        store.engine.insert_arrow(store.table(TABLE), pa.table({**repeated, "person_id": part}))


def page_of(store: ProjectStore, audience_id: str, *, after: int | None, limit: int) -> list[int]:
    """The next person ids of an audience, ascending."""
    members = value_sql(store.table, audience_id)
    return [row[0] for row in store.engine.rows(page_sql(members, after, limit))]


def export_sql(ctx: ProjectContext, store: ProjectStore, audience_id: str, properties: Sequence[str]) -> str:
    """SELECT of everybody in an audience with what is known of them; the columns are those of people."""
    persons = f"SELECT person FROM ({value_sql(store.table, audience_id)})"
    return persons_sql(ctx, persons, properties)
