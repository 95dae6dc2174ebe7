"""What the log holds of each event and day, by count and checksum; its projection answers that."""

from __future__ import annotations

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal

# Equal counts and equal sums of this over the rows of a day mean equal rows and equal persons.
ROW_HASH = "cityHash64(event_id, person_id)"
ANY_EVENT = ""


def local_day(time_zone: str) -> str:
    """SQL Date over ``events``: the zone's day of a row, in the form that the projection can answer."""
    return f"toDate(toStartOfFifteenMinutes(time), {literal(time_zone)})"


def content_sql(store: ProjectStore, time_zone: str, where: str = "true") -> str:
    """SELECT ``event, day, row_count, row_sum`` of the log as it is now."""
    return (
        f"SELECT event, {local_day(time_zone)} AS day, count() AS row_count, sum({ROW_HASH}) AS row_sum\n"
        f"FROM {store.table('events')} WHERE {where} GROUP BY event, day"
    )


def stored_sql(store: ProjectStore, time_zone: str, property: str, where: str = "true") -> str:
    """SELECT ``event, day, cell_rows, cell_sum, cell_version, cell_numbers`` of the rollup as it is now."""
    return (
        "SELECT event, day, rows AS cell_rows, checksum AS cell_sum, version AS cell_version, "
        "numbers AS cell_numbers\n"
        f"FROM {store.table('day_people')} FINAL\n"
        f"WHERE zone = {literal(time_zone)} AND property = {literal(property)} AND {where}"
    )
