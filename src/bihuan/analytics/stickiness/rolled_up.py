"""Stickiness from bitmaps: the units of each person are added up as binary numbers, all people at once.

Bitmap k holds the people whose count has bit k set. Adding a unit's people is a binary addition with carry.
"""

from __future__ import annotations

from collections.abc import Sequence

from bihuan.analytics.query import DayRange
from bihuan.analytics.sql.day_people import NOBODY, DayPeople
from bihuan.analytics.sql.units import Units
from bihuan.analytics.stickiness.spans import Span

# Beyond it, one intersection for each number of units costs more than counting people one by one.
MOST_UNITS = 100


def histogram_sql(days: DayPeople, units: Units, period: DayRange, spans: Sequence[Span]) -> str:
    """Rows ``span, units, people``, without those of nobody."""
    longest = max(span.units for span in spans)
    bits = longest.bit_length()
    starts = ", ".join(str(span.first) for span in spans)
    numbered = f"arrayCount(start -> start <= unit, [{starts}]) - 1"
    gathered = (
        f"SELECT {numbered} AS span, groupArray(people) AS each_unit\n"
        f"FROM (\n{days.units_sql(units, period.first_day, period.last_day)}\n) GROUP BY span"
    )
    none = f"({', '.join([NOBODY] * bits)},)"
    counted = (
        f"SELECT span, arrayFold((sums, more) -> {_plus_one(bits)}, each_unit, {none}) AS sums\n"
        f"FROM (\n{gathered}\n)"
    )
    exactly = ", ".join(f"({n}, bitmapCardinality({_exactly(n, bits)}))" for n in range(1, longest + 1))
    return (
        f"SELECT span, pair.1 AS units, pair.2 AS people\n"
        f"FROM (SELECT span, arrayJoin([{exactly}]) AS pair FROM (\n{counted}\n)) WHERE people > 0"
    )


def _plus_one(bits: int) -> str:
    sums, carry = [], "more"
    for bit in range(1, bits + 1):
        sums.append(f"bitmapXor(sums.{bit}, {carry})")
        carry = f"bitmapAnd(sums.{bit}, {carry})"
    return f"({', '.join(sums)},)"


def _exactly(count: int, bits: int) -> str:
    """The people whose sum is ``count``, which is at least 1."""
    in_it = [bit for bit in range(bits) if count >> bit & 1]
    people = f"sums.{in_it[0] + 1}"
    for bit in range(bits):
        if bit != in_it[0]:
            operation = "bitmapAnd" if bit in in_it else "bitmapAndnot"
            people = f"{operation}({people}, sums.{bit + 1})"
    return people
