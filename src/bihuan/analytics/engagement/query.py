"""Engagement: on how many days people are active."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bihuan.analytics.query import EventSelector, Query, Selection

MOST_DAYS = 366


class EngagementQuery(Query):
    """People by the number of days on which they did the event, in each week or month and over the period."""

    kind: Literal["engagement"] = "engagement"
    selector: EventSelector = EventSelector()
    interval: Literal["week", "month", "quarter", "year"] = "week"


class EngagementSelection(Selection):
    """The people active on ``days`` days (or more) in one bucket (None: over the period)."""

    bucket: str | None = None
    days: int = Field(default=1, ge=1, le=MOST_DAYS)
    or_more: bool = True
