"""Times in every form that senders use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.collect.protocols.rejection import ItemInvalid
from bihuan.collect.protocols.timestamps import read_sent_at_ms, read_time_ms, seconds_to_ms, zone_named

MS = 1_767_323_045_678


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        (" ", None),
        (1_767_323_045, 1_767_323_045_000),
        (1_767_323_045.678, MS),
        (MS, MS),
        (float(MS), MS),
        (1_767_323_045_678_901, MS),
        (1_767_323_045_678_901_234, MS),
        ("1767323045", 1_767_323_045_000),
        ("1767323045.678", MS),
        ("1767323045678", MS),
        ("2026-01-02T03:04:05.678Z", MS),
        ("2026-01-02T03:04:05.678901234Z", MS),
        ("2026-01-02T11:04:05.678+08:00", MS),
        ("2026-01-02T11:04:05.678+0800", MS),
        ("2026-01-02 03:04:05.678", MS),
        ("2026-01-02 03:04:05.678 UTC", MS),
        ("2026-01-02", 1_767_312_000_000),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2026-01-01T23:59:59.9999Z", 1_767_311_999_999),
        (0, 0),
    ],
)
def test_forms(value: Any, expected: int | None) -> None:
    assert read_time_ms(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        True,
        [],
        {},
        "tea",
        "2026-13-01",
        -1,
        float("inf"),
        10**21,
        "1e400",
        "9" * 5000,
        "0001-01-01T00:00+14:00x",
    ],
)
def test_what_is_no_time_is_refused(value: Any) -> None:
    with pytest.raises(ItemInvalid) as caught:
        read_time_ms(value, "properties.time")
    assert (caught.value.reason, caught.value.path) == ("time_invalid", "properties.time")
    assert read_sent_at_ms(value) is None


def test_text_without_offset_is_in_the_given_zone() -> None:
    shanghai = zone_named("Asia/Shanghai")
    assert shanghai is not None
    assert read_time_ms("2026-01-02 11:04:05.678", "time", shanghai) == MS
    assert read_time_ms("2026-01-02T03:04:05.678Z", "time", shanghai) == MS
    assert zone_named("Nowhere/At all") is None


def test_seconds() -> None:
    assert seconds_to_ms("1767323045.678") == MS
    assert seconds_to_ms(5) == 5000
    assert seconds_to_ms(None) is None
    with pytest.raises(ItemInvalid):
        seconds_to_ms("tea")


@given(
    moment=st.datetimes(datetime(1970, 1, 2), datetime(2999, 1, 1)),
    offset=st.integers(-14 * 60, 14 * 60),
)
def test_iso_text_equals_integer_arithmetic(moment: datetime, offset: int) -> None:
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    expected = (zoned - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert read_time_ms(zoned.isoformat()) == expected
