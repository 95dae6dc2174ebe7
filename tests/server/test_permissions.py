"""Every route says who may call it, and holds to it."""

from __future__ import annotations

from typing import Any, get_type_hints

import httpx
import pytest
from fastapi.routing import APIRoute

from bihuan.access import create_api_key
from bihuan.server.app import create_api
from tests.server.running import Running

# Routes that need no key, with the reason.
OPEN = {
    "/health": "load balancers have no key",
    "/": "leads to the description of the API",
    "/api/docs": "says what the API is, not what is in it",
    "/api/docs/oauth2-redirect": "part of that page",
}


def routes(server: Running) -> list[APIRoute]:
    return [route for route in create_api(server.installation).routes if isinstance(route, APIRoute)]


def test_every_route_names_its_caller(server: Running) -> None:
    unnamed = [
        f"{sorted(route.methods)} {route.path}"
        for route in routes(server)
        if route.path not in OPEN and "caller" not in get_type_hints(route.endpoint, include_extras=True)
    ]
    assert unnamed == []


def test_no_route_answers_without_a_key(server: Running) -> None:
    for route in routes(server):
        if route.path in OPEN:
            continue
        path = route.path.replace("{project_id}", server.project_id)
        path = path.replace("{", "").replace("}", "").replace(":path", "")
        for method in route.methods:
            response = httpx.request(method, server.url + path)
            assert (response.status_code, method, path) == (401, method, path)
            assert response.json()["error"]["code"] == "api_key_missing"


@pytest.fixture
def reader(server: Running) -> httpx.Client:
    with server.installation.database.session() as session:
        _, secret = create_api_key(session, server.project_id, "reader", ["read"])
    return httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {secret}"})


def test_a_reading_key_cannot_change_anything(server: Running, reader: httpx.Client) -> None:
    before = server.api.get(server.path("")).json()
    refused: list[tuple[str, Any]] = []
    for route in routes(server):
        if "{project_id}" not in route.path or not route.methods & {"PATCH", "PUT"}:
            continue
        path = route.path.replace("{project_id}", server.project_id).replace("{", "").replace("}", "")
        for method in route.methods:
            status = reader.request(method, path, json={}).status_code
            if status not in (401, 403):
                refused.append((f"{method} {path}", status))
    assert refused == []
    assert reader.delete(server.path("")).status_code == 403
    assert server.api.get(server.path("")).json() == before


def test_a_key_of_one_project_does_not_see_another(server: Running, reader: httpx.Client) -> None:
    assert reader.get("/api/projects/default").status_code == 404
    assert [each["id"] for each in reader.get("/api/projects").json()["items"]] == [server.project_id]
