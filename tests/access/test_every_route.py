"""Every route, called by every role, by nobody and by keys, holds to what its signature declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import fastapi.routing
import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from bihuan.access import (
    PERMISSIONS,
    ROLE_PERMISSIONS,
    ROLES,
    ProjectInput,
    Viewer,
    create_api_key,
    create_project,
)
from bihuan.access.members.service import add_member, join
from bihuan.access.sessions import service as sessions
from bihuan.app import Installation
from bihuan.server.app import create_api
from bihuan.settings import Settings
from bihuan.warehouse import Engine
from tests.access.every_route import FRAMEWORK, declared, routes_of, undeclared
from tests.ready import make_sqlite

# What scopes of keys allowed before there were members, and the narrower ones.
SCOPES = {
    "view": {"view"},
    "export": {"view", "export"},
    "read": {"view", "export", "unmask"},
    "write": {"view", "export", "unmask", "edit_insights", "edit_data"},
    "admin": set(PERMISSIONS),
}
REACHED = 204


@pytest.fixture(scope="module")
def installation(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    data = tmp_path_factory.mktemp("data")
    make_sqlite(data / "control.sqlite3")
    opened = Installation(Settings(data=data, warehouse=engine.dsn))
    with opened.database.session() as session:
        for project_id in ("shop", "game"):
            create_project(session, ProjectInput(id=project_id, name=project_id))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def api(installation: Installation) -> FastAPI:
    return create_api(installation)


class Callers:
    """Headers of callers, by name; what each may do in the project shop."""

    def __init__(self, installation: Installation) -> None:
        self.headers: dict[str, dict[str, str]] = {"nobody": {}}
        self.permissions: dict[str, set[str] | None] = {"nobody": None}
        self.members: set[str] = set()
        self.instance = {"instance owner", "instance key"}
        database = installation.database
        with database.session() as session:
            for role in (*ROLES, "outsider", "instance owner"):
                member = add_member(
                    session,
                    email=f"{role.split()[0]}{len(self.members)}@example.com",
                    name=role,
                    language="en",
                    instance_owner=role == "instance owner",
                )
                if role in ROLES:
                    join(session, member, "shop", role)
                row, token = sessions.begin(session, member, address="test", user_agent="")
                self.headers[role] = {"cookie": f"bihuan_session={token}", "session": row.id}
                self.members.add(role)
            for scope in SCOPES:
                _, secret = create_api_key(session, "shop", scope, [scope])  # type: ignore[list-item]
                self.headers[f"{scope} key"] = {"authorization": f"Bearer {secret}"}
            _, secret = create_api_key(session, None, "all", ["admin"])
            self.headers["instance key"] = {"authorization": f"Bearer {secret}"}
        for name in self.members:
            row_id = self.headers[name].pop("session")
            self.headers[name]["x-csrf-token"] = sessions.csrf_token(database, row_id)
        self.permissions |= {role: set(ROLE_PERMISSIONS[role]) for role in ROLES}
        self.permissions |= {f"{scope} key": allowed for scope, allowed in SCOPES.items()}
        self.permissions |= {"outsider": None, **{name: set(PERMISSIONS) for name in self.instance}}

    def expected(self, name: str, needs: list[str]) -> set[str]:
        """The codes with which a call may be refused; none when it is let in."""
        if needs == ["public"]:
            return set()
        if name == "nobody":
            return {"api_key_missing"}
        refused = [code for need in needs if (code := self._refusal(name, need)) is not None]
        return set(refused)

    def _refusal(self, name: str, need: str) -> str | None:
        if need == "any":
            return None
        if need == "session":
            return None if name in self.members else "session_needed"
        if need == "instance":
            if name in self.instance:
                return None
            return "permission_missing" if name in self.members else "instance_key_needed"
        allowed = self.permissions[name]
        if allowed is None:
            return "project_not_found"
        return None if need in allowed else "permission_missing"


@pytest.fixture(scope="module")
def callers(installation: Installation) -> Callers:
    return Callers(installation)


@pytest.fixture
def client(api: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The server with its routes as they are, except that nothing happens behind their signatures."""

    async def reached(**_given: Any) -> Response:
        return Response(status_code=REACHED)

    monkeypatch.setattr(fastapi.routing, "run_endpoint_function", reached)
    # One event loop for all calls, not a thread with a loop for each.
    with TestClient(api, raise_server_exceptions=False) as opened:
        yield opened


