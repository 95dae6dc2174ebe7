"""The SQL of statistic tags."""

from __future__ import annotations

from bihuan.analytics.conditions.windows import instants
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.sql import EventsSource, events_source, local_date
from bihuan.analytics.statistic.query import Bins, Statistic
from bihuan.analytics.statistic.windows import last_day_sql
from bihuan.warehouse.sql import literal


def values_sql(ctx: ProjectContext, statistic: Statistic, *, among: str | None = None) -> str:
    """SELECT of ``person, value``, of those who have one.

    ``among``: a SELECT of the only persons in question.
    """
    source = events_source(ctx, selectors=[statistic.event])
    source.between(*instants(statistic.window, ctx))
    if among is not None:
        source.where(f"{source.person} IN ({among})")
    if statistic.property is not None and statistic.aggregate in ("first", "last", "most_frequent"):
        return _texts_sql(source, statistic.property, statistic.aggregate)
    number = _number(source, statistic)
    rows = f"SELECT person, {number} AS number\nFROM (\n{source.sql()}\n)\nGROUP BY person"
    value = "toString(number)" if statistic.bins is None else bin_sql("number", statistic.bins)
    return f"SELECT person, {value} AS value\nFROM (\n{rows}\n)"


def bin_sql(number: str, bins: Bins) -> str:
    """SQL String: what the bin is called that a number is in."""
    cases = (
        f"{number} < {literal(bound)}, {literal(name)}"
        for bound, name in zip(bins.bounds, bins.labels, strict=False)
    )
    return f"multiIf({', '.join(cases)}, {literal(bins.labels[-1])})"


def _number(source: EventsSource, statistic: Statistic) -> str:
    """An aggregate, Float64, over the rows of a person; adds the columns and conditions it needs."""
    ctx = source.ctx
    if statistic.property is None:
        until = last_day_sql(ctx, statistic.window)
        return {
            "count": "toFloat64(count())",
            "active_days": f"toFloat64(uniqExact({local_date(ctx, 'time')}))",
            "days_since_first": f"toFloat64({until} - {local_date(ctx, 'min(time)')})",
            "days_since_last": f"toFloat64({until} - {local_date(ctx, 'max(time)')})",
        }[statistic.aggregate]
    if statistic.aggregate == "distinct":
        text = source.text(statistic.property)
        source.column("given", f"assumeNotNull(toString({text}))").where(f"isNotNull({text})")
        return "toFloat64(uniqExact(given))"
    number = source.number(statistic.property)
    source.column("given", f"assumeNotNull({number})").where(f"isNotNull({number})")
    found = f"{statistic.aggregate}(given)"
    # Sums depend on the order of the rows in their last digits, which are not to change a person's value.
    # Adding 0 makes 0 of -0.
    return f"round({found}, 6) + 0" if statistic.aggregate in ("sum", "avg") else f"{found} + 0"


def _texts_sql(source: EventsSource, ref: PropertyRef, aggregate: str) -> str:
    text = source.text(ref)
    source.column("event_id", "e.event_id").column("given", f"assumeNotNull(toString({text}))")
    source.where(f"ifNull({text} != '', false)")
    rows = source.sql()
    if aggregate != "most_frequent":
        pick = "argMin" if aggregate == "first" else "argMax"
        return f"SELECT person, {pick}(given, (time, event_id)) AS value\nFROM (\n{rows}\n)\nGROUP BY person"
    counted = (
        "SELECT person, given, count() AS times, max((time, event_id)) AS latest\n"
        f"FROM (\n{rows}\n)\nGROUP BY person, given"
    )
    return f"SELECT person, argMax(given, (times, latest)) AS value\nFROM (\n{counted}\n)\nGROUP BY person"
