"""Caps, quiet hours and times of day under a moved clock, at the edges of daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.messages.media import Medium
from bihuan.messages.outbox.policies.caps import HOUR_MS, Past, Wish, capped
from bihuan.messages.outbox.policies.clock import next_shown, wall, zone_of
from bihuan.messages.outbox.policies.rate import after, room
from bihuan.messages.outbox.policies.settings import Cap, QuietHours
from bihuan.messages.outbox.policies.timing import (
    active_hour,
    after_quiet,
    at_active_hour,
    at_local_time,
    is_quiet,
)

BERLIN, NEW_YORK, SHANGHAI = (
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Asia/Shanghai"),
)
MINUTE_MS = 60_000


def ms(text: str) -> int:
    """Unix milliseconds of a moment in UTC, or with an offset."""
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def utc(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def quiet(start: str, end: str) -> QuietHours:
    return QuietHours(start=start, end=end)


@pytest.mark.parametrize(
    ("zone", "hours", "now", "sent"),
    [
        # An ordinary night, before and after midnight, and the ends: start is quiet, end is not.
        (BERLIN, ("21:00", "08:00"), "2026-01-10T20:30:00", "2026-01-11T07:00:00"),
        (BERLIN, ("21:00", "08:00"), "2026-01-11T02:30:00", "2026-01-11T07:00:00"),
        (BERLIN, ("21:00", "08:00"), "2026-01-10T20:00:00", "2026-01-11T07:00:00"),
        (BERLIN, ("21:00", "08:00"), "2026-01-11T07:00:00", "2026-01-11T07:00:00"),
        (BERLIN, ("21:00", "08:00"), "2026-01-10T19:59:59", "2026-01-10T19:59:59"),
        # The night in which the clock is put forward (2026-03-29, 02:00 to 03:00) and back (2026-10-25).
        (BERLIN, ("21:00", "08:00"), "2026-03-28T22:00:00", "2026-03-29T06:00:00"),
        (BERLIN, ("21:00", "08:00"), "2026-10-24T22:00:00", "2026-10-25T07:00:00"),
        # The end is a time that the clock never shows: it is free at the jump.
        (BERLIN, ("22:00", "02:30"), "2026-03-28T23:00:00", "2026-03-29T01:00:00"),
        # The end is shown twice: free at the first; within the repeated hour, at the second.
        (BERLIN, ("22:00", "02:30"), "2026-10-24T23:00:00", "2026-10-25T00:30:00"),
        (BERLIN, ("22:00", "02:30"), "2026-10-25T01:10:00", "2026-10-25T01:30:00"),
        (NEW_YORK, ("21:00", "08:00"), "2026-03-08T04:00:00", "2026-03-08T12:00:00"),
        (NEW_YORK, ("21:00", "08:00"), "2026-11-01T04:00:00", "2026-11-01T13:00:00"),
        (SHANGHAI, ("21:00", "08:00"), "2026-03-29T13:00:00", "2026-03-30T00:00:00"),
        (SHANGHAI, ("12:00", "14:00"), "2026-03-29T05:00:00", "2026-03-29T06:00:00"),
    ],
)
def test_quiet_hours_end_when_the_persons_clock_says_so(
    zone: ZoneInfo, hours: tuple[str, str], now: str, sent: str
) -> None:
    assert utc(after_quiet(quiet(*hours), zone, ms(now))) == sent


TIMES = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
EDGES = st.sampled_from(
    [
        (BERLIN, "2026-03-29T01:00:00"),
        (BERLIN, "2026-10-25T01:00:00"),
        (NEW_YORK, "2026-03-08T07:00:00"),
        (NEW_YORK, "2026-11-01T06:00:00"),
        (SHANGHAI, "2026-03-29T01:00:00"),
        (ZoneInfo("Australia/Lord_Howe"), "2026-04-04T15:00:00"),
    ]
)


@settings(max_examples=80)
@given(edge=EDGES, start=TIMES, end=TIMES, minutes=st.integers(-1_000, 400))
def test_quiet_hours_end_at_the_first_minute_that_is_not_quiet(
    edge: tuple[ZoneInfo, str], start: str, end: str, minutes: int
) -> None:
    zone, jump = edge
    hours = quiet(start, end)
    now_ms = ms(jump) + minutes * MINUTE_MS
    moment_ms = now_ms
    while is_quiet(hours, zone, moment_ms):
        moment_ms += MINUTE_MS
    assert after_quiet(hours, zone, now_ms) == moment_ms


@settings(max_examples=80)
@given(edge=EDGES, clock_time=TIMES, minutes=st.integers(-1_500, 400))
def test_a_local_time_is_the_first_minute_that_shows_it(
    edge: tuple[ZoneInfo, str], clock_time: str, minutes: int
) -> None:
    zone, jump = edge
    now_ms = ms(jump) + minutes * MINUTE_MS
    moment_ms, before = now_ms, wall(zone, now_ms - MINUTE_MS)

    def reached() -> bool:
        shown = wall(zone, moment_ms)
        naive, last = shown.replace(tzinfo=None), before.replace(tzinfo=None)
        if f"{shown:%H:%M}" == clock_time:
            return True
        # Left out: the clock jumped over it.
        skipped = [last + timedelta(minutes=step) for step in range(1, int((naive - last).seconds / 60))]
        return naive > last and any(f"{each:%H:%M}" == clock_time for each in skipped)

    while not reached():
        before = wall(zone, moment_ms)
        moment_ms += MINUTE_MS
    assert at_local_time(clock_time, zone, now_ms) == moment_ms


@pytest.mark.parametrize(
    ("zone", "clock_time", "start", "sent"),
    [
        (BERLIN, "09:00", "2026-03-28T09:00:00", "2026-03-29T07:00:00"),
        (BERLIN, "02:30", "2026-03-29T00:00:00", "2026-03-29T01:00:00"),
        (BERLIN, "02:30", "2026-10-24T22:00:00", "2026-10-25T00:30:00"),
        (NEW_YORK, "09:00", "2026-11-01T00:00:00", "2026-11-01T14:00:00"),
        (SHANGHAI, "09:00", "2026-11-01T00:00:00", "2026-11-01T01:00:00"),
    ],
)
def test_a_local_time_in_three_zones(zone: ZoneInfo, clock_time: str, start: str, sent: str) -> None:
    assert utc(at_local_time(clock_time, zone, ms(start))) == sent


def test_a_day_that_a_zone_left_out_does_not_stop_anything() -> None:
    apia = ZoneInfo("Pacific/Apia")
    assert utc(next_shown(apia, 12 * 60, ms("2011-12-30T08:00:00"))) == "2011-12-30T10:00:00"


def test_zones_are_the_persons_or_the_projects() -> None:
    assert zone_of("America/New_York", "Asia/Shanghai").key == "America/New_York"
    for unknown in (None, "", "Mars/Olympus", "../etc/passwd", 8, ["Europe/Berlin"]):
        assert zone_of(unknown, "Asia/Shanghai").key == "Asia/Shanghai"
    assert zone_of(None, "nowhere").key == "UTC"


def test_the_active_hour_is_by_the_persons_clock() -> None:
    day = 86_400_000
    evenings = [ms("2026-03-20T19:00:00+01:00") + each * day for each in range(8)]
    # From the 29th on the same evening hour is an hour earlier in UTC.
    evenings += [ms("2026-03-29T19:00:00+02:00") + each * day for each in range(8)]
    assert active_hour(evenings, BERLIN) == 19
    assert active_hour(evenings[:4], BERLIN) is None, "too little is known"
    assert utc(at_active_hour(19, BERLIN, ms("2026-04-10T06:00:00"))) == "2026-04-10T17:00:00"
    assert utc(at_active_hour(19, BERLIN, ms("2026-04-10T17:20:00"))) == "2026-04-10T17:20:00"
    border = [ms("2026-03-02T08:00:00Z") + each * day for each in range(3)]
    border += [ms("2026-03-02T09:00:00Z") + each * day for each in range(3)]
    assert (
        active_hour(
            [*border, *[ms("2026-03-02T20:00:00Z") + each * day for each in range(4)]], ZoneInfo("UTC")
        )
        == 8
    )


DAILY = Cap(count=2, hours=24)
MAILS = Cap(medium="email", count=1, hours=48)


def test_caps_count_all_channels_and_each() -> None:
    now_ms = 1_000 * HOUR_MS
    past = [Past(1, "email", now_ms - 30 * HOUR_MS), Past(1, "sms", now_ms - 2 * HOUR_MS)]
    wishes = [Wish(1, 1, "email"), Wish(2, 1, "push"), Wish(3, 1, "sms"), Wish(4, 2, "email")]
    found = capped(wishes, past, [DAILY, MAILS], now_ms)
    # A mail 30 hours ago bars the mail; the push is the second of the day, so the text message is too many.
    assert set(found) == {1, 3}
    assert (found[1].cap, found[1].free_ms) == (MAILS, now_ms + 18 * HOUR_MS)
    assert (found[3].cap, found[3].free_ms) == (DAILY, now_ms + 22 * HOUR_MS)


def test_a_message_counts_for_exactly_the_hours_of_a_cap() -> None:
    sent = [Past(1, "email", 0)]
    cap = Cap(count=1, hours=24)
    assert set(capped([Wish(1, 1, "email")], sent, [cap], 24 * HOUR_MS - 1)) == {1}
    assert capped([Wish(1, 1, "email")], sent, [cap], 24 * HOUR_MS) == {}


def test_bots_and_webhooks_do_not_use_up_what_a_person_may_get() -> None:
    sent = [Past(1, "bot", 0), Past(1, "webhook", 0)]
    cap = Cap(count=1, hours=24)
    assert capped([Wish(1, 1, "bot"), Wish(2, 1, "email")], sent, [cap], 1) == {}


@settings(max_examples=60)
@given(
    moments=st.lists(st.tuples(st.integers(0, 200), st.sampled_from(["email", "sms"])), max_size=40),
    count=st.integers(1, 4),
    hours=st.integers(1, 60),
    medium=st.sampled_from(["email", None]),
)
def test_no_window_ever_holds_more_than_its_cap(
    moments: list[tuple[int, str]], count: int, hours: int, medium: Medium | None
) -> None:
    cap = Cap(count=count, hours=hours, medium=medium)
    sent: list[Past] = []
    for key, (hour, kind) in enumerate(sorted(moments)):
        now_ms = hour * HOUR_MS
        refused = capped([Wish(key, 1, kind)], sent, [cap], now_ms)
        if not refused:
            sent.append(Past(1, kind, now_ms))
        else:
            free_ms = refused[key].free_ms
            assert free_ms > now_ms
            assert capped([Wish(key, 1, kind)], sent, [cap], free_ms) == {}
            assert capped([Wish(key, 1, kind)], sent, [cap], free_ms - 1) != {}
    counted = [each.at_ms for each in sent if medium is None or each.medium == medium]
    for end in counted:
        assert sum(end - hours * HOUR_MS < each <= end for each in counted) <= count


@settings(max_examples=40)
@given(
    per_second=st.floats(0.2, 500),
    steps=st.lists(st.tuples(st.integers(0, 3_000), st.integers(1, 800)), min_size=1, max_size=40),
)
def test_a_rate_is_kept_over_any_time(per_second: float, steps: list[tuple[int, int]]) -> None:
    now_ms, free_ms, sent = 0, 0, []
    for wait_ms, wanted in steps:
        now_ms += wait_ms
        count = min(wanted, room(free_ms, per_second, now_ms))
        free_ms = after(free_ms, per_second, now_ms, count)
        sent.append((now_ms, count))
    for number, (start_ms, _) in enumerate(sent):
        total = 0
        for end_ms, count in sent[number:]:
            total += count
            burst = max(1.0, per_second)
            assert total <= burst + (end_ms - start_ms) * per_second / 1000 + 1e-3
    assert room(0, 0, 5) == -1
