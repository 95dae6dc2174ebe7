"""Lifecycle from bitmaps of the people of each unit: the same row as from the log."""

from __future__ import annotations

from bihuan.analytics.lifecycle.query import Stage
from bihuan.analytics.sql.day_people import DayPeople, people_of
from bihuan.analytics.sql.units import Units

_BEFORE = "(ORDER BY unit ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
_STAGES: dict[Stage, str] = {
    "new": "bitmapAndnot(active, ever_before)",
    "returning": "bitmapAnd(active, active_before)",
    "resurrected": "bitmapAndnot(bitmapAnd(active, ever_before), active_before)",
    "dormant": "bitmapAndnot(active_before, active)",
}
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


def stage_people_sql(days: DayPeople, units: Units, stage: Stage, unit: int) -> str:
    """SELECT of ``person``: those of one stage in one unit."""
    each = (
        "SELECT unit, people AS active, "
        f"lagInFrame(people) OVER {_SO_FAR} AS active_before, "
        f"groupBitmapMergeState(people) OVER {_BEFORE} AS ever_before\n"
        f"FROM (\n{days.units_sql(units, None, units.last_day)}\n)"
    )
    return people_of(days.ctx, f"SELECT {_STAGES[stage]} AS people FROM (\n{each}\n) WHERE unit = {unit}")
