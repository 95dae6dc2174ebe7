"""The part that all analyses share."""

from __future__ import annotations

from pydantic import Field

from bihuan.analytics.query.base import Value
from bihuan.analytics.query.filters import Filter
from bihuan.analytics.query.period import Last, Period


class Query(Value):
    """Base of every analysis query; subclasses add ``kind: Literal[...]``.

    ``filter`` applies to every event the analysis reads. ``sample`` (0–1) keeps that share of *people*
    with all their events, so figures about people stay unbiased; results are those of the sampled
    people, not scaled up, and say the share.
    """

    period: Period = Last(count=30)
    filter: Filter | None = None
    sample: float | None = Field(default=None, gt=0, le=1)


class Selection(Value):
    """Base of the value that names one number of a result, to ask for the people behind it."""
