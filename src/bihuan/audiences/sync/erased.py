"""Who was erased between two moments: the receiver of a webhook is to forget them, too."""

from __future__ import annotations

from bihuan.warehouse import ProjectStore
from bihuan.warehouse.sql import time_ms

_AT = "toUnixTimestamp64Milli(erased_at)"


def erased(store: ProjectStore, after_ms: int, until_ms: int) -> list[int]:
    """The ids, as messages have them in ``person_id``, ascending; several of one person after merges."""
    return [
        row[0]
        for row in store.engine.rows(
            f"SELECT DISTINCT distinct_key FROM {store.table('erasures')} "
            f"WHERE erased_at > {time_ms(after_ms)} AND erased_at <= {time_ms(until_ms)} "
            "ORDER BY distinct_key"
        )
    ]


def erased_until(store: ProjectStore, after_ms: int, until_ms: int, *, most: int) -> int | None:
    """Until when there are about ``most`` ids, those of one erasure together; None if there are none."""
    rows = store.engine.rows(
        f"SELECT {_AT} AS at FROM {store.table('erasures')} WHERE erased_at > {time_ms(after_ms)} "
        f"AND erased_at <= {time_ms(until_ms)} ORDER BY at LIMIT {most}"
    )
    return rows[-1][0] if rows else None
