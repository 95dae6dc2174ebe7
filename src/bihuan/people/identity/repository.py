"""The identity tables: the link log and the resolved ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bihuan.kernel.hashing import key64
from bihuan.people.identity.identity_map import Entry, IdentityMap
from bihuan.people.identity.links import Link
from bihuan.people.identity.resolution import Verdict
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import time_ms, tuple_of

# A list of keys in a statement: 21 characters each, far above the engine's usual limit of 256 KiB.
WIDE = {"max_query_size": 64 << 20}
KEYS_PER_STATEMENT = 50_000

LINK_COLUMNS = (
    "link_id", "kind", "time", "received_at", "from_id", "from_key", "to_id", "to_key", "target",
    "status", "reason", "actor", "version",
)  # fmt: skip
OVERRIDE_COLUMNS = ("distinct_key", "distinct_id", "person_id", "known", "pending", "version")


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A row of the log with what became of it."""

    link: Link
    received_ms: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Override:
    """The person of one id; ``pending`` while rows of events may carry another one."""

    distinct_id: str
    person_id: int
    known: bool
    pending: bool
    version: int


def overrides_sql(store: ProjectStore, *, pending_only: bool) -> str:
    """A SELECT of ``distinct_key, person_id``: the newest row of every id, or of those still pending."""
    having = " HAVING argMax(pending, version)" if pending_only else ""
    return (
        "SELECT distinct_key, argMax(person_id, version) AS person_id "
        f"FROM {store.table('identity_overrides')} GROUP BY distinct_key{having}"
    )


def in_statements(keys: Iterable[int]) -> Iterator[str]:
    """The keys as parenthesised lists that each fit one statement."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), KEYS_PER_STATEMENT):
        yield "(" + ",".join(map(str, ordered[start : start + KEYS_PER_STATEMENT])) + ")"


def load_map(store: ProjectStore) -> IdentityMap:
    """The whole identity table in memory."""
    table = store.engine.arrow(
        "SELECT distinct_key, argMax(person_id, version) AS person, max(version) AS latest, "
        "toUInt8(argMax(known, version)) AS is_known "
        f"FROM {store.table('identity_overrides')} GROUP BY distinct_key"
    )
    columns = [table[name].to_numpy() for name in ("distinct_key", "person", "latest", "is_known")]
    identity_map = IdentityMap()
    keys, persons, versions = (column.astype(np.uint64) for column in columns[:3])
    identity_map.load(keys, persons, versions, columns[3].astype(np.uint8))
    return identity_map


def entries_since(store: ProjectStore, version: int) -> dict[int, Entry]:
    """Rows written with at least this version."""
    rows = store.engine.rows(
        "SELECT distinct_key, argMax(person_id, version), max(version) AS latest, argMax(known, version) "
        f"FROM {store.table('identity_overrides')} WHERE version >= {version} GROUP BY distinct_key"
    )
    return {row[0]: Entry(row[1], row[2], row[3]) for row in rows}


def overrides_of(store: ProjectStore, keys: Iterable[int]) -> list[Override]:
    """The newest rows of these ids."""
    found: list[Override] = []
    for listed in in_statements(keys):
        found += select_overrides(store, where=f"distinct_key IN {listed}")
    return found


def pending_overrides(store: ProjectStore, *, before_version: int, limit: int) -> list[Override]:
    """Rows still pending and older than a version, oldest first."""
    return select_overrides(
        store,
        having=f"argMax(pending, version) AND latest < {before_version}",
        tail=f"ORDER BY latest, distinct_key LIMIT {limit}",
    )


def select_overrides(
    store: ProjectStore, *, where: str = "1", having: str = "1", tail: str = ""
) -> list[Override]:
    """Newest rows, one an id."""
    rows = store.engine.rows(
        "SELECT argMax(distinct_id, version), argMax(person_id, version) AS person, argMax(known, version), "
        f"argMax(pending, version), max(version) AS latest FROM {store.table('identity_overrides')} "
        f"WHERE {where} GROUP BY distinct_key HAVING {having} {tail}",
        settings=WIDE,
    )
    return [Override(*row) for row in rows]


def links_touching(store: ProjectStore, keys: Iterable[int]) -> list[StoredLink]:
    """Every row of the log that names one of these ids."""
    found: dict[uuid.UUID, StoredLink] = {}
    for listed in in_statements(keys):
        for stored in select_links(store, f"from_key IN {listed} OR to_key IN {listed}"):
            found[stored.link.link_id] = stored
    return list(found.values())


def select_links(store: ProjectStore, where: str, *, tail: str = "") -> list[StoredLink]:
    """Rows of the log, newest version each; ``tail`` may order and limit them."""
    rows = store.engine.rows(
        "SELECT link_id, kind, toUnixTimestamp64Milli(time), from_id, to_id, target, actor, "
        "toUnixTimestamp64Milli(received_at), status, reason "
        f"FROM {store.table('identity_links')} FINAL WHERE {where} {tail}",
        settings=WIDE,
    )
    return [StoredLink(Link(*row[:7]), row[7], Verdict(row[8], row[9])) for row in rows]


def merge_endpoints(store: ProjectStore) -> set[int]:
    """The keys of all ids that a merge names."""
    table = store.table("identity_links")
    rows = store.engine.rows(
        f"SELECT DISTINCT arrayJoin([from_key, to_key]) FROM {table} WHERE kind = 'merge'"
    )
    return {row[0] for row in rows}


def insert_links(store: ProjectStore, links: Sequence[StoredLink], version: int) -> None:
    """Write rows of the log, or newer versions of them."""
    rows = [
        (
            stored.link.link_id, stored.link.kind, moment(stored.link.time_ms), moment(stored.received_ms),
            stored.link.from_id, key64(stored.link.from_id), stored.link.to_id, key64(stored.link.to_id),
            stored.link.target, stored.verdict.status, stored.verdict.reason, stored.link.actor, version,
        )
        for stored in links
    ]  # fmt: skip
    store.engine.insert_rows(store.table("identity_links"), LINK_COLUMNS, rows)


def insert_overrides(store: ProjectStore, overrides: Sequence[Override]) -> None:
    """Write resolved ids."""
    rows: list[tuple[Any, ...]] = [
        (key64(row.distinct_id), row.distinct_id, row.person_id, row.known, row.pending, row.version)
        for row in overrides
    ]
    store.engine.insert_rows(store.table("identity_overrides"), OVERRIDE_COLUMNS, rows)


def links_received_since(store: ProjectStore, since_ms: int) -> list[StoredLink]:
    """Rows of the log that arrived at or after a moment."""
    return select_links(store, f"received_at >= {time_ms(since_ms)}")


def unfinished_links(store: ProjectStore, since_ms: int) -> list[StoredLink]:
    """Rows received since then that are newer than the resolved rows of both their ids.

    Refused rows are among them, and those whose process was killed before it wrote what follows from them.
    """
    overrides = store.table("identity_overrides")
    latest = f"(SELECT distinct_key, max(version) AS latest FROM {overrides} GROUP BY distinct_key)"
    rows = store.engine.rows(
        f"SELECT link_id FROM {store.table('identity_links')} AS said "
        f"LEFT JOIN {latest} AS a ON a.distinct_key = said.from_key "
        f"LEFT JOIN {latest} AS b ON b.distinct_key = said.to_key "
        f"WHERE said.received_at >= {time_ms(since_ms)} AND said.version > greatest(a.latest, b.latest)"
    )
    if not rows:
        return []
    return select_links(store, "link_id IN " + tuple_of(row[0] for row in rows))


def moment(milliseconds: int) -> datetime:
    """A Unix time in milliseconds as the driver wants it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
