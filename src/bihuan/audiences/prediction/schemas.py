"""Predictions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bihuan.audiences.prediction.definitions import AnyPrediction
from bihuan.audiences.prediction.reports import AnyReport, Interval
from bihuan.audiences.refreshing.schemas import Failure
from bihuan.insights import Author, Input, Name, PersonBehind, Words

State = Literal["waiting", "training", "ready", "refused"]
Category = Annotated[
    str, StringConstraints(max_length=200, pattern=r"^([^/\x00-\x1f\x7f]+(/[^/\x00-\x1f\x7f]+)*)?$")
]


class PredictionInput(Input):
    """A new prediction: it becomes a tag, whose model a job trains at once and, if ``daily``, every day."""

    name: Name
    description: Words = ""
    category: Category = ""
    definition: AnyPrediction
    refresh: Literal["never", "daily"] = "daily"


class LeakSeen(BaseModel):
    """A feature that seems to know the future, the rule that caught it, and the figure of that rule."""

    feature: str
    rule: Literal["declared", "changed", "separates", "alone", "shifted"]
    figure: float


class Refusal(BaseModel):
    """Why there is no model, in both languages; how much there is and is needed, where it is about that."""

    code: str
    en: str
    zh: str
    hint_en: str | None
    hint_zh: str | None
    have: int | None
    need: int | None
    leaks: list[LeakSeen]


class RunOfModel(BaseModel):
    """One training: of how many people something was foretold, or why it was refused."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    at: datetime
    version: int
    milliseconds: int
    state: Literal["ready", "refused"]
    people: int
    refusal: Refusal | None


class PredictionSummary(BaseModel):
    """A tag by a model. ``auc`` of the latest report on churn or an outcome, ``total`` of one on value."""

    id: str
    name: str
    description: str
    category: str
    kind: Literal["churn", "value", "outcome"]
    definition: AnyPrediction
    refresh: str
    version: int
    state: State
    last_run: RunOfModel | None
    auc: Interval | None
    total: float | None
    created_by: Author
    created_at: datetime
    refreshed_at: datetime | None
    error: Failure | None = Field(description="Why the last refresh failed.")


class PredictionOutput(PredictionSummary):
    """Also the latest report there is; it may be older than the latest run, if that was refused."""

    report: AnyReport | None
    reported_at: datetime | None


class ReasonOutput(BaseModel):
    """A feature's part in one person's risk.

    ``size``: what it adds to the log-odds against people in general (above 0); ``held``: the person's value,
    ``usual``: that of people in general; null if missing. Both as text too, and a sentence in words.
    """

    feature: str
    en: str
    zh: str
    direction: Literal["raises", "lowers"]
    size: float
    held: float | None
    usual: float | None
    held_text: str | None
    usual_text: str | None
    sentence_en: str
    sentence_zh: str


class Foretold(BaseModel):
    """What is foretold of one person.

    ``score``: the chance (churn, outcome) or the expected value. ``figures`` of value: ``alive`` and ``buys``
    (chances), ``purchases``, ``value``, and what they are made of. ``low``, ``high``: between them lies
    the value of 80 % of people like this one; only for one person who was asked for.
    """

    score: float
    value: str
    figures: dict[str, float | None]
    reasons: list[ReasonOutput]
    low: float | None = None
    high: float | None = None


class PersonForetold(Foretold):
    """A person and what is foretold."""

    person: PersonBehind


Lever = Literal["acquire", "activate", "retain", "convert", "refer", "win_back"]


class LeverPeople(Input):
    """Whose next best lever it is; by which tags, the newest of each kind if not given."""

    lever: Lever
    stage: Annotated[str, StringConstraints(max_length=64)] | None = None
    value: Annotated[str, StringConstraints(max_length=64)] | None = None
    risk: Annotated[str, StringConstraints(max_length=64)] | None = None


class LeverGroup(BaseModel):
    """People of one stage, value and risk; null is unknown."""

    stage: str | None
    value: str | None
    risk: str | None
    lever: Lever
    people: int
    expected: float | None = Field(description="Their expected value, summed.")
    at_risk: float | None = Field(description="The part of it that is lost by the risk of leaving.")


class LeverSum(BaseModel):
    """A lever, for how many people it is the next best one, and what is at stake.

    ``at_stake``: of retaining what is expected to be lost; of referring what these people are worth; of the
    others what they would add if each were worth as much as those a step further are in the mean: of
    activating those who are mature, of converting those of the next tier, of acquiring and winning back
    those who are growing or mature. Groups that are worth more already add nothing. Null without a prediction
    of value.
    """

    lever: Lever
    people: int
    share: float
    at_stake: float | None


class LeversOutput(BaseModel):
    """The next best lever of everybody in an audience.

    ``sources``: the tags that were used; ``missing`` says what there is no tag of yet. Stages are found at
    once, by the usual definition, where there is none.
    """

    people: int
    levers: list[LeverSum]
    groups: list[LeverGroup]
    sources: dict[str, str]
    missing: list[Literal["stage", "value", "risk"]]
