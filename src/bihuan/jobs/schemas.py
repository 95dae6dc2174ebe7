"""The wire form of a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

JobState = Literal["queued", "running", "succeeded", "failed", "cancelled"]
FINISHED: frozenset[JobState] = frozenset({"succeeded", "failed", "cancelled"})


class JobStatus(BaseModel):
    """Where a job stands."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str = Field(description="`<package>.<verb>`.")
    state: JobState
    project_id: str | None
    done: int = Field(description="Units of work done; what a unit is depends on the job.")
    total: int | None = Field(description="Units in all; null while it is not known.")
    note: str | None = Field(description="What it is doing now.")
    result: Any = None
    error: str | None = None
    created_at: datetime
    finished_at: datetime | None
