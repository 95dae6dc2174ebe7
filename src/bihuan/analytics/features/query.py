"""What is to be known of people as of the beginning of days."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bihuan.analytics.calendar import DateUnit
from bihuan.analytics.query.base import Value
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.properties import PropertyRef

Days = Annotated[int, Field(ge=1, le=4_000)]
MOST_SHARES = 20


class FeatureQuery(Value):
    """Features of everyone who was active in the ``recent_days`` days before a cut-off.

    A cut-off is the beginning of a day on the project's calendar; features know nothing of that day and of
    later ones, and nothing from longer ago than ``history_days``. ``shares``: names of events whose share of
    all events of a person is a feature. ``purchase`` and ``revenue`` (of the purchases) add what was bought
    and spent.
    """

    kind: Literal["features"] = "features"
    active: EventSelector = EventSelector()
    recent_days: Days = 30
    history_days: Days = 365
    shares: tuple[str, ...] = Field(default=(), max_length=MOST_SHARES)
    purchase: EventSelector | None = None
    revenue: PropertyRef | None = None


class PurchaseQuery(Value):
    """Purchases of everyone who ever made one; several of one person on a day are one occasion.

    The value of an occasion is the sum of the numbers of ``revenue``; without it each is worth 1.
    """

    kind: Literal["purchases"] = "purchases"
    purchase: EventSelector
    revenue: PropertyRef | None = None


class RenewalQuery(Value):
    """Payments under a contract that goes on from one unit of the calendar to the next.

    Who has no payment in a whole unit has left. The running unit does not count yet. A unit is worth the sum
    of the numbers of ``revenue`` in it, or 1 without.
    """

    kind: Literal["renewals"] = "renewals"
    payment: EventSelector
    revenue: PropertyRef | None = None
    unit: DateUnit = "month"
