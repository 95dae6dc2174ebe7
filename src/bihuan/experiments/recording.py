"""Keeping who was put into which group, beside the log: the first group stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import TABLE, value_sql
from bihuan.warehouse.sql import literal, time_ms

CAUSE = "experiment"
# So many ids fit into a statement; of more, all of the subject are read.
_FEW = 5_000
_AT_ONCE = 100_000


def record_groups(store: ProjectStore, subject_id: str, groups: Mapping[int, str], *, at_ms: int) -> None:
    """Put persons into groups of a campaign, step or experiment, as of a time (Unix ms).

    Who has a group already keeps it, so that running it again changes nothing. ``Assigned(subject_id=…)``
    reads them; erasure and merges of persons are followed.
    """
    held = f"SELECT person FROM ({value_sql(store.table, subject_id)})"
    if len(groups) <= _FEW:
        held += f" WHERE person IN ({', '.join(map(str, groups)) or '0'})"
    known = {row[0] for row in store.engine.rows(held)}
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    fresh = [
        [subject_id, person, moment, group, "", CAUSE]
        for person, group in groups.items()
        if person not in known
    ]
    columns = ["subject_id", "person_id", "time", "value", "before", "cause"]
    for start in range(0, len(fresh), _AT_ONCE):
        store.engine.insert_rows(store.table(TABLE), columns, fresh[start : start + _AT_ONCE])


def record_groups_sql(
    store: ProjectStore,
    subject_id: str,
    wanted: str,
    *,
    at_ms: int,
    settings: dict[str, Any] | None = None,
) -> None:
    """The same for a SELECT of ``person, value`` (each person once; '' for no group), within the engine."""
    held = f"SELECT person FROM ({value_sql(store.table, subject_id)})"
    store.engine.command(
        f"INSERT INTO {store.table(TABLE)} (subject_id, person_id, time, value, before, cause)\n"
        f"SELECT {literal(subject_id)}, person, {time_ms(at_ms)}, value, '', {literal(CAUSE)}\n"
        f"FROM (\n{wanted}\n) WHERE value != '' AND person NOT IN ({held})",
        settings=settings,
    )
