"""What is measured of each person: declared before anybody is looked at."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bihuan.analytics.conditions import Span
from bihuan.analytics.query import EventSelector, PropertyRef
from bihuan.analytics.query.base import Value

Role = Literal["primary", "secondary", "guard_rail"]
Better = Literal["higher", "lower"]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
DAY_MS = 86_400_000


class Figure(Value):
    """Of a person's events: how many, or the sum of a property's numbers; 0 without any."""

    event: EventSelector
    property: PropertyRef | None = None

    @model_validator(mode="after")
    def _of_events(self) -> Self:
        if self.property is not None and self.property.scope not in ("event", "field"):
            raise ValueError("what is summed is a property of the event")
        return self


class Proportion(Value):
    """The share of people who did it, at least ``times`` times."""

    kind: Literal["proportion"] = "proportion"
    event: EventSelector
    times: int = Field(default=1, ge=1, le=10_000)


class Mean(Value):
    """A figure per person, people without any counted with 0.

    ``cap`` takes larger figures for this one; ``cap_percentile`` finds it: the percentile (R type 7) of the
    figures above 0 of all people in the experiment.
    """

    kind: Literal["mean"] = "mean"
    figure: Figure
    cap: float | None = Field(default=None, gt=0)
    cap_percentile: float | None = Field(default=None, ge=50, lt=100)

    @model_validator(mode="after")
    def _one_cap(self) -> Self:
        if self.cap is not None and self.cap_percentile is not None:
            raise ValueError("either cap or cap_percentile")
        return self


class Ratio(Value):
    """One figure summed over people, divided by another summed over people."""

    kind: Literal["ratio"] = "ratio"
    numerator: Figure
    denominator: Figure


class Retention(Value):
    """The share who did it in the ``days`` days (of 24 hours) from day ``day`` after they entered on."""

    kind: Literal["retention"] = "retention"
    event: EventSelector
    day: int = Field(ge=0, le=1_000)
    days: int = Field(default=1, ge=1, le=400)


class FunnelStep(Value):
    """The share who took all steps, one after another, each with an event of its own."""

    kind: Literal["funnel"] = "funnel"
    steps: tuple[EventSelector, ...] = Field(min_length=2, max_length=10)
    within: Span | None = None


class Quantile(Value):
    """A percentile of a figure over people; ``only_above_zero`` leaves people without any out."""

    kind: Literal["quantile"] = "quantile"
    figure: Figure
    percentile: float = Field(default=50, gt=0, lt=100)
    only_above_zero: bool = False


Measure = Annotated[
    Proportion | Mean | Ratio | Retention | FunnelStep | Quantile, Field(discriminator="kind")
]
AnyMeasure = Proportion | Mean | Ratio | Retention | FunnelStep | Quantile


class Metric(Value):
    """A measure with its part in the decision.

    A person's events count from ``delay`` after the person entered until ``window`` later; without a window
    until the experiment is stopped. People whose window is not over yet are left out, so that late comers
    are not taken for people who did nothing. Retention has the window in it.

    ``margin`` (guard rails): the harm that is tolerated, as a share of the control's value.
    """

    key: Key
    name: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    role: Role = "secondary"
    better: Better = "higher"
    measure: Measure
    delay: Span | None = None
    window: Span | None = None
    margin: float = Field(default=0.02, ge=0, le=1)

    @model_validator(mode="after")
    def _retention_has_its_window(self) -> Self:
        if isinstance(self.measure, Retention) and (self.delay is not None or self.window is not None):
            raise ValueError("the days of retention are its window")
        return self

    @property
    def start_ms(self) -> int:
        """How long after somebody entered their events begin to count."""
        if isinstance(self.measure, Retention):
            return self.measure.day * DAY_MS
        return self.delay.milliseconds if self.delay else 0

    @property
    def length_ms(self) -> int | None:
        """How long they count; None: until the end."""
        if isinstance(self.measure, Retention):
            return self.measure.days * DAY_MS
        return self.window.milliseconds if self.window else None

    @property
    def selectors(self) -> tuple[EventSelector, ...]:
        """The events that are asked for."""
        match self.measure:
            case Proportion() | Retention():
                return (self.measure.event,)
            case Mean() | Quantile():
                return (self.measure.figure.event,)
            case Ratio():
                return (self.measure.numerator.event, self.measure.denominator.event)
            case FunnelStep():
                return self.measure.steps

    @property
    def is_share(self) -> bool:
        """Whether each person counts with 0 or 1."""
        return isinstance(self.measure, Proportion | Retention | FunnelStep)
