"""Dates and times in every usual form, to exact milliseconds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.files.errors import MappingInvalid
from bihuan.collect.files.times import CANDIDATES, NAMED_FORMATS, TimeParser, guess_time_format

NOON = 1_764_590_400_000  # 2025-12-01 12:00:00 UTC


@pytest.mark.parametrize(
    ("value", "form", "zone", "time_ms"),
    [
        ("2025-12-01T12:00:00Z", "iso", "Asia/Shanghai", NOON),
        ("2025-12-01 20:00:00", "iso", "Asia/Shanghai", NOON),
        ("2025-12-01 20:00:00", "iso", "+08:00", NOON),
        ("2025-12-01T12:00:00.250+00:00", "iso", "UTC", NOON + 250),
        ("2025-12-01", "iso", "UTC", NOON - 43_200_000),
        (" 1764590400 ", "unix_s", "Asia/Shanghai", NOON),
        (1764590400.5, "unix_s", "UTC", NOON + 500),
        ("1764590400000", "unix_ms", "UTC", NOON),
        ("1764590400000000", "unix_us", "UTC", NOON),
        ("20251201", "yyyymmdd", "Asia/Shanghai", NOON - 72_000_000),
        (45992.5, "excel_serial", "UTC", NOON),
        ("2025/12/1 20:00", "%Y/%m/%d %H:%M", "Asia/Shanghai", NOON),
        ("1.12.2025 12:00", "%d.%m.%Y %H:%M", "UTC", NOON),
        ("12/1/25 12:00", "%m/%d/%y %H:%M", "UTC", NOON),
        ("12/01/2025 12:00 PM", "%m/%d/%Y %I:%M %p", "UTC", NOON),
        ("2025年12月1日 20:00:00", "%Y年%m月%d日 %H:%M:%S", "Asia/Shanghai", NOON),
        ("20251201120000", "%Y%m%d%H%M%S", "UTC", NOON),
        ("01/Dec/2025:13:00:00 +0100", "%d/%b/%Y:%H:%M:%S %z", "Asia/Shanghai", NOON),
        ("2025-12-01 12:00:00 UTC", "%Y-%m-%d %H:%M:%S %Z", "Asia/Shanghai", NOON),
        (dt.datetime(2025, 12, 1, 20), "iso", "Asia/Shanghai", NOON),
        (dt.datetime(2025, 12, 1, 12, tzinfo=dt.UTC), "iso", "Asia/Shanghai", NOON),
        (dt.date(2025, 12, 1), "iso", "UTC", NOON - 43_200_000),
        ("1996-12-31T23:59:59.999", "iso", "UTC", 852_076_799_999),
    ],
)
def test_formats_and_zones(value: Any, form: str, zone: str, time_ms: int) -> None:
    parse = TimeParser(form, zone)
    assert parse(value) == time_ms
    assert parse(value) == time_ms  # from memory
    if form not in {"excel_serial", "%d.%m.%Y %H:%M"}:
        assert TimeParser("auto", zone)(value) == time_ms


def test_a_local_time_that_occurs_twice_is_the_first_and_a_skipped_one_moves_on() -> None:
    parse = TimeParser("iso", "America/New_York")
    assert parse("2025-11-02 01:30:00") == 1_762_061_400_000  # 05:30 UTC, still daylight time
    assert parse("2025-03-09 02:30:00") == 1_741_505_400_000  # 07:30 UTC: 03:30 on the new clock


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("yesterday", "iso"), ("yesterday", "auto"), ("15", "unix_s"), ("15", "auto"),
        ("20251301", "yyyymmdd"),
        ("2025-02-30", "iso"), ("2025/2/30", "%Y/%m/%d"), ("2025/2/3 1", "%Y/%m/%d"), (True, "unix_s"),
        (12, "excel_serial"), ([1], "auto"), ("inf", "unix_s"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(value: Any, form: str) -> None:
    with pytest.raises((ValueError, OverflowError, TypeError)):
        TimeParser(form, "UTC")(value)


def test_an_unknown_zone_is_a_fault_of_the_mapping() -> None:
    with pytest.raises(MappingInvalid):
        TimeParser("iso", "Mars/Olympus")


@given(st.datetimes(dt.datetime(1980, 1, 1), dt.datetime(2060, 1, 1)), st.sampled_from(CANDIDATES))
def test_every_candidate_reads_what_it_writes_and_is_guessed(moment: dt.datetime, form: str) -> None:
    moment = moment.replace(microsecond=0)
    text = moment.replace(tzinfo=dt.UTC).strftime(form)
    expected = dt.datetime.strptime(text, form).replace(tzinfo=dt.UTC)
    assert TimeParser(form, "UTC")(text) == int(expected.timestamp() * 1000)
    guessed = guess_time_format([text, text])
    assert guessed is not None
    assert guessed[0] in (*NAMED_FORMATS, *CANDIDATES)
    TimeParser(guessed[0], "UTC")(text)


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["25/01/2025", "01/02/2025"], "%d/%m/%Y"),
        (["01/25/2025", "02/01/2025"], "%m/%d/%Y"),
        (["19970101", "19970112"], "yyyymmdd"),
        (["1511544070"], "unix_s"),
        (["1511544070123"], "unix_ms"),
        (["17", "19"], None),
        (["2025-01-01", "soon"], None),
        ([], None),
    ],
)
def test_the_format_is_guessed_from_all_values(cells: list[str], form: str | None) -> None:
    guessed = guess_time_format(cells)
    assert (guessed[0] if guessed else None) == form


def test_day_and_month_that_cannot_be_told_apart_are_both_named() -> None:
    assert guess_time_format(["01/02/2025", "03/04/2025"]) == ("%m/%d/%Y", "%d/%m/%Y")
