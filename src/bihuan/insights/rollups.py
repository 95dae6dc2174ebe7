"""Keep the people of each day ready for the questions that ask for them."""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.analytics.query import PropertyRef
from bihuan.analytics.sql.day_people import cell_key
from bihuan.warehouse import ProjectStore
from bihuan.warehouse.rollups import Refreshed, refresh


def roll_up(store: ProjectStore, time_zone: str, properties: Sequence[str]) -> Refreshed:
    """Build what is stale of a project's people by day of its zone, and by the values of ``properties``.

    One caller at a time in the whole installation; queries and writers need not wait.
    """
    keys = {name: cell_key(PropertyRef(name=name)) for name in properties}
    return refresh(store, time_zone, keys)
