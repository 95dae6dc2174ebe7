"""When people come back, and a definition of stages that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from bihuan.analytics.query.base import Value
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.stages.query import ReturnsQuery, StageDefinition
from bihuan.kernel.arrays import Array
from bihuan.kernel.errors import BihuanError
from bihuan.stats import InactivityThreshold, inactivity_threshold

Row = Sequence[Any]
# Somebody is dormant from where the chance to come back is half of what it is right after an activity, and
# lost from where it is a fifth.
DORMANT_SHARE, LOST_SHARE = 0.5, 0.2
# Without an end of the curve: lost after so many times the days that make dormant.
LOST_FACTOR = 3
_SURE = 0.999


class Absence(Value):
    """Absences of so many days: how often they ended with a return, by how many people; who is still away.

    ``chance`` is that to come back within ``within_days`` days after so many, with its interval; None where
    too few absences lasted so long.
    """

    days: int
    returns: int
    people: int
    still_away: int
    chance: float | None = None
    low: float | None = None
    high: float | None = None


class Returns(Value):
    """The distribution of absences, and the definition that it suggests.

    ``because`` says where the days come from: ``curve`` from the chance to come back, ``knee`` from where it
    bends, ``default`` from nothing. ``refused_en``/``refused_zh``: why there is no curve. ``active_days[d]``
    people were active on d + 1 of the last ``window_days`` days.
    """

    within_days: int
    absences: tuple[Absence, ...]
    active_days: tuple[int, ...]
    dormant_because: Literal["curve", "knee", "default"]
    lost_because: Literal["curve", "default"]
    refused_en: str | None = None
    refused_zh: str | None = None
    suggested: StageDefinition


def read_returns(query: ReturnsQuery, rows: Sequence[Row], *, within_days: int = 30) -> Returns:
    """The result of ``returns_sql``'s rows."""
    ended, waiting = _counts(rows, "ended"), _counts(rows, "open")
    active = [int(people) for people in _counts(rows, "active")[1:]]
    try:
        steep = inactivity_threshold(ended, waiting, chance=_SURE, within_days=within_days)
    except BihuanError as refusal:
        return Returns(
            within_days=within_days,
            absences=_absences(rows, None),
            active_days=tuple(active),
            dormant_because="default",
            lost_because="default",
            refused_en=refusal.message("en"),
            refused_zh=refusal.message("zh"),
            suggested=_definition(query, active, None, None),
        )
    at_once = float(steep.curve.chance[0])
    dormant, lost = (
        inactivity_threshold(ended, waiting, chance=min(_SURE, share * at_once), within_days=within_days).days
        if at_once > 0
        else None
        for share in (DORMANT_SHARE, LOST_SHARE)
    )
    bend = steep.knee if dormant is None else None
    return Returns(
        within_days=within_days,
        absences=_absences(rows, steep),
        active_days=tuple(active),
        dormant_because="curve" if dormant is not None else "knee" if bend else "default",
        lost_because="curve" if lost is not None else "default",
        suggested=_definition(query, active, dormant if dormant is not None else bend, lost),
    )


def _definition(
    query: ReturnsQuery, active: Sequence[int], dormant: int | None, lost: int | None
) -> StageDefinition:
    """Growing from the median of those active of late, mature from the busiest fifth."""
    plain = StageDefinition()
    dormant_after = max(1, dormant or plain.dormant_after_days)
    growing = max(2, _at_share(active, 0.5))
    return StageDefinition(
        active=EventSelector.model_validate(query.active.model_dump()),
        dormant_after_days=dormant_after,
        lost_after_days=max(dormant_after + 1, lost or LOST_FACTOR * dormant_after),
        new_days=dormant_after,
        window_days=query.window_days,
        growing_from=growing,
        mature_from=max(growing + 1, _at_share(active, 0.8)),
    )


def _at_share(people_by_days: Sequence[int], share: float) -> int:
    """The least number of days that at least this share of people does not exceed; 0 of nobody."""
    people, reached = sum(people_by_days), 0
    for days, count in enumerate(people_by_days, start=1):
        reached += count
        if people and reached >= share * people:
            return days
    return 0


def _counts(rows: Sequence[Row], kind: str) -> Array:
    """How many there are for 0, 1, … days."""
    own = {row[1]: row[3] for row in rows if row[0] == kind}
    return np.array([own.get(days, 0) for days in range(max(own, default=0) + 1)], dtype=np.int64)


def _absences(rows: Sequence[Row], found: InactivityThreshold | None) -> tuple[Absence, ...]:
    ended = {row[1]: (row[3], row[2]) for row in rows if row[0] == "ended"}
    waiting = {row[1]: row[3] for row in rows if row[0] == "open"}
    known = 0 if found is None else len(found.curve.days)
    listed = []
    for days in range(max([*ended, *waiting, known - 1], default=-1) + 1):
        returns, people = ended.get(days, (0, 0))
        at = {} if found is None or days >= known else _chance(found, days)
        listed.append(
            Absence(days=days, returns=returns, people=people, still_away=waiting.get(days, 0), **at)
        )
    return tuple(listed)


def _chance(found: InactivityThreshold, days: int) -> dict[str, float]:
    curve = found.curve
    return {
        "chance": float(curve.chance[days]),
        "low": float(curve.low[days]),
        "high": float(curve.high[days]),
    }
