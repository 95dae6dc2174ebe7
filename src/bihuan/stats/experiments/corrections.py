"""P-values of many metrics and variants, corrected for their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bihuan.stats.many_comparisons import adjusted_p_values

Correction = Literal["none", "holm", "benjamini_hochberg"]


def corrected(p_values: Sequence[float | None], correction: Correction) -> list[float | None]:
    """P-values to be held against the same α as one alone; None stays None and is not counted.

    ``holm`` bounds the chance of any false finding (S. Holm, Scand. J. Statist. 6, 1979, 65–70);
    ``benjamini_hochberg`` the share of findings that are false.
    """
    if correction == "none":
        return list(p_values)
    if correction == "benjamini_hochberg":
        return adjusted_p_values(p_values)
    known = sorted((p_value, index) for index, p_value in enumerate(p_values) if p_value is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    most = 0.0
    for rank, (p_value, index) in enumerate(known):
        most = max(most, min(1.0, p_value * (len(known) - rank)))
        adjusted[index] = most
    return adjusted
