"""People and identity links over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bihuan.access import ProjectInput, create_api_key, create_project
from bihuan.database import Database
from bihuan.kernel.hashing import key64
from bihuan.people import People
from bihuan.people.routes import router
from tests.api import api
from tests.people.logs import START_MS, add_events, change, link
from tests.ready import ready_sqlite

__all__ = ["ready_sqlite"]
BASE = "/api/projects/shop"


@pytest.fixture
def database(ready_sqlite: str) -> Iterator[Database]:
    opened = Database.open(ready_sqlite)
    with opened.session() as session:
        create_project(session, ProjectInput(id="shop", name="Shop"))
    yield opened
    opened.dispose()


def key(database: Database, *scopes: Any) -> dict[str, str]:
    with database.session() as session:
        return {"authorization": f"Bearer {create_api_key(session, 'shop', 'test', scopes)[1]}"}


@pytest.fixture
def client(database: Database, people: People) -> TestClient:
    app = api(router, database=database, people={"shop": people}.__getitem__)
    return TestClient(app, headers=key(database, "admin"))


def test_people_are_listed_shown_merged_parted_and_erased(client: TestClient, people: People) -> None:
    add_events(people.store, [("device", 10), ("alice", 20), ("bob", 30)])
    people.record(
        [link("device", "alice", 15), link("tablet", "bob", 16), link("device", "bob", 17)],
        [change("alice", "set", 1, {"name": "Alice"})],
        received_ms=START_MS,
    )
    assert [person["distinct_ids"] for person in client.get(f"{BASE}/people?limit=1").json()["items"]] != []
    shown = client.get(f"{BASE}/person", params={"person": "device"}).json()
    assert (shown["person_id"], shown["event_count"]) == (str(key64("alice")), 2)
    assert shown["properties"] == {"name": "Alice"}
    timeline = client.get(
        f"{BASE}/person/timeline", params={"person": f"#{shown['person_id']}", "limit": 1}
    ).json()
    assert (timeline["items"][0]["distinct_id"], timeline["next_cursor"] is not None) == ("alice", True)
    refused = client.get(f"{BASE}/identity-links", params={"status": "refused"}).json()["items"]
    assert [(row["to_id"], row["reason"]) for row in refused] == [("bob", "linked_to_another")]
    merged = client.post(f"{BASE}/identity-links/merge", json={"from_id": "alice", "to_id": "bob"})
    assert (merged.status_code, merged.json()["persons_changed"]) == (201, 2)
    assert client.get(f"{BASE}/person", params={"person": "device"}).json()["event_count"] == 3
    again = client.post(f"{BASE}/identity-links/merge", json={"from_id": "alice", "to_id": "bob"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "persons_already_one")
    merge_id = next(row["link_id"] for row in merged.json()["links"] if row["kind"] == "merge")
    assert client.post(f"{BASE}/identity-links/{merge_id}/undo").status_code == 201
    assert client.get(f"{BASE}/person", params={"person": "device"}).json()["event_count"] == 2
    erased = client.delete(f"{BASE}/person", params={"person": "device"})
    assert erased.json() == {"distinct_ids": ["alice", "device"]}
    gone = client.get(f"{BASE}/person", params={"person": "alice"})
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "person_not_found")


def test_permissions(client: TestClient, database: Database, people: People) -> None:
    people.record([link("a", "alice", 1), link("b", "bob", 2)], [], received_ms=START_MS)
    reader, writer = key(database, "read"), key(database, "write")
    body = {"from_id": "alice", "to_id": "bob"}
    assert client.post(f"{BASE}/identity-links/merge", json=body, headers=reader).status_code == 403
    assert client.delete(f"{BASE}/person", params={"person": "alice"}, headers=writer).status_code == 403
    assert people.identities.person_of(key64("alice")) == key64("alice")
    assert client.get(f"{BASE}/person", params={"person": "alice"}, headers=reader).status_code == 200
    broken = client.get(f"{BASE}/people", params={"cursor": "?"})
    assert (broken.status_code, broken.json()["error"]["path"]) == (422, "cursor")
