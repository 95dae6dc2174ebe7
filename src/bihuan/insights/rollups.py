"""Keep the people of each day and the sequences of everybody ready for the questions that ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.analytics.query import PropertyRef
from bihuan.analytics.sequences.totals import number_sql
from bihuan.analytics.sql.day_people import cell_key
from bihuan.insights.warming import compile_loops
from bihuan.warehouse import ProjectStore, sequences
from bihuan.warehouse.rollups import consistent, refresh


@dataclass(frozen=True)
class RolledUp:
    """What was built anew, in ``cells`` of people by day and ``rows`` of sequences; what is ``left``."""

    cells: int
    rows: int
    left: int


def roll_up(
    store: ProjectStore, time_zone: str, properties: Sequence[str], numbers: Sequence[str] = ()
) -> RolledUp:
    """Build what is stale of a project: people by day of its zone and by the values of ``properties``, and
    the sequences of their events with these values and with the sums of ``numbers``.

    One caller at a time in the whole installation; queries and writers need not wait.
    """
    keys = {name: cell_key(PropertyRef(name=name)) for name in properties}
    if not consistent(store):
        # They count on the same numbers.
        sequences.drop(store)
    days = refresh(store, time_zone, keys)
    months = sequences.refresh(store, keys, {name: number_sql(name) for name in numbers})
    if months.months:
        compile_loops()
    return RolledUp(days.cells, months.rows, days.left + months.left)
