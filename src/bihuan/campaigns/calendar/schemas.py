"""The calendar on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from bihuan.campaigns.findings import Sentence
from bihuan.campaigns.plan.schemas import Lever
from bihuan.campaigns.schemas import Status


class Entry(BaseModel):
    """A campaign on the calendar; ``last_day`` is on the project's calendar, as is ``first_day``."""

    campaign_id: str
    name: str
    lever: Lever
    status: Status
    starts_at: datetime
    ends_at: datetime | None
    first_day: date
    last_day: date
    channel_ids: list[str]
    people: int


class Due(BaseModel):
    """A task that is due."""

    task_id: str
    campaign_id: str
    campaign: str
    title: str
    owner_name: str
    due_at: datetime
    day: date
    done: bool


class Conflict(BaseModel):
    """Two campaigns in each other's way.

    ``people``: so many are in both, while both run. ``channel``: both send by it, while both run. ``day``:
    both begin on it.
    """

    kind: Literal["people", "channel", "day"]
    campaign_ids: tuple[str, str]
    from_day: date
    to_day: date
    people: int | None = None
    channel_ids: list[str] = []
    message: Sentence


class Calendar(BaseModel):
    """What is on between two days, both included."""

    from_day: date
    to_day: date
    entries: list[Entry]
    tasks: list[Due]
    conflicts: list[Conflict]
