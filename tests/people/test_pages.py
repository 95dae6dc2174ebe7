"""What a person's page asks: search, the timeline by session, and what was said of the ids."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from bihuan.access import ProjectInput, create_api_key, create_project
from bihuan.database import Database
from bihuan.people import People
from bihuan.people.routes import router
from tests.api import api
from tests.people.logs import START_MS, add_events, change, link, moment
from tests.ready import ready_sqlite

__all__ = ["ready_sqlite"]
BASE = "/api/projects/shop"
HOUR = 3_600_000


@pytest.fixture
def client(ready_sqlite: str, people: People):
    database = Database.open(ready_sqlite)
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="Shop", session_gap_seconds=1_800))
        _, secret = create_api_key(session, "shop", "test", ["admin"])
    app = api(router, database=database, people={"shop": people}.__getitem__)
    yield TestClient(app, headers={"authorization": f"Bearer {secret}"})
    database.dispose()


def names(client: TestClient, **parameters: Any) -> list[str]:
    answer = client.get(f"{BASE}/people", params=parameters)
    assert answer.status_code == 200, answer.text
    return sorted(person["distinct_ids"][0] for person in answer.json()["items"])


def test_search_looks_where_it_is_told(client: TestClient, people: People) -> None:
    changes = [
        change("ann", "set", 1, {"name": "Ann Beijing", "city": "Shanghai", "job": {"title": "Cook"}}),
        change("bob", "set", 2, {"name": "Bob", "city": "Beijing", "email": "Bob@Example.com"}),
        change("cai", "set", 3, {"phone": "+86 138 0000", "plan": "beijing-1"}),
    ]
    people.record([], changes, received_ms=START_MS)
    assert names(client, search="beijing") == ["ann"]
    assert names(client, search="beijing", property="city") == ["bob"]
    assert names(client, search="BEIJING", property=["city", "plan"]) == ["bob", "cai"]
    assert names(client, search="cook", property="job.title") == ["ann"]
    assert names(client, search="bob", property="name") == ["bob"]
    assert names(client, search="cai", property="name") == []
    assert names(client, search="example.COM") == ["bob"]
    assert names(client, search="138 0") == ["cai"]
    assert names(client, search="%' OR 1 --", property="city`") == []
    assert client.get(f"{BASE}/people", params={"search": "x", "property": "a..b"}).status_code == 422


def timeline(client: TestClient, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"person": "ann", **parameters, **({"cursor": cursor} if cursor else {})}
        page = client.get(f"{BASE}/person/timeline", params=asked)
        assert page.status_code == 200, page.text
        found += page.json()["items"]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_a_timeline_tells_sessions_apart_on_every_page(
    client: TestClient, people: People, limit: int
) -> None:
    # Half an hour of silence is still the same session; a millisecond more is not.
    at = [0, 1_000, 1_801_000, 3_601_001, 3_602_000]
    add_events(people.store, [("ann", each) for each in at] + [("bob", 900_000)])
    store = people.store
    store.engine.command(
        f"INSERT INTO {store.table('events')} (event_id, event, time, received_at, person_id, distinct_key, "
        "distinct_id, session_id) SELECT generateUUIDv4(), 'opened', time + INTERVAL 5 SECOND, received_at, "
        f"person_id, distinct_key, distinct_id, 'given' FROM {store.table('events')} "
        f"WHERE distinct_id = 'ann' AND toUnixTimestamp64Milli(time) = {START_MS + 3_602_000}"
    )
    found = timeline(client, limit=limit)
    first, second = str(START_MS), str(START_MS + 3_601_001)
    assert [event["session"] for event in found] == ["given", second, second, first, first, first]
    assert [event["session_id"] for event in found] == ["given", "", "", "", "", ""]
    assert [event["session"] for event in timeline(client, limit=limit, events=["seen"])] == [
        *[second] * 2,
        *[first] * 3,
    ]
    before = timeline(client, limit=limit, before=moment(1_801_000).isoformat())
    assert [event["session"] for event in before] == [first, first]
    assert timeline(client, events=["nothing"]) == []


def test_all_that_was_said_of_a_persons_ids_is_listed(client: TestClient, people: People) -> None:
    people.record([link("device", "ann", 1), link("tablet", "bob", 2)], [], received_ms=START_MS)
    add_events(people.store, [("device", 1)])

    def said(person: str) -> list[tuple[str, str, str]]:
        answer = client.get(f"{BASE}/person/identity-links", params={"person": person, "limit": 50})
        return [(row["kind"], row["from_id"], row["status"]) for row in answer.json()["items"]]

    assert said("device") == [("link", "device", "applied")]
    merged = client.post(f"{BASE}/identity-links/merge", json={"from_id": "ann", "to_id": "bob"}).json()
    assert (
        said("bob")
        == said("ann")
        == [
            ("merge", "ann", "applied"),
            ("link", "tablet", "applied"),
            ("link", "device", "applied"),
        ]
    )
    merge_id = next(row["link_id"] for row in merged["links"] if row["kind"] == "merge")
    client.post(f"{BASE}/identity-links/{merge_id}/undo")
    # Both go on to say that they were one once.
    for person in ("ann", "bob"):
        assert ("merge", "ann", "undone") in said(person)
        assert ("undo", "ann", "applied") in said(person)
    assert ("link", "tablet", "applied") in said("bob")
    paged = client.get(f"{BASE}/person/identity-links", params={"person": "ann", "limit": 1}).json()
    assert paged["next_cursor"] is not None
