"""The nights in which clocks are put forward and back, walked through by the whole outbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bihuan.warehouse import Engine
from tests.messages.sending import Sender, sender

STEP_MS, DAY_MS = 30 * 60_000, 86_400_000
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai")
QUIET_FROM, QUIET_TO = 22 * 60, 2 * 60 + 30
STEPS = 2 * 56


@pytest.fixture
def shop(engine: Engine, tmp_path: Path) -> Iterator[Sender]:
    with sender(engine, tmp_path) as made:
        made.channel("app")
        made.rules(
            quiet_hours={"start": "22:00", "end": "02:30", "media": ["in_app"]},
            caps=[{"count": 1, "hours": 24}],
            on_cap="wait",
        )
        yield made


def shown(zone: str, moment_ms: int) -> datetime:
    """What a clock on the wall there shows, without its zone."""
    return datetime.fromtimestamp(moment_ms / 1000, ZoneInfo(zone)).replace(tzinfo=None)


def free(zone: str, from_ms: int) -> int:
    """The first step from a moment on that is not quiet there."""
    while True:
        clock = shown(zone, from_ms)
        if QUIET_TO <= clock.hour * 60 + clock.minute < QUIET_FROM:
            return from_ms
        from_ms += STEP_MS


def half_past_two(zone: str, from_ms: int) -> int:
    """The first step that shows 02:30 there, or before which the clock jumped over it."""
    moment_ms = from_ms
    while True:
        clock, before = shown(zone, moment_ms), shown(zone, moment_ms - STEP_MS)
        wanted = clock.replace(hour=2, minute=30)
        if clock == wanted or (moment_ms > from_ms and before < wanted < clock):
            return moment_ms
        moment_ms += STEP_MS


@pytest.mark.parametrize(
    "evening",
    ["2026-03-28T20:00", "2026-10-24T20:00", "2026-03-08T02:00", "2026-11-01T02:00", "2026-04-04T10:00"],
)
def test_everybody_is_written_to_as_their_clock_says(shop: Sender, evening: str) -> None:
    begun_ms = round(datetime.fromisoformat(evening).replace(tzinfo=UTC).timestamp() * 1000)
    shop.now_ms = begun_ms
    names = {f"{kind} {zone}": {"$timezone": zone} for kind in ("cap", "clock") for zone in ZONES}
    persons = shop.people(names)
    capped = [person for name, person in persons.items() if name.startswith("cap")]
    shop.queue(capped, "app", step="first")
    shop.queue(capped, "app", step="second")
    shop.queue([each for each in persons.values() if each not in capped], "app", local_time="02:30")
    for _ in range(STEPS):
        shop.send()
        shop.now_ms += STEP_MS
    sent = {(row.person_id, row.step): row.sent_ms or 0 for row in shop.rows(state="sent")}
    for zone in ZONES:
        first_ms = free(zone, begun_ms)
        # A cap counts hours, whatever clocks show; what then is quiet waits on.
        second_ms = free(zone, first_ms + DAY_MS)
        one = persons[f"cap {zone}"]
        found = (*sorted((sent[one, "first"], sent[one, "second"])), sent[persons[f"clock {zone}"], "s1"])
        assert found == (first_ms, second_ms, half_past_two(zone, begun_ms)), zone
    assert shop.states() == {("sent", None): 3 * len(ZONES)}
