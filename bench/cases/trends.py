"""Trends by day over the whole log: counts of three events, and unique people by channel."""

from __future__ import annotations

from typing import Any

from bench.cases.case import WHOLE, Case, bihuan, duckdb, posthog, touch
from bench.cases.posthog_funnels import text_property
from bench.stores import CHANNEL, POSTHOG_TABLE, TIME_ZONE, Stores
from bihuan.analytics.query import Breakdown, EventSelector, People, PropertyMeasure, PropertyRef
from bihuan.analytics.trend.query import TrendQuery, TrendSeries
from bihuan.analytics.trend.result import TrendResult

PLACE = 3
LOCAL_DAY = f"toDate(timestamp, '{TIME_ZONE}')"

Cells = dict[tuple[str, str], float]


def _ours(result: TrendResult) -> Cells:
    return {
        (line.breakdown[0].value or "" if line.breakdown else line.name, bucket): round(value, 2)
        for line in result.lines
        for bucket, value in zip(result.buckets, line.values, strict=True)
        if value
    }


def _theirs(rows: list[tuple[Any, ...]]) -> Cells:
    return {
        (str(key), str(day)): round(float(value), 2) for key, day, value in rows if day is not None and value
    }


def uniques_by_channel(stores: Stores) -> Case:
    """How many different people viewed on each day, by channel; also over the whole period."""
    query = TrendQuery(
        series=(TrendSeries(selector=EventSelector(events=("view",)), measure=People()),),
        breakdowns=(Breakdown(property=PropertyRef(name=CHANNEL)),),
        period=WHOLE,
    )
    duck = (
        "SELECT channel::VARCHAR, day, count(DISTINCT person) FROM events WHERE event = 'view' "
        "GROUP BY GROUPING SETS ((channel, day), (channel))"
    )
    channel = text_property(CHANNEL)
    theirs = (
        f"SELECT {channel} AS channel, {LOCAL_DAY} AS day, count(DISTINCT person_id) FROM {POSTHOG_TABLE} "
        "WHERE event = 'view' GROUP BY GROUPING SETS ((channel, day), (channel)) SETTINGS "
        "group_by_use_nulls = 1"
    )
    return Case(
        "daily unique people by channel",
        [
            touch(stores, ("person_id", "time", f"properties.`{CHANNEL}`"), ("view",)),
            bihuan(stores, query, _ours),
            duckdb(stores, duck, _theirs),
            posthog(stores, theirs, _theirs),
        ],
        goal=1.0,
    )


def events_by_day(stores: Stores) -> Case:
    """How many views there were on each day."""
    query = TrendQuery(
        series=(TrendSeries(selector=EventSelector(events=("view",)), label="view"),), period=WHOLE
    )
    theirs = (
        f"SELECT 'view', {LOCAL_DAY} AS day, count() FROM {POSTHOG_TABLE} WHERE event = 'view' GROUP BY day"
    )
    duck = "SELECT 'view', day, count(*) FROM events WHERE event = 'view' GROUP BY day"
    return Case(
        "events by day",
        [
            touch(stores, ("time",), ("view",)),
            bihuan(stores, query, _ours),
            duckdb(stores, duck, _theirs),
            posthog(stores, theirs, _theirs),
        ],
    )


def revenue(stores: Stores) -> Case:
    """The sum of a number by day."""
    measure = PropertyMeasure(property=PropertyRef(name="$revenue"), aggregate="sum")
    query = TrendQuery(
        series=(TrendSeries(selector=EventSelector(events=("pay",)), measure=measure, label="pay"),),
        period=WHOLE,
    )
    theirs = (
        f"SELECT 'pay', {LOCAL_DAY} AS day, sum(toFloat64OrNull({text_property('$revenue')})) FROM "
        f"{POSTHOG_TABLE} "
        "WHERE event = 'pay' GROUP BY day"
    )
    return Case(
        "revenue by day",
        [
            touch(stores, ("time", "properties.`$revenue`"), ("pay",)),
            bihuan(stores, query, _ours),
            duckdb(
                stores,
                "SELECT 'pay', day, sum(revenue) FROM events WHERE event = 'pay' GROUP BY day",
                _theirs,
            ),
            posthog(stores, theirs, _theirs),
        ],
    )


CASES = (uniques_by_channel, events_by_day, revenue)
