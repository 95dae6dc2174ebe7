"""Transitions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from bihuan.campaigns.schemas import CampaignOutput


class Progress(BaseModel):
    """How far a campaign that began is. ``messages``: by state in the outbox."""

    campaign: CampaignOutput
    phase: str
    arms: dict[str, int]
    handed_over: int
    messages: dict[str, int]
    begun_at: datetime
    ended_at: datetime | None
    error: dict[str, Any] | None
