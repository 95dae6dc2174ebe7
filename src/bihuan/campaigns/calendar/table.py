"""The calendar as CSV."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa

from bihuan.campaigns.calendar.schemas import Calendar
from bihuan.kernel.tables import TableOptions, write_table

_COLUMNS = ("kind", "id", "name", "status", "first_day", "last_day", "people", "owner", "conflicts")


def csv_of(calendar: Calendar) -> bytes:
    """A row for each campaign and each task that is due, as spreadsheets want them."""
    conflicts: dict[str, list[str]] = {}
    for each in calendar.conflicts:
        for campaign in each.campaign_ids:
            conflicts.setdefault(campaign, []).append(each.kind)
    rows: list[tuple[Any, ...]] = [
        (
            "campaign",
            each.campaign_id,
            each.name,
            each.status,
            each.first_day.isoformat(),
            each.last_day.isoformat(),
            each.people,
            "",
            " ".join(sorted(set(conflicts.get(each.campaign_id, ())))),
        )
        for each in calendar.entries
    ]
    for task in calendar.tasks:
        state, day = "done" if task.done else "open", task.day.isoformat()
        name = f"{task.campaign}: {task.title}"
        rows.append(("task", task.task_id, name, state, day, day, None, task.owner_name, ""))
    columns = {name: [row[place] for row in rows] for place, name in enumerate(_COLUMNS)}
    schema = pa.schema([(name, pa.int64() if name == "people" else pa.string()) for name in _COLUMNS])
    target = io.BytesIO()
    batches = [pa.RecordBatch.from_pydict(columns, schema=schema)]
    write_table(batches, schema, target, "csv", TableOptions(byte_order_mark=True, formula_safe=True))
    return target.getvalue()
