"""Write resolved persons into the rows of events, so that queries need not look them up any more.

At every moment each row resolves to the same person: while the rows are rewritten the override still
stands, and it is put out only after the rewriting. A kill between any two steps leaves an override
pending, and the next run does the same work again. An override that changed meanwhile has a higher version
than the row that would put it out, and so stays.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from bihuan.kernel.hashing import key64
from bihuan.people.identity import repository
from bihuan.people.identity.repository import Override
from bihuan.people.identity.service import EPOCH_MS, Identities, now_ms
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal, time_ms

# The ids stand in the statement as text; a mutation with 20,000 is about a megabyte.
IDS_PER_MUTATION = 20_000


@dataclass(frozen=True)
class Squashed:
    """``ids`` were written into the rows of events; ``stale`` were found to need it again."""

    ids: int
    stale: int


def squash(
    identities: Identities, *, settle_seconds: float = 10, linger_seconds: float = 2, limit: int = 100_000
) -> Squashed:
    """Put out the overrides that have stood for ``settle_seconds``, at most ``limit`` of them, oldest first.

    ``settle_seconds`` must be longer than a writer may hold a person it looked up before it stores the
    event: seconds in one process; with several, more than the pause between their refreshes.
    """
    store = identities.store
    stale = mismatched(store, pending=False, since_ms=now_ms() - int((settle_seconds + 3600) * 1000))
    identities.repend(stale)
    cutoff = (now_ms() - EPOCH_MS - int(settle_seconds * 1000)) * 2 + 2
    pending = repository.pending_overrides(store, before_version=cutoff, limit=limit)
    if pending:
        # Most ids are linked before they have rows of another person: those need no rewriting.
        wrong = mismatched(store, pending=True)
        todo = [row for row in pending if key64(row.distinct_id) in wrong]
        for start in range(0, len(todo), IDS_PER_MUTATION):
            rewrite(store, todo[start : start + IDS_PER_MUTATION])
        time.sleep(linger_seconds)
        put_out(store, pending)
    return Squashed(len(pending), len(stale))


def mismatched(store: ProjectStore, *, pending: bool, since_ms: int = 0) -> set[int]:
    """Ids, pending or not, that have rows received since then with a person other than the resolved one."""
    rows = store.engine.rows(
        f"SELECT DISTINCT distinct_key FROM {store.table('events')} AS stored INNER JOIN ("
        "SELECT distinct_key, argMax(person_id, version) AS resolved, argMax(pending, version) AS waits "
        f"FROM {store.table('identity_overrides')} GROUP BY distinct_key) AS identity USING (distinct_key) "
        f"WHERE stored.received_at >= {time_ms(since_ms)} AND stored.person_id != resolved "
        f"AND waits = {literal(pending)}"
    )
    return {row[0] for row in rows}


def rewrite(store: ProjectStore, overrides: list[Override]) -> None:
    """Set ``person_id`` of all rows of these ids; returns when every part is rewritten."""
    pairs = sorted({(key64(row.distinct_id), row.person_id) for row in overrides})
    keys = ",".join(str(key) for key, _ in pairs)
    persons = ",".join(str(person) for _, person in pairs)
    lists = f"CAST([{keys}], 'Array(UInt64)'), CAST([{persons}], 'Array(UInt64)')"
    layout = store.layout
    store.engine.command(
        f"ALTER TABLE {layout.local_name('events')}{layout.on_cluster} "
        f"UPDATE person_id = transform(distinct_key, {lists}, person_id) WHERE distinct_key IN ({keys})",
        settings={**repository.WIDE, "mutations_sync": 2},
    )


def put_out(store: ProjectStore, overrides: list[Override]) -> None:
    """Mark overrides as done, unless they changed since they were read."""
    done = [replace(row, pending=False, version=row.version + 1) for row in overrides]
    repository.insert_overrides(store, done)
