from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from sqlalchemy import select

from bihuan.access import (
    ApiKey,
    ProjectCreated,
    ProjectDeleted,
    ProjectInput,
    Scope,
    create_api_key,
    create_project,
)
from bihuan.access import router as access_router
from bihuan.access.models import Source
from bihuan.database import Database
from bihuan.kernel.errors import BihuanError


@pytest.fixture
def client(database: Database) -> TestClient:
    app = FastAPI()
    app.state.database = database
    app.include_router(access_router)

    @app.exception_handler(BihuanError)
    def answer(_request: Request, error: BihuanError) -> JSONResponse:
        return JSONResponse(error.as_dict("en"), error.status)

    return TestClient(app)


def _key(database: Database, project_id: str | None, *scopes: Scope, **more: Any) -> dict[str, str]:
    with database.session() as session:
        _, secret = create_api_key(session, project_id, "test", scopes, **more)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def root(database: Database) -> dict[str, str]:
    with database.session() as session:
        create_project(session, ProjectInput(id="shop", name="Shop"))
        create_project(session, ProjectInput(id="game", name="Game"))
    return _key(database, None, "admin")


def test_projects_are_made_listed_changed_and_deleted(
    client: TestClient, database: Database, root: dict[str, str]
) -> None:
    signals: list[object] = []
    database.signals.connect(ProjectCreated, signals.append)
    database.signals.connect(ProjectDeleted, signals.append)
    body = {
        "id": "books",
        "name": "书店",
        "time_zone": "Europe/Berlin",
        "first_weekday": 7,
        "currency": "EUR",
    }
    made = client.post("/api/projects", json=body, headers=root)
    assert made.status_code == 201
    assert made.json() == {
        **body,
        "session_gap_seconds": 1800,
        "settings": {},
        "created_at": made.json()["created_at"],
    }
    assert signals == [ProjectCreated("books")]
    assert client.get("/api/projects/books", headers=root).json() == made.json()
    changed = client.patch("/api/projects/books", json={"session_gap_seconds": 60}, headers=root)
    assert changed.json() == {**made.json(), "session_gap_seconds": 60}
    names = [item["id"] for item in client.get("/api/projects", headers=root).json()["items"]]
    assert names == ["books", "game", "shop"]
    assert client.delete("/api/projects/books", headers=root).status_code == 204
    assert signals == [ProjectCreated("books"), ProjectDeleted("books")]
    gone = client.get("/api/projects/books", headers=root)
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "project_not_found")


@pytest.mark.parametrize(
    ("change", "status", "code", "path"),
    [
        ({"id": "shop"}, 409, "project_exists", "id"),
        ({"time_zone": "Asia/Peking"}, 422, "time_zone_unknown", "time_zone"),
        ({"time_zone": "../../etc/passwd"}, 422, "time_zone_unknown", "time_zone"),
    ],
)
def test_a_project_that_cannot_be_is_refused(
    client: TestClient, root: dict[str, str], change: dict[str, str], status: int, code: str, path: str
) -> None:
    refused = client.post("/api/projects", json={"id": "new", "name": "x", **change}, headers=root)
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["path"]) == (status, code, path)
    assert len(client.get("/api/projects", headers=root).json()["items"]) == 2


@pytest.mark.parametrize(
    "change",
    [{"id": "A-b"}, {"first_weekday": 0}, {"first_weekday": 8}, {"session_gap_seconds": 0},
     {"currency": "yuan"}, {"name": "a\x00b"}, {"unknown": 1}],
)  # fmt: skip
def test_values_out_of_range_are_refused(
    client: TestClient, root: dict[str, str], change: dict[str, object]
) -> None:
    refused = client.post("/api/projects", json={"id": "new", "name": "x", **change}, headers=root)
    assert refused.status_code == 422
    assert len(client.get("/api/projects", headers=root).json()["items"]) == 2


def test_lists_come_in_pages(client: TestClient, root: dict[str, str]) -> None:
    first = client.get("/api/projects?limit=1", headers=root).json()
    assert [item["id"] for item in first["items"]] == ["game"]
    second = client.get(
        "/api/projects", params={"limit": 1, "cursor": first["next_cursor"]}, headers=root
    ).json()
    assert [item["id"] for item in second["items"]] == ["shop"]
    assert second["next_cursor"] is None


def test_sources_and_write_keys(client: TestClient, root: dict[str, str]) -> None:
    at = "/api/projects/shop"
    source = client.post(f"{at}/sources", json={"name": "web", "protocol": "segment"}, headers=root).json()
    assert (source["project_id"], source["name"], source["protocol"]) == ("shop", "web", "segment")
    twice = client.post(f"{at}/sources", json={"name": "web"}, headers=root)
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "source_exists")
    key = client.post(f"{at}/write-keys", json={"source_id": source["id"]}, headers=root).json()
    assert key["key"].startswith("wk_")
    assert key["revoked_at"] is None
    elsewhere = client.post("/api/projects/game/write-keys", json={"source_id": source["id"]}, headers=root)
    assert (elsewhere.status_code, elsewhere.json()["error"]["code"]) == (404, "source_not_found")
    assert client.delete(f"/api/projects/game/write-keys/{key['key']}", headers=root).status_code == 404
    revoked = client.delete(f"{at}/write-keys/{key['key']}", headers=root).json()
    assert revoked["revoked_at"] is not None
    assert client.delete(f"{at}/write-keys/{key['key']}", headers=root).json() == revoked
    renamed = client.patch(f"{at}/sources/{source['id']}", json={"name": "site"}, headers=root).json()
    assert renamed == {**source, "name": "site"}
    assert client.get(f"{at}/sources", headers=root).json()["items"] == [renamed]
    assert client.delete(f"{at}/sources/{source['id']}", headers=root).status_code == 204
    assert client.get(f"{at}/sources/{source['id']}", headers=root).status_code == 404
    assert client.get(f"{at}/write-keys", headers=root).json() == {"items": [], "next_cursor": None}


