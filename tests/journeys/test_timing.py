"""Times of day on people's clocks, at the edges of daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.journeys.graph.nodes import WaitUntil
from bihuan.journeys.kernels import first_between
from bihuan.journeys.timing import cron_times, last_cron_ms, next_time_ms

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("at", "zone", "after", "fold", "expected"),
    [
        ("02:30", NEW_YORK, "2024-03-10T00:00", 0, "2024-03-10T03:00:00-04:00"),
        ("03:00", NEW_YORK, "2024-03-10T00:00", 0, "2024-03-10T03:00:00-04:00"),
        ("01:30", NEW_YORK, "2024-11-03T00:00", 0, "2024-11-03T01:30:00-04:00"),
        ("01:30", NEW_YORK, "2024-11-03T01:30", 0, "2024-11-04T01:30:00-05:00"),
        ("01:30", NEW_YORK, "2024-11-03T01:10", 1, "2024-11-04T01:30:00-05:00"),
        ("09:00", "Asia/Shanghai", "2024-11-03T09:00", 0, "2024-11-04T09:00:00+08:00"),
        ("09:00", "Asia/Shanghai", "2024-11-03T08:59", 0, "2024-11-03T09:00:00+08:00"),
        ("00:00", "America/Sao_Paulo", "2018-11-03T12:00", 0, "2018-11-04T01:00:00-02:00"),
        ("02:10", "Australia/Lord_Howe", "2024-10-06T00:00", 0, "2024-10-06T02:30:00+11:00"),
    ],
)
def test_the_next_time_a_clock_shows(at: str, zone: str, after: str, fold: int, expected: str) -> None:
    clock = ZoneInfo(zone)
    moment = datetime.fromisoformat(after).replace(tzinfo=clock, fold=fold)
    found = next_time_ms(WaitUntil(at=at), zone, int(moment.timestamp() * 1000))
    assert datetime.fromtimestamp(found / 1000, clock).isoformat() == expected


def test_only_some_weekdays() -> None:
    sunday = datetime(2024, 11, 3, 1, tzinfo=UTC).timestamp() * 1000
    found = next_time_ms(WaitUntil(at="00:30", weekdays=(6,)), "UTC", int(sunday))
    assert datetime.fromtimestamp(found / 1000, UTC).isoformat() == "2024-11-09T00:30:00+00:00"


def test_cron_lines_are_read_on_the_projects_clock() -> None:
    def ms(text: str) -> int:
        return int(datetime.fromisoformat(text).timestamp() * 1000)

    monday = ms("2023-11-20T09:00:00+08:00")
    assert last_cron_ms("0 9 * * 1", "Asia/Shanghai", monday) == monday
    assert last_cron_ms("0 9 * * 1", "Asia/Shanghai", monday + 86_400_000) == monday
    assert last_cron_ms("0 9 * * 1", "Asia/Shanghai", monday - 1) == monday - 7 * 86_400_000
    assert cron_times("0 9 * * 1", "Asia/Shanghai", monday, monday + 14 * 86_400_000, 10) == [
        monday + 7 * 86_400_000,
        monday + 14 * 86_400_000,
    ]


doings = st.lists(st.tuples(st.integers(0, 5), st.integers(1_000, 1_050)), max_size=30)
asked = st.lists(st.tuples(st.integers(0, 7), st.integers(990, 1_060), st.integers(0, 40)), max_size=20)


@given(doings, asked)
def test_the_first_time_between(done: list[tuple[int, int]], wanted: list[tuple[int, int, int]]) -> None:
    top = 2**64 - 3
    done = sorted((person + top - 5, at) for person, at in done)
    arrays = (np.array([each[0] for each in done], np.uint64), np.array([each[1] for each in done], np.int64))
    persons = np.array([each[0] + top - 5 for each in wanted], np.uint64)
    start = np.array([each[1] for each in wanted], np.int64)
    end = start + np.array([each[2] for each in wanted], np.int64)
    expected = [
        min((at for who, at in done if who == person and since <= at < until), default=-1)
        for person, since, until in zip(persons.tolist(), start.tolist(), end.tolist(), strict=True)
    ]
    assert first_between(arrays, persons, start, end).tolist() == expected
