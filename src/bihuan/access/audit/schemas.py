"""The audit log on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

ActorKind = Literal["member", "key", "anonymous", "system"]


class AuditOutput(BaseModel):
    """Who did what."""

    number: int
    at: datetime
    actor_kind: ActorKind
    actor_id: str
    actor_name: str
    address: str
    project_id: str | None
    action: str = Field(examples=["source.created"])
    target_kind: str
    target_id: str
    before: dict[str, Any] | None = Field(description="Values that were changed, as they were.")
    after: dict[str, Any] | None = Field(description="As they are now.")
    hash: str


class AuditState(BaseModel):
    """What a check of the whole chain found."""

    records: int
    whole: bool
    first_broken: int | None = Field(description="The number of the first record that does not fit.")
