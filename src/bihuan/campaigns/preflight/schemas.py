"""The preflight on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from bihuan.campaigns.findings import Finding, Sentence
from bihuan.campaigns.schemas import Status
from bihuan.messages.outbox.policies.choosing import Chosen, Default


class PeopleFigures(BaseModel):
    """Whom it is for. ``arms``: how many will be in each; ``global_holdout`` of the project among them."""

    audience: int
    arms: dict[str, int]


class ChannelReach(BaseModel):
    """Who can be reached by one message at its time, by channel, and why others cannot.

    ``share``: of big audiences so much was looked at, and the figures are scaled up.
    """

    step: str
    variant: str | None
    asked: int = Field(description="Whom it is for: people of its variants; nobody who is held out.")
    people: int
    by_channel: dict[str, int]
    blocked: dict[str, int]
    delayed: int = Field(description="Of those reached: in quiet hours then, and written to afterwards.")
    share: float
    priority: Literal["low", "normal", "high"]
    send_time: Chosen
    by_policy: list[Default] = Field(description="What of these the project's rules said, not the message.")


class HoldoutPoint(BaseModel):
    """What could be shown if this share were held out."""

    share: float
    smallest_effect: float | None
    needed: int | None


class PowerFigures(BaseModel):
    """What this size and holdout can show, with 80 % power at 95 % confidence.

    ``baseline``: the share of its people who convert in as much time without it, by the log or as planned.
    ``smallest_effect``: in conversions more per person; ``needed``: people for the effect that is expected.
    """

    baseline: float
    treated: int
    held_out: int
    expected_effect: float | None
    smallest_effect: float | None
    needed: int | None
    by_holdout: list[HoldoutPoint] = Field(description="The same for other shares held out.")


class CostFigures(BaseModel):
    """What it will cost, by what is known before it begins. ``messages``: by the prices of the channels."""

    currency: str
    budget: float | None
    planned: float
    offer: float
    messages: float
    total: float
    expected_value: float | None


class Overlap(BaseModel):
    """Another campaign that runs or is scheduled at the same time, with people of this one."""

    campaign_id: str
    name: str
    status: Status
    people: int


class SampleMessage(BaseModel):
    """A message as one real person would get it. Personal data is masked unless the caller may see it."""

    step: str
    variant: str
    channel_id: str
    person_id: str
    content: dict[str, Any]


class Preflight(BaseModel):
    """What would happen, and what is missing. ``can_start``: nothing blocks."""

    campaign_id: str
    revision: int
    at: datetime
    can_start: bool
    findings: list[Finding]
    people: PeopleFigures
    channels: list[ChannelReach]
    power: PowerFigures | None
    costs: CostFigures
    overlaps: list[Overlap]
    samples: list[SampleMessage]
    words: Sentence = Field(description="In one sentence.")
