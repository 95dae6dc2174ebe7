"""One metric of all groups as one statement: sums over people, by variant and segment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bihuan.analytics import ProjectContext
from bihuan.analytics.conditions.steps import Steps
from bihuan.analytics.sql import EventsSource
from bihuan.experiments.measuring.groups import Groups, groups_sql
from bihuan.experiments.measuring.metrics import (
    Figure,
    FunnelStep,
    Mean,
    Metric,
    Proportion,
    Quantile,
    Ratio,
    Retention,
)
from bihuan.warehouse.sql import literal

ALL, PERIOD = -1, 100
"""What rows are cut by, besides the number of a segment: everybody together, and the period of weights."""
MOST_VALUES = 1_000
SUMS = ("y", "yy", "x", "xx", "xy", "d", "dd", "yd", "xd")


@dataclass(frozen=True)
class Frame:
    """What a reading fixes for all its metrics.

    Args:
        groups: whom it is about.
        until_ms: when events stop to count for metrics without a window.
        pre_ms: how long before somebody entered the covariate looks back; 0 for none.
        periods: when the weights of a bandit changed, rising; people of each period are counted apart, too.
    """

    groups: Groups
    until_ms: int
    pre_ms: int = 0
    periods: tuple[int, ...] = ()


def sums_sql(ctx: ProjectContext, frame: Frame, metric: Metric) -> str:
    """SELECT of ``cut`` (Int16), ``value``, ``variant``, ``people`` and the sums of ``SUMS``."""
    products = (
        "sum(y), sum(y * y), sum(x), sum(x * x), sum(x * y), sum(d), sum(d * d), sum(y * d), sum(x * d)"
    )
    cuts = [f"(toInt16({ALL}), '')"]
    cuts += [f"(toInt16({index}), segment_{index})" for index in range(len(frame.groups.segments))]
    if frame.periods:
        later = " + ".join(f"(since >= {start})" for start in frame.periods)
        cuts.append(f"(toInt16({PERIOD}), toString({later}))")
    people = people_sql(ctx, frame, metric)
    return (
        f"SELECT part.1 AS cut, part.2 AS value, variant, count() AS people, {products}\n"
        f"FROM (SELECT *, arrayJoin([{', '.join(cuts)}]) AS part FROM (\n{people}\n))\n"
        f"GROUP BY cut, value, variant ORDER BY people DESC, value, variant LIMIT {MOST_VALUES} BY cut"
    )


def values_sql(ctx: ProjectContext, frame: Frame, metric: Metric) -> str:
    """SELECT of ``variant, y, people``: how many people have each value, for quantiles."""
    only = ""
    if isinstance(metric.measure, Quantile) and metric.measure.only_above_zero:
        only = " WHERE y > 0"
    people = people_sql(ctx, frame, metric)
    grouped = f"FROM (\n{people}\n){only} GROUP BY variant, y ORDER BY variant, y"
    return f"SELECT variant, y, count() AS people {grouped}"


def people_sql(ctx: ProjectContext, frame: Frame, metric: Metric) -> str:
    """SELECT of all people whose window is over: ``person, variant, since, segment_…, y, d, x``."""
    reader = _Reader(ctx, frame, metric)
    y, d, x = reader.figures()
    segments = "".join(
        f", g.segment_{index} AS segment_{index}" for index in range(len(frame.groups.segments))
    )
    groups = groups_sql(ctx, frame.groups)
    person = (
        f"SELECT g.person AS person, g.variant AS variant, g.since AS since{segments}, "
        f"toFloat64(a.y) AS y, toFloat64(a.d) AS d, toFloat64(a.x) AS x\n"
        f"FROM (\n{groups}\n) AS g LEFT ANY JOIN (\n"
        f"SELECT person, {y} AS y, {d} AS d, {x} AS x FROM (\n{reader.grouped_sql(groups)}\n)\n"
        f") AS a ON a.person = g.person\nWHERE {reader.over}"
    )
    return _capped(person, metric)


class _Reader:
    """The figures of a metric, each as a column of the rows and an aggregate over a person's rows."""

    def __init__(self, ctx: ProjectContext, frame: Frame, metric: Metric) -> None:
        self._ctx = ctx
        self._frame = frame
        self._metric = metric
        self._rows = EventsSource(ctx)
        self._aggregates: list[str] = []
        length = metric.length_ms
        begins = f"g.since + {metric.start_ms}"
        if length is None:
            self.over = f"{begins} < {frame.until_ms}"
            self._ends = str(frame.until_ms)
        else:
            self.over = f"{begins} + {length} <= {ctx.now_ms + 1}"
            self._ends = f"{begins} + {length}"
        self._post = f"at >= {begins} AND at < {self._ends}"
        self._pre = f"at >= g.since - {frame.pre_ms} AND at < g.since"

    def figures(self) -> tuple[str, str, str]:
        """SQL over ``grouped_sql`` of the metric, the denominator and the covariate."""
        measure = self._metric.measure
        match measure:
            case Proportion() | Retention():
                times = measure.times if isinstance(measure, Proportion) else 1
                figure = Figure(event=measure.event)
                return self._both(lambda when: f"{self._sum(figure, when)} >= {times}")
            case Mean() | Quantile():
                return self._both(lambda when: self._sum(measure.figure, when))
            case Ratio():
                y, _, x = self._both(lambda when: self._sum(measure.numerator, when))
                return y, self._sum(measure.denominator, "post"), x
            case FunnelStep():
                return self._both(lambda when: self._funnel(measure, when))

    def grouped_sql(self, groups: str) -> str:
        """SELECT of ``person`` and the aggregates, of those who did any of it."""
        rows = self._rows.selecting(self._metric.selectors)
        earliest = max(0, self._frame.groups.from_ms - self._frame.pre_ms)
        latest = self._frame.until_ms if self._metric.length_ms is None else self._ctx.now_ms + 1
        rows.between(earliest, latest)
        rows.column("person", rows.person).column("time", "e.time")
        rows.column("at", "toUnixTimestamp64Milli(e.time)")
        aggregates = ", ".join(f"{sql} AS a{index}" for index, sql in enumerate(self._aggregates))
        return (
            f"SELECT person, {aggregates} FROM (\n"
            f"SELECT e.*, {self._post} AS post, {self._pre} AS pre\n"
            f"FROM (\n{rows.sql()}\n) AS e INNER JOIN (\n{groups}\n) AS g ON g.person = e.person\n"
            f"WHERE post OR pre\n) GROUP BY person"
        )

    def _both(self, figure: Callable[[str], str]) -> tuple[str, str, str]:
        return figure("post"), "0", figure("pre") if self._frame.pre_ms else "0"

    def _sum(self, figure: Figure, when: str) -> str:
        row = self._column(self._rows.is_one_of(figure.event))
        if figure.property is None:
            return self._aggregate(f"countIf({row} AND {when})")
        number = self._column(f"ifNull({self._rows.number(figure.property)}, 0)")
        return self._aggregate(f"sumIf({number}, {row} AND {when})")

    def _funnel(self, measure: FunnelStep, when: str) -> str:
        rows = [f"({self._column(self._rows.is_one_of(step))} AND {when})" for step in measure.steps]
        steps = Steps(measure.steps, measure.within.milliseconds if measure.within else None, rows)
        return steps.condition(self._aggregate(steps.aggregate()))

    def _column(self, expression: str) -> str:
        known = {sql: name for name, sql in self._rows.listed.items()}
        name = known.get(expression) or f"c{len(known)}"
        self._rows.column(name, expression)
        return name

    def _aggregate(self, expression: str) -> str:
        if expression not in self._aggregates:
            self._aggregates.append(expression)
        return f"a{self._aggregates.index(expression)}"


def _capped(person: str, metric: Metric) -> str:
    measure = metric.measure
    if not isinstance(measure, Mean) or (measure.cap is None and measure.cap_percentile is None):
        return person
    if measure.cap is not None:
        cap = literal(measure.cap)
        return f"SELECT * REPLACE (least(y, {cap}) AS y, least(x, {cap}) AS x) FROM (\n{person}\n)"
    share = (measure.cap_percentile or 0) / 100

    def capped(column: str) -> str:
        found = f"quantileExactInclusiveIf({share!r})({column}, {column} > 0) OVER ()"
        return f"if({column} > 0, least({column}, {found}), {column}) AS {column}"

    return f"SELECT * REPLACE ({capped('y')}, {capped('x')}) FROM (\n{person}\n)"


def entered_sql(ctx: ProjectContext, groups: Groups, periods: Sequence[int] = ()) -> str:
    """SELECT of ``variant, period, people, several``: who entered, whether or not their window is over."""
    later = " + ".join(f"(since >= {start})" for start in periods) or "0"
    return (
        f"SELECT variant, toUInt16({later}) AS period, count() AS people, sum(several) AS several\n"
        f"FROM (\n{groups_sql(ctx, groups)}\n) GROUP BY variant, period ORDER BY variant, period"
    )
