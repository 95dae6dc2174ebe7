"""Buckets are those of the project's calendar, at every clock change."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bihuan.analytics.calendar import Interval
from bihuan.analytics.query import Current, Dates, Last, day_range, resolve
from bihuan.analytics.reference import all_buckets, bucket_of
from bihuan.analytics.sql import bucket, bucket_label, bucket_labels, bucket_of_label, bucket_starts
from bihuan.warehouse.project import ProjectStore
from tests.analytics.loading import context

ZONES = (
    "Asia/Shanghai",
    "America/New_York",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Pacific/Apia",
    "UTC",
)
INTERVALS: tuple[Interval, ...] = ("hour", "day", "week", "month", "quarter", "year")


def instants(zone: str) -> list[int]:
    """Random instants, and many around each clock change of 2010–2026."""
    chosen = random.Random(zone)
    found = [chosen.randrange(1_262_304_000_000, 1_790_000_000_000) for _ in range(1500)]
    before = None
    for hour in range(1_262_304_000, 1_790_000_000, 3600):
        offset = datetime.fromtimestamp(hour, ZoneInfo(zone)).utcoffset()
        if before is not None and offset != before:
            found += [
                (hour + chosen.randrange(-10_000, 7_000)) * 1000 + chosen.randrange(1000) for _ in range(40)
            ]
        before = offset
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_the_engine_and_the_calendar_agree_on_the_bucket(store: ProjectStore, zone: str) -> None:
    ctx = context(store, time_zone=zone, first_weekday=ZONES.index(zone) % 7 + 1)
    times = instants(zone)
    columns = ", ".join(bucket(ctx, interval, "time") for interval in INTERVALS)
    instant = f"fromUnixTimestamp64Milli(arrayJoin({json.dumps(times)}), 'UTC')"
    rows = store.engine.rows(f"SELECT {columns} FROM (SELECT {instant} AS time)")
    assert len(rows) == len(times)
    for time_ms, row in zip(times, rows, strict=True):
        labels = [bucket_label(ctx, interval, name) for interval, name in zip(INTERVALS, row, strict=True)]
        assert labels == [bucket_of(ctx, interval, time_ms) for interval in INTERVALS]
        assert [
            bucket_of_label(interval, label) for interval, label in zip(INTERVALS, labels, strict=True)
        ] == list(row)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "days", [(date(2024, 3, 8), date(2024, 3, 12)), (date(2024, 9, 28), date(2024, 11, 5))]
)
def test_every_bucket_of_a_period_is_listed_once(
    store: ProjectStore, zone: str, days: tuple[date, date]
) -> None:
    ctx = context(store, time_zone=zone, first_weekday=7)
    period = day_range(*days, ctx)
    for interval in INTERVALS[1:] if days[0].month == 9 else INTERVALS:
        names = bucket_starts(ctx, interval, period)
        assert bucket_labels(ctx, interval, names) == all_buckets(ctx, interval, period)


def test_the_repeated_hour_is_two_hours(store: ProjectStore) -> None:
    ctx = context(store, time_zone="America/New_York")
    period = day_range(date(2024, 11, 3), date(2024, 11, 3), ctx)
    labels = bucket_labels(ctx, "hour", bucket_starts(ctx, "hour", period))
    assert len(labels) == 25
    assert labels[1:3] == ["2024-11-03T01:00-04:00", "2024-11-03T01:00-05:00"]


@pytest.mark.parametrize(
    ("period", "first_day", "last_day"),
    [
        (Dates(from_date=date(2024, 1, 1), to_date=date(2024, 1, 31)), date(2024, 1, 1), date(2024, 1, 31)),
        (Last(count=7), date(2024, 2, 23), date(2024, 2, 29)),
        (Last(count=7, include_current=False), date(2024, 2, 22), date(2024, 2, 28)),
        (Last(count=2, unit="week"), date(2024, 2, 18), date(2024, 2, 29)),
        (Last(count=2, unit="week", include_current=False), date(2024, 2, 11), date(2024, 2, 24)),
        (Last(count=3, unit="month"), date(2023, 12, 1), date(2024, 2, 29)),
        (Last(count=1, unit="month", include_current=False), date(2024, 1, 1), date(2024, 1, 31)),
        (Last(count=1, unit="quarter", include_current=False), date(2023, 10, 1), date(2023, 12, 31)),
        (Last(count=2, unit="year"), date(2023, 1, 1), date(2024, 2, 29)),
        (Current(unit="week"), date(2024, 2, 25), date(2024, 2, 29)),
        (Current(unit="quarter"), date(2024, 1, 1), date(2024, 2, 29)),
        (Current(unit="day"), date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_a_period_resolves_against_the_clock(
    store: ProjectStore, period: Dates | Last | Current, first_day: date, last_day: date
) -> None:
    # 17:00 UTC on the 28th is the 29th, a Thursday, in Shanghai; weeks start on Sunday.
    now_ms = int(datetime(2024, 2, 28, 17, tzinfo=UTC).timestamp() * 1000)
    resolved = resolve(period, context(store, now_ms=now_ms, first_weekday=7))
    assert (resolved.first_day, resolved.last_day) == (first_day, last_day)
    assert (
        resolved.start_ms
        == int(datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC).timestamp() - 8 * 3600)
        * 1000
    )
    assert resolved.end_ms - resolved.start_ms == resolved.days * 86_400_000


def test_a_day_with_a_clock_change_is_shorter_or_longer(store: ProjectStore) -> None:
    ctx = context(store, time_zone="Australia/Lord_Howe")
    spring = day_range(date(2024, 10, 6), date(2024, 10, 6), ctx)
    autumn = day_range(date(2024, 4, 7), date(2024, 4, 7), ctx)
    assert (spring.end_ms - spring.start_ms, autumn.end_ms - autumn.start_ms) == (84_600_000, 88_200_000)
