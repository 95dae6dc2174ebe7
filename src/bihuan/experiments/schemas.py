"""Experiments on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bihuan.analytics.conditions import Condition
from bihuan.analytics.query import PropertyRef
from bihuan.analytics.query.base import Value
from bihuan.experiments.measuring import Assigned, Exposed, Metric, Source
from bihuan.experiments.measuring.groups import MOST_SEGMENTS
from bihuan.experiments.measuring.metrics import Key
from bihuan.experiments.readings.returns import Costs
from bihuan.experiments.readings.schemas import Range, Reading
from bihuan.insights import Author, Input, Name, Words
from bihuan.stats.experiments import Correction, Looks

Status = Literal["draft", "running", "stopped", "decided"]
VariantKey = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Variant(Value):
    """One way of doing it; ``weight`` against those of the others."""

    key: VariantKey
    name: str = Field(default="", max_length=200)
    weight: float = Field(default=1, gt=0, le=1_000_000)


class Bandit(Value):
    """Weights follow the first primary metric, a share: Thompson sampling.

    ``every_hours``: how often they are computed anew. ``least_share``: what no variant falls below, so that
    each can still be measured. Its intervals are those of one look, at the end.
    """

    every_hours: int = Field(default=24, ge=1, le=720)
    least_share: float = Field(default=0.05, ge=0.01, le=0.3)


class Plan(Value):
    """What is declared before anybody enters.

    ``source``: who is in it: those to whom a flag showed a variant (``exposed``); everybody of ``eligible``
    as of the start (``assigned``); those of an event that names the variant (``event``).
    ``traffic``: percent of people (with a layer: of the layer's people) who take part.
    ``pre_days``: the metric of so many days before a person entered explains some of its variance (CUPED); 0
    for none. ``looks``: ``any_time`` intervals hold at every look, ``once`` only at one.
    """

    source: Source = Exposed()
    variants: tuple[Variant, ...] = Field(min_length=2, max_length=20)
    control: VariantKey
    eligible: Condition | None = None
    traffic: float = Field(default=100, gt=0, le=100)
    layer_id: str | None = Field(default=None, max_length=64)
    respects_holdout: bool = True
    metrics: tuple[Metric, ...] = Field(min_length=1, max_length=20)
    segments: tuple[PropertyRef, ...] = Field(default=(), max_length=MOST_SEGMENTS)
    pre_days: int = Field(default=14, ge=0, le=365)
    looks: Looks = "any_time"
    confidence: float = Field(default=0.95, ge=0.5, le=0.999)
    expected_people: int = Field(default=10_000, ge=100, le=1_000_000_000)
    correction: Correction = "holm"
    bandit: Bandit | None = None
    read_daily: bool = True
    costs: Costs | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        keys = [each.key for each in self.variants]
        if len(set(keys)) != len(keys):
            raise ValueError("two variants have one key")
        if self.control not in keys:
            raise ValueError("the control is one of the variants")
        metrics = [each.key for each in self.metrics]
        if len(set(metrics)) != len(metrics):
            raise ValueError("two metrics have one key")
        if not any(each.role == "primary" for each in self.metrics):
            raise ValueError("at least one metric is primary")
        if any(each.scope == "field" for each in self.segments):
            raise ValueError("segments are properties, tags or audiences")
        if isinstance(self.source, Assigned) and any(each.scope == "event" for each in self.segments):
            raise ValueError("people who are assigned have no event whose property could be a segment")
        if self.bandit is not None:
            self._check_bandit(self.bandit)
        if self.costs is not None:
            self.costs.fits(set(keys), self.metrics)
        return self

    def _check_bandit(self, bandit: Bandit) -> None:
        if not isinstance(self.source, Exposed):
            raise ValueError("a bandit changes weights while it runs: its source is exposed")
        if not self.first_primary.is_share:
            raise ValueError("the first primary metric of a bandit is a share of people")
        if bandit.least_share * len(self.variants) >= 1:
            raise ValueError("the least share of all variants together is below 1")

    @property
    def first_primary(self) -> Metric:
        """The metric that leads."""
        return next(each for each in self.metrics if each.role == "primary")

    @property
    def shares(self) -> dict[str, float]:
        """Variants' shares of the people who take part."""
        total = sum(each.weight for each in self.variants)
        return {each.key: each.weight / total for each in self.variants}


class ExperimentInput(Input):
    """A new experiment."""

    name: Name
    hypothesis: Words = ""
    plan: Plan


class ExperimentChange(Input):
    """New values for the fields that are given; the plan only while it is a draft, its costs at any time."""

    name: Name | None = None
    hypothesis: Words | None = None
    plan: Plan | None = None
    costs: Costs | None = None


class Decision(Input):
    """What is done: the variant that stays, and why."""

    variant: VariantKey
    reason: Words = ""


class DecisionOutput(BaseModel):
    """A decision, and who made it."""

    variant: str
    reason: str
    by: Author


class LastEffect(BaseModel):
    """A variant's effect on the leading metric."""

    variant: str
    difference: Range | None
    relative: Range | None


class LastLook(BaseModel):
    """What the last reading said, in short; ``metric`` is the name of the leading one."""

    at: datetime
    outcome: str
    variant: str | None
    people: int
    metric: str
    kind: str
    better: str
    effects: list[LastEffect]


class ExperimentOutput(BaseModel):
    """An experiment. ``shares`` are those in force: a bandit's change. ``last``: in lists and of one."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    hypothesis: str
    status: Status
    plan: Plan
    salt: str
    slots: list[int] | None = Field(description="Its range of the layer's draws, in millionths.")
    shares: dict[str, float]
    last: LastLook | None = None
    started_at: datetime | None
    stopped_at: datetime | None
    decided_at: datetime | None
    decision: DecisionOutput | None
    created_by: Author
    created_at: datetime
    updated_at: datetime


class LookOutput(BaseModel):
    """A reading that was taken, and why: ``member``, ``schedule`` or ``stop``."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    at: datetime
    cause: str
    reading: Reading


class WeighingOutput(BaseModel):
    """A bandit's weights from a time on, and the results they came from."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    weights: dict[str, float]
    successes: dict[str, list[int]] = Field(description="By variant: people with the outcome, and all.")


class LayerInput(Input):
    """A new layer."""

    name: Name


class SlotOutput(BaseModel):
    """An experiment of a layer; ``start`` and ``end`` in percent of the draws while it runs, else null."""

    experiment_id: str
    name: str
    status: Status
    traffic: float
    start: float | None
    end: float | None


class LayerOutput(BaseModel):
    """A layer; ``taken`` is the percent of its people in running experiments."""

    id: str
    name: str
    taken: float
    slots: list[SlotOutput]
    created_by: Author
    created_at: datetime


class FromInsight(Input):
    """A metric of insights, to be measured person by person."""

    metric_id: str = Field(min_length=1, max_length=64)
    key: Key
