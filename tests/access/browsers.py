"""Browsers at a small server of the access routes: cookies, tokens, every answer held against OpenAPI."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from bihuan.access import ROUTERS, BrowserSecurity, ProjectInput, create_project, setup_link
from bihuan.database import Database
from bihuan.server import errors, openapi
from tests.server.contract import contract_of

PASSWORD = "correct horse battery"
OWNER = "wang@example.com"


class Site:
    """The server, with the projects shop and game."""

    def __init__(self, database: Database) -> None:
        self.database = database
        app = FastAPI()
        app.state.database = database
        errors.install(app)
        for router in ROUTERS:
            app.include_router(router)
        openapi.describe(app)
        self.app = app
        self.contract = contract_of(app, "access")
        with database.session() as session:
            for project_id in ("game", "shop"):
                create_project(session, ProjectInput(id=project_id, name=project_id.title()))

    def browser(self, *, base_url: str = "http://bihuan.test", **headers: str) -> Browser:
        """A new browser, not logged in."""
        return Browser(self, base_url, headers)

    def setup_token(self) -> str:
        with self.database.session() as session:
            return setup_link(session, "test")[1].partition("#")[2]

    def owner(self) -> Browser:
        """The browser of the first member, who has just set up the installation."""
        browser = self.browser()
        given = {"token": self.setup_token(), "name": "Wang", "email": OWNER, "password": PASSWORD}
        answer = browser.post("/api/setup", given)
        assert answer.status_code == 200, answer.text
        browser.csrf = answer.json()["csrf_token"]
        return browser

    def member(self, by: Browser, email: str, role: str, project: str = "shop") -> Browser:
        """The browser of somebody who was invited and joined."""
        made = by.post(f"/api/projects/{project}/invitations", {"email": email, "role": role})
        assert made.status_code == 201, made.text
        token = made.json()["link"].partition("#")[2]
        browser = self.browser()
        answer = browser.post(f"/api/invitations/{token}", {"name": email[:3], "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        browser.csrf = answer.json()["csrf_token"]
        return browser


class Browser:
    """Keeps cookies, and sends the token of its page with every change."""

    def __init__(self, site: Site, base_url: str, headers: dict[str, str]) -> None:
        self.site = site
        self.csrf: str | None = None
        self.client = TestClient(BrowserSecurity(site.app), base_url=base_url, headers=headers)  # type: ignore[arg-type]

    @property
    def cookie(self) -> str | None:
        return self.client.cookies.get("bihuan_session")

    def get(self, path: str, **more: Any) -> Response:
        return self._checked(self.client.get, path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Response:
        return self._checked(self.client.post, path, json=body, **more)

    def patch(self, path: str, body: Any, **more: Any) -> Response:
        return self._checked(self.client.patch, path, json=body, **more)

    def delete(self, path: str, body: Any = None, **more: Any) -> Response:
        def send(path: str, **given: Any) -> Response:
            return self.client.request("DELETE", path, **given)

        return self._checked(send, path, **({"json": body} if body is not None else {}), **more)

    def log_in(self, email: str, password: str = PASSWORD, **more: Any) -> Response:
        answer = self.post("/api/login", {"email": email, "password": password, **more})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf_token"]
        return answer

    def me(self) -> dict[str, Any]:
        answer = self.get("/api/me")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def _checked(self, send: Callable[..., Response], path: str, **more: Any) -> Response:
        headers = {**({"x-csrf-token": self.csrf} if self.csrf else {}), **more.pop("headers", {})}
        answer = send(path, headers=headers, **more)
        self.site.contract.check(answer)
        return answer


def code(answer: Response) -> tuple[int, str]:
    """Status and code of an error."""
    return answer.status_code, answer.json()["error"]["code"]
