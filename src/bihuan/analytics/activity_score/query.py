"""The definition of an activity score."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.conditions import ActiveDays, Count, LongestRun, OfProperty, Window
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.period import Last
from bihuan.analytics.query.properties import PropertyRef

Name = Annotated[str, Field(min_length=1, max_length=100)]


class FixedCap(Value):
    """A figure of ``value`` or more has all points."""

    kind: Literal["fixed"] = "fixed"
    value: float = Field(gt=0)


class PercentileCap(Value):
    """The figure that ``percent`` % of the people do not exceed who have one above 0 has all points.

    Exact, between two ranks interpolated (R type 7).
    """

    kind: Literal["percentile"] = "percentile"
    percent: float = Field(default=95, gt=0, le=100)


class Part(Value):
    """What counts, and how much: ``weight`` is relative to the other parts'.

    A figure has points in proportion, up to ``cap``; without a number or below 0 it has none.
    """

    name: Name
    event: EventSelector
    figure: Annotated[Count | ActiveDays | LongestRun | OfProperty, Field(discriminator="kind")] = Count()
    weight: float = Field(default=1, gt=0, le=1_000_000)
    cap: Annotated[FixedCap | PercentileCap, Field(discriminator="kind")] = PercentileCap()


class Tiers(Value):
    """Tiers by score: ``names[i]`` from ``cuts[i - 1]`` on, the first below all cuts."""

    cuts: tuple[int, ...] = Field(default=(25, 50, 75), min_length=1, max_length=9)
    names: tuple[Name, ...] = ("low", "medium", "high", "core")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if any(low >= high for low, high in pairwise((0, *self.cuts, 101))):
            raise ValueError("cuts ascend between 1 and 100")
        if len(self.names) != len(self.cuts) + 1:
            raise ValueError(f"{len(self.cuts)} cuts make {len(self.cuts) + 1} tiers, each with a name")
        if len(set(self.names)) != len(self.names):
            raise ValueError("tiers have different names")
        return self

    def name_of(self, score: int) -> str:
        """The tier of a score."""
        return self.names[sum(cut <= score for cut in self.cuts)]


class ActivityScore(Value):
    """Points from 0 to 100 for what people did in a window, the sum over the parts, rounded to a whole.

    Who did nothing of it has no score.
    """

    kind: Literal["activity_score"] = "activity_score"
    window: Window = Last(count=30)
    parts: tuple[Part, ...] = Field(min_length=1, max_length=10)
    tiers: Tiers = Tiers()

    @model_validator(mode="after")
    def _parts_have_names(self) -> Self:
        if len({part.name for part in self.parts}) != len(self.parts):
            raise ValueError("parts have different names")
        return self

    @property
    def points(self) -> tuple[float, ...]:
        """The most points of each part; their sum is 100."""
        total = sum(part.weight for part in self.parts)
        return tuple(100 * part.weight / total for part in self.parts)

    def with_caps(self, caps: Sequence[float]) -> ActivityScore:
        """The same with fixed caps, such as a result's: then a score depends on what the person did alone."""
        fixed = tuple(
            part if isinstance(part.cap, FixedCap) or not cap > 0 else _capped(part, cap)
            for part, cap in zip(self.parts, caps, strict=True)
        )
        return self.model_copy(update={"parts": fixed})


def default_score(
    active: EventSelector, orders: EventSelector | None = None, contributions: EventSelector | None = None
) -> ActivityScore:
    """A score to begin with: days active 35, how often 20, features 20, orders 15, contributions 10.

    Coming back on many days says more than doing much on one; different features say that the product is
    used for more than one thing. Parts without an event are left out, and the others then weigh more.
    """
    features = OfProperty(property=PropertyRef(scope="field", name="event"), aggregate="distinct")
    parts = [
        Part(name="days", event=active, figure=ActiveDays(), weight=35),
        Part(name="frequency", event=active, weight=20),
        Part(name="features", event=active, figure=features, weight=20),
    ]
    if orders is not None:
        parts.append(Part(name="orders", event=orders, weight=15))
    if contributions is not None:
        parts.append(Part(name="contributions", event=contributions, weight=10))
    return ActivityScore(parts=tuple(parts))


def _capped(part: Part, cap: float) -> Part:
    return part.model_copy(update={"cap": FixedCap(value=cap)})
