"""The quarantine over HTTP."""

from __future__ import annotations

import uuid

import pytest
from fastapi.testclient import TestClient

from bihuan.access import ProjectInput, create_api_key, create_project
from bihuan.collect.quarantine import Quarantine, router
from bihuan.collect.quarantine.repository import insert_items
from bihuan.database import Database
from bihuan.warehouse import ProjectStore
from tests.api import api
from tests.collect.quarantine.test_quarantine import Recorder, held, store
from tests.ready import ready_sqlite

__all__ = ["ready_sqlite", "store"]
BASE = "/api/projects/shop/quarantine"


@pytest.fixture
def client(ready_sqlite: str, store: ProjectStore) -> TestClient:
    database = Database.open(ready_sqlite)
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="Shop"))
        secret = create_api_key(session, "shop", "test", ["write"])[1]
        reader = create_api_key(session, "shop", "reader", ["read"])[1]
    app = api(
        router,
        database=database,
        reader={"authorization": f"Bearer {reader}"},
        quarantine={"shop": Quarantine(store, Recorder())}.__getitem__,
    )
    return TestClient(app, headers={"authorization": f"Bearer {secret}"})


def test_items_are_listed_fixed_patched_replayed_and_discarded(
    client: TestClient, store: ProjectStore
) -> None:
    insert_items(store, [held(number) for number in range(3)] + [held(3, event="view")])
    page = client.get(
        BASE, params={"limit": 3, "event": "pay", "status": "held"}, headers={"accept-language": "zh-CN"}
    )
    assert [(item["detail"], item["path"]) for item in page.json()["items"]] == [("错误", "properties.n")] * 3
    assert page.json()["next_cursor"] is None
    summary = client.get(f"{BASE}/summary").json()
    assert [(row["event"], row["count"]) for row in summary] == [("pay", 3), ("view", 1)]
    item = f"{BASE}/items/{uuid.UUID(int=1)}"
    assert client.put(item, json={"raw": '{"event": "paid"}'}).json()["event"] == "paid"
    assert client.get(item).json()["raw"] == '{"event": "paid"}'
    broken = client.put(item, json={"raw": "{"})
    assert (broken.status_code, broken.json()["error"]["path"]) == (422, "raw")
    patch = {"filter": {"event": "pay"}, "patch": {"source": "fixed"}}
    assert client.post(f"{BASE}/patch", json=patch).json() == {"changed": 2}
    assert client.post(f"{BASE}/replay", json={"event": "paid"}).json() == {"stored": 1, "failed": []}
    assert client.post(f"{BASE}/discard", json={"event": "view"}).json() == {"changed": 1}
    assert client.get(f"{BASE}/items/{uuid.uuid4()}").status_code == 404


def test_a_reader_changes_nothing(client: TestClient, store: ProjectStore) -> None:
    insert_items(store, [held(0)])
    reader = client.app.state.reader  # type: ignore[attr-defined]
    for verb in ("replay", "discard"):
        assert client.post(f"{BASE}/{verb}", json={}, headers=reader).status_code == 403
    assert [item["status"] for item in client.get(BASE, headers=reader).json()["items"]] == ["held"]
