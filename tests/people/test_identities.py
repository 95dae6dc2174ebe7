"""The stored identity table: equal to the resolution of the whole log after any batches in any order."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from bihuan.kernel.hashing import key64
from bihuan.people import Identities, Link, new_link
from bihuan.people.errors import DistinctIdUnusable, LinkAlreadyUndone, LinkNotFound, PersonsAlreadyOne
from bihuan.people.identity import repository
from bihuan.people.identity.identity_map import Entry, IdentityMap
from bihuan.people.identity.links import NO_TARGET
from bihuan.people.identity.resolution import resolve
from bihuan.warehouse.project import ProjectStore
from tests.people.logs import START_MS, add_events, link, persons_in_queries, undo


def stored_persons(store: ProjectStore) -> dict[str, int]:
    return {row.distinct_id: row.person_id for row in repository.select_overrides(store)}


def random_log(rng: random.Random, size: int) -> list[Link]:
    names = [f"id{number}" for number in range(9)] + ["null"]
    log: list[Link] = []
    for at in range(size):
        kind = rng.choice(["link", "link", "link", "alias", "merge", "undo"])
        if kind == "undo" and log:
            log.append(undo(rng.choice(log), 1000 + at))
        elif kind != "undo":
            log.append(new_link(kind, *rng.sample(names, 2), START_MS + rng.randrange(20)))
    return log


@pytest.mark.parametrize("seed", range(15))
def test_any_batches_in_any_order_give_the_resolution_of_the_whole_log(
    store: ProjectStore, seed: int
) -> None:
    rng = random.Random(seed)
    log = random_log(rng, rng.randrange(5, 22))
    # An undo reaches us after its target: operators see a row before they take it back.
    undos = [row for row in log if row.kind == "undo"]
    others = [row for row in log if row.kind != "undo"]
    rng.shuffle(others)
    identities = Identities(store)
    queue = [*others, *undos]
    while queue:
        size = rng.randrange(1, 6)
        identities.apply(queue[:size], received_ms=START_MS + 2000)
        queue = queue[size:]
        if rng.random() < 0.3:
            identities = Identities(store)
    # A repetition that says nothing new is not stored; the persons are the same without it.
    stored = repository.select_links(store, "1")
    stored_ids = {row.link.link_id for row in stored}
    assert stored_ids <= {row.link_id for row in log}
    # Nobody can take back a row that is not there to be seen.
    expected = resolve([row if row.target in stored_ids else replace(row, target=NO_TARGET) for row in log])
    persons = {name: key64(head) for name, head in expected.persons.items()}
    assert stored_persons(store) == persons
    assert {name: identities.person_of(key64(name)) for name in persons} == persons
    assert {row.link.link_id: row.verdict for row in stored} == {
        row.link.link_id: expected.verdicts[row.link.link_id] for row in stored
    }


def test_links_take_effect_on_events_stored_before_and_after(store: ProjectStore) -> None:
    identities = Identities(store)
    add_events(store, [("device", 1), ("alice", 2), ("other", 3)], identities)
    change = identities.apply([link("device", "alice", 5)], received_ms=START_MS)
    add_events(store, [("device", 6)], identities)
    alice = key64("alice")
    assert persons_in_queries(store) == {"device": alice, "alice": alice, "other": key64("other")}
    assert change.persons == {key64("device"), alice}


def test_a_repeated_link_is_neither_stored_nor_looked_up(store: ProjectStore) -> None:
    identities = Identities(store)
    identities.apply([link("device", "alice", 5)], received_ms=START_MS)
    assert (
        identities.apply([link("device", "alice", 6), link("device", "alice", 5)], received_ms=START_MS).links
        == []
    )
    assert Identities(store).apply([link("device", "alice", 7)], received_ms=START_MS).links == []
    assert len(repository.select_links(store, "1")) == 1
    earlier = identities.apply([link("device", "alice", 4)], received_ms=START_MS)
    assert len(earlier.links) == 1


def test_merge_undo_and_their_errors(store: ProjectStore) -> None:
    identities = Identities(store)
    add_events(store, [("a", 1), ("alice", 2), ("b", 3), ("bob", 4)])
    identities.apply([link("a", "alice", 5), link("b", "bob", 6)], received_ms=START_MS)
    apart = persons_in_queries(store)
    merge = identities.merge("alice", "bob", actor="operator", at_ms=START_MS + 7).links[0].link
    assert set(persons_in_queries(store).values()) == {key64("bob")}
    with pytest.raises(PersonsAlreadyOne):
        identities.merge("a", "b", actor="operator")
    with pytest.raises(DistinctIdUnusable):
        identities.merge("undefined", "b", actor="operator")
    back = identities.undo(merge.link_id, actor="operator").links
    assert persons_in_queries(store) == apart
    with pytest.raises(LinkAlreadyUndone):
        identities.undo(merge.link_id, actor="operator")
    with pytest.raises(LinkNotFound):
        identities.undo(uuid.uuid4(), actor="operator")
    undo_row = next(row.link for row in back if row.link.kind == "undo")
    identities.undo(undo_row.link_id, actor="operator")
    assert set(persons_in_queries(store).values()) == {key64("bob")}


def test_the_log_is_listed_latest_first_in_pages(store: ProjectStore) -> None:
    identities = Identities(store)
    identities.apply([link(f"d{n}", "alice", n) for n in range(5)], received_ms=START_MS)
    identities.apply([link("d0", "bob", 9)], received_ms=START_MS)
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        rows, cursor = identities.links(cursor=cursor, limit=2)
        seen += [row.link.from_id for row in rows]
    assert (seen, cursor) == (["d0", "d4", "d3", "d2", "d1", "d0"], None)
    refused, _ = identities.links(status="refused")
    assert [(row.link.to_id, row.verdict.reason) for row in refused] == [("bob", "linked_to_another")]
    assert len(identities.links(distinct_id="d0")[0]) == 2
    assert identities.links(kind="merge")[0] == []


def test_a_link_logged_by_a_process_that_was_killed_is_finished_at_the_next_start(
    store: ProjectStore,
) -> None:
    identities = Identities(store)
    planned = identities._planner(START_MS).plain([link("device", "alice", 5)])
    now = identities._tick * 2
    repository.insert_links(
        store, [repository.StoredLink(row.link, _now_ms(), row.verdict) for row in planned.links], now
    )
    add_events(store, [("device", 1)])
    assert stored_persons(store) == {}
    Identities(store)
    assert persons_in_queries(store) == {"device": key64("alice")}


def test_two_processes_that_missed_each_others_link_agree_after_reconciling(store: ProjectStore) -> None:
    one, two = Identities(store), Identities(store)
    one.apply([link("device", "alice", 5)], received_ms=_now_ms())
    two.apply([link("device", "bob", 4)], received_ms=_now_ms())
    for identities in (one, two):
        identities.refresh()
        identities.reconcile(since_ms=_now_ms() - 60_000)
        identities.refresh()
    assert one.person_of(key64("device")) == two.person_of(key64("device")) == key64("bob")


def _now_ms() -> int:
    from bihuan.people.identity.service import now_ms

    return now_ms()


def test_the_map_answers_alike_for_one_key_and_for_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bihuan.people.identity.identity_map.RECENT_LIMIT", 100)
    identities = IdentityMap()
    rng = random.Random(3)
    truth: dict[int, Entry] = {}
    for version in range(60):
        entries = {
            rng.randrange(1 << 64) if rng.random() < 0.7 or not truth else rng.choice(list(truth)): None
            for _ in range(10)
        }
        fresh = {key: Entry(rng.randrange(1 << 64), version, rng.random() < 0.5) for key in entries}
        identities.put(fresh)
        truth.update(fresh)
    keys = [*truth, *(rng.randrange(1 << 64) for _ in range(200))]
    assert [identities.get(key) for key in keys] == [truth.get(key) for key in keys]
    expected = [truth[key].person_id if key in truth else key for key in keys]
    assert [identities.person_of(key) for key in keys] == expected
    assert identities.persons_of(np.array(keys, np.uint64)).tolist() == expected
    assert (len(identities), identities.latest_version) == (len(truth), 59)
    identities.put({keys[0]: Entry(1, truth[keys[0]].version - 1, True)})
    assert identities.get(keys[0]) == truth[keys[0]]


def test_an_empty_map_is_asked(new_store: Callable[[], ProjectStore]) -> None:
    identities = Identities(new_store())
    assert identities.persons_of(np.array([7, 8], np.uint64)).tolist() == [7, 8]
    assert (len(identities), identities.has_links(7), identities.latest_tick([7])) == (0, False, 0)
