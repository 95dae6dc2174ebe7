"""Stickiness from bitmaps: the units of each person are added up as binary numbers, all people at once.

Bitmap k holds the people whose count has bit k set. Adding a unit's people is a binary addition with carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query import DayRange, resolve
from bihuan.analytics.sql.day_people import NOBODY, DayPeople, day_people, people_of
from bihuan.analytics.sql.units import Units
from bihuan.analytics.stickiness.query import StickinessQuery
from bihuan.analytics.stickiness.spans import Span

# Beyond it, a bitmap for each number of units costs more than counting people one by one.
MOST_UNITS = 100


@dataclass(frozen=True)
class CountedUnits:
    """The units of everybody in each span, added up."""

    days: DayPeople
    units: Units
    period: DayRange
    spans: Sequence[Span]

    @property
    def is_complete(self) -> bool:
        """Whether the rollup says everything, so that people can be named."""
        return self.days.is_complete(self.period.first_day, self.period.last_day)

    def histogram_sql(self) -> str:
        """Rows ``span, units, people``, without those of nobody."""
        numbers = f"arrayMap(people -> bitmapCardinality(people), {self._by_count()})"
        return (
            "SELECT span, units, people\n"
            f"FROM (SELECT span, {numbers} AS numbers FROM (\n{self._sums()}\n))\n"
            "ARRAY JOIN numbers AS people, range(length(numbers)) AS units WHERE units > 0 AND people > 0"
        )

    def people_sql(self, span: int, fewest: int, most: int) -> str:
        """SELECT of ``person``: who was active in ``fewest`` to ``most`` units of a span."""
        chosen = f"arraySlice({self._by_count()}, {fewest + 1}, {most - fewest + 1})"
        found = f"SELECT arrayJoin({chosen}) AS people FROM (\n{self._sums()}\n) WHERE span = {span}"
        return people_of(self.days.ctx, found)

    @property
    def _longest(self) -> int:
        return max(span.units for span in self.spans)

    @property
    def _bits(self) -> int:
        return self._longest.bit_length()

    def _sums(self) -> str:
        """SELECT ``span, sums``: a bitmap for each bit of the people's counts."""
        starts = ", ".join(str(span.first) for span in self.spans)
        days = self.days.busy_units_sql(self.units, self.period.first_day, self.period.last_day)
        gathered = (
            f"SELECT arrayCount(start -> start <= unit, [{starts}]) - 1 AS span, "
            f"groupArray(people) AS each_unit\nFROM (\n{days}\n) GROUP BY span"
        )
        none = f"arrayWithConstant({self._bits}, {NOBODY})"
        return (
            f"SELECT span, arrayFold((sums, more) -> {self._plus_one()}, each_unit, {none}) AS sums\n"
            f"FROM (\n{gathered}\n)"
        )

    def _plus_one(self) -> str:
        sums, carry = ["bitmapXor(sums[1], more)"], "more"
        for bit in range(2, self._bits + 1):
            carried = f"bitmapAnd(sums[{bit - 1}], {carry}) AS carry{bit}"
            sums.append(f"bitmapXor(sums[{bit}], {carried})")
            carry = f"carry{bit}"
        return f"[{', '.join(sums)}]"

    def _by_count(self) -> str:
        """Array of the people by their sum, from 0 (of whom there are none)."""
        everybody = f"arrayFold((people, more) -> bitmapOr(people, more), sums, {NOBODY})"
        halves = "arrayMap(one -> [bitmapAndnot(one, bit), bitmapAnd(one, bit)], people)"
        return f"arrayFold((people, bit) -> arrayFlatten({halves}), arrayReverse(sums), [{everybody}])"


def counted_units(
    ctx: ProjectContext, query: StickinessQuery, units: Units, spans: Sequence[Span]
) -> CountedUnits | None:
    """The sums from the rollup; None where it cannot give them."""
    if query.breakdowns or max(span.units for span in spans) > MOST_UNITS:
        return None
    period = resolve(query.period, ctx)
    days = day_people(ctx, query, query.active, period.last_day)
    return None if days is None else CountedUnits(days, units, period, spans)
