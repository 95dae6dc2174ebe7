"""Who entered and who left between two moments, in order of persons."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import TABLE, owners_sql
from bihuan.warehouse.sql import literal, time_ms


@dataclass(frozen=True)
class Part:
    """Moves in ``(after_ms, until_ms]`` of the persons in ``(after_person, until_person]``, whose net counts.

    Somebody who entered and left again is in none of it. The bounds of persons are open where None.
    """

    after_ms: int
    until_ms: int
    after_person: int | None = None
    until_person: int | None = None


def moved(
    store: ProjectStore, subject_id: str, value: str, part: Part, *, limit: int | None = None
) -> list[tuple[int, bool]]:
    """The persons, ascending, each with whether they entered (else left).

    Rows of the log are never rewritten, so the same part gives the same persons again, except for those who
    were merged or erased meanwhile.
    """
    rows = (
        f"FROM {store.table(TABLE)} WHERE subject_id = {literal(subject_id)} "
        f"AND time > {time_ms(part.after_ms)} AND time <= {time_ms(part.until_ms)}"
    )
    owners = owners_sql(store.table, f"SELECT DISTINCT person_id {rows}")
    wanted = literal(value)
    bounds = "" if part.after_person is None else f" AND person > {part.after_person}"
    bounds += "" if part.until_person is None else f" AND person <= {part.until_person}"
    end = "" if limit is None else f" LIMIT {limit}"
    found = store.engine.rows(
        f"SELECT o.person AS person, argMin(m.before, m.time) = {wanted} AS was, "
        f"argMax(m.value, m.time) = {wanted} AS is "
        f"FROM (SELECT person_id, time, before, value {rows}) AS m "
        f"INNER JOIN ({owners}) AS o ON o.person_id = m.person_id "
        f"GROUP BY person HAVING was != is{bounds} ORDER BY person{end}"
    )
    return [(row[0], bool(row[2])) for row in found]
