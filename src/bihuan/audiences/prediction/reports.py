"""What is known of a trained model: how well it foretold what happened, and from what."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

_From = ConfigDict(from_attributes=True)


class Interval(BaseModel):
    """A figure with its 95 % interval; null where there is none."""

    model_config = _From

    value: float
    low: float | None
    high: float | None


class CalibrationPoint(BaseModel):
    """People with similar risk: the mean risk given to them, and the share to whom it happened."""

    model_config = _From

    people: int
    predicted: float
    observed: float
    low: float
    high: float


class TestFigures(BaseModel):
    """Figures on people whom the model had not seen.

    ``lift``: how many times more often it happened to the 10 % with the highest risk than to everybody.
    ``brier_of_rate``: the error of giving everybody the rate. ``expected_left`` is the sum of the risks, to
    compare with ``left``, how many it happened to.
    """

    model_config = _From

    people: int
    left: int
    auc: Interval
    average_precision: float
    brier: float
    brier_of_rate: float
    log_loss: float
    lift: Interval
    expected_left: float
    calibration: list[CalibrationPoint]
    calibration_error: float


class Baseline(BaseModel):
    """The rule that everybody knows on the same people: who was away longest leaves. ``gain`` is in AUC."""

    feature: str
    auc: Interval
    gain: Interval
    better: bool


class Candidate(BaseModel):
    """A model that was tried, with its mean log loss where the choice was made."""

    model_config = _From

    kind: Literal["linear", "trees"]
    setting: str
    log_loss: float
    chosen: bool


class FeatureUsed(BaseModel):
    """A feature: how well it alone ranks people; ``alone_share`` of all that is known is in it only."""

    name: str
    en: str
    zh: str
    kind: Literal["number", "category"]
    auc: float
    alone_share: float | None
    usual: float | None = Field(description="Median of people in general, or their commonest code.")
    codes: list[str] | None = Field(description="Of categories: the text of each code.")


class WindowUsed(BaseModel):
    """People as of the beginning of a day, and how many of them left before ``until``."""

    cutoff: date
    until: date
    people: int
    left: int
    used_for: Literal["learning", "choosing", "test"]


class LevelFound(BaseModel):
    """How many people have a value now, and from which risk on (the least of them)."""

    value: str
    people: int
    least: float | None


class RiskReport(BaseModel):
    """A model of churn (windows of the log), or of an outcome (a table; a third was held back)."""

    kind: Literal["risk"] = "risk"
    as_of: date | None = Field(description="What is known until this day, of a log.")
    horizon_days: int | None
    windows: list[WindowUsed]
    test: TestFigures
    baseline: Baseline | None
    candidates: list[Candidate]
    calibration: Literal["platt", "isotonic"]
    fitted_on: int
    chosen_on: int
    sample: float = Field(description="Share of people that were learned from; 1 is everybody.")
    features: list[FeatureUsed]
    levels: list[LevelFound]


class Parameter(BaseModel):
    """A parameter of a model with its standard error."""

    name: str
    value: float
    error: float | None


class FrequencyGroup(BaseModel):
    """People by repeat purchases before the cut-off: mean purchases afterwards, foretold and true."""

    model_config = _From

    frequency: int
    people: int
    expected: float
    actual: float
    actual_low: float | None
    actual_high: float | None


class BackTest(BaseModel):
    """What the model would have said at ``cutoff`` of the time until ``until``, and what happened.

    ``same_rate``: the simple rule that everybody goes on as so far. ``value`` is the forecast of value.
    """

    cutoff: date
    until: date
    people: int
    expected: Interval
    actual: int
    error_share: float | None
    inside: bool
    same_rate: float
    mean_absolute_error: float
    same_rate_absolute_error: float
    rank_correlation: float | None
    value: Interval | None
    actual_value: float | None
    groups: list[FrequencyGroup]


class CurvePoint(BaseModel):
    """Cumulative repeat purchases until the end of a day: by the model, from histories, and true."""

    day: date
    expected: float
    low: float
    high: float
    forecast: float | None
    actual: float | None


class TierFound(BaseModel):
    """A tier: how many people, the least and the summed expected value."""

    value: str
    people: int
    least: float | None
    total: float


class ValueReport(BaseModel):
    """BG/NBD with Gamma-Gamma: people who buy as they like."""

    kind: Literal["value"] = "value"
    as_of: date
    horizon_days: int
    people: int
    repeaters: int
    parameters: list[Parameter]
    spend_parameters: list[Parameter]
    correlation: float | None = Field(
        description="Of how often people buy and how much they spend, which the model takes for none."
    )
    alive: float = Field(description="Expected number of people who have not left.")
    purchases: Interval
    value: Interval | None
    tiers: list[TierFound]
    back_test: BackTest | None
    no_back_test: dict[str, str] | None = Field(description="Why there is none, in both languages.")
    curve: list[CurvePoint]


class RenewalPoint(BaseModel):
    """Share of people still there after so many renewals, by the model and as seen."""

    renewal: int
    survival: float
    low: float
    high: float
    retention: float | None
    observed: float | None


class RenewalBackTest(BaseModel):
    """The latest ``renewals`` left out: how many were expected to be there now, and are."""

    renewals: int
    people: int
    expected: float
    actual: int
    error_share: float | None


class ContractReport(BaseModel):
    """sBG: people who pay in every unit until they leave."""

    kind: Literal["contract"] = "contract"
    as_of: date
    horizon_days: int
    horizon_units: int
    unit: str
    people: int
    there: int
    parameters: list[Parameter]
    curve: list[RenewalPoint]
    back_test: RenewalBackTest | None
    no_back_test: dict[str, str] | None
    value: float
    tiers: list[TierFound]


AnyReport = Annotated[RiskReport | ValueReport | ContractReport, Field(discriminator="kind")]
