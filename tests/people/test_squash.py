"""Writing persons into events: exact before, during and after, whatever happens between the steps."""

from __future__ import annotations

import threading

from bihuan.kernel.hashing import key64
from bihuan.people import Identities, squash
from bihuan.people.identity import repository
from bihuan.people.identity.squash import put_out, rewrite
from bihuan.warehouse.project import ProjectStore
from tests.people.logs import START_MS, add_events, link, persons_in_queries

EVERYTHING = 1 << 62


def rows_in_events(store: ProjectStore) -> dict[str, set[int]]:
    rows = store.engine.rows(
        f"SELECT distinct_id, groupUniqArray(person_id) FROM {store.table('events')} GROUP BY distinct_id"
    )
    return {name: set(persons) for name, persons in rows}


def pending(store: ProjectStore) -> list[repository.Override]:
    return repository.pending_overrides(store, before_version=EVERYTHING, limit=1000)


def test_rows_carry_the_person_and_no_override_is_left(store: ProjectStore) -> None:
    identities = Identities(store)
    add_events(store, [("device", 1), ("device", 40 * 86_400_000), ("alice", 2), ("other", 3)])
    identities.apply([link("device", "alice", 5)], received_ms=START_MS)
    assert squash(identities, settle_seconds=0, linger_seconds=0).ids == 1
    assert rows_in_events(store) == {
        "device": {key64("alice")},
        "alice": {key64("alice")},
        "other": {key64("other")},
    }
    assert pending(store) == []
    assert squash(identities, settle_seconds=0, linger_seconds=0).ids == 0


def test_an_override_younger_than_the_settling_time_waits(store: ProjectStore) -> None:
    identities = Identities(store)
    add_events(store, [("device", 1)])
    identities.apply([link("device", "alice", 5)], received_ms=START_MS)
    assert squash(identities, settle_seconds=60, linger_seconds=0).ids == 0
    assert rows_in_events(store) == {"device": {key64("device")}}


def test_every_step_and_every_interruption_leaves_the_same_answer(store: ProjectStore) -> None:
    identities = Identities(store)
    names = [f"d{number}" for number in range(30)]
    add_events(store, [(name, at) for at, name in enumerate(names)])
    identities.apply([link(name, f"u{at % 7}", at) for at, name in enumerate(names)], received_ms=START_MS)
    expected = {name: key64(f"u{at % 7}") for at, name in enumerate(names)}
    waiting = pending(store)
    assert (len(waiting), persons_in_queries(store)) == (30, expected)
    rewrite(store, waiting[:10])
    assert persons_in_queries(store) == expected
    # Killed here: a new process finds all of them pending still, and does the ten again.
    revived = Identities(store)
    assert squash(revived, settle_seconds=0, linger_seconds=0).ids == 30
    assert persons_in_queries(store) == expected
    assert {name: {person} for name, person in expected.items()} == rows_in_events(store)


def test_an_undo_during_a_squash_is_not_put_out(store: ProjectStore) -> None:
    identities = Identities(store)
    add_events(store, [("device", 1)])
    stored = identities.apply([link("device", "alice", 5)], received_ms=START_MS).links[0]
    waiting = pending(store)
    rewrite(store, waiting)
    identities.undo(stored.link.link_id, actor="operator")
    put_out(store, waiting)
    assert persons_in_queries(store) == {"device": key64("device")}
    squash(identities, settle_seconds=0, linger_seconds=0)
    assert rows_in_events(store) == {"device": {key64("device")}}
    assert persons_in_queries(store) == {"device": key64("device")}


def test_rows_that_arrive_with_the_person_of_before_are_found_and_rewritten(store: ProjectStore) -> None:
    identities = Identities(store)
    identities.apply([link("device", "alice", 5)], received_ms=START_MS)
    squash(identities, settle_seconds=0, linger_seconds=0)
    add_events(store, [("device", 9)])
    assert persons_in_queries(store) == {"device": key64("device")}
    assert squash(identities, settle_seconds=0, linger_seconds=0).stale == 1
    squash(identities, settle_seconds=0, linger_seconds=0)
    assert rows_in_events(store) == {"device": {key64("alice")}}
    assert pending(store) == []


def test_queries_beside_a_running_squash_never_see_another_answer(store: ProjectStore) -> None:
    identities = Identities(store)
    names = [f"d{number}" for number in range(400)]
    for part in range(4):
        add_events(store, [(name, part * 86_400_000 * 31) for name in names])
    identities.apply([link(name, f"u{at % 50}", at) for at, name in enumerate(names)], received_ms=START_MS)
    expected = {name: key64(f"u{at % 50}") for at, name in enumerate(names)}
    finished = threading.Event()

    def run() -> None:
        try:
            while squash(identities, settle_seconds=0, linger_seconds=0.1, limit=150).ids:
                pass
        finally:
            finished.set()

    worker = threading.Thread(target=run)
    worker.start()
    asked = 0
    while not finished.is_set() and asked < 500:
        assert persons_in_queries(store) == expected
        asked += 1
    worker.join(timeout=60)
    assert asked > 0
    assert rows_in_events(store) == {name: {person} for name, person in expected.items()}
