"""Projects whose months do not merge, for the tests of settling; as a program, a process that settles one.

    python -m tests.warehouse.settled_apart DIRECTORY

opens the project ``killed`` in the directory, adds parts to it, prints what it holds as JSON, settles it and
prints the projections of its parts.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from bihuan.warehouse import Batch, Engine, EventRow, GroupWriter, ProjectStore, open_project, settle
from bihuan.warehouse.rollups.content import content_sql
from tests.warehouse.writing.samples import NOON_MS, sample_row, stored_counts

MONTH_MS = 31 * 86_400_000
PLAIN, MIXED, SINGLE = NOON_MS, NOON_MS - MONTH_MS, NOON_MS - 2 * MONTH_MS
# As partitions.
MONTHS = {"202510": PLAIN, "202509": MIXED, "202508": SINGLE}
ROWS_A_PART = 40


def rows_of(part: int, time_ms: int) -> list[EventRow]:
    """The rows of a part: numbers that follow from its own."""
    numbers = range(part * ROWS_A_PART, (part + 1) * ROWS_A_PART)
    return [sample_row(number, time_ms=time_ms + number * 1000, event=f"e{number % 3}") for number in numbers]


def without_merges(store: ProjectStore) -> None:
    """Nothing merges by itself from here on."""
    small = ", ".join(f"max_bytes_to_merge_at_{which}_space_in_pool = 1" for which in ("max", "min"))
    store.engine.command(f"ALTER TABLE {store.table('events')} MODIFY SETTING {small}")


def months_apart(store: ProjectStore, writer: GroupWriter) -> int:
    """Fill three months: parts without projections, one part with between some without, one part without.

    Returns:
        How many rows there are.
    """
    without_merges(store)
    parts = [PLAIN, PLAIN, PLAIN, MIXED, MIXED, MIXED, SINGLE]
    for part, time_ms in enumerate(parts):
        add(store, writer, part, time_ms)
        if part == 3:
            store.engine.command(f"OPTIMIZE TABLE {store.table('events')} PARTITION ID '202509' FINAL")
    return len(parts) * ROWS_A_PART


def add(store: ProjectStore, writer: GroupWriter, part: int, time_ms: int) -> None:
    """Store a part."""
    writer.submit(store, Batch(rows_of(part, time_ms))).result()


def parts_of(store: ProjectStore) -> dict[str, list[list[str]]]:
    """The projections of each part of each month."""
    rows = store.engine.rows(
        "SELECT partition_id, groupArray(arraySort(projections)) FROM system.parts "
        f"WHERE database = '{store.layout.database}' AND table = 'events' AND active AND rows > 0 "
        "GROUP BY partition_id"
    )
    return {month: [list(part) for part in parts] for month, parts in rows}


def held(store: ProjectStore) -> dict[str, Any]:
    """How often each number is in the log, and what each day holds by its rows and by the projections."""
    by_rows, by_projections = (
        sorted(
            (str(event), str(day), count, total)
            for event, day, count, total in store.engine.rows(
                content_sql(store, "UTC"), settings={"optimize_use_projections": used}
            )
        )
        for used in (0, 1)
    )
    return {"rows": sorted(stored_counts(store).elements()), "same": by_rows == by_projections}


def main(directory: str) -> None:
    """Add to the project of a directory, tell what it holds, settle it."""
    engine, writer = Engine(f"chdb://{directory}"), GroupWriter()
    store = open_project(engine, "killed")
    there = stored_counts(store).total() // ROWS_A_PART
    if there:
        for part, time_ms in enumerate((PLAIN, MIXED, SINGLE), there):
            add(store, writer, part, time_ms)
    else:
        months_apart(store, writer)
    print(json.dumps(held(store)), flush=True)
    settle(store, quiet_seconds=0)
    print(json.dumps(parts_of(store)), flush=True)
    writer.close()
    engine.close()


if __name__ == "__main__":
    main(sys.argv[1])
