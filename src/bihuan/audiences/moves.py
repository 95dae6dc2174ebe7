"""Who moved between values."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import TABLE, owners_sql
from bihuan.warehouse.sql import literal, time_ms


@dataclass(frozen=True)
class Wanted:
    """Moves at times in ``(after_ms, until_ms]`` from one value to another; '' is none, None any."""

    after_ms: int
    until_ms: int
    before: str | None
    value: str | None


def page_of(
    store: ProjectStore, subject_id: str, wanted: Wanted, *, after: int | None, limit: int
) -> list[int]:
    """The next ids of people who made such a move, ascending, as the persons they are now."""
    conditions = [
        f"subject_id = {literal(subject_id)}",
        f"time > {time_ms(wanted.after_ms)}",
        f"time <= {time_ms(wanted.until_ms)}",
    ]
    conditions += [] if wanted.before is None else [f"before = {literal(wanted.before)}"]
    conditions += [] if wanted.value is None else [f"value = {literal(wanted.value)}"]
    moved = f"SELECT DISTINCT person_id FROM {store.table(TABLE)} WHERE {' AND '.join(conditions)}"
    beyond = "" if after is None else f" WHERE person > {after}"
    owned = owners_sql(store.table, moved)
    rows = store.engine.rows(f"SELECT DISTINCT person FROM ({owned}){beyond} ORDER BY person LIMIT {limit}")
    return [row[0] for row in rows]
