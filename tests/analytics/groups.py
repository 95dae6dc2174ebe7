"""Breakdowns at random, and their groups as results name them and as the oracles do."""

from __future__ import annotations

from hypothesis import strategies as st

from bihuan.analytics.query import Breakdown, BreakdownValue, PropertyRef
from bihuan.analytics.reference.trend import OTHER, Group
from tests.analytics.random_log import refs

BOUNDS = st.sampled_from([None, None, (0.0,), (1.0, 1.5)])
# Properties that events of one person differ in, and all there are.
_PROPERTIES = st.one_of(
    st.sampled_from([PropertyRef(scope="field", name="source"), PropertyRef(name="x")]), refs()
)
BREAKDOWNS: st.SearchStrategy[tuple[Breakdown, ...]] = st.lists(
    st.builds(Breakdown, property=_PROPERTIES, top_n=st.integers(1, 3), bounds=BOUNDS), max_size=3
).map(tuple)


def group_of(values: tuple[BreakdownValue, ...]) -> Group:
    """A result's group as the oracles name it."""
    return tuple(OTHER if value.other else value.value for value in values)


def values_of(group: Group) -> tuple[BreakdownValue, ...]:
    """An oracle's group as a selection names it."""
    return tuple(
        BreakdownValue(other=True) if value is OTHER else BreakdownValue.model_validate({"value": value})
        for value in group
    )
