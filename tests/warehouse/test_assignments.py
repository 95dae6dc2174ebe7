"""Who has which value of a tag, and how that changed."""

from __future__ import annotations

import pytest

from bihuan.warehouse import ProjectStore
from bihuan.warehouse.assignments import (
    MOST_VALUES,
    MOST_WAYS,
    Change,
    Held,
    Moved,
    assign,
    changes,
    moved,
    sizes,
    value_sql,
)


def test_of_many_values_the_most_frequent_are_listed_and_all_are_counted(store: ProjectStore) -> None:
    def values(shift: int) -> str:
        """Of 5,000 persons number n has the value n div 2 + shift; the first 1,000 have one value."""
        value = f"if(number < 1000, 'usual', toString(intDiv(number, 2) + {shift}))"
        return f"SELECT number + 1 AS person, {value} AS value FROM numbers(5000)"

    for at_ms, shift in ((1_000, 0), (2_000, 1)):
        assign(store, "tag_many", values(shift), at_ms=at_ms, cause="refresh")
    assert sizes(store, ["tag_many", "tag_none"])["tag_none"] == Held()
    held = sizes(store, ["tag_many"])["tag_many"]
    assert (held.people, held.value_count, len(held.values)) == (5_000, 2_001, MOST_VALUES)
    assert list(held.values.items())[:3] == [("usual", 1_000), ("1000", 2), ("1001", 2)]
    listed, ways = changes(store, "tag_many", after_ms=0, until_ms=2_000)
    assert (len(listed), ways) == (MOST_WAYS, 1 + 2_000 + 2_000)
    assert listed[0] == Change(before="", value="usual", people=1_000)
    assert changes(store, "tag_none", after_ms=0, until_ms=2_000) == ([], 0)
    assert moved(store, "tag_many", after_ms=0, until_ms=1_000) == Moved(entered=5_000, changed=0, left=0)
    assign(store, "tag_many", f"{values(1)} LIMIT 4990", at_ms=3_000, cause="refresh")
    assert moved(store, "tag_many", after_ms=1_000, until_ms=3_000) == Moved(0, 4_000, 10)


@pytest.mark.parametrize("late", ["1", "high", "later", "new"])
def test_who_was_merged_has_the_value_that_one_got_when_the_other_lost_theirs(
    store: ProjectStore, late: str
) -> None:
    for at_ms, person, value in ((1_000, 2, "early"), (2_000, 1, late)):
        wanted = f"SELECT toUInt64({person}) AS person, '{value}' AS value"
        assign(store, "tag", wanted, at_ms=at_ms, cause="refresh")
    store.engine.command(
        f"INSERT INTO {store.table('identity_overrides')} (distinct_key, person_id, version) VALUES (2, 1, 1)"
    )
    for at, held in ((None, late), (2_000, late), (1_999, "early")):
        assert store.engine.rows(value_sql(store.table, "tag", at_ms=at)) == [(1, held)]