def _call(client: TestClient, route: APIRoute, headers: dict[str, str]) -> httpx.Response:
    path = route.path.replace("{project_id}", "shop")
    path = re.sub(r"\{(\w+)(:path)?\}", "x", path)
    answer: httpx.Response = client.request(sorted(route.methods)[0], path, headers=headers)
    return answer


def test_every_route_admits_whom_it_declares_and_nobody_else(
    api: FastAPI, client: TestClient, callers: Callers
) -> None:
    wrong: list[str] = []
    reached = 0
    for route in routes_of(api):
        for name, headers in callers.headers.items():
            answer = _call(client, route, headers)
            codes = callers.expected(name, declared(route))
            # A body or value that is missing is found after the caller was let in.
            told = answer.json()["error"]["code"] if answer.status_code >= 400 else None
            let_in = answer.status_code == REACHED or told == "request_invalid"
            reached += answer.status_code == REACHED
            if let_in != (not codes) or (codes and told not in codes):
                wrong.append(f"{name}: {route.methods} {route.path} {answer.status_code} {told}")
            if codes and answer.status_code not in (401, 403, 404):
                wrong.append(f"{name}: {route.path} is refused with {answer.status_code}")
    assert wrong == []
    assert reached > 500


def test_every_role_is_refused_somewhere_and_let_in_somewhere(api: FastAPI, callers: Callers) -> None:
    needs = {need for route in routes_of(api) for need in declared(route)}
    # Unmasking is a question's parameter, not a route of its own.
    assert needs | {"unmask"} == {*PERMISSIONS, "any", "instance", "session", "public"}


def test_the_walk_sees_every_route_that_is_described(api: FastAPI) -> None:
    seen = {(route.path, method) for route in routes_of(api) for method in route.methods}
    told = {
        (path, method.upper())
        for path, item in api.openapi()["paths"].items()
        for method in item
        if path.startswith("/api/")
    }
    assert told - seen == set()
    assert len(told) > 80


def test_every_route_declares_its_caller(api: FastAPI) -> None:
    assert undeclared(api) == []
    assert {route.path for route in api.routes if isinstance(route, APIRoute)} >= FRAMEWORK


def test_a_route_without_a_permission_is_found(installation: Installation) -> None:
    api = create_api(installation)
    more = fastapi.APIRouter(prefix="/api/projects/{project_id}")

    @more.get("/open")
    def forgotten(project_id: str) -> str:
        return project_id

    @more.get("/closed")
    def remembered(caller: Viewer) -> str:
        return caller.project.id

    api.include_router(more)
    assert undeclared(api) == ["GET /api/projects/{project_id}/open"]


def test_only_what_must_be_is_public(api: FastAPI) -> None:
    public = {
        f"{sorted(route.methods)[0]} {route.path}"
        for route in routes_of(api)
        if declared(route) == ["public"] and route.path.startswith("/api/")
    }
    must = {
        "GET /api/setup",
        "POST /api/setup",
        "POST /api/login",
        "GET /api/oidc",
        "GET /api/oidc/login",
        "GET /api/oidc/callback",
        "GET /api/invitations/{token}",
        "POST /api/invitations/{token}",
        "GET /api/password-reset/{token}",
        "POST /api/password-reset/{token}",
    }
    assert must <= public
    # What members share by link is for whoever holds the link.
    assert public - must <= {"GET /api/public/{token}"}
