"""Physical duplicates that processes racing on one server can leave, and their removal."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import time_ms
from bihuan.warehouse.writing.seen import IDS_PER_LOOKUP, id_list

# Of the rows with one id the smallest of these is kept. It must name one row for good: parts are rewritten
# while others delete, and squashing changes the person. One writer never inserts an id twice.
_PLACE = "(received_at, time, writer)"


def sweep_duplicates(store: ProjectStore, since_ms: int) -> int:
    """Remove the physical duplicates among events received since ``since_ms`` (Unix milliseconds).

    Compares them with the whole history. Safe to run from several processes at once and to repeat: which
    row is kept does not depend on who runs it. Returns the number of event ids that had duplicates.
    """
    table = store.table("events")
    rows = store.engine.rows(
        f"SELECT event_id FROM {table} WHERE event_id IN "
        f"(SELECT event_id FROM {table} WHERE received_at >= {time_ms(since_ms)}) "
        "GROUP BY event_id HAVING count() > 1",
        settings=_global_in(store),
    )
    return _remove(store, [row[0].bytes for row in rows])


def remove_duplicates(store: ProjectStore, ids: Sequence[bytes]) -> int:
    """Remove physical duplicates of these event ids; returns how many ids had any."""
    doubled: list[bytes] = []
    for start in range(0, len(ids), IDS_PER_LOOKUP):
        rows = store.engine.rows(
            f"SELECT event_id FROM {store.table('events')} "
            f"WHERE event_id IN ({id_list(ids[start : start + IDS_PER_LOOKUP])}) "
            "GROUP BY event_id HAVING count() > 1"
        )
        doubled += [row[0].bytes for row in rows]
    return _remove(store, doubled)


def _remove(store: ProjectStore, doubled: Sequence[bytes]) -> int:
    layout = store.layout
    for start in range(0, len(doubled), IDS_PER_LOOKUP):
        ids = id_list(doubled[start : start + IDS_PER_LOOKUP])
        kept = (
            f"SELECT event_id, min({_PLACE}) FROM {store.table('events')} "
            f"WHERE event_id IN ({ids}) GROUP BY event_id"
        )
        store.engine.command(
            f"ALTER TABLE {layout.local_name('events')}{layout.on_cluster} DELETE "
            f"WHERE event_id IN ({ids}) AND (event_id, {_PLACE}) NOT IN ({kept})",
            settings={"mutations_sync": 2, "allow_nondeterministic_mutations": 1},
        )
    return len(doubled)


def _global_in(store: ProjectStore) -> dict[str, object]:
    return {"distributed_product_mode": "global"} if store.layout.cluster else {}
