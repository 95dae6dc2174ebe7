"""Funnel: how far people get through steps."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from bihuan.analytics.query import (
    Breakdown,
    BreakdownValue,
    EventSelector,
    Interval,
    PropertyRef,
    Query,
    Selection,
    Value,
)

WindowUnit = Literal["millisecond", "second", "minute", "hour", "day", "week", "month"]
_UNIT_MS = {
    "millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000,
    "week": 604_800_000, "month": 30 * 86_400_000,
}  # fmt: skip
MAX_WINDOW_MS = 3660 * 86_400_000


class FunnelStep(Value):
    """One step. An optional one may be skipped: it is counted, but nobody is lost by it."""

    selector: EventSelector = EventSelector()
    optional: bool = False


class FunnelWindow(Value):
    """A length of time; a month is 30 days, a day 24 hours."""

    count: int = Field(ge=1)
    unit: WindowUnit = "day"

    @model_validator(mode="after")
    def _within_ten_years(self) -> Self:
        if self.milliseconds > MAX_WINDOW_MS:
            raise ValueError("a window is at most ten years")
        return self

    @property
    def milliseconds(self) -> int:
        """The length in milliseconds."""
        return self.count * _UNIT_MS[self.unit]


class Exclusion(Value):
    """Events that break a chain when they come after its step ``after_step`` and before ``before_step``.

    Steps are numbered from 1; ``before_step`` None is the next required one.
    """

    selector: EventSelector
    after_step: int = Field(default=1, ge=1)
    before_step: int | None = Field(default=None, ge=2)


class FunnelBreakdown(Breakdown):
    """Split people by a property of one of their events.

    ``touch``: ``first`` and ``last`` take their earliest and latest event that matches any step, ``step``
    their earliest that matches step number ``step``; of events at the same instant the one whose value is
    more frequent. ``every`` takes each value by itself: a chain's events all have it, and a person counts
    once for each. Which values are kept is decided by how many such events have them.
    """

    touch: Literal["first", "last", "step", "every"] = "first"
    step: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _step_with_its_touch(self) -> Self:
        if (self.step is not None) != (self.touch == "step"):
            raise ValueError("step goes with the touch 'step', and only with it")
        return self


class ConversionTime(Value):
    """How long people took: bins of ``bin_seconds``, or of growing width when it is None."""

    bin_seconds: float | None = Field(default=None, gt=0)
    bins: int = Field(default=30, ge=1, le=500)
    percentiles: tuple[float, ...] = Field(default=(10, 25, 50, 75, 90), max_length=20)

    @model_validator(mode="after")
    def _percentiles_in_range(self) -> Self:
        if any(not 0 <= percentile <= 100 for percentile in self.percentiles):
            raise ValueError("percentiles are between 0 and 100")
        return self


class FunnelQuery(Query):
    """How many people get how far through ``steps``.

    A chain is a list of distinct events of one person, one for each step up to the last it reaches, whose
    first lies in the period; later ones may lie after it. A person's events are in order of time; at the
    same instant, by the first step they match (required ones count before optional ones), those that match
    none last. ``order``: ``ordered``, other events may come between; ``strict``, the events of a chain are
    neighbours among all events of the person; ``unordered``, the steps up to the last in any order.
    ``window_from``: the whole chain within ``window`` of its first event, or each event within ``window``
    of the one before, or the chain within one session (pauses up to the project's gap between any events of
    the person). ``hold``: the events of each value of that property are looked at by themselves, events
    without it not at all. ``filter`` and ``sample`` apply before anything else.
    """

    kind: Literal["funnel"] = "funnel"
    steps: tuple[FunnelStep, ...] = Field(min_length=2, max_length=20)
    order: Literal["ordered", "strict", "unordered"] = "ordered"
    window: FunnelWindow = FunnelWindow(count=14)
    window_from: Literal["first_step", "previous_step", "session"] = "first_step"
    exclusions: tuple[Exclusion, ...] = Field(default=(), max_length=10)
    hold: PropertyRef | None = None
    breakdown: FunnelBreakdown | None = None
    over_time: Interval | None = None
    conversion_time: ConversionTime | None = None

    @property
    def required(self) -> tuple[int, ...]:
        """Indexes of the steps nobody can skip."""
        return tuple(index for index, step in enumerate(self.steps) if not step.optional)

    def exclusion_span(self, exclusion: Exclusion) -> tuple[int, int]:
        """An exclusion's two steps as levels: how many required steps are done at each."""
        after = self.required.index(exclusion.after_step - 1) + 1
        if exclusion.before_step is None:
            return after, after + 1
        return after, self.required.index(exclusion.before_step - 1) + 1

    @model_validator(mode="after")
    def _optional_steps(self) -> Self:
        if self.steps[0].optional or len(self.required) < 2:
            raise ValueError("the first step and at least one other must be required")
        if len(self.required) < len(self.steps) and self.order != "ordered":
            raise ValueError("only an ordered funnel can have optional steps")
        return self

    @model_validator(mode="after")
    def _exclusions_between_steps(self) -> Self:
        if self.exclusions and self.order != "ordered":
            raise ValueError("only an ordered funnel can have exclusions")
        numbers = [index + 1 for index in self.required]
        for exclusion in self.exclusions:
            ends = [exclusion.after_step, *([exclusion.before_step] if exclusion.before_step else [])]
            if any(end not in numbers for end in ends) or exclusion.after_step == numbers[-1]:
                raise ValueError("an exclusion lies between two required steps")
            if len(ends) == 2 and ends[0] >= ends[1]:
                raise ValueError("before_step comes after after_step")
        return self

    @model_validator(mode="after")
    def _legal_combinations(self) -> Self:
        if self.order == "unordered" and self.window_from == "previous_step":
            raise ValueError("without an order there is no previous step")
        if self.over_time is not None and self.conversion_time is not None:
            raise ValueError("ask for over_time and conversion_time in two queries")
        if self.breakdown is not None and (self.breakdown.step or 0) > len(self.steps):
            raise ValueError("the breakdown's step does not exist")
        return self


class FunnelSelection(Selection):
    """The people behind one number: who reached ``step`` (from 1), or was ``dropped`` before it.

    Dropped are those who reached the required step before it but not this one. ``breakdown`` and
    ``bucket`` narrow to one group and one bucket of ``over_time``; ``bin`` to one bin of the time from the
    first step to this one (or from the step before, with ``from_previous``).
    """

    step: int = Field(ge=1)
    outcome: Literal["reached", "dropped"] = "reached"
    breakdown: BreakdownValue | None = None
    bucket: str | None = None
    bin: int | None = Field(default=None, ge=0)
    from_previous: bool = False
