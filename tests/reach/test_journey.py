"""A journey of the demo's households with waits and branches: real mail, real clicks, a moved clock."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bihuan.catalog import learn
from bihuan.kernel.hashing import key64
from bihuan.warehouse import Engine
from tests.insights.shop import send
from tests.reach.households import Town, click, settled, text_of, town, unsubscribe

ZONES = ("America/New_York", "Asia/Shanghai", "Europe/Berlin")
PEOPLE = 36
MINUTE_MS, DAY_MS = 60_000, 86_400_000
HELLO, THANKS, REMINDER = "Welcome", "Thank you", "Still there"


@dataclass
class Clock:
    """The clock of messages and journeys: that of the machine, and how far it was moved on."""

    ahead_ms: int = 0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms

    def move_to(self, moment_ms: int) -> None:
        self.ahead_ms += moment_ms - self.now_ms()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def place(engine: Engine, tmp_path: Path, clock: Clock) -> Iterator[Town]:
    """Journeys move when the test says so; messages go out by themselves."""
    with town(engine, tmp_path / "town", purchases=0, now_ms=clock.now_ms) as opened:
        opened.running.installation.messaging.start()
        yield opened


def definition(place: Town) -> dict[str, Any]:
    page = '<html><body><a href="https://grocer.example/card">Card</a> {{ links.unsubscribe }}</body></html>'
    text = "{{ person.household_comp }}, {{ event.name }} {{ event.store }}: {{ links.unsubscribe }}"

    def says(subject: str, following: str | None) -> dict[str, Any]:
        made = place.template(subject, "offers", subject=f"{subject}!", html=page, text=text)
        sent = {"template": made, "channels": [place.mail], "purpose": "offers"}
        return {"kind": "send", **sent, "next": following}

    trips = {"kind": "did", "event": {"events": ["trip"]}}
    portions = [
        {"name": "remind", "percent": 60, "next": "remind"},
        {"name": "leave", "percent": 40, "next": "quiet"},
    ]
    return {
        "entry": {"kind": "event", "event": {"events": ["card_ordered"]}},
        "start": "hello",
        "goal": {"event": {"events": ["trip"]}, "within": {"count": 7, "unit": "day"}, "leave": False},
        "nodes": {
            "hello": says(HELLO, "look"),
            "look": {
                "kind": "wait_for",
                "event": {"events": ["$message_clicked"]},
                "timeout": {"count": 2, "unit": "day"},
                "happened": "thanks",
                "timed_out": "nine",
            },
            "thanks": says(THANKS, "clicked"),
            "clicked": {"kind": "exit", "reason": "clicked"},
            "nine": {"kind": "wait_until", "at": "09:00", "next": "more"},
            "more": {
                "kind": "branch",
                "cases": [{"name": "yes", "condition": trips, "next": "bought"}],
                "otherwise": "chance",
            },
            "bought": {"kind": "exit", "reason": "bought"},
            "chance": {"kind": "split", "portions": portions},
            "remind": says(REMINDER, None),
            "quiet": {"kind": "exit", "reason": "quiet"},
        },
    }


def nine(zone: str, after_ms: int) -> int:
    """The first 09:00 there after a moment, by the calendar."""
    there = ZoneInfo(zone)
    day = datetime.fromtimestamp(after_ms / 1000, there)
    while True:
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=there).timestamp() * 1000
        if moment > after_ms:
            return round(moment)
        day += timedelta(days=1)


def begin(place: Town, people: dict[str, str]) -> str:
    changes = [
        {"type": "identify", "userId": who, "traits": {"$timezone": zone}} for who, zone in people.items()
    ]
    send(place.running, changes)
    # Only what was seen before may be named.
    for event in ("card_ordered", "trip"):
        place.happen(["household-0"], event)
    project = place.running.project
    learn(place.running.installation.database, project.row.id, project.store, settle_seconds=60)
    made = place.call("POST", "/journeys", {"name": "Card", "definition": definition(place)})
    assert place.call("POST", f"/journeys/{made['id']}/start")["state"] == "running"
    place.happen(people, "card_ordered", store="367")
    return str(made["id"])


def test_a_journey_of_households(place: Town, clock: Clock) -> None:
    names = sorted(place.households)[:PEOPLE]
    people = {who: ZONES[number % 3] for number, who in enumerate(names)}
    journey = begin(place, people)
    runner = place.running.installation.journeys
    settled(lambda: runner.tick() == 1 and len(place.mails(HELLO)) == PEOPLE)
    hello = place.mails(HELLO)
    assert set(hello) == set(people)
    for who, mail in hello.items():
        url = str(mail["list-unsubscribe"]).strip("<>")
        kind = place.households[who]["household_comp"]
        assert text_of(mail).strip() == f"{kind}, card_ordered 367: {url}"

    clickers, buyers, leavers = names[:8], names[8:14], names[14:20]
    for who in clickers:
        assert click(hello[who]) == "https://grocer.example/card"
    for who in leavers:
        unsubscribe(hello[who])
    place.happen(buyers, "trip")
    settled(lambda: runner.tick() == 1 and len(place.mails(THANKS)) == len(clickers))
    assert set(place.mails(THANKS)) == set(clickers)

    clock.move_to(clock.now_ms() + 2 * DAY_MS + 5 * MINUTE_MS)
    arrived_ms = clock.now_ms()
    runner.tick()
    times = {zone: nine(zone, arrived_ms) for zone in ZONES}
    passed: set[str] = set()
    for zone in sorted(times, key=lambda each: times[each]):
        clock.move_to(times[zone] - MINUTE_MS)
        runner.tick()
        assert way(place, journey, "remind") == passed, "before nine"
        clock.move_to(times[zone] + MINUTE_MS)
        runner.tick()
        now = way(place, journey, "remind")
        assert {people[who] for who in now - passed} == {zone}
        passed = now
    check_end(place, journey, names, passed)


def check_end(place: Town, journey: str, names: list[str], reminded_to: set[str]) -> None:
    clickers, buyers, leavers = names[:8], names[8:14], names[14:20]
    others = set(names) - set(clickers) - set(buyers)
    quiet = way(place, journey, "leave")
    assert (reminded_to | quiet, reminded_to & quiet) == (others, set())
    assert reminded_to
    assert quiet
    settled(lambda: set(place.mails(REMINDER)) == reminded_to - set(leavers))
    states = place.call("GET", "/messages", state="suppressed", limit=100)["items"]
    assert {each["reason"] for each in states} <= {"consent_withdrawn"}
    assert len(states) == len(reminded_to & set(leavers))
    counts = place.call("GET", f"/journeys/{journey}/counts")
    left = {"clicked": 8, "bought": 6, "quiet": len(quiet), "completed": len(reminded_to)}
    assert (counts["entered"], counts["inside"], counts["left"]) == (PEOPLE, 0, left)
    assert counts["converted"] == len(buyers)
    told = {each["distinct_id"]: each for each in place.told("$journey_exited", journey_id=journey)}
    assert set(told) == set(names)
    assert {told[who]["properties"]["$reason"] for who in clickers} == {"clicked"}


def way(place: Town, journey: str, port: str) -> set[str]:
    """Whom chance sent this way, by the journey's own account."""
    names = {str(key64(who)): who for who in place.households}
    rows = place.call("GET", f"/journeys/{journey}/people", limit=100)["items"]
    chosen = {"node": "chance", "port": port}
    return {
        names[row["person_id"]]
        for row in rows
        if any(chosen.items() <= move.items() for move in row["moves"])
    }
