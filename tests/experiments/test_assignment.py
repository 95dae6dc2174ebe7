"""Draws: uniform, the same in SQL, independent between salts, and stable when shares grow."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.experiments import PARTS, Split, draw, draw_of_id, draw_sql, split, split_sql
from bihuan.experiments.drawing import Draws
from bihuan.experiments.layers import free_slots, in_slots
from bihuan.kernel.hashing import key64
from bihuan.warehouse import Engine

PEOPLE = [key64(f"user-{number}") for number in range(20_000)]
SALTS = st.text(max_size=20).filter(lambda text: "\0" not in text and text.isprintable())


@settings(max_examples=20)
@given(salt=SALTS, persons=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20))
def test_sql_and_python_draw_alike(engine: Engine, salt: str, persons: list[int]) -> None:
    listed = f"arrayJoin(CAST([{', '.join(map(str, persons))}] AS Array(UInt64)))"
    rows = engine.rows(f"SELECT person, {draw_sql(salt, 'person')} FROM (SELECT {listed} AS person)")
    assert dict(rows) == {person: draw(salt, person) for person in persons}
    shares = {"a": 0.1, "b": 0.25, "it's": 0.4}
    rows = engine.rows(f"SELECT person, {split_sql('p', salt, shares)} FROM (SELECT {listed} AS person)")
    drawn = split("p", salt, shares, persons)
    assert dict(rows) == {person: group or "" for person, group in zip(persons, drawn, strict=True)}


def test_a_distinct_id_draws_as_the_person_it_begins(engine: Engine) -> None:
    sql = draw_sql("s", "xxh3(id)")
    rows = engine.rows(f"SELECT id, {sql} FROM (SELECT arrayJoin(['ann', '北京', 'x''y']) AS id)")
    assert dict(rows) == {name: draw_of_id("s", name) for name in ("ann", "北京", "x'y")}


def test_draws_are_uniform_and_salts_independent() -> None:
    one = np.array([draw("one", person) for person in PEOPLE])
    other = np.array([draw("other", person) for person in PEOPLE])
    counts, _ = np.histogram(one, bins=100, range=(0, PARTS))
    assert scipy.stats.chisquare(counts).pvalue > 0.001
    table, _, _ = np.histogram2d(one, other, bins=10, range=[(0, PARTS)] * 2)
    assert scipy.stats.chi2_contingency(table).pvalue > 0.001


def test_groups_have_their_shares_and_nobody_leaves_a_growing_one() -> None:
    small = split("p", "s", {"holdout": 0.05}, PEOPLE)
    large = split("p", "s", {"holdout": 0.1}, PEOPLE)
    assert small.count("holdout") == pytest.approx(1_000, abs=100)
    assert large.count("holdout") == pytest.approx(2_000, abs=140)
    assert all(after == "holdout" for before, after in zip(small, large, strict=True) if before)
    assert split("other", "s", {"holdout": 0.05}, PEOPLE) != small


def test_more_traffic_adds_people_and_moves_nobody() -> None:
    variants = Split("s/variant", (("a", 0.5), ("b", 0.5)))
    few = [Draws(variants, ("s/traffic", 100_000)).variant(person) for person in PEOPLE]
    many = [Draws(variants, ("s/traffic", 300_000)).variant(person) for person in PEOPLE]
    assert sum(each is not None for each in few) == pytest.approx(2_000, abs=140)
    assert all(after == before for before, after in zip(few, many, strict=True) if before is not None)
    assert many.count("a") == pytest.approx(3_000, abs=170)


def test_shares_above_one_are_refused() -> None:
    with pytest.raises(ValueError, match="1 at most"):
        Split("s", (("a", 0.6), ("b", 0.5)))


@given(sizes=st.lists(st.integers(1, PARTS // 3), max_size=8))
def test_experiments_of_a_layer_share_no_people(sizes: list[int]) -> None:
    taken: list[tuple[int, int]] = []
    for size in sizes:
        found = free_slots(taken, size)
        if found is None:
            assert sum(end - start for start, end in taken) + size > PARTS
            continue
        taken.append(found)
    for person in PEOPLE[:50]:
        assert sum(in_slots("layer", slots, person) for slots in taken) <= 1
    assert all(0 <= start < end <= PARTS for start, end in taken)
    if len(taken) > 1:
        del taken[0]
        assert free_slots(taken, sizes[0]) is not None
