"""Audiences by condition over HTTP: made, refreshed, changed, referred to, and refused without sense."""

from __future__ import annotations

from typing import Any

import pytest

from tests.audiences.subjects import again, refreshed
from tests.audiences.test_audiences import members
from tests.insights.shop import ORDERED, send
from tests.server.running import Running

BOUGHT: dict[str, Any] = {"kind": "did", "event": {"events": [ORDERED]}}


def make(server: Running, condition: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"name": "By condition", "people": {"condition": condition}, **more}
    answer = server.api.post(server.path("/audiences"), json=body)
    assert answer.status_code == 201, answer.text
    return refreshed(server, "audiences", answer.json()["id"])


def refused(server: Running, condition: dict[str, Any]) -> tuple[str, str]:
    body = {"name": "Wrong", "people": {"condition": condition}}
    answer = server.api.post(server.path("/audiences"), json=body)
    assert answer.status_code in (409, 422), answer.text
    error = answer.json()["error"]
    assert error["hint"]
    return error["code"], error["path"]


def of_person(server: Running, person: str) -> dict[str, dict[str, Any]]:
    answer = server.api.get(server.path("/audiences/of-person"), params={"person": person})
    return {each["audience_id"]: each for each in answer.raise_for_status().json()}


def test_people_enter_and_leave_with_what_they_do(server: Running) -> None:
    buyers = make(server, BOUGHT, name="Buyers by condition", refresh="daily")
    assert (buyers["size"], buyers["kind"], buyers["version"]) == (3, "condition", 1)
    others = make(server, {"kind": "not", "item": has("audience", buyers["id"])})
    assert not set(members(server, buyers["id"])) & set(members(server, others["id"]))
    send(server, [{"type": "track", "userId": "fay", "event": ORDERED, "messageId": "fay's first"}])
    assert again(server, "audiences", buyers["id"])["size"] == 4
    of_fay = of_person(server, "fay")[buyers["id"]]
    assert (of_fay["inside"], of_fay["name"], len(of_fay["stays"])) == (True, "Buyers by condition", 1)
    assert of_person(server, "ann")[buyers["id"]]["stays"][0]["entered"] < of_fay["stays"][0]["entered"]
    assert of_fay["stays"][0]["left"] is None
    moves = server.api.get(server.path(f"/subjects/{buyers['id']}/moves")).json()["moves"]
    assert moves == [{"before": None, "value": "1", "people": 4}]
    entered = server.api.get(server.path(f"/subjects/{buyers['id']}/moved"), params={"before": ""}).json()
    assert "fay" in [person["distinct_ids"][0] for person in entered["items"]]
    change = {"condition": {**BOUGHT, "compare": {"operator": "gte", "value": 100}}}
    server.api.patch(server.path(f"/audiences/{buyers['id']}"), json=change).raise_for_status()
    now = refreshed(server, "audiences", buyers["id"], version=2)
    assert (now["size"], now["version"], now["error"]) == (0, 2, None)
    gone = of_person(server, "fay")[buyers["id"]]
    (stay,) = gone["stays"]
    assert (gone["inside"], stay["entered"]) == (False, of_fay["stays"][0]["entered"])
    assert stay["left"] > stay["entered"]
    runs = server.api.get(server.path(f"/subjects/{buyers['id']}/runs")).json()["items"]
    assert [(run["entered"], run["left"], run["people"]) for run in runs] == [(0, 4, 0), (1, 0, 4), (3, 0, 3)]
    versions = server.api.get(server.path(f"/subjects/{buyers['id']}/versions")).json()
    assert [(each["version"], each["definition"]["compare"]["value"]) for each in versions] == [
        (2, 100),
        (1, 1),
    ]


def test_an_estimate_is_what_a_refresh_finds(server: Running) -> None:
    made = make(server, BOUGHT)
    answer = server.api.post(server.path("/audiences/estimate"), json={"condition": BOUGHT}).json()
    assert answer["people"] == made["size"] == answer["low"] == answer["high"]
    assert (answer["sample"], answer["everyone"] >= made["size"]) == (1, True)


def test_what_refers_to_an_audience_keeps_it(server: Running) -> None:
    made = make(server, BOUGHT, name="Referred to")
    user = make(server, has("audience", made["id"]), name="Refers")
    answer = server.api.delete(server.path(f"/audiences/{made['id']}"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "still_used")
    graph = server.api.get(server.path("/subjects/graph")).json()
    assert {"user": user["id"], "used": made["id"]} in graph["links"]
    change = {"condition": has("audience", user["id"])}
    answer = server.api.patch(server.path(f"/audiences/{made['id']}"), json=change)
    assert answer.json()["error"]["code"] == "definition_circular"
    assert "Refers" in answer.json()["error"]["message"]
    change = {"condition": has("audience", made["id"])}
    answer = server.api.patch(server.path(f"/audiences/{made['id']}"), json=change)
    assert answer.json()["error"]["code"] == "definition_circular", "a reference to itself"


@pytest.mark.parametrize(
    ("condition", "code", "path"),
    [
        ({"kind": "did", "event": {"events": ["Unheard Of"]}}, "name_unknown", "condition.event.events[0]"),
        (
            {
                "kind": "all",
                "items": [BOUGHT, {"kind": "not", "item": {"kind": "did", "event": {"events": ["No"]}}}],
            },
            "name_unknown",
            "condition.items[1].item.event.events[0]",
        ),
        (
            {**BOUGHT, "window": {"kind": "dates", "from_date": "2200-01-01", "to_date": "2200-02-01"}},
            "window_impossible",
            "condition.window",
        ),
        (
            {
                **BOUGHT,
                "window": {"kind": "last", "count": 3},
                "figure": {"kind": "active"},
                "compare": {"operator": "gte", "value": 9},
            },
            "window_impossible",
            "condition.compare.value",
        ),
    ],
)
def test_what_nobody_can_be_is_refused(
    server: Running, condition: dict[str, Any], code: str, path: str
) -> None:
    assert refused(server, condition) == (code, path)


def test_what_is_not_there_is_refused(server: Running) -> None:
    assert refused(server, has("tag", "01" * 13)) == ("reference_unknown", "condition.filter.property")
    assert refused(server, has("audience", "01" * 13)) == ("reference_unknown", "condition.filter.property")
    assert refused(server, has("person", "nobody_has_this")) == ("name_unknown", "condition.filter.property")


def test_an_audience_filters_and_divides_a_trend(server: Running) -> None:
    made = make(server, BOUGHT, name="For a trend")
    ref = {"scope": "audience", "name": made["id"]}
    query = {
        "kind": "trend",
        "period": {"kind": "last", "count": 30},
        "interval": "month",
        "series": [{"selector": {"events": []}, "measure": {"kind": "people"}}],
        "filter": {"type": "presence", "property": ref, "operator": "exists"},
    }
    answer = server.api.post(server.path("/query"), json=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["lines"][0]["total"] == made["size"]
    divided = {**query, "filter": None, "breakdowns": [{"property": ref}]}
    lines = server.api.post(server.path("/query"), json=divided).raise_for_status().json()["lines"]
    found = {line["breakdown"][0]["value"]: line["total"] for line in lines}
    assert found["1"] == made["size"]
    assert set(found) == {"1", None}


def has(scope: str, name: str) -> dict[str, Any]:
    ref = {"scope": scope, "name": name}
    return {"kind": "has", "filter": {"type": "presence", "property": ref, "operator": "exists"}}
