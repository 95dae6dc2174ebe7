"""Studies over HTTP: RFM, stages, activity, personas, overlaps and flows of the small shop."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bihuan.analytics import Limits
from bihuan.audiences.studies import asking
from bihuan.audiences.studies.asking import Study
from tests.audiences.subjects import again
from tests.audiences.test_conditions import BOUGHT
from tests.audiences.test_conditions import make as make_audience
from tests.audiences.test_tags import RULES, code, make
from tests.insights.shop import ORDERED, SIGNED_UP, VIEWED, send
from tests.server.running import Running

ORDERS = {"events": [ORDERED]}


def asked(server: Running, path: str, body: dict[str, Any]) -> Any:
    answer = server.api.post(server.path(path), json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(page: dict[str, Any]) -> list[str]:
    return sorted(each["distinct_ids"][0] for each in page["items"])


def test_rfm_and_the_people_of_its_groups(server: Running) -> None:
    query = {
        "event": ORDERS,
        "revenue": {"name": "$revenue"},
        "frequency_cuts": {"kind": "fixed", "cuts": [2, 3]},
    }
    found = asked(server, "/rfm", query)
    assert (found["people"], sum(each["people"] for each in found["groups"])) == (3, 3)
    assert found["value"] == 10 + (10 + 20) + (10 + 20 + 30)
    people = [
        ids(asked(server, "/rfm/people", {"query": query, "selection": {"frequency": score}}))
        for score in (1, 2, 3)
    ]
    assert people == [["ann"], ["bob"], ["cai"]]
    wrong = server.api.post(server.path("/rfm"), json={"event": {"events": ["Nothing"]}})
    assert code(wrong) == (422, "name_unknown")


def test_stages_and_when_people_return(server: Running) -> None:
    returns = asked(server, "/stages/returns", {})
    assert returns["suggested"]["kind"] == "stages"
    assert returns["dormant_because"] == "default", "five people say nothing about returning"
    assert returns["refused_en"]
    sizes = asked(server, "/stages/sizes", returns["suggested"])
    assert [each["stage"] for each in sizes] == ["onboarding", "growing", "mature", "dormant", "lost"]
    assert sum(each["people"] for each in sizes) >= 5


def test_activity_and_what_a_score_is_made_of(server: Running) -> None:
    score = asked(server, "/activity/suggested", {"orders": ORDERS})
    sizes = asked(server, "/activity/sizes", score)
    assert sum(tier["people"] for tier in sizes["tiers"]) == sizes["people"] >= 5
    of_cai = asked(server, "/activity/person", {"score": score, "person": "cai", "points": 5})
    assert of_cai["score"] == round(sum(part["points"] for part in of_cai["parts"]))
    assert len(of_cai["trend"]) == 5
    assert of_cai["trend"][-1]["score"] == of_cai["score"]
    everyone = asked(server, "/activity/people", {"score": score, "low": of_cai["score"], "high": 100})
    assert "cai" in ids(everyone)


def test_a_persona_says_in_what_an_audience_differs(server: Running) -> None:
    buyers = make_audience(server, BOUGHT, name="Persona of buyers")
    facets = [
        {"kind": "person", "property": {"scope": "person", "name": "city"}},
        {"kind": "touch", "property": {"name": "$utm_source"}},
        {"kind": "events"},
        {"kind": "hours"},
    ]
    body = {"query": {"facets": facets}, "of": {"subject_id": buyers["id"]}}
    found = asked(server, "/persona", body)
    assert (found["people"], found["against"]) == (3, "everyone")
    events = {each["value"]: each["people"] for each in found["facets"][2]["values"]}
    assert (events[ORDERED], events[SIGNED_UP]) == (3, 3)
    lines = [json.loads(line) for line in parts_of(server, body)]
    assert [(line["done"], line["at"]) for line in lines] == [(1, 0), (2, 1), (3, 2), (4, 3), (4, None)]
    assert lines[-1]["persona"] == found, "facet by facet it is the same persona"
    for line, whole in zip(lines, found["facets"], strict=False):
        alone = [{**each, "adjusted": None} for each in whole["values"]]
        assert line["facet"] == {**whole, "values": alone}
    nobody = server.api.post(server.path("/persona"), json={**body, "of": {"subject_id": "nothing"}})
    assert code(nobody) == (404, "subject_not_found")


def parts_of(server: Running, body: dict[str, Any]) -> list[str]:
    answer = server.api.post(server.path("/persona/parts"), json=body).raise_for_status()
    assert answer.headers["content-type"] == "application/x-ndjson"
    return answer.text.splitlines()


def test_a_facet_that_takes_too_long_is_told_and_the_others_are_answered(
    server: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyers = make_audience(server, BOUGHT, name="Buyers, slowly")
    ask = Study.rows

    def slow(self: Study, sql: str) -> list[Any]:
        return ask(self, "SELECT sum(number) FROM numbers(1000000000000)" if "toHour" in sql else sql)

    monkeypatch.setattr(Study, "rows", slow)
    monkeypatch.setattr(asking, "LIMITS", Limits(time_seconds=0.5))
    body = {"query": {"facets": [{"kind": "hours"}, {"kind": "events"}]}, "of": {"subject_id": buyers["id"]}}
    first, second, last = [json.loads(line) for line in parts_of(server, body)]
    assert (first["error"]["code"], first["facet"]) == ("query_time_limit", None)
    assert second["facet"]["facet"] == 1
    assert [each["facet"] for each in last["persona"]["facets"]] == [1]


def test_an_overlap_has_each_person_once(server: Running) -> None:
    buyers = make_audience(server, BOUGHT, name="Overlap of buyers")
    viewers = make_audience(server, {"kind": "did", "event": {"events": [VIEWED]}}, name="And of viewers")
    sets = [{"subject_id": buyers["id"]}, {"subject_id": viewers["id"]}]
    found = asked(server, "/overlap", {"sets": sets})
    assert found["sizes"] == [buyers["size"], viewers["size"]]
    both = next(each["people"] for each in found["intersections"] if each["sets"] == [0, 1])
    assert len(asked(server, "/overlap/people", {"sets": sets, "within": [0, 1]})["items"]) == both


def test_flows_between_values(server: Running) -> None:
    before = datetime.now(UTC)
    tag = make(server, "Flowing", RULES)
    time.sleep(0.01)
    between = datetime.now(UTC)
    first = {each["value"]: each["people"] for each in tag["values"]}
    orders = [{"type": "track", "userId": "dan", "event": ORDERED, "messageId": f"dan {n}"} for n in range(2)]
    send(server, orders)
    again(server, "tags", tag["id"])
    body = {
        "subject_ids": [tag["id"]],
        "times": [each.isoformat() for each in (before, between, datetime.now(UTC))],
    }
    links = asked(server, "/flows", body)["links"]
    assert sum(link["people"] for link in links if link["step"] == 0) == tag["people"]
    moved = next(link for link in links if link["step"] == 1 and link["before"] == "visitor" != link["value"])
    assert (moved["value"], moved["people"]) == ("loyal", 1)
    behind = {"step": 1, "before": "visitor", "value": "loyal"}
    assert ids(asked(server, "/flows/people", {**body, **behind})) == ["dan"]
    path = server.path(f"/flows/{tag['id']}")
    matrix = got(server.api.get(f"{path}/transitions", params={"after": between.isoformat()}))
    row, column = matrix["values"].index("visitor"), matrix["values"].index("loyal")
    assert matrix["matrix"][row][column] == 1
    since = (before - timedelta(days=1)).isoformat()
    days = got(server.api.get(f"{path}/days", params={"after": since}))
    loyal = next(each for each in days if each["value"] == "loyal")
    assert (loyal["entered"], loyal["left"]) == (first["loyal"] + 1, 0)
    sizes = {each["value"]: each["people"] for each in got(server.api.get(f"{path}/sizes"))}
    assert sizes["loyal"] == first["loyal"] + 1
    assert sum(sizes.values()) == tag["people"]


def got(answer: httpx.Response) -> Any:
    return answer.raise_for_status().json()


def test_a_study_of_the_past_is_looked_at_as_of_its_end(empty: Running) -> None:
    def event(who: str, at: str) -> dict[str, Any]:
        return {"type": "track", "userId": who, "event": ORDERED, "timestamp": at, "messageId": f"{who} {at}"}

    send(empty, [event("then", "2020-03-01T10:00:00Z"), event("later", "2020-03-20T10:00:00Z")])
    recently = {**BOUGHT, "window": {"kind": "last", "count": 7, "unit": "day"}}

    def people() -> int:
        return int(asked(empty, "/audiences/estimate", {"condition": recently})["people"])

    assert people() == 0
    project = f"/api/projects/{empty.project_id}"
    settings = {"settings": {"as_of": "2020-03-03T00:00:00+08:00"}}
    empty.api.patch(project, json=settings).raise_for_status()
    assert people() == 1, "who ordered later has not ordered yet"
    wrong = empty.api.patch(project, json={"settings": {"as_of": "2020-03-03"}})
    assert wrong.status_code == 422
