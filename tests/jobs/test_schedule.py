from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from bihuan.jobs import ScheduleInvalid
from bihuan.jobs.schedule import cron_line

PERIODS = [
    seconds
    for seconds in range(1, 86_401)
    if (seconds <= 60 and 60 % seconds == 0)
    or (60 < seconds <= 3_600 and seconds % 60 == 0 and 3_600 % seconds == 0)
    or (seconds > 3_600 and seconds % 3_600 == 0 and 86_400 % seconds == 0)
]


@given(st.sampled_from(PERIODS), st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_a_period_is_kept_exactly(every_seconds: int, start: datetime) -> None:
    line = cron_line(None, every_seconds, "UTC")
    times = croniter(line, start.replace(tzinfo=UTC), second_at_beginning=True)
    moments = [times.get_next(datetime) for _ in range(4)]
    gaps = [after - before for before, after in itertools.pairwise(moments)]
    assert gaps == [timedelta(seconds=every_seconds)] * 3


@pytest.mark.parametrize("every_seconds", [0, -1, 7, 59, 61, 90, 420, 3_601, 5_400, 18_000, 86_401, 172_800])
def test_a_period_no_clock_keeps_is_refused(every_seconds: int) -> None:
    with pytest.raises(ScheduleInvalid):
        cron_line(None, every_seconds, "UTC")


@pytest.mark.parametrize(
    ("cron", "every_seconds", "time_zone"),
    [
        (None, None, "UTC"),
        ("* * * * *", 60, "UTC"),
        ("* * * *", None, "UTC"),
        ("0 * * * * *", None, "UTC"),
        ("61 * * * *", None, "UTC"),
        ("每天", None, "UTC"),
        ("0 3 * * *", None, "Asia/Peking"),
        ("0 3 * * *", None, "../etc"),
    ],
)
def test_what_is_not_a_schedule_is_refused(
    cron: str | None, every_seconds: int | None, time_zone: str
) -> None:
    with pytest.raises(ScheduleInvalid):
        cron_line(cron, every_seconds, time_zone)


def test_a_cron_line_gains_its_seconds() -> None:
    assert cron_line("30 3 * * mon-fri", None, "Asia/Shanghai") == "0 30 3 * * mon-fri"
