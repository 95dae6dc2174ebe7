"""Tags over HTTP: by rules, by hand and from files; their history; what they may not be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bihuan.audiences.tags import sql_tag
from tests.audiences.subjects import again, finished, refreshed
from tests.insights.shop import ORDERED, VIEWED, send
from tests.server.running import Running

ORDERED_TWICE = {"kind": "did", "event": {"events": [ORDERED]}, "compare": {"operator": "gte", "value": 2}}
RULES: dict[str, Any] = {
    "kind": "rule",
    "cases": [
        {"value": "loyal", "condition": ORDERED_TWICE},
        {"value": "buyer", "condition": {"kind": "did", "event": {"events": [ORDERED]}}},
    ],
    "otherwise": "visitor",
}


def make(server: Running, name: str, definition: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"name": name, "definition": definition, **more}
    answer = server.api.post(server.path("/tags"), json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made if definition["kind"] == "manual" else refreshed(server, "tags", made["id"])


def held(tag: dict[str, Any]) -> dict[str, int]:
    return {each["value"]: each["people"] for each in tag["values"]}


def test_the_first_rule_that_holds_gives_the_value(server: Running) -> None:
    made = make(server, "Loyalty", RULES, category="Value/Orders", owner="Ann")
    assert held(made) == {"loyal": 2, "buyer": 1, "visitor": 2}
    order = {"type": "track", "userId": "ann", "event": ORDERED, "messageId": "ann's second"}
    send(server, [order])
    assert held(again(server, "tags", made["id"])) == {"loyal": 3, "visitor": 2}
    moves = server.api.get(server.path(f"/subjects/{made['id']}/moves")).json()["moves"]
    assert {"before": "buyer", "value": "loyal", "people": 1} in moves
    of_ann = server.api.get(server.path("/tags/of-person"), params={"person": "ann"}).json()
    found = next(each for each in of_ann if each["tag_id"] == made["id"])
    assert [each["value"] for each in found["history"]] == ["buyer", "loyal"]
    assert (found["value"], found["since"]) == ("loyal", found["history"][1]["at"])
    people = server.api.get(server.path(f"/tags/{made['id']}/people"), params={"value": "visitor"}).json()
    assert sorted(each["distinct_ids"][0] for each in people["items"]) == ["dan", "eve"]
    assert server.api.get(server.path("/tags/categories")).json() == {"Value": 1, "Value/Orders": 1}


def test_values_by_hand_and_from_a_file(server: Running) -> None:
    made = make(server, "Region manager", {"kind": "manual"})
    path = server.path(f"/tags/{made['id']}")
    given = {"distinct_ids": ["ann", "bob", "nobody"], "value": "North"}
    answer = server.api.post(f"{path}/values", json=given).raise_for_status().json()
    assert answer == {"changed": 2, "unknown_count": 1, "unknown_ids": ["nobody"]}
    content = "编号,大区\nbob,South\ncai,South\nann,\n,x\n".encode("gb18030")
    files = {"file": ("regions.csv", content, "text/csv")}
    taken = server.api.post(f"{path}/import", files=files).raise_for_status().json()
    assert (taken["lines"], taken["changed"], [each["line"] for each in taken["refused"]]) == (4, 3, [5])
    assert held(server.api.get(path).json()) == {"South": 2}
    again_taken = server.api.post(f"{path}/import", files=files).raise_for_status().json()
    assert again_taken["changed"] == 0, "the same file again changes nothing"


def test_what_a_tag_may_not_be(server: Running) -> None:
    made = make(server, "Computed", RULES)
    answer = server.api.post(server.path("/tags"), json={"name": "Computed", "definition": RULES})
    assert code(answer) == (409, "tag_exists")
    given = {"distinct_ids": ["ann"], "value": "x"}
    assert code(server.api.post(server.path(f"/tags/{made['id']}/values"), json=given)) == (
        422,
        "tag_not_manual",
    )
    change = {"definition": {"kind": "manual"}}
    assert code(server.api.patch(server.path(f"/tags/{made['id']}"), json=change)) == (422, "tag_kind_fixed")
    wrong = {"kind": "rule", "cases": [{"value": "a", "condition": by_tag("01" * 13)}]}
    answer = server.api.post(server.path("/tags"), json={"name": "Wrong", "definition": wrong})
    assert code(answer) == (422, "reference_unknown")
    assert answer.json()["error"]["path"] == "definition.cases[0].condition.filter.property"
    assert code(server.api.get(server.path("/tags/nothing"))) == (404, "tag_not_found")


def test_a_tag_by_a_tag_is_refreshed_after_it(server: Running) -> None:
    first = make(server, "Viewed", rule("yes", {"kind": "did", "event": {"events": [VIEWED]}}))
    second = make(server, "Viewed as a tag", rule("also", by_tag(first["id"])))
    assert held(second) == {"also": held(first)["yes"]}
    assert code(server.api.delete(server.path(f"/tags/{first['id']}"))) == (409, "still_used")
    assert server.api.delete(server.path(f"/tags/{second['id']}")).status_code == 204
    assert server.api.delete(server.path(f"/tags/{first['id']}")).status_code == 204


def rule(value: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "rule", "cases": [{"value": value, "condition": condition}]}


def by_tag(tag_id: str) -> dict[str, Any]:
    ref = {"scope": "tag", "name": tag_id}
    return {"kind": "has", "filter": {"type": "presence", "property": ref, "operator": "exists"}}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_tags_of_every_kind_are_computed(server: Running) -> None:
    ordered = {"events": [ORDERED]}
    revenue = {"name": "$revenue"}
    made = make(
        server, "Spent", {"kind": "statistic", "event": ordered, "aggregate": "sum", "property": revenue}
    )
    assert sum(each["people"] for each in made["values"]) == 3
    binned = {"kind": "statistic", "event": ordered, "bins": {"bounds": [2], "names": ["once", "often"]}}
    assert set(held(make(server, "Orders", binned))) <= {"once", "often"}
    groups = make(server, "RFM", {"kind": "rfm", "event": ordered, "revenue": revenue})
    assert groups["people"] == 3
    assert sum(held(make(server, "Stage", {"kind": "stages"})).values()) >= 5
    part = {"name": "Days", "event": {}, "figure": {"kind": "active"}}
    score = {"kind": "activity_score", "parts": [part]}
    assert make(server, "Activity", score)["people"] >= 5
    tier = {"kind": "activity_tier", "score": score}
    assert make(server, "Activity tier", tier)["value_count"] <= 5
    sql = f"SELECT person, count() AS value FROM events WHERE event = '{ORDERED}' GROUP BY person"
    assert make(server, "By SQL", {"kind": "sql", "sql": sql})["people"] == 3
    nodes = server.api.get(server.path("/subjects/graph")).json()["nodes"]
    numeric = {each["name"]: each["numeric"] for each in nodes}
    assert {name for name, is_number in numeric.items() if is_number} >= {"Spent", "Activity"}
    assert not any(numeric[name] for name in ("Orders", "RFM", "Stage", "Activity tier", "By SQL"))


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("DROP TABLE events", "not a SELECT"),
        ("SELECT 1; SELECT 2", ""),
        ("SELECT person, 'x' AS value FROM system.parts", "reads system.parts"),
        (
            "SELECT person, 'x' AS value FROM events WHERE person IN (SELECT 1 FROM system.one)",
            "reads system.one",
        ),
        ("SELECT person, 'x' AS value FROM events WHERE person IN system.one", "reads system.one"),
        ("SELECT number AS person, 'x' AS value FROM numbers(3)", "calls numbers()"),
        ("SELECT person, file('/etc/passwd') AS value FROM people", "calls file()"),
        ("SELECT person, value FROM url('http://127.0.0.1:1/', 'CSV', 'person UInt64')", "calls url()"),
        ("SELECT person, value FROM format(CSV, '1,2')", "calls format()"),
        ("SELECT person, 'x' AS value FROM people SETTINGS max_threads = 1", "has SETTINGS"),
        ("SELECT person, 'x' AS value FROM people) UNION ALL (SELECT 1, '2'", "Syntax error"),
        ("SELECT person FROM people", ""),
        ("SELECT person, sleep(1) AS value FROM people", "calls sleep()"),
        ("SELECT person, 'x' AS value FROM people INTO OUTFILE 'a'", "Syntax error"),
        ("INSERT INTO events SELECT * FROM events", "not a SELECT"),
        ("SELECT person, value FROM merge('system', 'one')", "calls merge()"),
    ],
)
def test_sql_that_is_more_than_a_question_is_refused(server: Running, sql: str, reason: str) -> None:
    body = {"name": "Not SQL", "definition": {"kind": "sql", "sql": sql}}
    answer = server.api.post(server.path("/tags"), json=body)
    assert code(answer) == (422, "sql_refused"), answer.text
    error = answer.json()["error"]
    assert error["path"] == "definition.sql"
    assert reason in error["message"]


def test_sql_that_runs_too_long_fails_and_says_so(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sql_tag.LIMITS, "max_execution_time", 0.001)
    slow = "SELECT person, max(cityHash64(arrayJoin(range(1000000)))) AS value FROM people"
    definition = {"kind": "sql", "sql": f"{slow} GROUP BY person"}
    made = make(server, "Slow", definition)
    assert made["error"]["code"] == "query_time_limit"
    assert made["error"]["zh"]
    runs = server.api.get(server.path(f"/subjects/{made['id']}/runs")).json()["items"]
    assert runs[0]["error"]["code"] == "query_time_limit"


def test_personal_data_does_not_become_a_tag(server: Running, caller: Callable[..., httpx.Client]) -> None:
    text = {
        "kind": "statistic",
        "event": {},
        "aggregate": "last",
        "property": {"scope": "person", "name": "email"},
    }
    answer = server.api.post(server.path("/tags"), json={"name": "Mail", "definition": text})
    assert code(answer) == (422, "tag_personal")


def test_history_is_found_out_as_of_past_days(server: Running) -> None:
    made = make(server, "With a history", RULES)
    first = (datetime.now(UTC) - timedelta(days=5)).date().isoformat()
    body = {"from_date": first, "unit": "day"}
    job = server.api.post(server.path(f"/subjects/{made['id']}/backfill"), json=body)
    assert job.status_code == 202, job.text
    finished(server, job.json()["id"])
    sizes = server.api.get(server.path(f"/flows/{made['id']}/sizes")).json()
    by_day: dict[str, dict[str, int]] = {}
    for each in sizes:
        by_day.setdefault(each["day"], {})[each["value"]] = each["people"]
    days = sorted(by_day)
    assert len(days) >= 2
    assert by_day[days[0]].get("loyal", 0) < by_day[days[-1]]["loyal"]
    last = {value: people for value, people in by_day[days[-1]].items() if people}
    assert last == held(server.api.get(server.path(f"/tags/{made['id']}")).json())
    manual = make(server, "By hand, without a history", {"kind": "manual"})
    refused = server.api.post(server.path(f"/subjects/{manual['id']}/backfill"), json=body)
    assert code(refused) == (422, "nothing_to_refresh")
