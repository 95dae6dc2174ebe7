"""P-values of many comparisons at once."""

from __future__ import annotations

from collections.abc import Sequence


def adjusted_p_values(p_values: Sequence[float | None]) -> list[float | None]:
    """P-values that control the false discovery rate; None stays None and is not counted.

    The step-up procedure of Y. Benjamini and Y. Hochberg (J. R. Statist. Soc. B 57, 1995, 289–300): calling
    those below q findings makes at most the share q of findings false on average.
    """
    known = sorted((p_value, index) for index, p_value in enumerate(p_values) if p_value is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    least = 1.0
    for rank in range(len(known), 0, -1):
        p_value, index = known[rank - 1]
        least = min(least, p_value * len(known) / rank)
        adjusted[index] = least
    return adjusted
