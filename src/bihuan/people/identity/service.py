"""Who is who in one project: the map that the writer asks, and the verbs that change it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from bihuan.kernel.hashing import key64
from bihuan.people.cursor import decode, encode
from bihuan.people.errors import DistinctIdUnusable, LinkAlreadyUndone, LinkNotFound, PersonsAlreadyOne
from bihuan.people.identity import repository
from bihuan.people.identity.identity_map import Entry
from bihuan.people.identity.link_cache import LinkCache
from bihuan.people.identity.links import Link, LinkStatus, is_usable, new_link
from bihuan.people.identity.planning import Plan, Planner, split
from bihuan.people.identity.repository import Override, StoredLink
from bihuan.warehouse.project import ProjectStore
from bihuan.warehouse.sql import literal, time_ms

# Versions count milliseconds from here, so that they fit the 41 bits a profile's version has for them.
EPOCH_MS = 1_577_836_800_000


@dataclass
class IdentityChange:
    """What a call changed: rows of the log written, and the persons whose ids differ now."""

    links: list[StoredLink] = field(default_factory=list)
    persons: set[int] = field(default_factory=set)


class Identities:
    """The identity table of one project. Thread-safe; in one process alone, complete at every moment.

    Where several processes write, each calls ``refresh`` often; an event stored with a person of before is
    put right by ``squash``, which waits for ``settle_seconds`` longer than the pause between refreshes.
    """

    def __init__(self, store: ProjectStore) -> None:
        self.store = store
        self._lock = threading.RLock()
        self._cache = LinkCache()
        self._tick = 0
        self.load()

    def load(self) -> None:
        """Read the whole table, then resolve what a process that was killed may have left half-done."""
        with self._lock:
            self._map = repository.load_map(self.store)
            self._endpoints = repository.merge_endpoints(self.store)
            self._cache.clear()
            self._tick = max(self._tick, self._map.latest_version // 2)
        self._resolve_again(repository.unfinished_links(self.store, now_ms() - 3_600_000))

    def __len__(self) -> int:
        return len(self._map)

    def person_of(self, distinct_key: int) -> int:
        """The person of an id by its key; an id that no link names is a person by itself."""
        return self._map.person_of(distinct_key)

    def persons_of(self, distinct_keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """``person_of`` for a column of keys."""
        return self._map.persons_of(distinct_keys)

    def has_links(self, distinct_key: int) -> bool:
        """Whether any link names this id."""
        return self._map.get(distinct_key) is not None

    def latest_tick(self, distinct_keys: Iterable[int]) -> int:
        """When any of these ids was last resolved, in milliseconds since ``EPOCH_MS``; 0 if never."""
        entries = (self._map.get(key) for key in distinct_keys)
        return max((entry.version // 2 for entry in entries if entry is not None), default=0)

    def apply(self, links: Sequence[Link], *, received_ms: int) -> IdentityChange:
        """Store new links and their effect. When it returns, every query sees them.

        A link that says nothing new costs a look-up and is not stored again.
        """
        change = IdentityChange()
        with self._lock:
            fresh = self._fresh(links)
            if not fresh:
                return change
            plain, entangled = split(fresh, self._map)
            if plain:
                self._write(self._planner(received_ms).plain(plain), change)
            if entangled:
                self._write(self._planner(received_ms).entangled(entangled), change)
            for link in fresh:
                self._cache.remember(link)
        return change

    def merge(self, from_id: str, to_id: str, *, actor: str, at_ms: int | None = None) -> IdentityChange:
        """Join two persons by an operator's decision; the person of ``to_id`` remains.

        Raises:
            DistinctIdUnusable, PersonsAlreadyOne.
        """
        for path, name in (("from_id", from_id), ("to_id", to_id)):
            if not is_usable(name):
                raise DistinctIdUnusable(path=path, distinct_id=name)
        if self.person_of(key64(from_id)) == self.person_of(key64(to_id)):
            raise PersonsAlreadyOne(from_id=from_id, to_id=to_id)
        moment_ms = now_ms() if at_ms is None else at_ms
        link = new_link("merge", from_id, to_id, moment_ms, actor=actor)
        return self.apply([link], received_ms=moment_ms)

    def undo(self, link_id: uuid.UUID, *, actor: str, at_ms: int | None = None) -> IdentityChange:
        """Take back one row of the log: a merge, a link or alias (with all repetitions), or an undo.

        Raises:
            LinkNotFound, LinkAlreadyUndone.
        """
        target = self.link(link_id)
        if target.verdict.status == "undone":
            raise LinkAlreadyUndone(link_id=link_id)
        moment_ms = now_ms() if at_ms is None else at_ms
        # Clocks of several servers differ; an undo must come after what it takes back.
        after_ms = max(moment_ms, target.link.time_ms + 1)
        undo = new_link("undo", target.link.from_id, target.link.to_id, after_ms, target=link_id, actor=actor)
        return self.apply([undo], received_ms=moment_ms)

    def link(self, link_id: uuid.UUID) -> StoredLink:
        """One row of the log. Raises ``LinkNotFound``."""
        rows = repository.select_links(self.store, f"link_id = {literal(link_id)}")
        if not rows:
            raise LinkNotFound(link_id=link_id)
        return rows[0]

    def links(
        self,
        *,
        kind: str | None = None,
        status: LinkStatus | None = None,
        distinct_id: str | None = None,
        distinct_keys: Iterable[int] | None = None,
        cursor: str | None = None,
        limit: int = 100,
    ) -> tuple[list[StoredLink], str | None]:
        """The log, latest first, and the cursor of the next page (None on the last).

        Args:
            distinct_id, distinct_keys: only rows that name this id, any of these ids.
        """
        conditions = ["1"]
        conditions += [f"kind = {literal(kind)}"] if kind else []
        conditions += [f"status = {literal(status)}"] if status else []
        if distinct_id is not None:
            conditions.append(f"({key64(distinct_id)} IN (from_key, to_key))")
        if distinct_keys is not None:
            listed = ", ".join(map(str, sorted(set(distinct_keys)))) or "NULL"
            conditions.append(f"(from_key IN ({listed}) OR to_key IN ({listed}))")
        if cursor is not None:
            moment_ms, last = decode(cursor, int, uuid.UUID)
            conditions.append(f"(time, link_id) < ({time_ms(moment_ms)}, {literal(last)})")
        rows = repository.select_links(
            self.store, " AND ".join(conditions), tail=f"ORDER BY time DESC, link_id DESC LIMIT {limit + 1}"
        )
        if len(rows) <= limit:
            return rows, None
        last_row = rows[limit - 1].link
        return rows[:limit], encode(last_row.time_ms, last_row.link_id)

    def refresh(self, *, within_seconds: float = 300) -> None:
        """Take over what other processes wrote lately."""
        since = (now_ms() - EPOCH_MS - int(within_seconds * 1000)) * 2
        entries = repository.entries_since(self.store, max(0, since))
        with self._lock:
            if any(key == entry.person_id != self.person_of(key) for key, entry in entries.items()):
                # Links were taken back; what says the same again must be stored again.
                self._cache.clear()
            self._map.put(entries)
            self._endpoints = repository.merge_endpoints(self.store)

    def reconcile(self, *, since_ms: int) -> IdentityChange:
        """Resolve anew around links received since: each of two processes may miss the other's."""
        return self._resolve_again(repository.links_received_since(self.store, since_ms))

    def reconcile_ids(self, distinct_keys: Iterable[int]) -> IdentityChange:
        """Resolve anew around these ids, after rows of the log were deleted."""
        return self._resolve_again(repository.links_touching(self.store, distinct_keys))

    def reconcile_names(self, distinct_ids: Iterable[str]) -> IdentityChange:
        """Resolve these ids anew; one that no row of the log names any more is a person by itself."""
        self.load()
        return self._resolve_names(set(distinct_ids))

    def _resolve_again(self, around: Sequence[StoredLink]) -> IdentityChange:
        return self._resolve_names({name for each in around for name in (each.link.from_id, each.link.to_id)})

    def _resolve_names(self, seeds: set[str]) -> IdentityChange:
        change = IdentityChange()
        if seeds:
            with self._lock:
                self._write(self._planner(now_ms()).entangled([], seeds), change)
        return change

    def repend(self, distinct_keys: set[int]) -> None:
        """Have queries look these ids up again, because rows of events carry another person."""
        with self._lock:
            version = self._next_version()
            rows = [
                replace(row, pending=True, version=version)
                for row in repository.overrides_of(self.store, distinct_keys)
            ]
            repository.insert_overrides(self.store, rows)
            self._hold(rows)

    def _fresh(self, links: Sequence[Link]) -> list[Link]:
        earliest: dict[tuple[str, str, str], Link] = {}
        others: list[Link] = []
        for link in links:
            if link.kind in ("merge", "undo"):
                others.append(link)
                continue
            key = (link.kind, link.from_id, link.to_id)
            held = earliest.get(key)
            if not self._cache.covers(link) and (held is None or link.order < held.order):
                earliest[key] = link
        return [*earliest.values(), *others]

    def _next_version(self) -> int:
        self._tick = max(self._tick + 1, now_ms() - EPOCH_MS)
        # Even; squash marks a row as done with the odd number after it.
        return self._tick * 2

    def _planner(self, received_ms: int) -> Planner:
        return Planner(
            self._map,
            self._endpoints,
            lambda keys: repository.links_touching(self.store, keys),
            received_ms,
            self._next_version(),
        )

    def _write(self, plan: Plan, change: IdentityChange) -> None:
        # The log first: what it says can always be resolved again, an override without it cannot.
        repository.insert_links(self.store, plan.links, self._tick * 2)
        overrides = list(plan.overrides.values())
        repository.insert_overrides(self.store, overrides)
        self._hold(overrides)
        for stored in plan.links:
            if stored.link.kind == "merge":
                self._endpoints |= {key64(stored.link.from_id), key64(stored.link.to_id)}
        change.links += plan.links
        change.persons |= plan.persons

    def _hold(self, rows: Sequence[Override]) -> None:
        self._map.put({key64(row.distinct_id): Entry(row.person_id, row.version, row.known) for row in rows})


def now_ms() -> int:
    """This moment in Unix milliseconds."""
    return time.time_ns() // 1_000_000
