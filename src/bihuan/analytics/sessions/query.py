"""Sessions: how many, how long, how deep, where they begin and end."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bihuan.analytics.query import (
    Breakdown,
    BreakdownValue,
    EventSelector,
    Interval,
    PropertyRef,
    Query,
    Selection,
)
from bihuan.analytics.spread import Percentiles


class SessionsQuery(Query):
    """Figures of the sessions that begin in the period, over all of it and by ``interval``.

    A session is a run of a person's events of ``selector`` in which no pause is longer than the project's
    gap. It runs over midnight, belongs to the bucket it begins in, and is followed to one day past the
    period's end. Its length is the time from its first event to its last; a session of one event bounced.

    ``page`` is what entries and exits tell of: the value at the first and at the last event, by default
    the event's name; the ``top_n`` with the most sessions are listed. ``breakdown`` splits sessions by a
    property of their first event. At the same instant, events whose ``page`` is more frequent come first,
    then by the page as text, then by the breakdown's value as text (none before any other).
    """

    kind: Literal["sessions"] = "sessions"
    selector: EventSelector = EventSelector()
    interval: Interval = "day"
    page: PropertyRef = PropertyRef(scope="field", name="event")
    top_n: int = Field(default=10, ge=1, le=500)
    breakdown: Breakdown | None = None
    percentiles: Percentiles = (50, 90)


class SessionsSelection(Selection):
    """The people with a session that has all that is named: bucket, group, entry, exit, one event only."""

    bucket: str | None = None
    breakdown: BreakdownValue | None = None
    entry: BreakdownValue | None = None
    exit: BreakdownValue | None = None
    bounced: bool = False
