"""Quiet months brought into a few parts that all have the projections, which the engine alone does not do.

Projections are made at merges, and the engine does not merge a part that has them with one that has none:
such a month keeps its parts for good (decision 2). Answers are the same, and sooner with fewer parts.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.schema.tables import EVENTS
from bihuan.warehouse.sql import array, identifier, literal

_log = logging.getLogger(__name__)

# A month is quiet when no part was stored or merged for this long.
QUIET_SECONDS = 300
# One that is never quiet gets projections once a part has been without for this long.
STUCK_SECONDS = 3_600
# Merging a whole month costs about 12 µs of processor a row: up to a minute. Larger ones the engine merges by
# itself, once all parts have projections.
MOST_ROWS = 5_000_000
MOST_BYTES = 1 << 30
# A month is merged when a tenth of it is outside its largest part, so that rows are not rewritten for every
# few late ones; a small month also when it has many parts.
WORTH_SHARE = 0.1
SMALL_ROWS = 500_000
MANY_PARTS = 5
_MONTHS_PER_STATEMENT = 24
_POLL_SECONDS = 0.2
# A part that was rewritten in place tells when that was, not when its rows came.
_UNTOUCHED = "data_version = min_block_number"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Month:
    """The parts of a month of ``events``; on a cluster those of the node where they are worst.

    Attributes:
        partition_id: the engine's name of it.
        bare: parts without some projection; ``half`` of them have another.
        apart: rows outside the largest part.
        quiet_seconds: since a part was stored or merged, as far as parts tell.
        stuck_seconds: age of the oldest part without projections.
    """

    partition_id: str
    parts: int
    bare: int
    half: int
    rows: int
    apart: int
    size_bytes: int
    quiet_seconds: int
    stuck_seconds: int

    @property
    def is_mergeable(self) -> bool:
        """Whether merging all of it is bounded."""
        return self.rows <= MOST_ROWS and self.size_bytes <= MOST_BYTES

    @property
    def is_plain(self) -> bool:
        """Whether no part has any projection: merging alone makes them."""
        return self.bare == self.parts and not self.half

    @property
    def is_scattered(self) -> bool:
        """Whether fewer parts are worth the rewriting."""
        many = self.rows <= SMALL_ROWS and self.parts > MANY_PARTS
        return self.parts > 1 and (many or self.apart >= self.rows * WORTH_SHARE)

    @property
    def is_unsettled(self) -> bool:
        """Whether something is to be done."""
        return self.bare > 0 or (self.is_mergeable and self.is_scattered)


@dataclass(frozen=True)
class Settled:
    """``merged`` months became one part each, ``projected`` got projections; ``left`` are for a later run."""

    merged: int
    projected: int
    left: int


def unsettled(store: ProjectStore, quiet_seconds: int = QUIET_SECONDS) -> list[Month]:
    """The months that have something to be done, quiet for this long or stuck; the latest first."""
    return [
        month
        for month in _months(store)
        if month.is_unsettled
        and (month.quiet_seconds >= quiet_seconds or (month.bare and month.stuck_seconds >= STUCK_SECONDS))
    ]


def settle(
    store: ProjectStore,
    *,
    quiet_seconds: int = QUIET_SECONDS,
    is_busy: Callable[[], bool] = lambda: False,
    progress: Progress = lambda done, total: None,
) -> Settled:
    """Settle the quiet months of a project. Queries and writers need not wait.

    Killed at any moment it leaves the same rows, and the engine goes on with what it began. Months without
    any projection are merged, which makes them. Others get projections, many months in one statement because
    each such statement renews the names of all parts of the project; then they are merged where worth it.

    Args:
        is_busy: asked before each step; the rest is left for the next run.
        progress: told of steps done and their number; may raise to end the run.
    """
    if not _wait_for_projections(store, progress):
        return Settled(0, 0, len(unsettled(store, quiet_seconds)))
    todo = {month.partition_id: month for month in unsettled(store, quiet_seconds)}
    quiet = {name for name, month in todo.items() if month.quiet_seconds >= quiet_seconds}
    plain = [name for name, month in todo.items() if name in quiet and month.is_plain and month.is_mergeable]
    merged = _merge_each(store, plain, is_busy, progress)
    projected = _project_each(store, sorted(todo, reverse=True), is_busy, progress)
    scattered = [
        month.partition_id
        for month in _months(store)
        if month.partition_id in quiet and not month.bare and month.is_unsettled
    ]
    merged += _merge_each(store, scattered, is_busy, progress)
    return Settled(merged, projected, len(unsettled(store, quiet_seconds)))


def arrived_rows(store: ProjectStore, seconds: int) -> int:
    """Rows of events stored during the last ``seconds``, as far as parts tell: there may be more."""
    return int(
        store.engine.scalar(
            f"SELECT sum(rows) FROM {_system(store, 'parts')} WHERE {_of_events(store)} AND level = 0 "
            f"AND {_UNTOUCHED} AND modification_time >= now() - {seconds}"
        )
    )


def _merge_each(
    store: ProjectStore, partition_ids: Sequence[str], is_busy: Callable[[], bool], progress: Progress
) -> int:
    layout = store.layout
    for done, partition_id in enumerate(partition_ids):
        if is_busy():
            return done
        store.engine.command(
            f"OPTIMIZE TABLE {layout.local_name(EVENTS.name)}{layout.on_cluster} "
            f"PARTITION ID {literal(partition_id)} FINAL"
        )
        progress(done + 1, len(partition_ids))
    return len(partition_ids)


def _project_each(
    store: ProjectStore, partition_ids: Sequence[str], is_busy: Callable[[], bool], progress: Progress
) -> int:
    wanted = [month.partition_id for month in _months(store) if month.bare]
    bare = [partition_id for partition_id in partition_ids if partition_id in wanted]
    for start in range(0, len(bare), _MONTHS_PER_STATEMENT):
        if is_busy():
            return start
        _make_projections(store, bare[start : start + _MONTHS_PER_STATEMENT])
        if not _wait_for_projections(store, progress):
            return start
    return len(bare)


def _months(store: ProjectStore) -> list[Month]:
    wanted = array(name for name, _ in EVENTS.projections)
    rows = store.engine.rows(
        "SELECT partition_id, count() AS parts, countIf(NOT complete) AS bare, "
        "countIf(NOT complete AND notEmpty(projections)) AS half, sum(rows) AS row_count, "
        "row_count - max(rows) AS apart, sum(bytes_on_disk) AS size, "
        f"dateDiff('second', maxIf(modification_time, {_UNTOUCHED}), now()) AS quiet, "
        f"if(countIf(NOT complete AND {_UNTOUCHED}) = 0, 0, "
        f"dateDiff('second', minIf(modification_time, NOT complete AND {_UNTOUCHED}), now())) AS stuck\n"
        f"FROM (SELECT *, hostName() AS host, hasAll(projections, {wanted}) AS complete "
        f"FROM {_system(store, 'parts')} WHERE {_of_events(store)} AND active AND rows > 0)\n"
        "GROUP BY partition_id, host ORDER BY partition_id DESC, bare DESC, parts DESC"
    )
    worst: dict[str, Month] = {}
    for month in (Month(*row) for row in rows):
        kept = worst.setdefault(month.partition_id, month)
        if month.quiet_seconds < kept.quiet_seconds:
            worst[month.partition_id] = replace(kept, quiet_seconds=month.quiet_seconds)
    return list(worst.values())


def _make_projections(store: ProjectStore, partition_ids: Sequence[str]) -> None:
    layout = store.layout
    steps = ", ".join(
        f"MATERIALIZE PROJECTION {identifier(name)} IN PARTITION ID {literal(partition_id)}"
        for partition_id in partition_ids
        for name, _ in EVENTS.projections
    )
    store.engine.command(
        f"ALTER TABLE {layout.local_name(EVENTS.name)}{layout.on_cluster} {steps}",
        settings={"mutations_sync": 2 if layout.cluster else 0},
    )


def _wait_for_projections(store: ProjectStore, progress: Progress) -> bool:
    """Until none are being made; takes them back if that fails, because erasures would wait behind them."""
    of = f"{_of_events(store)} AND command LIKE '%MATERIALIZE PROJECTION%' AND NOT is_done"
    most = 0
    while True:
        pending = store.engine.rows(
            f"SELECT max(parts_to_do), max(latest_fail_reason) FROM {_system(store, 'mutations')} "
            f"WHERE {of} HAVING count() > 0"
        )
        if not pending:
            return True
        left, failure = pending[0]
        if failure:
            store.engine.command(f"KILL MUTATION{store.layout.on_cluster} WHERE {of}")
            _log.warning("projections of %s could not be made: %s", store.layout.database, failure)
            return False
        most = max(most, left)
        progress(most - left, most)
        time.sleep(_POLL_SECONDS)


def _of_events(store: ProjectStore) -> str:
    table = f"{EVENTS.name}_local" if store.layout.cluster else EVENTS.name
    return f"database = {literal(store.layout.database)} AND table = {literal(table)}"


def _system(store: ProjectStore, table: str) -> str:
    cluster = store.layout.cluster
    return f"clusterAllReplicas({literal(cluster)}, system.{table})" if cluster else f"system.{table}"
