"""The filter of known ids: never a wrong "surely new", few needless "maybe"s."""

from __future__ import annotations

import random
import struct
import uuid

import pytest

from bihuan.warehouse.writing.idfilter import IdFilter, hashes_of, hashes_of_engine


def ids(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    return [chance.randbytes(16) for _ in range(count)]


@pytest.mark.parametrize("expected", [0, 300_000])
def test_known_ids_are_always_found_and_few_others(expected: int) -> None:
    known = IdFilter(memory_bytes=64_000_000, expected=expected)
    for start in range(0, 300_000, 50_000):
        known.add(hashes_of(ids(50_000, start)))
    assert all(known.contains(hashes_of(ids(50_000, start))).all() for start in range(0, 300_000, 50_000))
    assert known.contains(hashes_of(ids(100_000, 1))).mean() < 0.0001


@pytest.mark.parametrize(("megabytes", "most"), [(16, 0.0001), (8, 0.002), (3, 0.02)])
def test_the_less_memory_the_more_ids_are_looked_up_in_vain(megabytes: int, most: float) -> None:
    known = IdFilter(memory_bytes=megabytes * 1_000_000, expected=1_600_000)
    for seed in range(16):
        known.add(hashes_of(ids(100_000, seed)))
    assert known.size_bytes <= megabytes * 1_000_000
    assert known.contains(hashes_of(ids(100_000, 99))).mean() < most


def test_counted_ids_spread_as_well_as_random_ones() -> None:
    known = IdFilter(memory_bytes=64_000_000)
    known.add(hashes_of([uuid.UUID(int=number).bytes for number in range(900_000)]))
    others = [uuid.UUID(int=number).bytes for number in range(900_000, 1_000_000)]
    assert known.contains(hashes_of(others)).mean() < 0.01


def test_it_grows_by_layers_and_stops_at_its_memory() -> None:
    known = IdFilter(memory_bytes=5_000_000)
    added = [hashes_of(ids(1_000_000, seed)) for seed in range(4)]
    for hashes in added:
        known.add(hashes)
    assert 4_000_000 < known.size_bytes <= 5_000_032
    assert all(known.contains(hashes).all() for hashes in added)


def test_the_engine_bytes_give_the_same_hashes() -> None:
    some = ids(1_000, 5)
    binary = b"".join(struct.pack("<QQ", *struct.unpack(">QQ", one)) for one in some)
    assert (hashes_of(some) == hashes_of_engine(binary)).all()
