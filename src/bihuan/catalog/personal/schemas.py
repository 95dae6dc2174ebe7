"""Personal data on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bihuan.access.personal.patterns import Kind
from bihuan.catalog.schemas import PlanName


class PersonalPropertyOutput(BaseModel):
    """A property that holds personal data, or seems to."""

    name: str
    kind: Kind
    state: Literal["guessed", "confirmed", "rejected"] = Field(
        description="Guessed by its name, or as a member decided; what is rejected is shown to everybody."
    )
    decided_by: str | None
    decided_at: datetime | None


class PersonalPropertyInput(BaseModel):
    """A decision on a property of events and people."""

    model_config = ConfigDict(extra="forbid")

    name: PlanName
    personal: bool
    kind: Kind | None = Field(default=None, description="Left out: as its name suggests.")
