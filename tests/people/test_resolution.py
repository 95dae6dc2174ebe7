"""The resolution of the link log: cases from its definition, then random logs against the oracle."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.people.identity.links import Link, new_link
from bihuan.people.identity.resolution import Verdict, resolve
from tests.people.identity_oracle import oracle
from tests.people.logs import START_MS, link, undo

APPLIED = Verdict("applied")


def persons(*links: Link) -> dict[str, str]:
    return resolve(links).persons


def verdict_of(target: Link, *links: Link) -> Verdict:
    return resolve(links).verdicts[target.link_id]


def test_an_anonymous_id_becomes_the_known_id() -> None:
    assert persons(link("device", "alice", 1)) == {"device": "alice", "alice": "alice"}


def test_devices_of_one_known_id_are_one_person() -> None:
    assert set(persons(link("phone", "alice", 1), link("laptop", "alice", 2)).values()) == {"alice"}


def test_a_second_known_person_on_a_shared_device_is_refused() -> None:
    first, second = link("device", "alice", 1), link("device", "bob", 2)
    assert persons(second, first) == {"device": "alice", "alice": "alice", "bob": "bob"}
    assert verdict_of(second, second, first) == Verdict("refused", "linked_to_another")
    assert verdict_of(first, second, first) == APPLIED


def test_an_earlier_link_that_arrives_late_wins() -> None:
    assert persons(link("device", "bob", 5), link("device", "alice", 2))["device"] == "alice"


def test_two_known_ids_are_never_joined_by_a_link_or_an_alias() -> None:
    log = [link("a", "alice", 1), link("b", "bob", 2)]
    for kind in ("link", "alias"):
        joining = link("alice", "bob", 3, kind)
        assert verdict_of(joining, *log, joining) == Verdict("refused", "both_known")
        assert persons(*log, joining)["alice"] == "alice"


def test_an_id_is_known_whenever_it_was_named_as_such() -> None:
    early = link("alice", "bob", 1)
    assert persons(early)["alice"] == "bob"
    assert persons(early, link("device", "alice", 9)) == {"alice": "alice", "bob": "bob", "device": "alice"}


def test_a_cycle_of_two_links_names_two_known_people() -> None:
    assert persons(link("a", "b", 1), link("b", "a", 2)) == {"a": "a", "b": "b"}


def test_aliases_of_unknown_ids_chain_and_follow_the_known_one() -> None:
    chain = [link("one", "two", 1, "alias"), link("two", "three", 2, "alias")]
    assert set(persons(*chain).values()) == {"three"}
    assert set(persons(*chain, link("one", "alice", 3)).values()) == {"alice"}


def test_an_alias_that_closes_a_ring_changes_nothing() -> None:
    ring = [link("x", "y", 1, "alias"), link("y", "z", 2, "alias"), link("z", "x", 3, "alias")]
    assert set(persons(*ring).values()) == {"z"}


def test_a_merge_confirms_what_was_refused() -> None:
    log = [link("a", "alice", 1), link("b", "bob", 2)]
    asked, merge = link("alice", "bob", 3, "alias"), link("alice", "bob", 4, "merge")
    assert set(persons(*log, asked, merge).values()) == {"bob"}
    assert verdict_of(asked, *log, asked, merge) == Verdict("applied", "merged")


def test_an_undone_merge_parts_them_and_undoing_the_undo_joins_them_again() -> None:
    log = [link("a", "alice", 1), link("b", "bob", 2)]
    merge = link("alice", "bob", 3, "merge")
    back = undo(merge, 4)
    assert persons(*log, merge, back) == {"a": "alice", "alice": "alice", "b": "bob", "bob": "bob"}
    assert verdict_of(merge, *log, merge, back) == Verdict("undone")
    assert set(persons(*log, merge, back, undo(back, 5)).values()) == {"bob"}


def test_undoing_a_link_holds_against_its_repetitions() -> None:
    first = link("device", "alice", 1)
    log = [first, link("device", "alice", 50), undo(first, 20), link("device", "bob", 60)]
    assert persons(*log) == {"device": "bob", "alice": "alice", "bob": "bob"}


def test_ids_that_programs_send_for_nobody_join_nobody() -> None:
    for name in ("undefined", "NULL", " anonymous ", "", "0"):
        joining = link(name, "alice", 1)
        assert persons(joining)[name] == name
        assert verdict_of(joining, joining) == Verdict("refused", "unusable_id")


IDS = st.sampled_from(["a", "b", "c", "d", "e", "null"])


@st.composite
def link_logs(draw: st.DrawFn) -> list[Link]:
    log: list[Link] = []
    for at in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from(["link", "link", "link", "alias", "merge", "undo"]))
        if kind == "undo":
            if log:
                log.append(undo(draw(st.sampled_from(log)), 1000 + at))
            continue
        log.append(new_link(kind, draw(IDS), draw(IDS), START_MS + draw(st.integers(0, 5))))
    return log


@settings(deadline=None, max_examples=500)
@given(link_logs(), st.randoms(use_true_random=False))
def test_it_agrees_with_the_oracle_in_every_order_of_arrival(
    log: list[Link], shuffler: random.Random
) -> None:
    expected_persons, expected_refused = oracle(log)
    shuffled = [*log, *log[:2]]
    shuffler.shuffle(shuffled)
    resolution = resolve(shuffled)
    assert resolution.persons == expected_persons
    assert {
        each for each, verdict in resolution.verdicts.items() if verdict.status == "refused"
    } == expected_refused
    assert resolution == resolve(log)


@settings(deadline=None, max_examples=300)
@given(link_logs())
def test_without_merges_no_person_has_two_known_ids(log: list[Link]) -> None:
    resolution = resolve([row for row in log if row.kind != "merge"])
    heads = [resolution.persons[name] for name in resolution.known if name in resolution.persons]
    assert len(heads) == len(set(heads))
