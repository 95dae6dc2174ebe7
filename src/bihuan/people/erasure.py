"""Erase a person: everything recorded of them goes, and a tombstone keeps late copies from coming back.

The tombstone holds the 64-bit hashes of the ids and a moment. It is written first, so that an erasure that
a kill interrupted is finished by ``sweep``; what is sent again later with a time before the moment is
refused by the writer (``covers``) or swept. What the same id does after the moment is recorded as of a new
person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from bihuan.kernel.hashing import key64
from bihuan.people.identity.repository import WIDE, in_statements
from bihuan.people.identity.service import EPOCH_MS, now_ms
from bihuan.people.profiles.repository import members_of, select_profiles
from bihuan.people.profiles.service import Profiles
from bihuan.warehouse.deletion import delete_rows
from bihuan.warehouse.sql import array, literal, time_ms


class Erasures:
    """The tombstones of one project, in memory for the writer. Thread-safe for readers."""

    def __init__(self, profiles: Profiles) -> None:
        self.profiles = profiles
        self.identities = profiles.identities
        self.store = profiles.store
        self._moments: dict[int, int] = {}
        self.load()

    def load(self) -> None:
        """Read the tombstones anew."""
        self._moments = dict(
            self.store.engine.rows(
                "SELECT distinct_key, toUnixTimestamp64Milli(max(erased_at)) "
                f"FROM {self.store.table('erasures')} GROUP BY distinct_key"
            )
        )

    def covers(self, distinct_key: int, at_ms: int) -> bool:
        """Whether something with this time belongs to a person erased since, and must not be stored."""
        erased_ms = self._moments.get(distinct_key)
        return erased_ms is not None and at_ms <= erased_ms

    @property
    def moments(self) -> Mapping[int, int]:
        """When each erased id was erased last, in Unix milliseconds, by its key."""
        return self._moments

    def erase(self, distinct_id: str, *, actor: str, at_ms: int | None = None) -> list[str]:
        """Erase the person with this id under all their ids; returns those ids.

        An id of which nothing is recorded gets a tombstone all the same.
        """
        person = self.identities.person_of(key64(distinct_id))
        ids = {distinct_id}
        for key, text in members_of(self.store, [person]).items():
            if self.identities.person_of(key) == person:
                ids.add(text)
        for row in select_profiles(self.store, where=f"person_id = {person}"):
            ids.update(row.distinct_ids)
        erased_ms = now_ms() if at_ms is None else at_ms
        moment = datetime.fromtimestamp(erased_ms / 1000, UTC)
        self.store.engine.insert_rows(
            self.store.table("erasures"),
            ["distinct_key", "erased_at", "actor", "version"],
            [(key64(each), moment, actor, erased_ms - EPOCH_MS) for each in sorted(ids)],
        )
        self._delete_quarantined(ids)
        keys = ",".join(map(str, sorted({key64(each) for each in ids} | {person})))
        delete_rows(self.store, "assignments", f"person_id IN ({keys})")
        delete_rows(self.store, "scores", f"person_id IN ({keys})")
        self.load()
        self._sweep({key64(each) for each in ids} | {person}, erased_ms)
        return sorted(ids)

    def sweep(self) -> int:
        """Delete what came back of erased people; returns how many ids had something."""
        self.load()
        swept = 0
        by_moment: dict[int, set[int]] = {}
        for key, erased_ms in self._moments.items():
            by_moment.setdefault(erased_ms, set()).add(key)
        for erased_ms, keys in by_moment.items():
            found = self._present("events", keys, erased_ms) | self._present(
                "profile_changes", keys, erased_ms
            )
            if found:
                self._sweep(found, erased_ms)
                swept += len(found)
        return swept

    def _present(self, table: str, keys: set[int], erased_ms: int) -> set[int]:
        rows: set[int] = set()
        for listed in in_statements(keys):
            condition = f"distinct_key IN {listed} AND time <= {time_ms(erased_ms)}"
            sql = f"SELECT DISTINCT distinct_key FROM {self.store.table(table)} WHERE {condition}"
            rows |= {row[0] for row in self.store.engine.rows(sql, settings=WIDE)}
        return rows

    def _sweep(self, keys: set[int], erased_ms: int) -> None:
        moment = time_ms(erased_ms)
        for listed in in_statements(keys):
            recorded = f"distinct_key IN {listed} AND time <= {moment}"
            delete_rows(self.store, "events", recorded)
            delete_rows(self.store, "profile_changes", recorded)
            linked = f"(from_key IN {listed} OR to_key IN {listed}) AND received_at <= {moment}"
            delete_rows(self.store, "identity_links", linked)
            delete_rows(self.store, "identity_overrides", f"distinct_key IN {listed}")
            delete_rows(self.store, "profiles", f"person_id IN {listed}")
        self.identities.load()
        # Links of a later time stand: their ids are resolved anew, and so are the profiles.
        self.identities.reconcile_ids(keys)
        self.profiles.refold(keys)

    def _delete_quarantined(self, ids: Iterable[str]) -> None:
        # Raw payloads are kept as text: an id in them is a JSON string, or a number as some SDKs send.
        quoted = [msgspec.json.encode(each).decode() for each in sorted(ids)]
        numbers = [each for each in sorted(ids) if re.fullmatch(r"\d{1,20}", each)]
        conditions = [f"multiSearchAny(raw, {array(quoted)})"]
        conditions += ["match(raw, " + literal(rf"[:,\[\s]{each}[,\]}}\s]") + ")" for each in numbers]
        delete_rows(self.store, "quarantine", " OR ".join(conditions))
