"""The definition of an RFM analysis, and its groups."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.conditions import Window
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.period import Last
from bihuan.analytics.query.properties import PropertyRef

MOST_SCORES = 5
GroupCode = Literal[
    "important_value",
    "important_develop",
    "important_keep",
    "important_win_back",
    "general_value",
    "general_develop",
    "general_keep",
    "general_win_back",
]
Lever = Literal["activate", "retain", "convert", "refer", "win_back"]


@dataclass(frozen=True)
class Group:
    """One of the eight groups: which of recency, frequency and monetary value are high.

    ``lever`` is what is recommended for it.
    """

    code: GroupCode
    recent: bool
    frequent: bool
    valuable: bool
    lever: Lever
    en: str
    zh: str


GROUPS: tuple[Group, ...] = (
    Group("important_value", True, True, True, "refer", "Champions", "重要价值"),
    Group("important_develop", True, False, True, "activate", "Big spenders to develop", "重要发展"),
    Group("important_keep", False, True, True, "retain", "Cannot lose them", "重要保持"),
    Group("important_win_back", False, False, True, "win_back", "Big spenders to win back", "重要挽留"),
    Group("general_value", True, True, False, "convert", "Loyal with small orders", "一般价值"),
    Group("general_develop", True, False, False, "activate", "New or occasional", "一般发展"),
    Group("general_keep", False, True, False, "retain", "Cooling regulars", "一般保持"),
    Group("general_win_back", False, False, False, "win_back", "Hibernating", "一般挽留"),
)


class _Cuts(Value):
    """What divides the scores of a figure.

    ``high_from``: the least score that counts as high; without it a score above the mean score of all buyers.
    """

    high_from: int | None = Field(default=None, ge=2, le=MOST_SCORES)


class Quantiles(_Cuts):
    """Equal shares of the buyers: the figure's quantiles divide the scores 1 to ``scores``.

    Quantiles are exact, between two ranks interpolated (R type 7). Equal figures have equal scores: who is
    at a quantile belongs below it, so a figure that most buyers share can leave scores empty.
    """

    kind: Literal["quantile"] = "quantile"
    scores: int = Field(default=5, ge=2, le=MOST_SCORES)


class Mean(_Cuts):
    """Score 2 above the mean of all buyers' figures, else 1; for recency 2 is at most the mean."""

    kind: Literal["mean"] = "mean"


class Fixed(_Cuts):
    """Given figures divide the scores; a cut itself belongs to the better side."""

    kind: Literal["fixed"] = "fixed"
    cuts: tuple[float, ...] = Field(min_length=1, max_length=MOST_SCORES - 1)

    @model_validator(mode="after")
    def _ascend(self) -> Self:
        if any(low >= high for low, high in pairwise(self.cuts)):
            raise ValueError("cuts must ascend")
        return self


AnyCuts = Quantiles | Mean | Fixed
Cuts = Annotated[AnyCuts, Field(discriminator="kind")]


class RfmQuery(Value):
    """Buyers by recency, frequency and monetary value of what they bought in a window.

    Recency is days of the calendar from the last purchase to the window's last day. Frequency is how many
    purchases, or on how many days. Monetary value is the sum, or the mean, of the numbers of ``revenue`` (to
    a millionth; 0 without any); without ``revenue`` every purchase is worth 1. The higher a score, the
    better. A group is which of the three scores are high.
    """

    kind: Literal["rfm"] = "rfm"
    event: EventSelector
    revenue: PropertyRef | None = None
    window: Window = Last(count=365)
    frequency: Literal["count", "days"] = "count"
    monetary: Literal["sum", "mean"] = "sum"
    recency_cuts: Cuts = Quantiles()
    frequency_cuts: Cuts = Quantiles()
    monetary_cuts: Cuts = Quantiles()

    @property
    def cuts(self) -> tuple[AnyCuts, AnyCuts, AnyCuts]:
        """Of recency, frequency and monetary value."""
        return self.recency_cuts, self.frequency_cuts, self.monetary_cuts


class RfmSelection(Value):
    """Buyers of a group and of scores; what is None is any."""

    group: GroupCode | None = None
    recency: int | None = Field(default=None, ge=1, le=MOST_SCORES)
    frequency: int | None = Field(default=None, ge=1, le=MOST_SCORES)
    monetary: int | None = Field(default=None, ge=1, le=MOST_SCORES)
