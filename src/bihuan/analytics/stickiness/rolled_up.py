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

# Beyond it, one intersection for each number of units costs more than counting people one by one.
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
        counts = range(1, self._longest + 1)
        bars = ", ".join(f"({count}, bitmapCardinality({self._exactly(count)}))" for count in counts)
        return (
            "SELECT span, pair.1 AS units, pair.2 AS people\n"
            f"FROM (SELECT span, arrayJoin([{bars}]) AS pair FROM (\n{self._sums()}\n)) WHERE people > 0"
        )

    def people_sql(self, span: int, counts: Sequence[int]) -> str:
        """SELECT of ``person``: whose units within a span are one of ``counts``."""
        bars = ", ".join(map(self._exactly, counts))
        found = f"SELECT arrayJoin([{bars}]) AS people FROM (\n{self._sums()}\n) WHERE span = {span}"
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
        days = self.days.units_sql(self.units, self.period.first_day, self.period.last_day)
        gathered = (
            f"SELECT arrayCount(start -> start <= unit, [{starts}]) - 1 AS span, "
            f"groupArray(people) AS each_unit\nFROM (\n{days}\n) GROUP BY span"
        )
        none = f"({', '.join([NOBODY] * self._bits)},)"
        return (
            f"SELECT span, arrayFold((sums, more) -> {self._plus_one()}, each_unit, {none}) AS sums\n"
            f"FROM (\n{gathered}\n)"
        )

    def _plus_one(self) -> str:
        sums, carry = [], "more"
        for bit in range(1, self._bits + 1):
            sums.append(f"bitmapXor(sums.{bit}, {carry})")
            carry = f"bitmapAnd(sums.{bit}, {carry})"
        return f"({', '.join(sums)},)"

    def _exactly(self, count: int) -> str:
        """The people whose sum is ``count``, which is at least 1."""
        in_it = [bit for bit in range(self._bits) if count >> bit & 1]
        people = f"sums.{in_it[0] + 1}"
        for bit in range(self._bits):
            if bit != in_it[0]:
                operation = "bitmapAnd" if bit in in_it else "bitmapAndnot"
                people = f"{operation}({people}, sums.{bit + 1})"
        return people


def counted_units(
    ctx: ProjectContext, query: StickinessQuery, units: Units, spans: Sequence[Span]
) -> CountedUnits | None:
    """The sums from the rollup; None where it cannot give them."""
    if max(span.units for span in spans) > MOST_UNITS:
        return None
    period = resolve(query.period, ctx)
    days = day_people(ctx, query, query.active, period.last_day)
    return None if days is None else CountedUnits(days, units, period, spans)
