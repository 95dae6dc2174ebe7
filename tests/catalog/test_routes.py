"""The plan over HTTP, on both control databases, and the plan that collection asks."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from bihuan.access import create_api_key
from bihuan.catalog import PlanChanged, PlanDocument, PlanEvent, PlanKeeper, from_yaml, router
from bihuan.catalog.service import Violations
from bihuan.database import Database
from tests.api import api


def secret(database: Database, *scopes: Any, project: str = "shop") -> str:
    with database.session() as session:
        return create_api_key(session, project, "test", scopes)[1]


@pytest.fixture
def client(database: Database) -> TestClient:
    headers = {"authorization": f"Bearer {secret(database, 'admin')}"}
    return TestClient(api(router, database=database), headers=headers)


BASE = "/api/projects/shop/catalog"
EVENT = {
    "name": "pay",
    "owner": "me",
    "description": {"en": "Paid", "zh": "支付"},
    "properties": [{"name": "amount", "type": "number", "required": True, "minimum": 0}],
}


def test_events_are_put_shown_listed_and_deleted(client: TestClient) -> None:
    put = client.put(f"{BASE}/event", json=EVENT)
    assert put.status_code == 200, put.text
    assert put.json()["properties"][0]["seen"] == {"count": 0, "first_ms": None, "last_ms": None}
    assert client.get(f"{BASE}/event", params={"event": "pay"}).json() == put.json()
    changed = {**EVENT, "status": "deprecated", "properties": [{"name": "note", "type": "text"}]}
    names = [each["name"] for each in client.put(f"{BASE}/event", json=changed).json()["properties"]]
    assert names == ["amount", "note"]
    for name in ("a%b", "a_b", "axb"):
        client.put(f"{BASE}/event", json={"name": name})
    first = client.get(f"{BASE}/events", params={"limit": 2}).json()
    rest = client.get(f"{BASE}/events", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [each["name"] for each in first["items"] + rest["items"]] == ["a%b", "a_b", "axb", "pay"]
    assert rest["next_cursor"] is None
    found = client.get(f"{BASE}/events", params={"search": "A_B"}).json()["items"]
    assert [each["name"] for each in found] == ["a_b"]
    deprecated = client.get(f"{BASE}/events", params={"status": "deprecated"}).json()["items"]
    assert [each["name"] for each in deprecated] == ["pay"]
    assert client.delete(f"{BASE}/event", params={"event": "pay"}).status_code == 204
    gone = client.get(f"{BASE}/event", params={"event": "pay"})
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "catalog_event_not_found")


def test_a_plan_goes_out_and_comes_back_in_both_forms(client: TestClient, database: Database) -> None:
    client.put(f"{BASE}/event", json=EVENT)
    client.patch(f"{BASE}/settings", json={"mode": "enforce", "unknown_events": "refuse"})
    yaml = client.get(f"{BASE}/plan.yaml").content
    xlsx = client.get(f"{BASE}/plan.xlsx").content
    client.delete(f"{BASE}/event", params={"event": "pay"})
    client.patch(f"{BASE}/settings", json={"mode": "observe"})
    for form, content in (("yaml", yaml), ("xlsx", xlsx)):
        answer = client.put(f"{BASE}/plan.{form}", content=content)
        assert answer.status_code == 200, answer.text
        assert from_yaml(client.get(f"{BASE}/plan.yaml").content) == from_yaml(yaml)
    assert answer.json() == {"events": 0, "properties": 0}
    assert client.get(f"{BASE}/settings").json()["mode"] == "enforce"
    broken = client.put(f"{BASE}/plan.yaml", content=b"mode: loud")
    assert (broken.status_code, broken.json()["error"]["path"]) == (422, "mode")
    assert client.get(f"{BASE}/plan.pdf").status_code == 422


def test_permissions(client: TestClient, database: Database) -> None:
    reader = {"authorization": f"Bearer {secret(database, 'read')}"}
    writer = {"authorization": f"Bearer {secret(database, 'write')}"}
    stranger = {"authorization": f"Bearer {secret(database, 'admin', project='other')}"}
    assert client.put(f"{BASE}/event", json=EVENT, headers=reader).status_code == 403
    assert client.get(f"{BASE}/events", headers=reader).json()["items"] == []
    assert client.put(f"{BASE}/event", json=EVENT, headers=writer).status_code == 200
    assert client.patch(f"{BASE}/settings", json={"mode": "warn"}, headers=writer).status_code == 403
    assert client.put(f"{BASE}/plan.yaml", content=b"mode: warn", headers=writer).status_code == 403
    assert client.get(f"{BASE}/settings").json()["mode"] == "observe"
    assert client.get(f"{BASE}/events", headers=stranger).status_code == 404


def test_collection_sees_a_change_and_its_violations_are_counted(
    client: TestClient, database: Database
) -> None:
    told: list[PlanChanged] = []
    database.signals.connect(PlanChanged, told.append)
    keeper = PlanKeeper(database, "shop")
    assert keeper.checker.refuse("pay", {}) is None
    client.put(f"{BASE}/event", json=EVENT)
    client.patch(f"{BASE}/settings", json={"mode": "warn"})
    assert told == [PlanChanged("shop"), PlanChanged("shop")]
    before = keeper.checker
    keeper.refresh()
    assert keeper.checker is not before
    compiled = keeper.checker
    keeper.refresh()
    assert keeper.checker is compiled
    for amount in (-1, -2, "x", 5):
        assert keeper.checker.refuse("pay", {"amount": amount}) is None
    assert keeper.violations.flush(database, "shop") == 2
    assert keeper.checker.refuse("pay", {"amount": -3}) is None
    assert (keeper.violations.flush(database, "shop"), keeper.violations.flush(database, "shop")) == (1, 0)
    found = client.get(f"{BASE}/violations").json()["items"]
    assert sorted((each["reason"], each["count"], each["example"]) for each in found) == [
        ("property_minimum", 3, "-3"),
        ("property_type", 1, "x"),
    ]
    client.patch(f"{BASE}/settings", json={"mode": "enforce"})
    keeper.refresh()
    refused = keeper.checker.refuse("pay", {})
    assert refused is not None
    assert refused.reason == "property_missing"


def test_kinds_of_violations_are_bounded() -> None:
    from bihuan.catalog import PlanChecker

    tally = Violations(limit=2, clock_ms=lambda: 7)
    checker = PlanChecker(PlanDocument(mode="warn", unknown_events="refuse"), noted=tally.note)
    for name in ("a", "b", "c", "a"):
        checker.refuse(name, {})
    assert tally._counts == {
        ("a", "event", "event_unknown"): (2, 7, 7, "a"),
        ("b", "event", "event_unknown"): (1, 7, 7, "b"),
    }
    assert PlanEvent(name="a").status == "active"
