"""The SQL of features: everybody's days from one reading of the events, seen from each cut-off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bihuan.analytics.calendar import day_start_ms
from bihuan.analytics.context import ProjectContext
from bihuan.analytics.features.query import FeatureQuery
from bihuan.analytics.query.events import EventSelector
from bihuan.analytics.sql import events_source, local_date
from bihuan.warehouse.sql import array, literal

EPOCH = date(1970, 1, 1)
# ``age`` is how many days before the cut-off a day lies: 1 is the last one that is known.
_ACTIVE = "active > 0 AND age >= 1"


def feature_names(query: FeatureQuery) -> tuple[str, ...]:
    """The features in the order of the columns; ``share:<event>`` is the share of an event."""
    return tuple(_features(query))


def features_sql(
    ctx: ProjectContext,
    query: FeatureQuery,
    cutoffs: Sequence[date],
    *,
    horizon_days: int = 0,
    sample: float | None = None,
    among: str | None = None,
) -> str:
    """SELECT of ``person, cutoff`` (days since 1970), ``left`` and the features as ``f0``, ``f1``, …

    ``left``: 1 for those who are not active on any of the ``horizon_days`` days from the cut-off on. NaN is
    a missing feature.

    Args:
        sample: only this share of people.
        among: a SELECT of the only persons in question.
    """
    days = [each.toordinal() - EPOCH.toordinal() for each in cutoffs]
    cells = _cells_sql(ctx, query, (min(cutoffs), max(cutoffs)), horizon_days, sample, among)
    seen = (
        f"SELECT *, cutoff, cutoff - day AS age\nFROM (\n{cells}\n)\nARRAY JOIN {array(days)} AS cutoff\n"
        f"WHERE age > {-horizon_days} AND age <= {query.history_days}"
    )
    named = ", ".join(
        f"toFloat64(ifNull({sql}, nan)) AS f{index}" for index, sql in enumerate(_features(query).values())
    )
    return (
        f"SELECT person, toInt32(cutoff) AS cutoff, left, {named}\nFROM (\n"
        f"SELECT person, cutoff, {_aggregates(query)}\nFROM (\n{seen}\n)\nGROUP BY person, cutoff\n"
        f"HAVING countIf({_ACTIVE} AND age <= {query.recent_days}) > 0\n)"
    )


def _cells_sql(
    ctx: ProjectContext,
    query: FeatureQuery,
    between: tuple[date, date],
    horizon_days: int,
    sample: float | None,
    among: str | None,
) -> str:
    """SELECT of what each person did on each day."""
    first, last = between
    source = events_source(ctx, sample=sample).column("event", "e.event")
    if among is not None:
        source.where(f"{source.person} IN ({among})")
    source.between(
        day_start_ms(first - timedelta(days=query.history_days), ctx.zone),
        day_start_ms(last + timedelta(days=horizon_days), ctx.zone),
    )
    source.column("is_active", source.is_one_of(query.active))
    purchase = query.purchase or EventSelector()
    bought = (
        source.is_one_of(purchase) if query.purchase is not None or query.revenue is not None else "false"
    )
    source.column("is_purchase", bought)
    if query.revenue is not None:
        source.column("revenue", f"CAST({source.number(query.revenue)} AS Nullable(Float64))")
    spent = "0" if query.revenue is None else "round(ifNull(sumIf(revenue, is_purchase), 0), 6)"
    shares = ", ".join(f"countIf(event = {literal(name)})" for name in query.shares)
    return (
        f"SELECT person, toInt32({local_date(ctx, 'time')}) AS day, countIf(is_active) AS active, "
        "count() AS events, groupUniqArray(event) AS names, countIf(is_purchase) AS purchases, "
        f"toFloat64({spent}) AS spent, CAST([{shares}] AS Array(UInt64)) AS parts\n"
        f"FROM (\n{source.sql()}\n)\nGROUP BY person, day"
    )


def _aggregates(query: FeatureQuery) -> str:
    """Aggregates over a person's days, of which the features are made."""
    recent = {f"times_{days}": f"sumIf(active, age BETWEEN 1 AND {days})" for days in (7, 15, 30, 90)} | {
        f"days_{days}": f"countIf({_ACTIVE} AND age <= {days})" for days in (7, 30, 90)
    }
    bought = {
        "bought_90": "sumIf(purchases, age BETWEEN 1 AND 90)",
        "bought": "sumIf(purchases, age >= 1)",
        "spent_30": "round(sumIf(spent, age BETWEEN 1 AND 30), 6)",
        "spent_90": "round(sumIf(spent, age BETWEEN 1 AND 90), 6)",
        "spent_all": "round(sumIf(spent, age >= 1), 6)",
        "last_bought": "minIf(age, purchases > 0 AND age >= 1)",
    }
    columns = {
        "left": "toUInt8(countIf(active > 0 AND age < 1) = 0)",
        "last": f"minIf(age, {_ACTIVE})",
        "first": f"maxIf(age, {_ACTIVE})",
        **recent,
        "gaps": f"arrayPopFront(arrayDifference(arraySort(groupArrayIf(toInt64(day), {_ACTIVE}))))",
        "kinds_30": "uniqExactArrayIf(names, age BETWEEN 1 AND 30)",
        "events_90": "sumIf(events, age BETWEEN 1 AND 90)",
        "parts_90": "sumForEachIf(parts, age BETWEEN 1 AND 90)",
        **(bought if query.purchase is not None or query.revenue is not None else {}),
    }
    return ",\n    ".join(f"{sql} AS {name}" for name, sql in columns.items())


def _features(query: FeatureQuery) -> dict[str, str]:
    """SQL over the aggregates; NULL is missing."""
    several = "length(gaps) > 0"
    features = {
        "days_since_last": "last",
        "times_7": "times_7",
        "times_30": "times_30",
        "times_90": "times_90",
        "active_days_7": "days_7",
        "active_days_30": "days_30",
        "active_days_90": "days_90",
        "active_days": "length(gaps) + 1",
        "tenure_days": "first",
        "trend": "(times_15 + 1) / (times_30 - times_15 + 1)",
        "gap_mean": f"if({several}, arrayAvg(gaps), NULL)",
        "gap_variance": "if(length(gaps) > 1, arrayReduce('varPop', gaps), NULL)",
        "overdue": f"if({several}, last / arrayAvg(gaps), NULL)",
        "event_kinds_30": "kinds_30",
    }
    for index, name in enumerate(query.shares):
        features[f"share:{name}"] = f"if(events_90 > 0, parts_90[{index + 1}] / events_90, NULL)"
    if query.purchase is not None or query.revenue is not None:
        features |= {
            "purchases_90": "bought_90",
            "purchases": "bought",
            "days_since_purchase": "if(bought > 0, last_bought, NULL)",
        }
    if query.revenue is not None:
        features |= {"revenue_30": "spent_30", "revenue_90": "spent_90", "revenue": "spent_all"}
    return features


def top_events_sql(ctx: ProjectContext, *, until: date, days: int, most: int) -> str:
    """SELECT of the events that most people did in the ``days`` days before ``until``, the first ``most``."""
    source = events_source(ctx).column("event", "e.event")
    source.between(day_start_ms(until - timedelta(days=days), ctx.zone), day_start_ms(until, ctx.zone))
    return (
        f"SELECT event FROM (\n{source.sql()}\n)\nGROUP BY event\n"
        f"ORDER BY uniq(person) DESC, event LIMIT {most}"
    )
