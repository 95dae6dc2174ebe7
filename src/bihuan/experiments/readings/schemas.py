"""A reading: what an experiment shows at one moment. Kept as it was, and sent as it is."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.experiments.measuring.metrics import Better, Role
from bihuan.stats.experiments import Looks


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Range(_Part):
    """A figure with its interval; an end that is null is unbounded."""

    value: float
    low: float | None
    high: float | None


class Words(_Part):
    """A sentence in both languages."""

    en: str
    zh: str


class GroupCount(_Part):
    """Who entered a variant: ``several`` of them were in another one later; ``share`` was planned."""

    variant: str
    people: int
    several: int
    share: float | None


class CheckOutput(_Part):
    """Whether something forbids to read the figures."""

    kind: Literal["sample_ratio", "multiple_exposure", "pre_period_bias"]
    failed: bool
    p_value: float | None
    reason: str | None = None
    metric: str | None = None


class VariantFigure(_Part):
    """A variant's estimate of a metric, over ``people`` whose window is over."""

    variant: str
    people: int
    total: float
    estimate: Range | None


class GuardRailOutput(_Part):
    """Whether a guard rail holds; ``worst`` is the largest harm the interval allows, of ``margin``."""

    verdict: Literal["safe", "harmed", "worse", "unclear"]
    worst: float | None
    margin: float


class EffectOutput(_Part):
    """A variant against the control.

    ``difference`` in the metric's unit, ``relative`` to the control's value. ``p_corrected`` is corrected for
    the metrics and variants declared. ``incremental``: what the variant's people did more than they would
    have. ``kept``: with CUPED, the share of the variance left.

    The same difference in other ways: ``once`` for one look, ``any_time`` for every look, ``believed`` the
    Bayesian reading with flat priors, with ``chance_better`` and ``loss``: what choosing the variant costs on
    average if it is not the better one, in the metric's unit.
    """

    variant: str
    difference: Range | None
    relative: Range | None
    p_value: float | None
    p_corrected: float | None
    kept: float | None
    reason: str | None
    incremental: Range | None = None
    chance_better: float | None = None
    once: Range | None = None
    any_time: Range | None = None
    believed: Range | None = None
    loss: float | None = None
    guard_rail: GuardRailOutput | None = None


class SegmentOutput(_Part):
    """The effects among people of a segment."""

    segment: str
    value: str
    figures: list[VariantFigure]
    effects: list[EffectOutput]


class DifferenceOfSegments(_Part):
    """Whether a variant works differently in the values of a segment."""

    segment: str
    variant: str
    p_value: float | None
    inconsistency: float | None


class MetricReading(_Part):
    """One metric; ``sql`` is the statement it was read with."""

    key: str
    name: str
    role: Role
    better: Better
    kind: str
    figures: list[VariantFigure]
    effects: list[EffectOutput]
    segments: list[SegmentOutput] = []
    segment_differences: list[DifferenceOfSegments] = []
    sql: str = ""


class Verdict(_Part):
    """What can be said, and what cannot.

    ``outcome``: ``better``/``worse`` for ``variant`` by the primary metrics; ``guard_rail_harmed``;
    ``nothing_shown``; ``too_early``; ``stopped`` by a check; ``not_attributable`` without a control.
    """

    outcome: Literal[
        "better", "worse", "guard_rail_harmed", "nothing_shown", "too_early", "stopped", "not_attributable"
    ]
    variant: str | None = None
    said: list[Words]
    not_said: list[Words]


class Reading(_Part):
    """Everything that is known at one moment (Unix ms)."""

    at_ms: int
    control: str
    looks: Looks
    confidence: float
    groups: list[GroupCount]
    checks: list[CheckOutput]
    metrics: list[MetricReading]
    verdict: Verdict
