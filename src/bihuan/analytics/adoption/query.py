"""Feature adoption: how many use each feature, how often, and whether they stay with it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bihuan.analytics.query import EventSelector, Query, Selection


class AdoptionQuery(Query):
    """Reach, frequency and retention of features in the period.

    A feature is a selector of ``features``, or without any every event name, of which the ``top_n`` with
    most people are kept. ``among`` are the people that reach is relative to: those with any such event in
    the period.
    Frequency and retention count whole units of ``interval`` with a use of the feature in the period.
    """

    kind: Literal["adoption"] = "adoption"
    features: tuple[EventSelector, ...] = Field(default=(), max_length=50)
    among: EventSelector = EventSelector()
    interval: Literal["day", "week", "month"] = "week"
    top_n: int = Field(default=50, ge=1, le=500)


class AdoptionSelection(Selection):
    """The people who used a feature, by its name or its place in ``features``; those among who did not."""

    event: str | None = None
    feature: int | None = Field(default=None, ge=0)
    used: bool = True
