"""Purchase histories as models of purchases want them, as of cut-offs; and renewals of contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bihuan.analytics.calendar import day_start_ms
from bihuan.analytics.conditions.units import unit_number_sql
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.features.query import PurchaseQuery, RenewalQuery
from bihuan.analytics.features.sql import EPOCH
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.query.properties import PropertyRef
from bihuan.analytics.sql import EventsSource, events_source, local_date
from bihuan.warehouse.sql import array, time_ms


def purchases_sql(
    ctx: ProjectContext, query: PurchaseQuery, cutoffs: Sequence[date], *, later_days: int = 0
) -> str:
    """SELECT of ``person, cutoff, frequency, recency, age, mean_value, later, later_value`` in days.

    Of everyone whose first purchase is before the cut-off (the beginning of a day; the column is days since
    1970): ``frequency`` is occasions after the first, ``recency`` days from the first to the last, ``age``
    days from the first to the last day before the cut-off, ``mean_value`` that of the occasions after the
    first (NaN without any), ``later`` the occasions on the ``later_days`` days from the cut-off on.
    """
    days = [each.toordinal() - EPOCH.toordinal() for each in cutoffs]
    until = max(cutoffs) + timedelta(days=later_days)
    seen = (
        "SELECT person, day, value, cutoff, day < cutoff AS known\n"
        f"FROM (\n{_occasions(ctx, query, until)}\n)\n"
        f"ARRAY JOIN {array(days)} AS cutoff\nWHERE day < cutoff + {later_days}"
    )
    columns = (
        "countIf(known) - 1 AS frequency, minIf(day, known) AS first, maxIf(day, known) AS last, "
        "round(sumIf(value, known) - argMinIf(value, day, known), 6) AS spent, "
        "countIf(NOT known) AS later, round(sumIf(value, NOT known), 6) AS later_value"
    )
    return (
        "SELECT person, toInt32(cutoff) AS cutoff, toInt64(frequency) AS frequency, "
        "toInt32(last - first) AS recency, toInt32(cutoff - 1 - first) AS age, "
        "if(frequency > 0, spent / frequency, nan) AS mean_value, later, later_value\n"
        f"FROM (\nSELECT person, cutoff, {columns}\nFROM (\n{seen}\n)\n"
        "GROUP BY person, cutoff\nHAVING countIf(known) > 0\n)"
    )


def repeats_sql(ctx: ProjectContext, query: PurchaseQuery, *, born_before: date, until: date) -> str:
    """SELECT of ``day`` (since 1970) and how many occasions after their first people had on it.

    Of those whose first purchase is before ``born_before``; days before ``until``. Days of first purchases
    are there with 0.
    """
    first = born_before.toordinal() - EPOCH.toordinal()
    people = (
        f"SELECT groupArray(day) AS days, min(day) AS first\nFROM (\n{_occasions(ctx, query, until)}\n)\n"
        f"GROUP BY person HAVING first < {first}"
    )
    return (
        "SELECT day, countIf(day > first) AS repeats\n"
        f"FROM (\n{people}\n)\nARRAY JOIN days AS day\nGROUP BY day\nORDER BY day"
    )


def cohorts_sql(ctx: ProjectContext, query: RenewalQuery) -> str:
    """SELECT of ``possible, renewed, people``: how often people can have renewed, and did in a row."""
    return (
        f"SELECT possible, renewed, count() AS people\nFROM (\n{renewals_sql(ctx, query)}\n)\n"
        "GROUP BY possible, renewed\nORDER BY possible, renewed"
    )


def renewals_sql(ctx: ProjectContext, query: RenewalQuery) -> str:
    """SELECT of ``person, possible, renewed, mean_value`` of everyone who ever paid before the running unit.

    ``renewed``: in how many units after the first one they paid without a gap; ``possible``: how many units
    there were. Who has both alike is still there. ``mean_value``: what they paid a unit until the gap.
    """
    source = _source(ctx, query.payment, query.revenue).between(None, ctx.now_ms + 1)
    source.column("unit", unit_number_sql(ctx, query.unit, "e.time"))
    running = unit_number_sql(ctx, query.unit, time_ms(ctx.now_ms))
    units = (
        f"SELECT person, unit, {_value(query.revenue)} AS value\nFROM (\n{source.sql()}\n)\n"
        f"WHERE unit < {running}\nGROUP BY person, unit"
    )
    pairs = (
        "SELECT person, arraySort(groupArray((unit, value))) AS pairs, pairs[1].1 AS first,\n"
        "    arrayCount((p, i) -> p.1 - first = i - 1, pairs, arrayEnumerate(pairs)) AS paid\n"
        f"FROM (\n{units}\n)\nGROUP BY person"
    )
    return (
        f"SELECT person, toInt64({running} - 1 - first) AS possible, toInt64(paid) - 1 AS renewed, "
        "round(arraySum(p -> p.2, arraySlice(pairs, 1, paid)) / paid, 6) AS mean_value\n"
        f"FROM (\n{pairs}\n)"
    )


def _occasions(ctx: ProjectContext, query: PurchaseQuery, until: date) -> str:
    source = _source(ctx, query.purchase, query.revenue).between(None, day_start_ms(until, ctx.zone))
    return (
        f"SELECT person, toInt32({local_date(ctx, 'time')}) AS day, {_value(query.revenue)} AS value\n"
        f"FROM (\n{source.sql()}\n)\nGROUP BY person, day"
    )


def _source(ctx: ProjectContext, selector: EventSelector, revenue: PropertyRef | None) -> EventsSource:
    source = events_source(ctx, selectors=[selector])
    if revenue is not None:
        source.column("revenue", f"CAST({source.number(revenue)} AS Nullable(Float64))")
    return source


def _value(revenue: PropertyRef | None) -> str:
    return "toFloat64(1)" if revenue is None else "toFloat64(round(ifNull(sum(revenue), 0), 6))"
