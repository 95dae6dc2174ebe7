"""What other shares held out would show."""

from __future__ import annotations

from bihuan.campaigns.preflight.schemas import HoldoutPoint
from bihuan.stats.experiments import Baseline, Plan, needed_people, smallest_effect

_PERCENT = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 45, 50)


def points_of(without: Baseline, people: int, effect: float | None) -> list[HoldoutPoint]:
    """The smallest effect, and the people needed for the expected one, by the share held out.

    Args:
        people: treated and held out together.
    """
    found = []
    for percent in _PERCENT:
        plan = Plan(holdout=percent / 100)
        least = smallest_effect(without, people, plan)
        needed = None if effect is None else needed_people(without, effect, plan)
        found.append(HoldoutPoint(share=percent / 100, smallest_effect=least, needed=needed))
    return found