def test_an_api_key_shows_its_secret_once_and_ends_when_revoked(
    client: TestClient, root: dict[str, str]
) -> None:
    body = {"name": "report", "scopes": ["read"]}
    made = client.post("/api/projects/shop/api-keys", json=body, headers=root)
    assert made.status_code == 201
    secret = made.json().pop("secret")
    listed = client.get("/api/projects/shop/api-keys", headers=root).json()["items"]
    assert [(item["name"], item["scopes"], item["secret_ending"]) for item in listed] == [
        ("report", ["read"], secret[-4:])
    ]
    assert "secret" not in listed[0]
    holder = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/projects/shop", headers=holder).status_code == 200
    used = client.get("/api/projects/shop/api-keys", headers=root).json()["items"][0]
    assert used["last_used_at"] is not None
    assert client.delete(f"/api/keys/{used['id']}", headers=root).status_code == 404
    client.delete(f"/api/projects/shop/api-keys/{used['id']}", headers=root)
    assert client.get("/api/projects/shop", headers=holder).status_code == 401


def test_instance_keys_see_every_project(client: TestClient, root: dict[str, str]) -> None:
    made = client.post("/api/keys", json={"name": "all", "scopes": ["read"]}, headers=root).json()
    holder = {"Authorization": f"Bearer {made['secret']}"}
    assert client.get("/api/projects/game", headers=holder).json()["id"] == "game"
    assert [item["id"] for item in client.get("/api/keys", headers=root).json()["items"]][-1] == made["id"]
    assert client.get("/api/keys", headers=holder).status_code == 403


@pytest.mark.parametrize(
    "header", [None, "Bearer bk_wrong", "Bearer ", "Basic YTpi", "Bearer wk_abc", "bk_x"]
)
def test_without_a_valid_key_nothing_is_answered(
    client: TestClient, root: dict[str, str], header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = client.get("/api/projects", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "api_key_missing")


def test_an_expired_key_is_refused(client: TestClient, database: Database, root: dict[str, str]) -> None:
    now = datetime.now(UTC)
    later = _key(database, "shop", "read", expires_at=now + timedelta(hours=1))
    before = _key(database, "shop", "read", expires_at=now - timedelta(seconds=1))
    assert client.get("/api/projects/shop", headers=later).status_code == 200
    assert client.get("/api/projects/shop", headers=before).status_code == 401


def test_scopes_include_one_another_and_no_more(
    client: TestClient, database: Database, root: dict[str, str]
) -> None:
    body = {"name": "web"}
    for scope, read, change in [("read", 200, 403), ("write", 200, 403), ("admin", 200, 201)]:
        holder = _key(database, "shop", scope)  # type: ignore[arg-type]
        assert client.get("/api/projects/shop/sources", headers=holder).status_code == read
        answer = client.post("/api/projects/shop/sources", json=body, headers=holder)
        assert answer.status_code == change
        with database.read_session() as session:
            assert len(session.scalars(select(Source)).all()) == int(change == 201)


def test_a_key_of_one_project_learns_nothing_of_another(
    client: TestClient, database: Database, root: dict[str, str]
) -> None:
    holder = _key(database, "shop", "admin")
    there = client.get("/api/projects/game", headers=holder)
    nowhere = client.get("/api/projects/none", headers=holder)
    assert there.status_code == nowhere.status_code == 404
    assert there.json()["error"]["code"] == nowhere.json()["error"]["code"] == "project_not_found"
    assert [item["id"] for item in client.get("/api/projects", headers=holder).json()["items"]] == ["shop"]
    for path, answer in [
        ("/api/projects", client.post("/api/projects", json={"id": "x", "name": "x"}, headers=holder)),
        ("/api/keys", client.post("/api/keys", json={"name": "x", "scopes": ["admin"]}, headers=holder)),
        ("/api/projects/shop", client.delete("/api/projects/shop", headers=holder)),
        ("/api/projects/game", client.patch("/api/projects/game", json={"name": "y"}, headers=holder)),
    ]:
        assert answer.status_code in {403, 404}, path
    names = {item["id"]: item["name"] for item in client.get("/api/projects", headers=root).json()["items"]}
    assert names == {"game": "Game", "shop": "Shop"}
    with database.read_session() as session:
        assert len(session.scalars(select(ApiKey)).all()) == 2
