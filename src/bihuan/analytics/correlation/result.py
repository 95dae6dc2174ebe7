"""A correlation's factors, the clearest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.correlation.query import FunnelCorrelationQuery
from bihuan.analytics.correlation.sql import EVENT, EVERYBODY
from bihuan.analytics.query import PropertyRef
from bihuan.analytics.registry import Row
from bihuan.analytics.result import Result, heading
from bihuan.stats import adjusted_p_values, odds_ratio, proportion_difference


class CorrelationFactor(BaseModel):
    """An event people did or a value they had (``value`` None: they had none), and who converted.

    ``difference`` is the conversion of those with the factor minus that of those without, ``odds_ratio`` the
    odds of converting with it divided by those without; both with 95 % intervals. ``adjusted_p_value`` allows
    for the number of factors (Benjamini and Hochberg); None where nothing can be tested.
    """

    model_config = ConfigDict(frozen=True)

    event: str | None = None
    property: PropertyRef | None = None
    value: str | None = None
    people_with: int
    converted_with: int
    people_without: int
    converted_without: int
    difference: float
    difference_low: float
    difference_high: float
    odds_ratio: float
    odds_ratio_low: float
    odds_ratio_high: float
    p_value: float | None
    adjusted_p_value: float | None


class FunnelCorrelationResult(Result):
    """``entered`` people, of whom ``converted``; factors by p-value, then by the size of the difference."""

    kind: Literal["funnel_correlation"] = "funnel_correlation"
    entered: int
    converted: int
    factors: tuple[CorrelationFactor, ...]


def read_correlation(
    ctx: ProjectContext, query: FunnelCorrelationQuery, rows: Sequence[Row]
) -> FunnelCorrelationResult:
    """The result of the statement's rows."""
    everybody = [row for row in rows if row[0] == EVERYBODY]
    converted, others = everybody[0][2:4] if everybody else (0, 0)
    factors = []
    for factor, name, converted_with, others_with in rows:
        without = converted + others - converted_with - others_with
        if factor != EVERYBODY and without >= query.min_people:
            ref = None if factor == EVENT else query.properties[factor]
            found = _factor(converted_with, others_with, converted, others)
            is_value = ref is not None and name != "n"
            factors.append(
                found.model_copy(
                    update={
                        "event": name if ref is None else None,
                        "property": ref,
                        "value": name[1:] if is_value else None,
                    }
                )
            )
    adjusted = adjusted_p_values([found.p_value for found in factors])
    factors = [
        found.model_copy(update={"adjusted_p_value": p_value})
        for found, p_value in zip(factors, adjusted, strict=True)
    ]
    factors.sort(key=lambda found: (1.0 if found.p_value is None else found.p_value, -abs(found.difference)))
    return FunnelCorrelationResult(
        **heading(ctx, query.funnel), entered=converted + others, converted=converted, factors=tuple(factors)
    )


def _factor(converted_with: int, others_with: int, converted: int, others: int) -> CorrelationFactor:
    people_with = converted_with + others_with
    people_without = converted + others - people_with
    converted_without = converted - converted_with
    difference = proportion_difference(converted_with, people_with, converted_without, people_without)
    odds = odds_ratio(converted_with, people_with, converted_without, people_without)
    return CorrelationFactor.model_validate(
        {
            "people_with": people_with, "converted_with": converted_with, "people_without": people_without,
            "converted_without": converted_without, "difference": difference.difference,
            "difference_low": difference.low, "difference_high": difference.high, "odds_ratio": odds.ratio,
            "odds_ratio_low": odds.low, "odds_ratio_high": odds.high, "p_value": difference.p_value,
            "adjusted_p_value": None,
        }
    )  # fmt: skip
