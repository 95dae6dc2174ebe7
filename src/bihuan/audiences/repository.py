"""Queries on audiences and the people in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bihuan.analytics import ProjectContext
from bihuan.audiences.models import Audience
from bihuan.insights import contains, persons_sql
from bihuan.kernel.arrays import Array
from bihuan.people.identity.repository import WIDE, in_statements
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import literal, tuple_of

TABLE = "audience_people"
_ROWS_AT_ONCE = 1_000_000


def audiences(project_id: str, *, search: str | None = None) -> Select[Audience]:
    """The audiences of a project."""
    statement = select(Audience).where(Audience.project_id == project_id)
    return statement.where(contains(Audience.name, search)) if search else statement


def find_audience(session: Session, project_id: str, audience_id: str) -> Audience | None:
    """The audience, when it is of this project."""
    return session.scalar(audiences(project_id).where(Audience.id == audience_id))


def add_people(store: ProjectStore, audience_id: str, persons: Array) -> None:
    """Put people into an audience."""
    for start in range(0, len(persons), _ROWS_AT_ONCE):
        part = persons[start : start + _ROWS_AT_ONCE].astype(np.uint64)
        ids = pa.repeat(pa.scalar(audience_id), len(part))
        store.engine.insert_arrow(store.table(TABLE), pa.table({"audience_id": ids, "person_id": part}))


def people_of(store: ProjectStore, audience_ids: Iterable[str]) -> str:
    """A SELECT of ``audience_id, person``: everybody once, as the person they are now."""
    table = store.table(TABLE)
    among = f"audience_id IN {tuple_of(audience_ids)}"
    owners = (
        "SELECT distinct_key, toNullable(argMax(person_id, version)) AS owner "
        f"FROM {store.table('identity_overrides')} "
        f"WHERE distinct_key IN (SELECT person_id FROM {table} WHERE {among}) GROUP BY distinct_key"
    )
    return (
        "SELECT DISTINCT a.audience_id AS audience_id, coalesce(o.owner, a.person_id) AS person "
        f"FROM {table} AS a LEFT ANY JOIN ({owners}) AS o ON o.distinct_key = a.person_id WHERE a.{among}"
    )


def sizes(store: ProjectStore, audience_ids: Sequence[str]) -> dict[str, int]:
    """How many people each of these has."""
    if not audience_ids:
        return {}
    rows = store.engine.rows(
        f"SELECT audience_id, count() FROM ({people_of(store, audience_ids)}) GROUP BY audience_id"
    )
    return dict(rows)


def page_of(store: ProjectStore, audience_id: str, *, after: int | None, limit: int) -> list[int]:
    """The next person ids of an audience, ascending."""
    beyond = "" if after is None else f" WHERE person > {after}"
    rows = store.engine.rows(
        f"SELECT person FROM ({people_of(store, [audience_id])}){beyond} ORDER BY person LIMIT {limit}"
    )
    return [row[0] for row in rows]


def recorded_among(store: ProjectStore, persons: Iterable[int]) -> set[int]:
    """Which of these person ids have events or a profile."""
    found: set[int] = set()
    for listed in in_statements(persons):
        for table, condition in (("events", "1"), ("profiles", "NOT deleted")):
            final = " FINAL" if table == "profiles" else ""
            rows = store.engine.rows(
                f"SELECT DISTINCT person_id FROM {store.table(table)}{final} "
                f"WHERE person_id IN {listed} AND {condition}",
                settings=WIDE,
            )
            found |= {row[0] for row in rows}
    return found


def export_sql(ctx: ProjectContext, store: ProjectStore, audience_id: str, properties: Sequence[str]) -> str:
    """SELECT of everybody in an audience with what is known of them; the columns are those of people."""
    persons = f"SELECT person FROM ({people_of(store, [audience_id])})"
    return persons_sql(ctx, persons, properties)


def remove_people(store: ProjectStore, audience_id: str) -> None:
    """Delete an audience's rows."""
    layout = store.layout
    store.engine.command(
        f"ALTER TABLE {layout.local_name(TABLE)}{layout.on_cluster} "
        f"DELETE WHERE audience_id = {literal(audience_id)}"
    )
