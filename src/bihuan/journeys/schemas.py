"""Journeys on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bihuan.insights import Author, Input, Name, PersonBehind, Words
from bihuan.journeys.graph.checking import Problem
from bihuan.journeys.graph.definition import Definition
from bihuan.journeys.graph.nodes import NodeId
from bihuan.kernel.storable import storable_within

State = Literal["draft", "running", "paused", "closing", "stopping", "ended"]
MOST_REQUESTS = 1_000
MOST_DRAFT_BYTES = 1 << 20
MOST_PROPERTY_BYTES = 32_768


Unfinished = Annotated[dict[str, Any], AfterValidator(storable_within(MOST_DRAFT_BYTES))]
Properties = Annotated[dict[str, Any], AfterValidator(storable_within(MOST_PROPERTY_BYTES))]
YamlText = Annotated[str, StringConstraints(min_length=1, max_length=1 << 20, pattern=r"^[^\x00]*$")]


class _Written(Input):
    """Something as a value or as YAML, not both."""

    definition: dict[str, Any] | Definition | None = None
    yaml: YamlText | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.definition is None) == (self.yaml is None):
            raise ValueError("give either definition or yaml")
        return self


class DefinitionInput(_Written):
    """A definition as a value, or as YAML."""

    definition: Definition | None = None


class JourneyInput(Input):
    """A new journey, which nobody comes into yet: its definition as a value, as YAML, or ``unfinished``."""

    name: Name
    description: Words = ""
    definition: Definition | None = None
    yaml: YamlText | None = None
    unfinished: Unfinished | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(each is not None for each in (self.definition, self.yaml, self.unfinished)) != 1:
            raise ValueError("give one of definition, yaml and unfinished")
        return self


class CheckInput(_Written):
    """A definition as a value, or as YAML, however far it is written."""

    definition: Unfinished | None = None


class JourneyChange(Input):
    """New values; those left out stay. A definition is a draft until it is published.

    ``unfinished``: a definition that lacks something yet; it is kept as it is, and cannot be published.
    ``revision``: the one that was read; another means that somebody saved another draft meanwhile.
    """

    name: Name | None = None
    description: Words | None = None
    definition: Definition | None = None
    yaml: YamlText | None = None
    unfinished: Unfinished | None = None
    revision: int | None = Field(default=None, ge=1)


class PublishInput(Input):
    """What becomes of those inside: they ``finish`` on their version, or ``move`` on to the new one.

    ``mapping``: where those at a node of an older version go: another node, or null out of the journey.
    ``revision``: that of the draft that was read.
    """

    running: Literal["finish", "move"] = "finish"
    mapping: dict[NodeId, NodeId | None] = Field(default_factory=dict, max_length=200)
    revision: int | None = Field(default=None, ge=1)


class ResumeInput(Input):
    """``catch_up``: what came while the journey was paused lets people in, too."""

    catch_up: bool = False


class StopInput(Input):
    """``people``: those inside ``finish``, or ``leave`` now."""

    people: Literal["finish", "leave"] = "finish"


class JourneyOutput(BaseModel):
    """A journey. ``version`` 0: never published. ``error``: what failed at the last move, by node.

    ``revision`` counts what was saved of the draft.
    """

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    description: str
    state: State
    version: int
    revision: int
    draft: dict[str, Any]
    created_by: Author
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    error: dict[str, Any] | None


class YamlOutput(BaseModel):
    """A definition as YAML."""

    yaml: str


class GraphChecked(BaseModel):
    """The faults of a definition, which is given back in both forms; null where the YAML cannot be read."""

    problems: list[Problem]
    definition: dict[str, Any] | None
    yaml: str | None


class VersionOutput(BaseModel):
    """A published version. ``inside``: how many people are on it."""

    number: int
    definition: dict[str, Any]
    created_by: Author
    created_at: datetime
    moves_on: bool
    inside: int


class NodeCount(BaseModel):
    """How many came to a node ever, and are there now."""

    node: str
    came: int
    inside: int


class WayCount(BaseModel):
    """How many left a node by a port; ``target`` null: out."""

    node: str
    port: str
    target: str | None
    people: int


class Counts(BaseModel):
    """Live counts of one version, or of all.

    ``refused_again``, ``refused_full``: who was not let in by the rule about coming again, and by the caps.
    """

    entered: int
    inside: int
    left: dict[str, int] = Field(description="How many left, by reason.")
    converted: int
    refused_again: int
    refused_full: int
    nodes: list[NodeCount]
    ways: list[WayCount]
    failed_deeds: int = Field(description="Those that are uncertain among them.")
    uncertain_deeds: int
    waiting_deeds: int


class DayCount(BaseModel):
    """A day of the project: how many came in, and how many of whoever is inside reached the goal."""

    day: str
    entered: int
    converted: int


class JourneyWeek(BaseModel):
    """A journey's last seven days, today included."""

    journey_id: str
    inside: int
    days: list[DayCount]


class MoveOutput(BaseModel):
    """A move of a person: from a node by a port, at a moment (Unix milliseconds)."""

    node: str
    port: str
    at_ms: int


class EntryOutput(BaseModel):
    """A person's way through a journey. Times are Unix milliseconds."""

    id: int
    journey_id: str
    version: int
    person_id: str
    person: PersonBehind | None = Field(description="Null: nothing is recorded of this person (any more).")
    state: Literal["inside", "left"]
    node: str
    entered_ms: int
    at_ms: int
    due_ms: int
    left_ms: int | None
    reason: str | None
    converted_ms: int | None
    moves: list[MoveOutput]


class PersonSent(Input):
    """Somebody to be let in; of two with one ``key`` the first counts."""

    distinct_id: Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=r"^[^\x00]+$")]
    key: Annotated[str, StringConstraints(min_length=1, max_length=90, pattern=r"^[^\x00-\x1f]+$")]
    properties: Properties = Field(default_factory=dict)


class PeopleSent(Input):
    """People whom another system sends in."""

    people: list[PersonSent] = Field(min_length=1, max_length=MOST_REQUESTS)


class Accepted(BaseModel):
    """How many are new; they come in with the next move, as far as rules and caps allow."""

    accepted: int


class RehearsalInput(DefinitionInput):
    """What would have happened from one day to another (the project's days, both included)."""

    first_day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    last_day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    sample: int = Field(default=10, ge=0, le=100)
