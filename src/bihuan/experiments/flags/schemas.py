"""Flags on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bihuan.experiments.flags.definitions import PRODUCTION, Definition, EnvironmentName
from bihuan.insights import Author, Input, Words

KEY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"
FlagKey = Annotated[str, StringConstraints(pattern=KEY_PATTERN)]
FlagPath = Annotated[str, Path(pattern=KEY_PATTERN)]
Title = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class FlagInput(Input):
    """A new flag."""

    key: FlagKey
    name: Title = ""
    description: Words = ""
    definition: Definition


class FlagChange(Input):
    """New values for the fields that are given."""

    name: Title | None = None
    description: Words | None = None
    definition: Definition | None = None


class FlagOutput(BaseModel):
    """A flag; ``version`` rises with each change of the definition."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    name: str
    description: str
    definition: Definition
    version: int
    created_by: Author
    created_at: datetime
    updated_by: Author
    updated_at: datetime


class SwitchInput(Input):
    """On or off in an environment; off is the variant ``off`` for everybody, at once."""

    environment: EnvironmentName = PRODUCTION
    enabled: bool


class TryInput(Input):
    """A context to try a flag with: ``targetingKey`` and attributes."""

    context: dict[str, Any] = Field(default_factory=dict, max_length=200)
    environment: EnvironmentName = PRODUCTION


class TryOutput(BaseModel):
    """What software would be told."""

    key: str
    value: Any
    variant: str
    reason: str
    metadata: dict[str, Any]
