"""The calendar: who is in whose way, and its files."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.campaigns.conftest import Steps


def _on(steps: Steps, name: str, audience: str, first: str, last: str, channel: str) -> str:
    messages = [{"channel_ids": [channel]}]
    target = {"audience_ids": [audience]}
    made = steps.campaign(name, target=target, messages=messages, starts_at=first, ends_at=last)
    return str(made["id"])


def test_campaigns_in_each_others_way_are_told(steps: Steps) -> None:
    some, others = steps.audience(0, 20), steps.audience(15, 40)
    # 22 March, 23:00 UTC is 23 March in Shanghai.
    a = _on(steps, "A; first, of all", some, "2027-03-22T23:00:00Z", "2027-03-24T16:00:00Z", "mail")
    b = _on(steps, "B", others, "2027-03-23T02:00:00Z", "2027-03-25T00:00:00Z", "sms")
    c = _on(steps, "C", steps.audience(50, 60), "2027-03-24T17:00:00Z", "2027-03-26T00:00:00Z", "sms")
    steps.post(f"/campaigns/{a}/tasks", {"title": "=Print", "due_at": "2027-03-24T01:00:00Z"})
    found = steps.get("/campaign-calendar", **{"from": "2027-03-23", "to": "2027-03-25"})
    entries = {each["campaign_id"]: each for each in found["entries"]}
    assert {key: (each["first_day"], each["last_day"], each["people"]) for key, each in entries.items()} == {
        a: ("2027-03-23", "2027-03-24", 20),
        b: ("2027-03-23", "2027-03-25", 25),
        c: ("2027-03-25", "2027-03-26", 10),
    }
    assert _conflicts(found) == {
        ("people", a, b): (5, "2027-03-23", "2027-03-24"),
        ("day", a, b): (None, "2027-03-23", "2027-03-23"),
        ("channel", b, c): (None, "2027-03-25", "2027-03-25"),
    }
    assert [(each["title"], each["day"]) for each in found["tasks"]] == [("=Print", "2027-03-24")]
    assert steps.get("/campaign-calendar", **{"from": "2027-03-27", "to": "2027-03-28"})["entries"] == []
    backwards = steps.refused("GET", "/campaign-calendar", **{"from": "2027-03-25", "to": "2027-03-23"})
    assert (backwards["status"], backwards["path"]) == (422, "to")


def test_the_calendar_as_files(steps: Steps) -> None:
    days = {"from": "2027-03-23", "to": "2027-03-25"}
    api, path = steps.server.api, steps.server.path("/campaign-calendar")
    ics = api.get(f"{path}.ics", params=days)
    assert ics.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = ics.text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert max(len(line.encode()) for line in lines) <= 75
    assert "SUMMARY:A\\; first\\, of all" in lines
    assert "DTSTART:20270322T230000Z" in lines
    assert (lines.count("BEGIN:VEVENT"), lines.count("BEGIN:VTODO")) == (3, 1)
    table = api.get(f"{path}.csv", params=days)
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [(row["kind"], row["name"], row["people"]) for row in rows] == [
        ("campaign", "A; first, of all", "20"),
        ("campaign", "B", "25"),
        ("campaign", "C", "10"),
        ("task", "A; first, of all: =Print", ""),
    ]
    assert rows[1]["conflicts"] == "channel day people"


def _conflicts(found: dict[str, Any]) -> dict[tuple[str, str, str], tuple[Any, str, str]]:
    return {
        (each["kind"], *each["campaign_ids"]): (each["people"], each["from_day"], each["to_day"])
        for each in found["conflicts"]
    }
