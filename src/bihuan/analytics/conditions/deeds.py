"""What people did, as conditions over their figures."""

from __future__ import annotations

from bihuan.analytics.conditions.figures import Figures, during
from bihuan.analytics.conditions.steps import Steps
from bihuan.analytics.conditions.values import Comparison, Did, Occurrence, OfProperty, Sequence
from bihuan.analytics.conditions.windows import instants
from bihuan.warehouse.sql import literal

Deed = Did | Occurrence | Sequence


class Deeds:
    """The figures of all deeds in question, from one reading of the events."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self._known: dict[Deed, str] = {}

    def condition(self, deed: Deed) -> str:
        """SQL Bool over the figures; of a person who did nothing in question it is what that means."""
        if deed not in self._known:
            match deed:
                case Did():
                    self._known[deed] = self._did(deed)
                case Occurrence():
                    self._known[deed] = self._occurrence(deed)
                case Sequence():
                    self._known[deed] = self._sequence(deed)
        return self._known[deed]

    def _did(self, deed: Did) -> str:
        found = self.figures.figure(deed.event, deed.window, deed.figure)
        if not isinstance(deed.figure, OfProperty) or deed.figure.aggregate == "distinct":
            return compared(found, deed.compare)
        if deed.figure.aggregate == "sum":
            return compared(f"ifNull({found}, 0)", deed.compare)
        return f"ifNull({compared(found, deed.compare)}, false)"

    def _occurrence(self, deed: Occurrence) -> str:
        figures, source = self.figures, self.figures.source
        row = figures.row_during(deed.event, (None, source.ctx.now_ms + 1))
        tests = [during("e.time", instants(deed.window, source.ctx))]
        if deed.filter is not None:
            tests.append(source.holds(deed.filter))
        passes = figures.column(" AND ".join(f"({test})" for test in tests))
        figures.column("e.event_id", name="event_id")
        pick = "argMin" if deed.which == "first" else "argMax"
        return figures.aggregate(f"{pick}If({passes}, (time, event_id), {row})")

    def _sequence(self, deed: Sequence) -> str:
        rows = [self.figures.row(step, deed.window) for step in deed.steps]
        steps = Steps(deed.steps, deed.within.milliseconds if deed.within else None, rows)
        return steps.condition(self.figures.aggregate(steps.aggregate()))


def compared(figure: str, comparison: Comparison) -> str:
    """SQL: a figure compared."""
    if comparison.operator == "between":
        return f"({figure} BETWEEN {literal(comparison.value)} AND {literal(comparison.upper)})"
    sign = {"eq": "=", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}[comparison.operator]
    return f"({figure} {sign} {literal(comparison.value)})"
