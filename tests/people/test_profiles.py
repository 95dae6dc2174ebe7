"""Stored profiles follow changes, links, merges and undos; people are found, listed, shown and erased."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime

import pytest

from bihuan.database import CursorInvalid
from bihuan.kernel.hashing import key64
from bihuan.people import Change, Identities, People, Profiles
from bihuan.people.errors import PersonNotFound
from bihuan.people.profiles.folding import fold
from bihuan.people.profiles.repository import keys_with_more, present_properties, profile_of
from bihuan.warehouse.project import ProjectStore
from tests.people.logs import START_MS, add_events, change, link


def properties(people: People, name: str) -> dict[str, object]:
    row = profile_of(people.store, people.identities.person_of(key64(name)))
    assert row is not None
    return present_properties(row.properties_json)


def test_a_change_is_seen_at_once_and_late_ones_take_their_place(people: People) -> None:
    people.profiles.apply([change("li", "set", 5, {"city": "Beijing", "age": 30})])
    people.profiles.apply([change("li", "set", 3, {"city": "Xi'an", "name": "Li"})])
    people.profiles.apply(
        [change("li", "increment", 6, {"age": 1}), change("li", "union", 7, {"tags": ["a"]})]
    )
    assert properties(people, "li") == {"city": "Beijing", "age": 31.0, "name": "Li", "tags": ["a"]}
    row = profile_of(people.store, key64("li"))
    assert row is not None
    assert (row.distinct_ids, row.first_seen_ms, row.updated_ms) == (["li"], START_MS + 3, START_MS + 7)


def test_a_link_joins_profiles_and_its_undo_parts_them(people: People) -> None:
    people.profiles.apply(
        [change("device", "set", 1, {"theme": "dark", "n": 1}), change("li", "set", 2, {"n": 5})]
    )
    joined = people.record([link("device", "li", 3)], [], received_ms=START_MS)
    assert properties(people, "li") == {"theme": "dark", "n": 5.0}
    away = profile_of(people.store, key64("device"))
    assert away is not None
    assert away.deleted
    people.undo(joined.links[0].link.link_id, actor="operator")
    assert properties(people, "li") == {"n": 5.0}
    assert properties(people, "device") == {"theme": "dark", "n": 1.0}
    assert [person.distinct_ids for person in people.search()[0]] == [["li"], ["device"]]


def test_a_merge_joins_all_ids_and_an_undo_restores_both(people: People) -> None:
    changes = [
        change("a", "set", 1, {"x": 1}),
        change("alice", "set", 2, {"y": 2}),
        change("bob", "set", 3, {"z": 3}),
    ]
    people.record([link("a", "alice", 4), link("b", "bob", 5)], changes, received_ms=START_MS)
    merged = people.merge("alice", "bob", actor="operator")
    assert properties(people, "a") == {"x": 1.0, "y": 2.0, "z": 3.0}
    assert people.get("a").summary.distinct_ids == ["a", "alice", "b", "bob"]
    merge = next(row.link for row in merged.links if row.link.kind == "merge")
    people.undo(merge.link_id, actor="operator")
    assert properties(people, "a") == {"x": 1.0, "y": 2.0}
    assert people.get("bob").summary.distinct_ids == ["b", "bob"]
    assert properties(people, "bob") == {"z": 3.0}


@pytest.mark.parametrize("seed", range(4))
def test_any_batches_in_any_order_give_the_fold_of_the_whole_log(store: ProjectStore, seed: int) -> None:
    rng = random.Random(seed)
    names = [f"p{number}" for number in range(6)]
    operations = ["set", "set_once", "increment", "append", "union", "unset", "delete"]
    log = [
        change(
            rng.choice(names),
            rng.choice(operations),
            rng.randrange(30),
            {rng.choice("abc"): rng.randrange(4)},
        )
        for _ in range(40)
    ]
    links = [link("p0", "p1", 3), link("p2", "p1", 4), link("p3", "p4", 5)]
    people = People(store)
    arrivals: list[tuple[str, object]] = [("change", each) for each in [*log, *log[:8]]] + [
        ("link", each) for each in links
    ]
    rng.shuffle(arrivals)
    while arrivals:
        batch, arrivals = arrivals[:7], arrivals[7:]
        people.record(
            [each for kind, each in batch if kind == "link"],  # type: ignore[misc]
            [each for kind, each in batch if kind == "change"],  # type: ignore[misc]
            received_ms=START_MS,
        )
    heads = {"p0": "p1", "p2": "p1", "p3": "p4"}
    for person in ("p1", "p4", "p5"):
        expected = fold(each for each in log if heads.get(each.distinct_id, each.distinct_id) == person)
        stored = profile_of(store, key64(person))
        if stored is not None:
            assert (present_properties(stored.properties_json), stored.deleted) == (
                expected.properties,
                expected.deleted,
            )
            assert stored.version & 0x3FFFFF == expected.count


def test_many_new_people_at_once_take_the_way_that_reads_nothing_back(people: People) -> None:
    people.profiles.apply([change("p7", "set", 0, {"old": 1})])
    batch = [change(f"p{number}", "set", 1, {"n": number}) for number in range(500)]
    assert keys_with_more(people.store, {key64("p7"): 1, key64("p8"): 1}) == set()
    people.profiles.apply(batch)
    assert keys_with_more(people.store, {key64("p7"): 1, key64("p8"): 1}) == {key64("p7")}
    assert properties(people, "p7") == {"old": 1.0, "n": 7.0}
    assert properties(people, "p499") == {"n": 499.0}
    count = people.store.engine.scalar(f"SELECT count() FROM {people.store.table('profiles')} FINAL")
    assert count == 500


def test_a_fold_that_missed_a_change_does_not_replace_the_fuller_one(store: ProjectStore) -> None:
    one, two = Profiles(Identities(store)), Profiles(Identities(store))
    one.apply([change("li", "set", 1, {"a": 1})])
    two.apply([change("li", "set", 2, {"b": 2})])
    stale = one._row(key64("li"), {key64("li"): "li"}, fold([change("li", "set", 1, {"a": 1})]))
    assert stale is not None
    from bihuan.people.profiles.repository import insert_profiles

    insert_profiles(store, [stale])
    row = profile_of(store, key64("li"))
    assert row is not None
    assert present_properties(row.properties_json) == {"a": 1.0, "b": 2.0}


def test_the_copy_received_first_survives_merges_of_the_log(people: People) -> None:
    first = Change(uuid.UUID(int=1), "li", START_MS, START_MS + 5, "set", {"n": 1})
    second = Change(uuid.UUID(int=1), "li", START_MS, START_MS + 9, "set", {"n": 2})
    people.profiles.apply([second])
    people.profiles.apply([first])
    people.store.engine.command(f"OPTIMIZE TABLE {people.store.table('profile_changes')} FINAL")
    people.profiles.refold([key64("li")])
    assert properties(people, "li") == {"n": 1.0}


def test_a_person_has_counts_and_a_timeline_over_all_ids(people: People) -> None:
    add_events(people.store, [("device", 10), ("li", 30), ("li", 20), ("other", 5)])
    people.record([link("device", "li", 40)], [change("li", "set", 1, {"name": "Li"})], received_ms=START_MS)
    for name in ("device", "li", f"#{key64('li')}"):
        detail = people.get(name)
        assert detail.summary.properties == {"name": "Li"}
        assert (detail.events.count, detail.events.first_ms, detail.events.last_ms) == (
            3,
            START_MS + 10,
            START_MS + 30,
        )
    first, cursor = people.timeline("li", limit=2)
    rest, end = people.timeline("li", cursor=cursor, limit=2)
    assert [(event.time_ms - START_MS, event.distinct_id) for event in first + rest] == [
        (30, "li"),
        (20, "li"),
        (10, "device"),
    ]
    assert end is None
    assert people.get("other").summary.distinct_ids == ["other"]
    with pytest.raises(PersonNotFound):
        people.get("nobody")
    with pytest.raises(CursorInvalid):
        people.timeline("li", cursor="!")


def test_people_are_listed_last_changed_first_and_searched(people: People) -> None:
    people.profiles.apply(
        [change(f"p{n}", "set", n, {"name": f"Name {n}", "email": f"m{n}@x.cn"}) for n in range(5)]
    )
    people.profiles.apply([change("p1", "delete", 9)])
    add_events(people.store, [("ghost", 1)])
    first, cursor = people.search(limit=3)
    rest, end = people.search(cursor=cursor, limit=3)
    assert [person.distinct_ids for person in first + rest] == [["p4"], ["p3"], ["p2"], ["p0"]]
    assert end is None
    assert [person.distinct_ids for person in people.search(search="M3@X")[0]] == [["p3"]]
    assert [person.distinct_ids for person in people.search(search="name")[0]] == [
        ["p4"],
        ["p3"],
        ["p2"],
        ["p0"],
    ]
    assert [person.distinct_ids for person in people.search(search="ghost")[0]] == [["ghost"]]
    assert people.search(search="nobody")[0] == []


def everything(store: ProjectStore) -> str:
    """Every row of the project's tables but the tombstones, as text."""
    tables = ("events", "identity_links", "identity_overrides", "profile_changes", "profiles", "quarantine")
    return "\n".join(str(row) for table in tables for row in _rows(store, table))


