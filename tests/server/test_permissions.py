"""Keys at a running server; tests/access/test_every_route.py walks every route with every role."""

from __future__ import annotations

import httpx
import pytest

from bihuan.access import create_api_key
from bihuan.server.app import create_api
from tests.access.every_route import declared, routes_of
from tests.server.running import Running


@pytest.fixture
def reader(server: Running) -> httpx.Client:
    with server.installation.database.session() as session:
        _, secret = create_api_key(session, server.project_id, "reader", ["read"])
    return httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {secret}"})


def test_a_reading_key_cannot_change_anything(server: Running, reader: httpx.Client) -> None:
    before = server.api.get(server.path("")).json()
    called, let_in = 0, []
    for route in routes_of(create_api(server.installation)):
        if "{project_id}" not in route.path or declared(route) == ["view"]:
            continue
        path = route.path.replace("{project_id}", server.project_id).replace("{", "").replace("}", "")
        for method in route.methods & {"PATCH", "PUT", "DELETE"}:
            called += 1
            status = reader.request(method, path, json={}).status_code
            if status != 403:
                let_in.append((f"{method} {path}", status))
    assert let_in == []
    assert called > 15
    assert server.api.get(server.path("")).json() == before


def test_a_key_of_one_project_does_not_see_another(server: Running, reader: httpx.Client) -> None:
    assert reader.get("/api/projects/default").status_code == 404
    assert [each["id"] for each in reader.get("/api/projects").json()["items"]] == [server.project_id]


def test_pages_of_the_server_run_no_script_of_others(server: Running) -> None:
    page = httpx.get(f"{server.url}/api/docs")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' 'sha256-" in policy
    assert "unsafe-inline" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
    assert httpx.get(f"{server.url}/health").headers["x-content-type-options"] == "nosniff"
