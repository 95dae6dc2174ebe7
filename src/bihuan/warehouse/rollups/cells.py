"""Which cells of the rollup say what the log says, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.rollups.content import ANY_EVENT, content_sql, stored_sql
from bihuan.warehouse.sql import literal, tuple_of

QUARTER_SECONDS = 900
# Beyond this many merged ids that wait to be written into the log, reading their people's rows costs more
# than the rollup saves.
MOST_PENDING = 5_000
# The rollup is used while at most this share of the rows must be read from the log all the same.
MOST_STALE_SHARE = 0.3


@dataclass(frozen=True)
class Cells:
    """The cells of some events and one property as they were when they were compared with the log.

    Args:
        version: cells with a later one are of a later log.
        stale_days: days of which the log has to be read, ascending.
    """

    time_zone: str
    property: str
    events: tuple[str, ...]
    version: int
    stale_days: tuple[date, ...]


def compare(
    store: ProjectStore, time_zone: str, events: Sequence[str], property: str, last_day: date
) -> Cells | None:
    """The cells until ``last_day`` of ``events`` (none: of any event); None where they are of no use."""
    if not whole_quarters(time_zone):
        return None
    named = f"event IN {tuple_of(sorted(events))}" if events else "true"
    until = f"day <= {literal(last_day)}"
    now = content_sql(store, time_zone, f"{named} AND {until}")
    if not events:
        now = (
            "SELECT '' AS event, day, sum(row_count) AS row_count, sum(row_sum) AS row_sum\n"
            f"FROM (\n{now}\n) GROUP BY day"
        )
    there = stored_sql(
        store, time_zone, property, f"{until} AND {named if events else f'event = {literal(ANY_EVENT)}'}"
    )
    rows = store.engine.rows(
        "SELECT max(cell_version), sum(row_count), sumIf(row_count, stale), "
        "arraySort(groupUniqArrayIf(day, stale)), "
        f"max(cell_numbers) <= (SELECT count() FROM {store.table('person_numbers')})\n"
        "FROM (SELECT day, row_count, cell_version, cell_numbers, "
        "row_count != cell_rows OR row_sum != cell_sum AS stale\n"
        f"FROM (\n{now}\n) AS now FULL JOIN (\n{there}\n) AS there USING (event, day))"
    )
    version, total, stale, days, complete = rows[0]
    if version == 0 or not complete or stale > total * MOST_STALE_SHARE:
        return None
    return Cells(time_zone, property, tuple(sorted(events)), int(version), tuple(days))


def cells_sql(store_table: str, cells: Cells, where: str = "true") -> str:
    """SELECT ``day, key, people`` of the cells that agree with the log.

    The engine fails, with ``RollupMovedOn``, when one of them was built anew since they were compared.
    """
    conditions = [
        f"zone = {literal(cells.time_zone)}",
        f"property = {literal(cells.property)}",
        f"event IN {tuple_of(cells.events or (ANY_EVENT,))}",
        where,
        f"throwIf(version > {cells.version}, 'the rollup moved on') = 0",
    ]
    if cells.stale_days:
        conditions.append(f"day NOT IN {tuple_of(cells.stale_days)}")
    return (
        f"SELECT day, key, bitmap AS people FROM (\nSELECT day, keys, people FROM {store_table} FINAL\n"
        f"WHERE {' AND '.join(conditions)}\n) ARRAY JOIN keys AS key, people AS bitmap"
    )


def consistent(store: ProjectStore) -> bool:
    """Whether the numbers that the cells use are all there: a loss of power can take the last written."""
    used = f"SELECT max(numbers) FROM {store.table('day_people')}"
    return bool(store.engine.scalar(f"SELECT ({used}) <= count() FROM {store.table('person_numbers')}"))


def whole_quarters(time_zone: str) -> bool:
    """Whether all days of a zone since 1970 begin on a quarter of an hour of UTC."""
    # Days begin on quarters of an hour everywhere but in Monrovia until 1972.
    offset = ZoneInfo(time_zone).utcoffset(datetime(1970, 1, 2))
    return offset is not None and offset.total_seconds() % QUARTER_SECONDS == 0
