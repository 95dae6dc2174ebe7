"""Lifecycle from bitmaps of the people of each unit: the same row as from the log."""

from __future__ import annotations

from bihuan.analytics.sql.day_people import DayPeople
from bihuan.analytics.sql.units import Units

_SO_FAR = "(ORDER BY unit ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"


def stages_sql(days: DayPeople, units: Units) -> str:
    """One row: an array of people by unit for new, returning, resurrected and dormant.

    Whoever is among all people so far, but was not a unit ago, is new.
    """
    last = units.last_day
    united = (
        "SELECT unit, bitmapCardinality(people) AS active, "
        f"lagInFrame(bitmapCardinality(people)) OVER {_SO_FAR} AS active_before, "
        f"bitmapAndCardinality(people, lagInFrame(people) OVER {_SO_FAR}) AS returning, "
        f"bitmapCardinality(groupBitmapMergeState(people) OVER {_SO_FAR}) AS ever\n"
        f"FROM (\n{days.units_sql(units, None, last)}\n)"
    )
    figures = (
        f"SELECT unit, ever - lagInFrame(ever) OVER {_SO_FAR} AS new, returning, "
        f"active - returning - new AS resurrected, active_before - returning AS dormant\nFROM (\n{united}\n)"
    )
    stages = ("new", "returning", "resurrected", "dormant")
    arrays = ", ".join(
        f"arrayMap(pair -> toUInt64(pair.2), arraySort(groupArray((unit, {stage})))) AS {stage}_people"
        for stage in stages
    )
    return f"SELECT {arrays}\nFROM (\n{figures}\n) WHERE unit >= 0"
