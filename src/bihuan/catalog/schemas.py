"""The tracking plan on the wire and in files."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Mode = Literal["observe", "warn", "enforce"]
Unknown = Literal["allow", "refuse"]
Status = Literal["draft", "active", "deprecated", "blocked"]
PropertyType = Literal["text", "number", "flag", "text_list", "number_list"]
PlanName = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]
Words = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00]*$")]
Owner = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Choice = str | float | bool


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("must be a finite number")
    return value


Bound = Annotated[float, AfterValidator(_finite)]


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Description(_Plan):
    """What it means, in both languages."""

    en: Words = ""
    zh: Words = ""


class PlanProperty(_Plan):
    """The rules of one property of an event; a rule that is left out checks nothing."""

    name: PlanName
    status: Status = "active"
    type: PropertyType | None = None
    required: bool = False
    choices: list[Choice] | None = Field(
        default=None, max_length=1_000, description="The only values allowed."
    )
    pattern: str | None = Field(
        default=None, max_length=1_000, description="A regular expression for the whole text."
    )
    minimum: Bound | None = None
    maximum: Bound | None = None
    owner: Owner = ""
    description: Description = Description()

    @model_validator(mode="after")
    def _rules_fit(self) -> PlanProperty:
        if self.pattern is not None:
            try:
                re.compile(self.pattern)
            except re.error as error:
                raise ValueError(f"pattern is not a regular expression: {error}") from error
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("minimum is above maximum")
        return self


class PlanEvent(_Plan):
    """One event of the plan. Drafts are written down but not checked; blocked events are never let in."""

    name: PlanName
    status: Status = "active"
    owner: Owner = ""
    description: Description = Description()
    properties: list[PlanProperty] = Field(default_factory=list, max_length=512)

    @model_validator(mode="after")
    def _names_differ(self) -> PlanEvent:
        repeated = _repeated([each.name for each in self.properties])
        if repeated:
            raise ValueError(f"property {repeated!r} is given twice")
        return self


class PlanDocument(_Plan):
    """A whole plan, as YAML and XLSX files hold it."""

    mode: Mode = "observe"
    unknown_events: Unknown = "allow"
    unknown_properties: Unknown = "allow"
    events: list[PlanEvent] = Field(default_factory=list, max_length=10_000)

    @model_validator(mode="after")
    def _names_differ(self) -> PlanDocument:
        repeated = _repeated([each.name for each in self.events])
        if repeated:
            raise ValueError(f"event {repeated!r} is given twice")
        return self


def _repeated(names: list[str]) -> str | None:
    seen: set[str] = set()
    return next((name for name in names if name in seen or seen.add(name)), None)  # type: ignore[func-returns-value]


class PlanSettingsOutput(_Plan):
    """How strictly the plan is applied."""

    mode: Mode
    unknown_events: Unknown
    unknown_properties: Unknown


class PlanSettingsChange(_Plan):
    """New values for the fields that are given."""

    mode: Mode | None = None
    unknown_events: Unknown | None = None
    unknown_properties: Unknown | None = None


class Seen(_Plan):
    """What traffic showed. Times are Unix milliseconds of the events; null before the first."""

    count: int
    first_ms: int | None
    last_ms: int | None


class PropertyOutput(PlanProperty):
    """A property with what traffic showed: how often it came with which type."""

    seen: Seen
    seen_types: dict[str, int]


class EventSummary(_Plan):
    """An event in a list."""

    name: str
    status: Status
    owner: str
    description: Description
    seen: Seen


class EventOutput(EventSummary):
    """An event with its properties."""

    properties: list[PropertyOutput]


class ViolationOutput(BaseModel):
    """One way in which traffic broke the plan."""

    model_config = ConfigDict(from_attributes=True)

    event: str
    path: str
    reason: str
    example: str
    count: int
    first_seen_ms: int
    last_seen_ms: int


class ImportOutput(BaseModel):
    """How many events and properties of a document were added or changed."""

    events: int
    properties: int


def plain_choices(choices: list[Any] | None) -> list[Choice] | None:
    """Stored choices with every number a float, as events have them."""
    if choices is None:
        return None
    return [float(each) if type(each) is int else each for each in choices]
