"""What is to be foretold of people."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bihuan.analytics.calendar import DateUnit
from bihuan.analytics.query import EventSelector, PropertyRef, Value

Days = Annotated[int, Field(ge=1, le=730)]
Part = Annotated[float, Field(gt=0, lt=1)]
RISKS = ("high", "medium", "low")
TIERS = ("top", "high", "medium", "low")
# What is kept of each person beside the expected value; from the history the person's interval is made.
VALUE_FIGURES = ("alive", "buys", "purchases", "value", "frequency", "recency", "age", "mean_value")
CONTRACT_FIGURES = ("renewals", "value", "renewed", "mean_value")


class _Levels(Value):
    high: Part
    medium: Part


class ByShare(_Levels):
    """The ``high`` share of people with the highest risk, those after them up to the ``medium`` share, the
    rest."""

    kind: Literal["share"] = "share"
    high: Part = 0.1
    medium: Part = 0.3

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.medium <= self.high:
            raise ValueError("the share up to medium has that of high in it, so it is larger")
        return self


class ByRisk(_Levels):
    """People whose chance is at least ``high``, those whose chance is at least ``medium``, the rest."""

    kind: Literal["risk"] = "risk"
    high: Part = 0.6
    medium: Part = 0.3

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.medium >= self.high:
            raise ValueError("the risk from which it is medium is below that from which it is high")
        return self


Levels = Annotated[ByShare | ByRisk, Field(discriminator="kind")]


class ChurnTag(Value):
    """The risk of everyone who is active now not to be active in the next ``horizon_days`` days: high, medium
    or low.

    Active now is who was active in as many days before. A model learns from past windows of that length.
    ``purchase`` and ``revenue`` (of purchases) are more for it to learn from; so are ``properties`` of
    people, as they were when each window began, from the log of what was said of people.
    """

    kind: Literal["churn"] = "churn"
    active: EventSelector = EventSelector()
    horizon_days: Days = 30
    purchase: EventSelector | None = None
    revenue: PropertyRef | None = None
    properties: tuple[PropertyRef, ...] = Field(default=(), max_length=30)
    levels: Levels = ByShare()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _of_event(self.revenue)
        for ref in self.properties:
            _of_person(ref)
        if len(set(self.properties)) < len(self.properties):
            raise ValueError("each property is named once")
        return self


class ValueTag(Value):
    """What everyone who ever bought is worth in the next ``horizon_days`` days: top, high, medium or low.

    Tiers are shares of people by expected value: the first ``shares[0]`` are top, and so on. Without
    ``revenue`` value is the number of purchases. With ``contract`` people pay in every such unit until they
    leave; without it they come and go as they like.
    """

    kind: Literal["value"] = "value"
    purchase: EventSelector
    revenue: PropertyRef | None = None
    horizon_days: Days = 90
    contract: DateUnit | None = None
    shares: tuple[Part, Part, Part] = (0.05, 0.2, 0.5)

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _of_event(self.revenue)
        if not self.shares[0] < self.shares[1] < self.shares[2]:
            raise ValueError("shares of tiers ascend")
        return self


class OutcomeFeature(Value):
    """A property of people to learn from.

    ``known``: ``at_cutoff`` if its value was known before the outcome, ``after_cutoff`` if only after it
    (refused), ``unknown`` if nobody knows: then it is examined the hardest.
    """

    property: PropertyRef
    type: Literal["auto", "number", "category"] = "auto"
    known: Literal["at_cutoff", "unknown", "after_cutoff"] = "unknown"

    @model_validator(mode="after")
    def _of_people(self) -> Self:
        _of_person(self.property)
        return self


class OutcomeTag(Value):
    """The chance of people to have the value ``positive`` of the property ``label``: high, medium or low.

    Learned from everyone whose label is known; foretold of everyone whose label is not ``positive``.
    """

    kind: Literal["outcome"] = "outcome"
    label: PropertyRef
    positive: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    features: tuple[OutcomeFeature, ...] = Field(min_length=1, max_length=200)
    levels: Levels = ByShare()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _of_person(self.label)
        names = [feature.property for feature in self.features]
        if len(set(names)) < len(names) or self.label in names:
            raise ValueError("each property is named once, and the label is no feature of itself")
        return self


PredictionDefinition = ChurnTag | ValueTag | OutcomeTag
AnyPrediction = Annotated[PredictionDefinition, Field(discriminator="kind")]
KINDS = ("churn", "value", "outcome")


def _of_event(ref: PropertyRef | None) -> None:
    if ref is not None and ref.scope != "event":
        raise ValueError("revenue is a property of events")


def _of_person(ref: PropertyRef) -> None:
    if ref.scope != "person":
        raise ValueError("the properties in question are those of people")