def _rows(store: ProjectStore, table: str) -> list[tuple[object, ...]]:
    rendered = "REPLACE (toString(properties) AS properties)" if table in ("events", "profiles") else ""
    return store.engine.rows(f"SELECT * {rendered} FROM {store.table(table)}")


def test_an_erased_person_leaves_nothing_and_does_not_come_back(people: People) -> None:
    add_events(people.store, [("device-li", 10), ("li@example.cn", 20), ("other", 5)])
    links = [link("device-li", "li@example.cn", 15), link("device-o", "other", 16)]
    late = change("li@example.cn", "set", 2, {"name": "Li"})
    people.record(links, [late, change("other", "set", 1, {"name": "O"})], received_ms=START_MS)
    now = datetime.now(UTC)
    people.store.engine.insert_rows(
        people.store.table("quarantine"),
        ["item_id", "received_at", "raw"],
        [(uuid.uuid4(), now, '{"userId": "li@example.cn"}'), (uuid.uuid4(), now, '{"userId": "other"}')],
    )
    assert people.erase("device-li", actor="operator") == ["device-li", "li@example.cn"]
    left = everything(people.store)
    assert "li@example.cn" not in left
    assert "device-li" not in left
    assert str(key64("li@example.cn")) not in left
    assert left.count("other") > 3
    assert people.get("device-o").summary.distinct_ids == ["device-o", "other"]
    with pytest.raises(PersonNotFound):
        people.get("device-li")
    # Sent again by a client that never heard the answer: refused, or swept when another process stored it.
    people.record([links[0]], [late], received_ms=START_MS)
    assert "li@example.cn" not in everything(people.store)
    add_events(people.store, [("device-li", 10)])
    assert people.erasures.sweep() == 1
    assert people.erasures.sweep() == 0
    assert "device-li" not in everything(people.store)


def test_what_an_erased_id_does_later_is_of_a_new_person(people: People) -> None:
    people.record([link("device", "li", 1)], [change("li", "set", 2, {"name": "Li"})], received_ms=START_MS)
    people.erase("li", actor="operator")
    after = int(datetime.now(UTC).timestamp() * 1000) + 60_000 - START_MS
    people.record([], [change("li", "set", after, {"plan": "new"})], received_ms=START_MS + after)
    assert properties(people, "li") == {"plan": "new"}
    assert people.erasures.sweep() == 0
    assert people.get("li").summary.distinct_ids == ["li"]


def test_a_numeric_id_is_erased_from_raw_payloads_but_not_from_longer_numbers(people: People) -> None:
    now = datetime.now(UTC)
    raws = ['{"id": 123, "a": 1}', '{"id":123}', '{"n":1234}', '{"id":"123"}', "[123]"]
    people.store.engine.insert_rows(
        people.store.table("quarantine"),
        ["item_id", "received_at", "raw"],
        [(uuid.uuid4(), now, raw) for raw in raws],
    )
    people.erase("123", actor="operator")
    assert people.store.engine.rows(f"SELECT raw FROM {people.store.table('quarantine')}") == [
        ('{"n":1234}',)
    ]
