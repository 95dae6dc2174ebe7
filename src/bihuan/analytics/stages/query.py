"""The definition of lifecycle stages."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from bihuan.analytics.conditions import ActiveDays, Count, OfProperty, Window
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.period import Last

Stage = Literal["onboarding", "growing", "mature", "dormant", "lost"]
STAGES: tuple[Stage, ...] = get_args(Stage)
# What stages are called.
STAGE_NAMES: dict[Stage, dict[Literal["en", "zh"], str]] = {
    "onboarding": {"en": "Onboarding", "zh": "导入"},
    "growing": {"en": "Growing", "zh": "成长"},
    "mature": {"en": "Mature", "zh": "成熟"},
    "dormant": {"en": "Dormant", "zh": "休眠"},
    "lost": {"en": "Lost", "zh": "流失"},
}
Days = Annotated[int, Field(ge=1, le=4_000)]
Activity = Annotated[ActiveDays | Count | OfProperty, Field(discriminator="kind")]


class StageDefinition(Value):
    """Which stage everyone is in who was ever active; the first of these that holds:

    * lost, dormant: for ``lost_after_days`` (``dormant_after_days``) days of the calendar not active;
    * mature: ``activity`` in the last ``window_days`` days (today the last) is at least ``mature_from``;
    * growing: it is at least ``growing_from``, or the first activity is ``new_days`` days ago or longer;
    * onboarding: everyone else, who is new.

    ``activity`` is a figure of the events ``of`` (None: of those that make active); without a number it is 0.
    """

    kind: Literal["stages"] = "stages"
    active: EventSelector = EventSelector()
    dormant_after_days: Days = 30
    lost_after_days: Days = 90
    new_days: Days = 30
    of: EventSelector | None = None
    activity: Activity = ActiveDays()
    window_days: Days = 30
    growing_from: float = 3
    mature_from: float = 10

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lost_after_days <= self.dormant_after_days:
            raise ValueError(
                "lost_after_days is later than dormant_after_days, so it is not smaller or equal"
            )
        if self.mature_from <= self.growing_from:
            raise ValueError("mature_from is above growing_from")
        return self


class ReturnsQuery(Value):
    """After how many days without activity people still come back, and how active people are.

    ``window_days``: how active in so many days, those of the window's end.
    """

    kind: Literal["returns"] = "returns"
    active: EventSelector = EventSelector()
    window: Window = Last(count=365)
    window_days: Days = 30
