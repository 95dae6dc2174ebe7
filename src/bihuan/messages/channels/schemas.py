"""Channels on the wire: secrets go in and never come out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from bihuan.insights import Author, Input, Name
from bihuan.kernel.storable import storable_within
from bihuan.messages.media import Medium

Plain = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00]*$")]
Values = Annotated[dict[str, Any], AfterValidator(storable_within(65_536))]
Property = Annotated[str, StringConstraints(max_length=400, pattern=r"^[^.\x00]+(\.[^.\x00]+)*$")]
Rate = Annotated[
    float | None,
    Field(gt=0, le=100_000, description="Messages a second; null: as the channel has it."),
]
Cost = Annotated[
    float | None,
    Field(ge=0, le=100_000, description="In the project's currency; null: not known. Campaigns add it up."),
]


class KindOutput(BaseModel):
    """A kind of channel. ``settings``: their JSON schema; ``secrets``: the fields that are secret."""

    kind: str
    medium: Medium
    address: str
    settings: dict[str, Any]
    secrets: list[str]


class ChannelInput(Input):
    """A new channel."""

    name: Name
    kind: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    settings: Values = {}
    secrets: Values = Field(default={}, description="Kept encrypted, and never shown.")
    address_property: Property | None = Field(
        default=None, description="The property of people that holds their address."
    )
    per_second: Rate = None
    cost_per_message: Cost = None
    enabled: bool = True


class ChannelChange(Input):
    """New values; those left out stay. Of ``secrets`` only those named change; null forgets one."""

    name: Name | None = None
    settings: Values | None = None
    secrets: Values | None = None
    address_property: Property | None = None
    per_second: Rate = None
    cost_per_message: Cost = None
    enabled: bool | None = None


class ChannelOutput(BaseModel):
    """A channel. ``secrets``: the names of those that are set."""

    id: str
    name: str
    kind: str
    medium: Medium
    settings: dict[str, Any]
    secrets: list[str]
    address_property: str | None
    per_second: float | None
    cost_per_message: float | None
    enabled: bool
    created_by: Author
    created_at: datetime
    updated_at: datetime


class ChannelTrouble(BaseModel):
    """The last message that a channel did not get through: why, in the provider's own words."""

    at: datetime | None
    state: str
    reason: str
    detail: str


class ChannelActivity(BaseModel):
    """What a channel does. ``sent``, ``rejected`` and ``uncertain``: since the project's day began."""

    channel_id: str
    waiting: int
    sent: int
    rejected: int
    uncertain: int
    last_sent_at: datetime | None
    trouble: ChannelTrouble | None


class TestInput(Input):
    """A test message: by ``template_id`` as ``person`` would get it, or ``content`` as a template has it."""

    __test__ = False

    addresses: list[Plain] = Field(default=[], max_length=20)
    seeds: bool = Field(default=False, description="To the seed list of the project, too.")
    person: Plain | None = Field(default=None, description="An id of the person whose values are put in.")
    template_id: Annotated[str | None, StringConstraints(max_length=26)] = None
    template_version: int | None = Field(default=None, ge=1)
    variant: Annotated[str | None, StringConstraints(max_length=80)] = None
    language: Annotated[str | None, StringConstraints(max_length=20)] = Field(
        default=None, description="Left out: the person's."
    )
    sample: Values = Field(default={}, description="Properties of somebody who is made up, without person.")
    content: Values | None = None
    event: Values = {}
    campaign: Values = {}
    data: Values = {}


class TestOutcome(BaseModel):
    """What became of one test message: ``sent``, ``retry``, ``rejected`` or ``uncertain``."""

    __test__ = False

    address: str
    outcome: str
    detail: str


class TestOutput(BaseModel):
    """What became of a test."""

    __test__ = False

    results: list[TestOutcome]
