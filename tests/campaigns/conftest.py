"""A server with some people, and the steps that tests of campaigns share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bihuan.access import create_api_key
from bihuan.access.members.service import add_member, join
from bihuan.access.sessions import service as sessions
from bihuan.warehouse import Engine
from tests.insights.conftest import caller
from tests.insights.shop import send
from tests.server.running import Running, running_server

__all__ = ["caller", "member", "server"]
PEOPLE = 60


@pytest.fixture(scope="module")
def server(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Jobs are not worked off: tests do it themselves."""
    with running_server(engine, tmp_path_factory.mktemp("installation")) as running:
        send(running, [profile(number) for number in range(PEOPLE)])
        yield running


def profile(number: int) -> dict[str, Any]:
    """Somebody with an address."""
    name = f"user{number}"
    return {"type": "identify", "userId": name, "traits": {"name": name, "email": f"{name}@example.com"}}


@dataclass(frozen=True)
class Steps:
    """Calls of the API that most tests begin with."""

    server: Running

    def get(self, rest: str, **params: Any) -> Any:
        return self._json(self.server.api.get(self.server.path(rest), params=params))

    def post(self, rest: str, body: Any = None, **params: Any) -> Any:
        return self._json(self.server.api.post(self.server.path(rest), json=body, params=params))

    def patch(self, rest: str, body: Any) -> Any:
        return self._json(self.server.api.patch(self.server.path(rest), json=body))

    def refused(self, method: str, rest: str, body: Any = None, **params: Any) -> dict[str, Any]:
        answer = self.server.api.request(method, self.server.path(rest), json=body, params=params)
        assert answer.status_code >= 400, answer.text
        error: dict[str, Any] = answer.json()["error"]
        return {**error, "status": answer.status_code}

    def audience(self, first: int = 0, last: int = PEOPLE, name: str = "Users") -> str:
        ids = [f"user{number}" for number in range(first, last)]
        made = self.post("/audiences", {"name": name, "people": {"distinct_ids": ids}})
        return str(made["id"])

    def campaign(self, name: str = "Spring", **plan: Any) -> dict[str, Any]:
        made: dict[str, Any] = self.post("/campaigns", {"name": name, "plan": plan})
        return made

    def do(self, campaign_id: str, verb: str, note: str = "") -> Any:
        return self.post(f"/campaigns/{campaign_id}/do/{verb}", {"note": note})

    def _json(self, answer: httpx.Response) -> Any:
        assert answer.status_code < 300, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def steps(server: Running) -> Steps:
    return Steps(server)


@pytest.fixture(scope="module")
def member(server: Running) -> Callable[[str, str], httpx.Client]:
    """Makes clients of members who are logged in, by name and role."""

    def make(name: str, role: str) -> httpx.Client:
        database = server.installation.database
        with database.session() as session:
            row = add_member(session, email=f"{name}@example.com", name=name, language="en")
            join(session, row, server.project_id, role)
            login, token = sessions.begin(session, row, address="test", user_agent="")
        headers = {
            "cookie": f"bihuan_session={token}",
            "x-csrf-token": sessions.csrf_token(database, login.id),
        }
        hooks = server.api.event_hooks
        return httpx.Client(base_url=server.url, headers=headers, timeout=60, event_hooks=hooks)

    return make


def only_reading(server: Running) -> httpx.Client:
    """A client with a key that only reads."""
    with server.installation.database.session() as session:
        _, secret = create_api_key(session, server.project_id, "reader", ["read"])
    return httpx.Client(base_url=server.url, headers={"authorization": f"Bearer {secret}"}, timeout=60)
