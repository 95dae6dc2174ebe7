"""Taking back what one sender said of people at one moment: profile changes, and links between ids.

First ``affected`` finds whom it was said of, which cannot be found afterwards; then ``withdraw`` deletes it
and puts identities and profiles right. Doing that twice does no harm, so a kill in the middle loses nothing
as long as the answer of ``affected`` was kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from bihuan.kernel.hashing import key64
from bihuan.people.identity.repository import WIDE, in_statements, links_touching, select_links
from bihuan.people.service import People
from bihuan.warehouse import delete_rows
from bihuan.warehouse.sql import literal, time_ms

PERSONS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Said:
    """What is to be taken back: changes of a source received at one moment, and links by an actor."""

    source: str
    received_ms: int
    actor: str

    @property
    def condition(self) -> str:
        """Rows of a table with ``source`` and ``received_at``, as SQL."""
        return f"source = {literal(self.source)} AND received_at = {time_ms(self.received_ms)}"


class Affected(msgspec.Struct):
    """Whom it was said of: keys of ids and of persons, and the ids that links name."""

    keys: list[int]
    ids: list[str]
    changes: int
    links: int


def affected(people: People, said: Said) -> Affected:
    """Whom it was said of."""
    store = people.store
    rows = store.engine.rows(
        f"SELECT distinct_key, count() FROM {store.table('profile_changes')} FINAL "
        f"WHERE {said.condition} GROUP BY distinct_key"
    )
    links = select_links(store, f"actor = {literal(said.actor)}")
    ids = {name for each in links for name in (each.link.from_id, each.link.to_id)}
    keys = {row[0] for row in rows} | {key64(name) for name in ids}
    keys |= {people.identities.person_of(key) for key in keys}
    return Affected(sorted(keys), sorted(ids), sum(row[1] for row in rows), len(links))


def withdraw(people: People, said: Said, whom: Affected, report: Callable[[int], None]) -> None:
    """Delete it; when this returns, queries and profiles are as if it had never been said.

    Args:
        whom: as ``affected`` found them before.
        report: is told how many of ``whom.keys`` are done.
    """
    store = people.store
    delete_rows(store, "profile_changes", said.condition)
    moved: set[int] = set()
    if whom.ids:
        delete_rows(store, "identity_links", f"actor = {literal(said.actor)}")
        moved = people.identities.reconcile_names(whom.ids).persons
    left = sorted({*whom.keys, *moved})
    for start in range(0, len(left), PERSONS_AT_ONCE):
        keys = left[start : start + PERSONS_AT_ONCE]
        # A profile folded of fewer changes would lose to the one that stands.
        for listed in in_statements(keys):
            delete_rows(store, "profiles", f"person_id IN {listed}")
        people.profiles.refold({*keys, *(people.identities.person_of(key) for key in keys)})
        report(min(start + len(keys), len(whom.keys)))
    _forget_unknown(people, {key64(name) for name in whom.ids})


def _forget_unknown(people: People, keys: set[int]) -> None:
    """Delete the profiles of ids of which neither a link nor a change is left."""
    store = people.store
    said = links_touching(store, keys)
    keys = keys - {key64(name) for each in said for name in (each.link.from_id, each.link.to_id)}
    for listed in in_statements(keys):
        changed = f"SELECT DISTINCT distinct_key FROM {store.table('profile_changes')} WHERE distinct_key IN "
        keys = keys - {row[0] for row in store.engine.rows(changed + listed, settings=WIDE)}
    for listed in in_statements(keys):
        delete_rows(store, "profiles", f"person_id IN {listed}")


def still_there(people: People, said: Said, table: str) -> int:
    """How many rows of a table with ``source`` and ``received_at`` are to be taken back."""
    store = people.store
    return int(
        store.engine.scalar(f"SELECT count() FROM {store.table(table)} WHERE {said.condition}", settings=WIDE)
    )
